// Octets of an IMAP server into tokens, one response at a time (RFC 3501 section 9, RFC 7888, RFC 3516).
//
//   response = token *(SP token) CRLF
//   token    = atom / quoted / literal / "(" *(token) ")"
//   quoted   = DQUOTE *(char / "\" char) DQUOTE
//   literal  = ["~"] "{" number ["+"] "}" CRLF *octet
//   text     = all up to CRLF, after "+", and after OK, NO, BAD, BYE and PREAUTH in second place
//
// An atom is taken widely: everything up to SP, "(", ")" or the end of the line. Inside a list, BODY[…], BINARY[…] and
// BINARY.SIZE[…] are one atom with whatever the brackets hold and a "<origin>" behind them. NIL and numbers are atoms.
// A line may end in LF alone.
//
// A response ends where its line does, whatever is in it, unless that line ends in the head of a literal: so one that
// is not of this grammar takes nothing with it, and what a mail says inside of a literal is never read as a response.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace coi::imap {

struct Token {
  enum class Kind : std::uint8_t { atom, quoted, literal, open, close, text };

  Kind kind;
  bool cut = false;         // quoted: the line ended before it did
  std::uint32_t begin = 0;  // atom, quoted, text: offset into Line::characters; literal: index into Line::literals
  std::uint32_t size = 0;
};

// One response without its line end. Flat, because a response has many tokens and few of them are kept.
struct Line {
  std::string characters;             // of atoms, quoted strings (escapes resolved) and text, end to end
  std::vector<Token> tokens;          // "(" and ")" in pairs unless garbled
  std::vector<std::string> literals;  // the octets, ready to be moved away
  bool garbled = false;               // not of the grammar above: quotes or parentheses without their other half

  std::string_view view(const Token& token) const;
};

// The time is linear in the octets, however they are cut into pieces.
class Lexer {
 public:
  // One response may have 64 × Limits.line octets outside of literals (a plain SEARCH answer names every mail of the
  // mailbox), of which each literal counts for 16 more, and Limits.literal octets in all its literals together; more is
  // an error, since nothing says where such a response ends. Lists that lie deeper than
  // Limits.nesting come out empty: the structure of a hostile mail must not end the connection.
  explicit Lexer(const Limits& limits = {}) : limits_(limits) {}

  // Takes octets off the front of `bytes` until a response is whole, and returns it, or until nothing is left: nullopt.
  // Errors: `limit`. After one the lexer is of no further use.
  Result<std::optional<Line>> next(std::string_view& bytes);

 private:
  enum class State : std::uint8_t {
    gap,            // between tokens
    atom,           //
    section,        // behind the "[" of BODY[
    quoted,         //
    quoted_escape,  // behind "\"
    literal,        //
    text,           //
    after_cr,       // in any of the first five
  };

  Result<> step(std::string_view& bytes);
  void in_gap(char c, std::string_view& bytes);
  void in_atom(std::string_view& bytes);
  void in_section(std::string_view& bytes);
  void in_quoted(std::string_view& bytes);
  void in_quoted_escape(std::string_view& bytes);
  void in_literal(std::string_view& bytes);
  void in_text(std::string_view& bytes);
  // At a CR or LF.
  Result<> in_line_end(std::string_view& bytes);
  Result<> end_line();

  // Moves the octets before the first of `stops` into the current token; true if such a stop is now at the front.
  bool take_until(std::string_view stops, std::string_view& bytes);
  void begin(Token::Kind kind);
  void end_token();
  void drop_token();
  void take_open();
  void take_close();
  // The size that the current token announces at its end: "{12}". It is taken off the token.
  std::optional<std::string> take_literal_head();
  Result<> begin_literal(std::string_view size);
  // What is read now is dropped.
  bool too_deep() const { return depth_ > limits_.nesting; }
  void finish_response();

  Limits limits_;
  State state_ = State::gap;
  State before_cr_ = State::gap;
  Line line_;
  bool whole_ = false;               // line_ can be handed out
  std::size_t line_octets_ = 0;      // of this response, without literals
  std::size_t literal_octets_ = 0;   // of all literals of this response
  std::size_t literal_missing_ = 0;  // of the literal at hand
  std::size_t depth_ = 0;
};

}  // namespace coi::imap
