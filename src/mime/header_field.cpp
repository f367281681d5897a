#include "mime/header_field.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"

namespace coi::mime {
namespace {

constexpr std::size_t aim = 78;                   // RFC 5322, 2.1.1: columns a line should keep to
constexpr std::size_t longest_header_line = 998;  // … and must keep to

bool is_name_char(char c) { return c > ' ' && c < 0x7F && c != ':'; }

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view one) { return ascii_iequal(name, one); });
}

// Fields with a long base64 text, where white space means nothing (Autocrypt 1.1; Delta Chat's pictures).
bool holds_base64(std::string_view name) {
  return is_one_of(
      name, {"Autocrypt", "Autocrypt-Gossip", "Autocrypt-Setup-Message", "Chat-User-Avatar", "Chat-Group-Avatar"});
}

std::size_t longest_word(std::string_view value) {
  std::size_t most = 0;
  for (const auto word : ascii_split(value, ' ')) most = std::max(most, word.size());
  return most;
}

std::string in_ascii(const Header& header) {
  const bool ascii = std::ranges::all_of(header.value, [](char c) { return c >= ' ' && c < 0x7F; });
  if (ascii && (holds_base64(header.name) || longest_word(header.value) <= longest_header_line - 2 * aim))
    return header.value;
  if (!ascii && holds_addresses(header.name)) return format_addresses(parse_addresses(header.value));
  return encode_words(valid_utf8(header.value));
}

// The next piece that may go on a line of its own: up to the next single space between two words.
std::size_t piece_length(std::string_view value) {
  for (auto at = value.find(' ', 1); at != std::string_view::npos; at = value.find(' ', at + 1))
    if (value[at - 1] != ' ' && at + 1 < value.size() && value[at + 1] != ' ') return at;
  return value.size();
}

}  // namespace

bool holds_addresses(std::string_view name) {
  return is_one_of(name, {"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Disposition-Notification-To",
                          "Chat-Disposition-Notification-To", "Chat-Group-Past-Members"});
}

bool starts_field(std::string_view line) {
  const auto name_end = static_cast<std::size_t>(std::ranges::find_if_not(line, is_name_char) - line.begin());
  if (name_end == 0 || name_end > 200) return false;
  const auto colon = line.find_first_not_of(" \t", name_end);
  return colon != std::string_view::npos && line[colon] == ':';
}

std::optional<Header> parse_raw_field(std::string_view lines) {
  if (!starts_field(lines)) return std::nullopt;
  const auto colon = lines.find(':');
  auto value = ascii_trim(lines.substr(colon + 1));
  std::string unfolded;
  unfolded.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool at_line_end = c == '\n' || (c == '\r' && i + 1 < value.size() && value[i + 1] == '\n');
    if (!at_line_end) {
      unfolded += c == '\r' ? ' ' : c;
    } else {
      if (c == '\r') ++i;
      // A tab that begins the next line stands for a space; programs fold with either.
      if (i + 1 < value.size() && value[i + 1] == '\t') {
        unfolded += ' ';
        ++i;
      }
    }
  }
  return Header{std::string(ascii_trim(lines.substr(0, colon))), std::move(unfolded)};
}

std::optional<Header> parse_field(std::string_view lines) {
  auto field = parse_raw_field(lines);
  if (field) field->value = valid_utf8(field->value);
  return field;
}

std::vector<std::vector<Header>> parse_field_blocks(std::string_view text) {
  std::vector<std::vector<Header>> blocks;
  bool open = false;
  const auto line_end = [&](std::size_t from) { return std::min(text.find('\n', from), text.size() - 1) + 1; };
  while (!text.empty()) {
    auto length = line_end(0);
    const auto line = text.substr(0, length);
    if (starts_field(line)) {
      while (length < text.size() && (text[length] == ' ' || text[length] == '\t')) length = line_end(length);
      if (!open) blocks.emplace_back();
      open = true;
      if (auto field = parse_field(text.substr(0, length))) blocks.back().push_back(std::move(*field));
    } else if (ascii_trim(line).empty()) {
      open = false;
    }
    text.remove_prefix(length);
  }
  return blocks;
}

std::string header_value(std::string_view mail, std::string_view name) {
  mail.remove_prefix(std::min(mail.find_first_not_of("\r\n"), mail.size()));
  mail = mail.substr(0, std::min(mail.find("\n\n"), mail.find("\n\r\n")));
  for (const auto& block : parse_field_blocks(mail))
    for (const auto& field : block)
      if (ascii_iequal(field.name, name)) return field.value;
  return {};
}

Result<std::string> format_field(const Header& header) {
  if (header.name.empty() || !std::ranges::all_of(header.name, is_name_char))
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no name of a header field", header.name));
  if (header.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    return fail(ErrorKind::invalid, fmt::format("the value of {} holds a line end or a NUL", header.name));
  const std::string value = in_ascii(header);
  const bool base64 = holds_base64(header.name);

  std::string out = header.name + ": ";
  std::size_t column = out.size();
  for (std::string_view rest = value; !rest.empty();) {
    auto piece = rest.substr(0, piece_length(rest));
    if (rest.size() < value.size() && column + piece.size() > aim) {
      out += "\r\n";
      column = 0;
    }
    rest.remove_prefix(piece.size());
    while (base64 && column + piece.size() > aim) {
      const auto front = aim - column;
      out.append(piece.substr(0, front)).append("\r\n ");
      piece.remove_prefix(front);
      column = 1;
    }
    if (column + piece.size() > longest_header_line)
      return fail(ErrorKind::invalid, fmt::format("{} holds a word of {} octets", header.name, piece.size()));
    out += piece;
    column += piece.size();
  }
  return out + "\r\n";
}

}  // namespace coi::mime
