#include "imap/reader.h"

#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::imap {
namespace {

constexpr std::size_t longest_word = 255;  // octets

std::unexpected<Error> expected(std::string_view what) {
  return fail(ErrorKind::protocol, fmt::format("{} expected in the server's response", what));
}

}  // namespace

bool Reader::at_nil() const { return ascii_iequal(peek_atom(), "NIL"); }

std::string_view Reader::peek_atom() const { return at(Token::Kind::atom) ? line_->view(token()) : std::string_view(); }

bool Reader::step_if(Token::Kind kind) {
  if (!at(kind)) return false;
  ++place_;
  return true;
}

Result<std::string_view> Reader::atom() {
  if (!at(Token::Kind::atom)) return expected("a word");
  return line_->view(line_->tokens[place_++]);
}

template <class Number>
Result<Number> Reader::any_number() {
  if (!at(Token::Kind::atom) && !at(Token::Kind::quoted)) return expected("a number");
  const auto value = ascii_number<Number>(line_->view(line_->tokens[place_++]));
  if (!value) return expected("a number");
  return *value;
}

Result<std::uint32_t> Reader::number() { return any_number<std::uint32_t>(); }

Result<std::uint64_t> Reader::number64() { return any_number<std::uint64_t>(); }

Result<std::string> Reader::string() {
  if (at(Token::Kind::quoted) && !token().cut) return std::string(line_->view(line_->tokens[place_++]));
  if (at(Token::Kind::literal)) return std::move(line_->literals[line_->tokens[place_++].begin]);
  return expected("a string");
}

Result<std::string> Reader::astring() {
  if (at(Token::Kind::atom) && !token().cut) return std::string(line_->view(line_->tokens[place_++]));
  return string();
}

Result<std::optional<std::string>> Reader::nstring() {
  if (at_nil()) {
    ++place_;
    return std::nullopt;
  }
  return COI_TRY(string());
}

std::string_view Reader::text() {
  if (!at(Token::Kind::text)) return {};
  return ascii_trim(line_->view(line_->tokens[place_++]));
}

Reader Reader::value() {
  const auto begin = place_;
  std::size_t depth = 0;
  while (!at_end()) {
    if (at(Token::Kind::close) && depth == 0) break;
    if (at(Token::Kind::open)) ++depth;
    if (at(Token::Kind::close)) --depth;
    ++place_;
    if (depth == 0) break;
  }
  return {*line_, begin, place_};
}

std::optional<Reader> Reader::list() {
  auto inside = value();
  if (!inside.open_if()) return std::nullopt;
  std::size_t depth = 1;
  for (auto place = inside.place_; place < inside.end_; ++place) {
    if (line_->tokens[place].kind == Token::Kind::open) ++depth;
    if (line_->tokens[place].kind == Token::Kind::close) --depth;
  }
  if (depth > 0) return std::nullopt;
  --inside.end_;
  return inside;
}

std::vector<std::string> Reader::words(std::size_t most) {
  std::vector<std::string> all;
  while (!at_end() && all.size() < most) {
    auto word = value().astring();
    if (word && word->size() <= longest_word) all.push_back(std::move(*word));
    close_if();
  }
  return all;
}

}  // namespace coi::imap
