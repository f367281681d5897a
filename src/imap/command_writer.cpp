#include "imap/command_writer.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "imap/mailbox_name.h"

namespace coi::imap {
namespace {

constexpr std::size_t longest_quoted = 1024;

// ASTRING-CHAR
bool is_astring_char(char c) {
  return c > 0x20 && c < 0x7f && std::string_view("(){%*\"\\").find(c) == std::string_view::npos;
}

bool fits_atom(std::string_view text) {
  return !text.empty() && text.size() <= longest_quoted && !ascii_iequal(text, "NIL") &&
         std::ranges::all_of(text, is_astring_char);
}

// No 8-bit octet, NUL, CR or LF, and not long.
bool fits_quotes(std::string_view octets) {
  return octets.size() <= longest_quoted &&
         std::ranges::all_of(octets, [](char c) { return c > 0 && c != '\r' && c != '\n'; });
}

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

}  // namespace

bool is_flag(std::string_view text) {
  if (text.starts_with('\\')) text.remove_prefix(1);
  return fits_atom(text) && text.find(']') == text.npos;
}

CommandWriter& CommandWriter::word(std::string_view text) {
  space();
  put(text);
  return *this;
}

CommandWriter& CommandWriter::open() {
  space();
  put("(");
  first_in_list_ = true;
  return *this;
}

CommandWriter& CommandWriter::close() {
  put(")");
  first_in_list_ = false;
  return *this;
}

CommandWriter& CommandWriter::string(std::string_view octets) {
  return fits_atom(octets) ? word(octets) : quoted(octets);
}

CommandWriter& CommandWriter::quoted(std::string_view octets) {
  return fits_quotes(octets) ? word(in_quotes(octets)) : literal(std::string(octets));
}

CommandWriter& CommandWriter::mailbox(std::string_view utf8) {
  space();
  pieces_.emplace_back(NamedMailbox{std::string(utf8)});
  return *this;
}

CommandWriter& CommandWriter::pattern(std::string_view utf8) {
  space();
  pieces_.emplace_back(NamedMailbox{std::string(utf8), true});
  return *this;
}

CommandWriter& CommandWriter::literal(std::string octets) {
  space();
  pieces_.emplace_back(Literal{std::move(octets)});
  return *this;
}

CommandWriter& CommandWriter::secret(const Secret& octets) {
  space();
  if (fits_quotes(octets.reveal())) {
    pieces_.emplace_back(Secret(in_quotes(octets.reveal())));
  } else {
    pieces_.emplace_back(SecretLiteral{octets});
  }
  return *this;
}

CommandWriter& CommandWriter::flags(const std::vector<std::string>& all) {
  open();
  for (const auto& flag : all)
    if (is_flag(flag)) word(flag);
  return close();
}

CommandWriter& CommandWriter::pieces(const std::vector<Piece>& all) {
  space();
  pieces_.insert(pieces_.end(), all.begin(), all.end());
  return *this;
}

void CommandWriter::space() {
  if (!first_in_list_) put(" ");
  first_in_list_ = false;
}

void CommandWriter::put(std::string_view text) {
  if (auto* last = pieces_.empty() ? nullptr : std::get_if<std::string>(&pieces_.back())) {
    *last += text;
  } else {
    pieces_.emplace_back(std::string(text));
  }
}

}  // namespace coi::imap
