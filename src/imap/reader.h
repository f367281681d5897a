// Walks over the tokens of one response with the words of RFC 3501 section 9. What does not fit is Error(protocol).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "imap/lexer.h"

namespace coi::imap {

class Reader {
 public:
  // `line` outlives the reader; literals are moved out of it as they are read.
  explicit Reader(Line& line) : Reader(line, 0, line.tokens.size()) {}

  bool at_end() const { return place_ == end_; }
  bool at(Token::Kind kind) const { return !at_end() && token().kind == kind; }
  bool at_nil() const;
  // The next token, if it is an atom; "" else.
  std::string_view peek_atom() const;

  // Step over "(" or ")" if it is next.
  bool open_if() { return step_if(Token::Kind::open); }
  bool close_if() { return step_if(Token::Kind::close); }

  Result<std::string_view> atom();               // valid as long as the line
  Result<std::uint32_t> number();                // also in quotes
  Result<std::uint64_t> number64();              // mod-sequence-value, sizes
  Result<std::string> string();                  // quoted or literal
  Result<std::string> astring();                 // or atom
  Result<std::optional<std::string>> nstring();  // string, or NIL: nullopt
  std::string_view text();                       // resp-text, trimmed; "" when there is none

  // Any one value, a list with all that is in it, as a reader of its own; this one stands behind it whatever becomes of
  // the value. Empty where there is none: at the end, and before a ")". A list that the line does not close reaches to
  // the end.
  Reader value();
  // Any one value as the list it is: a reader of what is in it. nullopt: it is none, or the line does not close it.
  std::optional<Reader> list();

  // All values that are left, those that are no words passed over: flags, attributes, entry names. At most `most`, each
  // of at most 255 octets.
  std::vector<std::string> words(std::size_t most);

 private:
  Reader(Line& line, std::size_t begin, std::size_t end) : line_(&line), place_(begin), end_(end) {}

  const Token& token() const { return line_->tokens[place_]; }
  bool step_if(Token::Kind kind);
  template <class Number>
  Result<Number> any_number();

  Line* line_;
  std::size_t place_;
  std::size_t end_;
};

}  // namespace coi::imap
