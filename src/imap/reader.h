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
  explicit Reader(Line& line) : line_(line) {}

  bool at_end() const { return place_ == line_.tokens.size(); }
  bool at(Token::Kind kind) const { return !at_end() && line_.tokens[place_].kind == kind; }
  bool at_nil() const;

  // Step over "(" or ")" if it is next.
  bool open_if() { return step_if(Token::Kind::open); }
  bool close_if() { return step_if(Token::Kind::close); }
  Result<> open();
  Result<> close();

  Result<std::string_view> atom();  // valid as long as the line
  Result<std::uint32_t> number();
  Result<std::uint64_t> number64();              // mod-sequence-value, sizes
  Result<std::string> string();                  // quoted or literal
  Result<std::string> astring();                 // or atom
  Result<std::optional<std::string>> nstring();  // string, or NIL: nullopt
  std::string_view text();                       // resp-text, trimmed; "" when there is none

  // "(" *astring ")": flags, attributes, entry names.
  Result<std::vector<std::string>> words();
  // Any one value, a list with all that is in it.
  Result<> skip();

 private:
  const Token& token() const { return line_.tokens[place_]; }
  bool step_if(Token::Kind kind);

  Line& line_;
  std::size_t place_ = 0;
};

}  // namespace coi::imap
