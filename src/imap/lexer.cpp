#include "imap/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace coi::imap {
namespace {

constexpr std::size_t lines_in_a_response = 64;
constexpr std::size_t literal_reserve = 1024 * 1024;  // an announced size is believed so far before octets arrive
constexpr std::size_t literal_costs = 16;             // octets, even of an empty one

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
  switch (state_) {
    case State::gap:
      in_gap(bytes.front(), bytes);
      break;
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
      in_quoted_escape(bytes);
      break;
    case State::literal:
      in_literal(bytes);
      return {};
    case State::text:
      in_text(bytes);
      return {};
    case State::after_cr:
      return in_line_end(bytes);
  }
  if (!whole_ && state_ != State::text && !bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n'))
    return in_line_end(bytes);
  return {};
}

void Lexer::in_gap(char c, std::string_view& bytes) {
  switch (c) {
    case '\r':
    case '\n':
      return;
    case '(':
      take_open();
      break;
    case ')':
      take_close();
      break;
    case '"':
      begin(Token::Kind::quoted);
      state_ = State::quoted;
      break;
    case ' ':
      break;
    default:
      begin(Token::Kind::atom);
      state_ = State::atom;
      return;
  }
  bytes.remove_prefix(1);
}

void Lexer::take_open() {
  if (!too_deep()) line_.tokens.push_back({Token::Kind::open});
  ++depth_;
}

void Lexer::take_close() {
  if (depth_ == 0) {
    line_.garbled = true;
    return;
  }
  --depth_;
  if (!too_deep()) line_.tokens.push_back({Token::Kind::close});
}

void Lexer::in_atom(std::string_view& bytes) {
  if (!take_until(" ()[\r\n", bytes)) return;
  const auto word = std::string_view(line_.characters).substr(line_.tokens.back().begin);
  const char c = bytes.front();
  if (c == '[') {
    if (depth_ > 0 && has_section(word)) state_ = State::section;
    line_.characters += c;
    bytes.remove_prefix(1);
  } else if ((c != '\r' && c != '\n') || !word.ends_with('}')) {
    end_token();
  }
}

void Lexer::in_section(std::string_view& bytes) {
  if (!take_until("]\r\n", bytes) || bytes.front() != ']') return;
  line_.characters += ']';
  bytes.remove_prefix(1);
  state_ = State::atom;
}

void Lexer::in_quoted(std::string_view& bytes) {
  if (!take_until("\"\\\r\n", bytes)) return;
  const char c = bytes.front();
  if (c == '\r' || c == '\n') return;
  bytes.remove_prefix(1);
  if (c == '\\') {
    state_ = State::quoted_escape;
  } else {
    end_token();
  }
}

// Some servers do not escape their own backslashes: before any other character it stands for itself.
void Lexer::in_quoted_escape(std::string_view& bytes) {
  state_ = State::quoted;
  const char c = bytes.front();
  if (c != '"' && c != '\\') {
    line_.characters += '\\';
    return;
  }
  line_.characters += c;
  bytes.remove_prefix(1);
}

Result<> Lexer::in_line_end(std::string_view& bytes) {
  const char c = bytes.front();
  if (c == '\n') {
    bytes.remove_prefix(1);
    if (state_ == State::after_cr) state_ = before_cr_;
    return end_line();
  }
  if (state_ != State::after_cr) {
    before_cr_ = std::exchange(state_, State::after_cr);
    bytes.remove_prefix(1);
    return {};
  }
  // A CR by itself ends nothing.
  state_ = before_cr_;
  line_.garbled = true;
  if (state_ == State::atom) {
    end_token();
  } else if (state_ != State::gap) {
    line_.characters += '\r';
  }
  return {};
}

Result<> Lexer::end_line() {
  if (state_ != State::gap) {
    auto& token = line_.tokens.back();
    token.cut = state_ != State::atom;
    line_.garbled |= token.cut;
    if (const auto size = take_literal_head()) return begin_literal(*size);
    end_token();
  }
  finish_response();
  return {};
}

// "{" number ["+"] "}", with a "~" before it if it is a literal8.
std::optional<std::string> Lexer::take_literal_head() {
  auto& token = line_.tokens.back();
  auto word = std::string_view(line_.characters).substr(token.begin);
  const auto head = word.rfind('{');
  if (head == word.npos || !word.ends_with('}')) return std::nullopt;
  auto size = word.substr(head + 1, word.size() - head - 2);
  if (size.ends_with('+')) size.remove_suffix(1);
  if (size.empty() || !std::ranges::all_of(size, ascii_digit)) return std::nullopt;
  std::string digits(size);
  word = word.substr(0, head);
  if (word.ends_with('~')) word.remove_suffix(1);
  line_.characters.resize(token.begin + word.size());
  if (word.empty() && token.kind == Token::Kind::atom)
    line_.tokens.pop_back();
  else
    end_token();
  return digits;
}

Result<> Lexer::begin_literal(std::string_view size) {
  const auto octets = ascii_number<std::uint64_t>(size);
  if (!octets || *octets > limits_.literal - literal_octets_)
    return fail(ErrorKind::limit, "the server's literal is too large");
  literal_missing_ = *octets;
  literal_octets_ += literal_missing_;
  line_octets_ += literal_costs;
  line_.tokens.push_back({.kind = Token::Kind::literal, .begin = static_cast<std::uint32_t>(line_.literals.size())});
  line_.literals.emplace_back().reserve(std::min(literal_missing_, literal_reserve));
  state_ = State::literal;
  if (literal_missing_ == 0) end_token();
  return {};
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
  finish_response();
}

bool Lexer::take_until(std::string_view stops, std::string_view& bytes) {
  const auto length = std::min(bytes.find_first_of(stops), bytes.size());
  line_.characters.append(bytes.substr(0, length));
  bytes.remove_prefix(length);
  return !bytes.empty();
}

void Lexer::begin(Token::Kind kind) {
  line_.tokens.push_back({.kind = kind, .begin = static_cast<std::uint32_t>(line_.characters.size())});
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
  if ((place == 1 && word.starts_with('+')) || (place == 2 && is_status_word(word))) {
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

void Lexer::finish_response() {
  if (depth_ > 0) line_.garbled = true;
  whole_ = true;
}

}  // namespace coi::imap
