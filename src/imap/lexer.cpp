#include "imap/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace coi::imap {
namespace {

constexpr std::size_t lines_in_a_response = 64;
constexpr std::size_t literal_reserve = 1024 * 1024;  // an announced size is believed so far before octets arrive

bool is_status_word(std::string_view word) {
  constexpr std::array<std::string_view, 5> words = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
  return std::ranges::any_of(words, [&](std::string_view w) { return ascii_iequal(w, word); });
}

bool has_section(std::string_view word) {
  constexpr std::array<std::string_view, 3> words = {"BODY", "BINARY", "BINARY.SIZE"};
  return std::ranges::any_of(words, [&](std::string_view w) { return ascii_iequal(w, word); });
}

}  // namespace

std::string_view Line::view(const Token& token) const {
  if (token.kind == Token::Kind::literal) return literals[token.begin];
  return std::string_view(characters).substr(token.begin, token.size);
}

Result<std::optional<Line>> Lexer::next(std::string_view& bytes) {
  while (!bytes.empty()) {
    const auto before = bytes.size();
    const bool counts = state_ != State::literal;
    COI_TRY(step(bytes));
    if (counts) line_octets_ += before - bytes.size();
    if (line_octets_ > limits_.line * lines_in_a_response)
      return fail(ErrorKind::limit, "the server's response is too long");
    if (whole_) {
      whole_ = false;
      state_ = State::gap;
      line_octets_ = literal_octets_ = depth_ = 0;
      return std::exchange(line_, {});
    }
  }
  return std::nullopt;
}

Result<> Lexer::step(std::string_view& bytes) {
  const char c = bytes.front();
  switch (state_) {
    case State::gap:
      return in_gap(c, bytes);
    case State::atom:
      in_atom(bytes);
      break;
    case State::section:
      in_section(bytes);
      break;
    case State::quoted:
      in_quoted(bytes);
      break;
    case State::quoted_escape:
      if (c == '\r' || c == '\n') {
        give_up();
        break;
      }
      line_.characters += c;
      bytes.remove_prefix(1);
      state_ = State::quoted;
      break;
    case State::literal_size:
    case State::literal_plus:
      return in_literal_size(c, bytes);
    case State::literal_line:
      in_literal_line(c, bytes);
      break;
    case State::literal:
      in_literal(bytes);
      break;
    case State::text:
      in_text(bytes);
      break;
    case State::line_end:
      if (c != '\n') {
        give_up();
        break;
      }
      bytes.remove_prefix(1);
      finish_line();
      break;
    case State::skip:
      if (const auto end = bytes.find('\n'); end != bytes.npos) {
        bytes.remove_prefix(end + 1);
        finish_line();
      } else {
        bytes = {};
      }
      break;
  }
  return {};
}

Result<> Lexer::in_gap(char c, std::string_view& bytes) {
  switch (c) {
    case '(':
      take_open();
      break;
    case ')':
      if (depth_ == 0) {
        give_up();
        return {};
      }
      take_close();
      break;
    case '"':
      begin(Token::Kind::quoted);
      state_ = State::quoted;
      break;
    case '{':
      literal_missing_ = 0;
      state_ = State::literal_size;
      break;
    case ' ':
      break;
    case '\r':
      state_ = State::line_end;
      break;
    case '\n':
      finish_line();
      break;
    default:
      begin(Token::Kind::atom);
      state_ = State::atom;
      return {};
  }
  bytes.remove_prefix(1);
  return {};
}

void Lexer::take_open() {
  if (!too_deep()) line_.tokens.push_back({Token::Kind::open});
  ++depth_;
}

void Lexer::take_close() {
  --depth_;
  if (!too_deep()) line_.tokens.push_back({Token::Kind::close});
}

void Lexer::in_atom(std::string_view& bytes) {
  if (!take_until(" ()[{\r\n", bytes)) return;
  const auto word = std::string_view(line_.characters).substr(line_.tokens.back().begin);
  const char c = bytes.front();
  if (c == '{' && word == "~") {  // literal8: octets like any other literal's
    line_.characters.pop_back();
    line_.tokens.pop_back();
    literal_missing_ = 0;
    state_ = State::literal_size;
    bytes.remove_prefix(1);
  } else if (c == '[' || c == '{') {
    if (c == '[' && depth_ > 0 && has_section(word)) state_ = State::section;
    line_.characters += c;
    bytes.remove_prefix(1);
  } else {
    end_token();
  }
}

void Lexer::in_section(std::string_view& bytes) {
  if (!take_until("]\r\n", bytes)) return;
  if (bytes.front() != ']') return give_up();
  line_.characters += ']';
  bytes.remove_prefix(1);
  state_ = State::atom;
}

void Lexer::in_quoted(std::string_view& bytes) {
  if (!take_until("\"\\\r\n", bytes)) return;
  const char c = bytes.front();
  if (c == '\r' || c == '\n') return give_up();
  bytes.remove_prefix(1);
  if (c == '\\') {
    state_ = State::quoted_escape;
  } else {
    end_token();
  }
}

Result<> Lexer::in_literal_size(char c, std::string_view& bytes) {
  bytes.remove_prefix(1);
  if (c >= '0' && c <= '9' && state_ == State::literal_size) {
    literal_missing_ = literal_missing_ * 10 + static_cast<std::size_t>(c - '0');
    if (literal_missing_ > limits_.literal - literal_octets_)
      return fail(ErrorKind::limit, "the server's literal is too large");
  } else if (c == '+' && state_ == State::literal_size) {
    state_ = State::literal_plus;
  } else if (c == '}') {
    state_ = State::literal_line;
  } else {
    give_up();
    if (c == '\n') finish_line();
  }
  return {};
}

void Lexer::in_literal_line(char c, std::string_view& bytes) {
  if (c == '\r') {
    bytes.remove_prefix(1);
    return;
  }
  if (c != '\n') return give_up();
  bytes.remove_prefix(1);
  line_.tokens.push_back({Token::Kind::literal, static_cast<std::uint32_t>(line_.literals.size())});
  line_.literals.emplace_back().reserve(std::min(literal_missing_, literal_reserve));
  literal_octets_ += literal_missing_;
  state_ = State::literal;
  if (literal_missing_ == 0) end_token();
}

void Lexer::in_literal(std::string_view& bytes) {
  const auto taken = std::min(literal_missing_, bytes.size());
  line_.literals.back().append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  literal_missing_ -= taken;
  if (literal_missing_ == 0) end_token();
}

void Lexer::in_text(std::string_view& bytes) {
  if (!take_until("\n", bytes)) return;
  bytes.remove_prefix(1);
  if (line_.characters.size() > line_.tokens.back().begin && line_.characters.back() == '\r')
    line_.characters.pop_back();
  end_token();
  finish_line();
}

bool Lexer::take_until(std::string_view stops, std::string_view& bytes) {
  const auto length = std::min(bytes.find_first_of(stops), bytes.size());
  line_.characters.append(bytes.substr(0, length));
  bytes.remove_prefix(length);
  return !bytes.empty();
}

void Lexer::begin(Token::Kind kind) {
  line_.tokens.push_back({kind, static_cast<std::uint32_t>(line_.characters.size())});
}

void Lexer::end_token() {
  state_ = State::gap;
  auto& token = line_.tokens.back();
  if (token.kind != Token::Kind::literal)
    token.size = static_cast<std::uint32_t>(line_.characters.size() - token.begin);
  if (too_deep()) return drop_token();
  if (token.kind != Token::Kind::atom) return;
  const auto place = line_.tokens.size();
  const auto word = line_.view(token);
  if ((place == 1 && word == "+") || (place == 2 && is_status_word(word))) {
    begin(Token::Kind::text);
    state_ = State::text;
  }
}

void Lexer::drop_token() {
  const auto& token = line_.tokens.back();
  if (token.kind == Token::Kind::literal) {
    line_.literals.pop_back();
  } else {
    line_.characters.resize(token.begin);
  }
  line_.tokens.pop_back();
}

void Lexer::finish_line() {
  if (depth_ > 0) line_.garbled = true;
  whole_ = true;
}

void Lexer::give_up() {
  if (!line_.tokens.empty()) {
    auto& token = line_.tokens.back();
    if (token.kind == Token::Kind::atom || token.kind == Token::Kind::quoted)
      token.size = static_cast<std::uint32_t>(line_.characters.size() - token.begin);
  }
  line_.garbled = true;
  state_ = State::skip;
}

}  // namespace coi::imap
