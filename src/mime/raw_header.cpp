#include "mime/raw_header.h"

#include <algorithm>
#include <cstdint>
#include <ranges>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/charset_name.h"
#include "mime/content.h"
#include "mime/header_field.h"
#include "mime/params.h"

namespace coi::mime {
namespace {

bool is_for_people(std::string_view name) {
  constexpr std::string_view names[] = {"Subject", "Comments", "Keywords", "Content-Description"};
  return std::ranges::any_of(names, [&](std::string_view one) { return ascii_iequal(name, one); });
}

// Not so in UTF-7, EBCDIC and whatever has escapes.
bool keeps_ascii(std::string_view charset) {
  std::string all;
  for (char c = ' '; c < 0x7F; ++c) all += c;
  return to_utf8(all, charset) == all;
}

// Where the addresses of a list begin and end, for every reader that looks at the octets alone. An "@" within quotes or
// a comment belongs to a name.
std::string skeleton(std::string_view value) {
  std::string out;
  bool quoted = false;
  std::size_t depth = 0;
  for (const char c : value) {
    if (!std::string_view("\"(),:;<>@").contains(c)) continue;
    if (c == '"' && depth == 0) quoted = !quoted;
    if (c == '(' && !quoted) ++depth;
    if (c == ')' && depth > 0) --depth;
    if (c != '@' || (!quoted && depth == 0)) out += c;
  }
  return out;
}

bool has_same_addresses(std::string_view one, std::string_view other) {
  return skeleton(one) == skeleton(other) &&
         std::ranges::equal(parse_addresses(one), parse_addresses(other), {}, &Address::addr, &Address::addr);
}

// OctetPairs of octets of Shift_JIS or Big5 and what stands around them.
struct OctetPairs {
  bool fits = true;
  std::size_t longest = 0;  // pairs in a row that are not two marks of windows-1252, such as bullets and dashes
  bool backslash = false;   // is the second octet of a pair

  void end_row(std::size_t& row) {
    longest = std::max(longest, row);
    row = 0;
  }
};

OctetPairs pairs_of(std::string_view octets, std::uint8_t first_lead, std::uint8_t last_lead) {
  OctetPairs pairs;
  std::size_t row = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto lead = static_cast<std::uint8_t>(octets[i]);
    const auto trail = i + 1 < octets.size() ? static_cast<std::uint8_t>(octets[i + 1]) : std::uint8_t(0);
    if (lead < 0x80) {
      pairs.end_row(row);
    } else if (lead >= first_lead && lead <= last_lead && trail >= 0x40 && trail != 0x7F) {
      row += trail < 0x80 || trail > 0x9F ? 1 : 0;
      ++i;
      pairs.backslash |= trail == '\\';
    } else {
      pairs.end_row(row);
      pairs.fits = false;
    }
  }
  pairs.end_row(row);
  return pairs;
}

// For a mail that names no charset. Shift_JIS has the first half of most characters where windows-1252 has marks, of
// which few stand directly before words. A backslash behind octets outside ASCII ends no name; it is half a character
// of Big5.
std::string_view guessed_charset(std::string_view octets) {
  const auto reads = [&](std::string_view charset) { return !to_utf8(octets, charset).contains(utf8_replacement); };
  const auto japanese = pairs_of(octets, 0x81, 0x9F);
  if (japanese.fits && japanese.longest >= 2 && reads("shift_jis")) return "shift_jis";
  const auto chinese = pairs_of(octets, 0xA1, 0xF9);
  if (chinese.fits && chinese.longest >= 2 && chinese.backslash && reads("big5")) return "big5";
  return {};
}

void rename(std::vector<Param>& params, std::string_view name, const std::string& value) {
  const auto meant = parse_params(value).params;
  const auto from = std::ranges::find(meant, name, &Param::name);
  const auto to = std::ranges::find(params, name, &Param::name);
  if (from != meant.end() && to != params.end()) to->value = from->value;
}

}  // namespace

std::string raw_charset(const Part& part) {
  const auto charset = part.param("charset");
  const auto kind = meant_charset(charset).kind;
  // Programs write us-ascii where they mean nothing by it.
  if (kind == CharsetKind::windows_1252 && !ascii_lower(charset).contains("ascii")) return "windows-1252";
  const bool needs_name = kind == CharsetKind::one_octet || kind == CharsetKind::thai || kind == CharsetKind::table ||
                          kind == CharsetKind::octets;
  return needs_name && keeps_ascii(charset) ? std::string(charset) : std::string();
}

void read_raw_values(Part& part, const std::vector<RawValue>& raw, std::string_view charset) {
  bool renamed = false;
  for (const auto& [index, octets] : raw) {
    auto& [name, value] = part.headers[index];
    const bool type = ascii_iequal(name, "Content-Type"), disposition = ascii_iequal(name, "Content-Disposition");
    const bool addresses = holds_addresses(name);
    if (!type && !disposition && !addresses && !is_for_people(name)) continue;
    const auto meant = charset.empty() ? guessed_charset(octets) : charset;
    if (meant.empty()) continue;
    auto text = to_utf8(octets, meant);
    if (type || disposition) {
      rename(type ? part.params : part.disposition_params, type ? "name" : "filename", text);
      renamed = true;
    } else if (!addresses || has_same_addresses(value, text)) {
      value = std::move(text);
    }
  }
  if (renamed) name_file(part);
}

}  // namespace coi::mime
