#include "mime/content.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/params.h"

namespace coi::mime {
namespace {

std::string_view find(const std::vector<Param>& params, std::string_view name) {
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
  if (text.size() > max) {
    cut = true;
    text.resize(utf8_front(text, max).size());
  }
  return text;
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
  part.filename = safe_filename(find(part.disposition_params, "filename"));
  if (part.filename.empty()) part.filename = safe_filename(part.param("name"));
  if (const auto* value = part.header("Content-ID")) part.content_id = without_angles(*value);
}

Transfer content_transfer(const Part& part) {
  const auto* value = part.header("Content-Transfer-Encoding");
  return value ? transfer_of(*value) : Transfer::identity;
}

void fill_body(Part& part, Transfer transfer, std::string_view encoded, const Limits& limits) {
  if (!part.is_text()) {
    auto decoded = decode_transfer(transfer, encoded);
    part.body = std::move(decoded.octets);
    part.size = decoded.size;
    return;
  }
  const auto decoded = decode_transfer(transfer, encoded, limits.text * widest);
  part.size = decoded.size;
  part.truncated = decoded.size > decoded.octets.size();
  part.body = shown_text(decoded.octets, part, limits.text, part.truncated);
}

}  // namespace coi::mime
