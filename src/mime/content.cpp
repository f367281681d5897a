#include "mime/content.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/media_type.h"
#include "mime/params.h"
#include "mime/uuencoded.h"

namespace coi::mime {
namespace {

std::string_view param_in(const std::vector<Param>& params, std::string_view name) {
  const auto found = std::ranges::find(params, name, &Param::name);
  return found == params.end() ? std::string_view() : found->value;
}

std::string_view without_angles(std::string_view id) {
  id = ascii_trim(id);
  if (id.starts_with('<')) id.remove_prefix(1);
  if (id.ends_with('>')) id.remove_suffix(1);
  return id;
}

std::string with_unix_line_ends(std::string text) {
  if (text.find('\r') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  }
  return out;
}

// HTML without a declared charset often carries one inside: <meta charset="x"> or <meta … content="text/html;
// charset=x">.
std::string_view charset_inside(std::string_view html) {
  html = html.substr(0, 1024);
  const auto lower = ascii_lower(html);
  const auto meta = lower.find("<meta");
  const auto at = meta == std::string::npos ? meta : lower.find("charset=", meta);
  if (at == std::string::npos) return {};
  auto value = html.substr(at + 8);
  value.remove_prefix(std::min(value.size(), value.find_first_not_of("\"' ")));
  value = value.substr(0, value.find_first_of("\"' />;"));
  return ascii_istarts_with(value, "utf-16") ? std::string_view() : value;  // it could not have been read then
}

// UTF-8 with "\n" line ends and no byte order mark, at most `max` octets; sets `cut` if that left something out.
std::string shown_text(std::string_view octets, const Part& part, std::size_t max, bool& cut) {
  auto charset = part.param("charset");
  if (charset.empty() && part.type == "text/html") charset = charset_inside(octets);
  std::string text = with_unix_line_ends(to_utf8(octets, charset));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const auto last = text.find_last_not_of('\n');
  // The end of a file of DOS, with which some fill up the last block.
  if (last != std::string::npos && text[last] == '\x1A') text.resize(text.find_last_not_of("\n\x1A") + 1);
  if (text.size() > max) {
    cut = true;
    text.resize(utf8_front(text, max).size());
  }
  return text;
}

bool is_base64_digit(char c) { return ascii_alnum(c) || c == '+' || c == '/' || c == '='; }

// Few words are by chance: each octet that they mean would have to be a printable one.
bool means_text(std::string_view digits) {
  if (digits.size() % 4 != 0) return false;
  const auto octets = decode_transfer(Transfer::base64, digits).octets;
  for (std::string_view rest = octets; !rest.empty();) {
    const auto character = utf8_take(rest);
    const bool is_space = character == '\t' || character == '\r' || character == '\n';
    if (character == 0xFFFD || (is_control(character) && !is_space)) return false;
  }
  return !octets.empty();
}

// Words that are in base64 by their header alone. What a list or a gateway adds to base64 stands behind it; its line
// ends may have become blanks on the way.
bool is_plain_for_base64(std::string_view encoded) {
  constexpr std::size_t surely_digits = 16;  // octets in a row; words have blanks before
  std::size_t digits = 0, words = 0;
  bool first = true;
  while (!encoded.empty()) {
    const auto end = std::min(encoded.find('\n'), encoded.size());
    const auto line = ascii_trim(encoded.substr(0, end));
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (line.empty()) continue;
    const auto pieces = ascii_split(line, ' ');
    const bool is_alone = pieces.size() == 1;
    for (const auto piece : pieces) {
      const auto others = static_cast<std::size_t>(piece.size() - std::ranges::count_if(piece, is_base64_digit));
      const bool is_long = piece.size() >= surely_digits, are_digits = others == 0 && (is_alone || is_long);
      if (first && are_digits && (is_long || piece.ends_with('=') || means_text(piece))) return false;
      first = false;
      if (are_digits)
        digits += piece.size();
      else if (!is_alone || others > piece.size() / 3)
        words += piece.size();
    }
  }
  return words > digits;
}

// Some program lost the header field that said so: ASCII alone, with two soft line breaks at least and octets beyond
// ASCII, and no "=" that would mean anything else.
bool is_unsaid_quoted_printable(std::string_view text) {
  std::size_t soft_breaks = 0, octets = 0;
  for (auto at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    const auto behind = text.substr(at + 1);
    if (behind.starts_with('\n') || behind.starts_with("\r\n")) {
      ++soft_breaks;
      continue;
    }
    const auto octet = ascii_hex_octet(behind);
    if (!octet) return false;
    octets += (*octet & 0x80) != 0 ? 1 : 0;
  }
  return soft_breaks >= 2 && octets > 0 && is_ascii(text);
}

// Takes the files out of a text, and sets `words` to at most `keep` octets of what is left.
void take_files(Part& part, std::string_view text, std::size_t keep, std::size_t most_files, Decoded& words) {
  if (!text.starts_with("begin ") && !text.contains("\nbegin ")) return;
  auto split = split_uuencoded(text, most_files);
  if (split.files.empty()) return;
  for (auto& file : split.files) {
    Part one{.disposition = "attachment", .filename = safe_filename(to_utf8(file.name, part.param("charset")))};
    one.type = media_type_of(one.filename);
    one.size = file.octets.size();
    one.body = std::move(file.octets);
    part.children.push_back(std::move(one));
  }
  words.size -= text.size() - split.words.size();
  split.words.resize(std::min(split.words.size(), keep));
  words.octets = std::move(split.words);
}

// No charset needs more octets for a character than UTF-8 does, times this: UTF-32 holds ASCII in four.
constexpr std::size_t widest = 4;

}  // namespace

void describe_content(Part& part, std::string_view default_type) {
  part.type = default_type;
  for (const auto& header : part.headers) {
    if (!ascii_iequal(header.name, "Content-Type")) continue;
    auto parsed = parse_params(header.value);
    const bool known = is_media_type(parsed.word);
    part.type = known ? std::move(parsed.word) : parsed.word == "multipart" ? "multipart/mixed" : "text/plain";
    part.params = std::move(parsed.params);
    if (known) break;  // the first one that says something, of several
  }
  if (const auto* value = part.header("Content-Disposition")) {
    auto parsed = parse_params(*value);
    part.disposition = std::move(parsed.word);
    part.disposition_params = std::move(parsed.params);
  }
  if (part.type == "application/pgp" && part.disposition != "attachment") part.type = "text/plain";  // before RFC 3156
  name_file(part);
  if (const auto* value = part.header("Content-ID")) part.content_id = without_angles(*value);
}

void name_file(Part& part) {
  part.filename = safe_filename(param_in(part.disposition_params, "filename"));
  if (part.filename.empty()) part.filename = safe_filename(part.param("name"));
}

Transfer content_transfer(const Part& part) {
  const auto* value = part.header("Content-Transfer-Encoding");
  return value ? transfer_of(*value) : Transfer::identity;
}

void fill_body(Part& part, Transfer transfer, std::string_view encoded, const Limits& limits, std::size_t most_files) {
  if (!part.is_text()) {
    auto decoded = decode_transfer(transfer, encoded);
    part.body = std::move(decoded.octets);
    part.size = decoded.size;
    return;
  }
  if (transfer == Transfer::base64 && is_plain_for_base64(encoded)) transfer = Transfer::identity;
  if (transfer == Transfer::identity && is_unsaid_quoted_printable(encoded)) transfer = Transfer::quoted_printable;
  auto decoded = decode_transfer(transfer, encoded, limits.text * widest);
  part.size = decoded.size;
  if (part.type == "text/plain") {
    const bool whole = transfer == Transfer::identity;
    take_files(part, whole ? encoded : std::string_view(decoded.octets), limits.text * widest, most_files, decoded);
  }
  part.truncated = decoded.size > decoded.octets.size();
  part.body = shown_text(decoded.octets, part, limits.text, part.truncated);
}

void make_text(Part& part, std::string_view type, const Limits& limits) {
  part.type = type;
  const auto octets = std::move(part.body);
  part.body = shown_text(octets, part, limits.text, part.truncated);
}

}  // namespace coi::mime
