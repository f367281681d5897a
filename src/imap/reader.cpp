#include "imap/reader.h"

#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::imap {
namespace {

std::unexpected<Error> expected(std::string_view what) {
  return fail(ErrorKind::protocol, fmt::format("{} expected in the server's response", what));
}

}  // namespace

bool Reader::at_nil() const { return at(Token::Kind::atom) && ascii_iequal(line_.view(token()), "NIL"); }

bool Reader::step_if(Token::Kind kind) {
  if (!at(kind)) return false;
  ++place_;
  return true;
}

Result<> Reader::open() {
  if (!open_if()) return expected("\"(\"");
  return {};
}

Result<> Reader::close() {
  if (!close_if()) return expected("\")\"");
  return {};
}

Result<std::string_view> Reader::atom() {
  if (!at(Token::Kind::atom)) return expected("a word");
  return line_.view(line_.tokens[place_++]);
}

Result<std::uint32_t> Reader::number() {
  const auto value = ascii_number(COI_TRY(atom()));
  if (!value) return expected("a number");
  return *value;
}

Result<std::uint64_t> Reader::number64() {
  const auto value = ascii_number<std::uint64_t>(COI_TRY(atom()));
  if (!value) return expected("a number");
  return *value;
}

Result<std::string> Reader::string() {
  if (at(Token::Kind::quoted)) return std::string(line_.view(line_.tokens[place_++]));
  if (at(Token::Kind::literal)) return std::move(line_.literals[line_.tokens[place_++].begin]);
  return expected("a string");
}

Result<std::string> Reader::astring() {
  if (at(Token::Kind::atom)) return std::string(line_.view(line_.tokens[place_++]));
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
  return ascii_trim(line_.view(line_.tokens[place_++]));
}

Result<std::vector<std::string>> Reader::words() {
  std::vector<std::string> all;
  COI_TRY(open());
  while (!close_if()) all.push_back(COI_TRY(astring()));
  return all;
}

Result<> Reader::skip() {
  if (at_end()) return expected("a value");
  std::size_t depth = 0;
  do {
    if (open_if()) {
      ++depth;
    } else if (close_if()) {
      if (depth == 0) return expected("a value");
      --depth;
    } else {
      ++place_;
    }
  } while (depth > 0 && !at_end());
  return {};
}

}  // namespace coi::imap
