#include "chat/compose_letter.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/letter_kind.h"
#include "chat/markdown.h"
#include "chat/place.h"
#include "html/escaped.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

// Of text/markdown (RFC 7763): a text that is no text/plain keeps its octets when it is written, so its line ends (RFC
// 2046, section 4.1.1) are made here.
std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

// Mail programs fold it away, or show it as what it is; ours takes it off again (chat/safe_view.h).
std::string html_quote(std::string_view quote) {
  if (quote.empty()) return {};
  std::string out = "<blockquote type=\"cite\">";
  for (std::string_view between; const auto line : ascii_split(quote, '\n')) {
    out.append(between).append(html::escaped(line));
    between = "<br>";
  }
  return out + "</blockquote>";
}

bool is_shown(const OutgoingFile& file) { return file.type.starts_with("image/") || file.type.starts_with("video/"); }

}  // namespace

std::string sent_text(std::string_view text, const Details& details) {
  return details.forwarded ? std::string(forward_head).append(text) : std::string(text);
}

std::string unmarked(std::string_view text, const Details& details) {
  return details.formatted ? plain_text(text) : std::string(text);
}

mime::Part formatted_words(mime::Part plain, std::string_view markdown, std::string_view typed,
                           std::string_view quote) {
  mime::Part all{.type = "multipart/alternative"};
  all.children.push_back(std::move(plain));
  all.children.push_back(
      {.type = "text/markdown", .params = {{"charset", "UTF-8"}}, .body = with_crlf(markdown) + "\r\n"});
  all.children.push_back(
      {.type = "text/html",
       .body = fmt::format("<!DOCTYPE html>\n<html><head><title></title></head><body>{}{}</body></html>\n",
                           html_quote(quote), to_html(typed))});
  return all;
}

mime::Part with_annex(mime::Part text_part, std::string_view text, Annex annex) {
  mime::Part page{.headers = {{std::string(wire::chat_content), std::string(annex.word)}},
                  .type = "text/html",
                  .body = fmt::format("<p>{}</p>{}\r\n", html::escaped(text), annex.html)};
  mime::Part tree{.type = "multipart/alternative"};
  tree.children.push_back(std::move(text_part));
  tree.children.push_back(std::move(page));
  return tree;
}

void add_annex(mime::Part& page, Annex annex) {
  page.headers = {{std::string(wire::chat_content), std::string(annex.word)}};
  page.body.insert(page.body.rfind("</body>"), annex.html + "\r\n");
}

mime::Part place_words(mime::Part plain, std::string_view typed, const Position& position) {
  mime::Part all{.type = "multipart/alternative"};
  // The coordinates stand below the words, in the HTML as h-geo.
  const auto end = typed.rfind('\n');
  const auto words = end == std::string_view::npos ? std::string_view() : typed.substr(0, end);
  all.children.push_back(std::move(plain));
  all.children.push_back({.headers = {{std::string(wire::chat_content), "location"}},
                          .type = "text/html",
                          .body = html_with_place(words, position)});
  return all;
}

mime::Part place_file(const Position& position, UnixMs at) {
  return {.type = "application/vnd.google-earth.kml+xml",
          .params = {{"charset", "UTF-8"}},
          .disposition = "attachment",
          .filename = "message.kml",
          .body = write_kml(position, at)};
}

// But programs take an inline text for words of the mail and convert it, and a message/* may not be encoded (RFC 2046,
// 5.2.1), so would not keep its line ends.
mime::Part file_part(const OutgoingFile& file, std::size_t number, std::string_view rfc_id, bool in_poll) {
  mime::Part part{.type = file.type.starts_with("message/") ? "application/octet-stream" : file.type,
                  .disposition = file.type.starts_with("text/") ? "attachment" : "inline",
                  .disposition_params = {{"size", std::to_string(file.bytes.size())}},
                  .filename = file.name,
                  .body = file.bytes};
  // An option of a poll may be any file.
  if (is_shown(file) || in_poll) part.content_id = fmt::format("{}.{}", number, rfc_id);
  return part;
}

mime::Part preview_part(const OutgoingFile& file) {
  return {.headers = {{std::string(wire::chat_content), "preview"}},
          .type = "image/jpeg",
          .disposition = "inline",
          .disposition_params = {{"size", std::to_string(file.preview.size())}},
          .filename = "preview.jpg",
          .body = file.preview};
}

std::string caption_of(const std::vector<OutgoingFile>& files, MessageKind kind, const Details& details) {
  if (kind == MessageKind::voice) return fmt::format("🎤 {}", files.front().name);
  if (kind == MessageKind::contact && details.contact) return fmt::format("👤 {}", details.contact->name);
  const auto all_images = std::ranges::all_of(files, [](const auto& file) { return file.type.starts_with("image/"); });
  return files.size() == 1 ? fmt::format("{} {}", all_images ? "📷" : "📎", files.front().name)
         : all_images      ? fmt::format("📷 {} photos", files.size())
                           : fmt::format("📎 {} files", files.size());
}

std::vector<mime::Header> sound_fields(MessageKind kind, const Details& details) {
  std::vector<mime::Header> fields;
  if (kind == MessageKind::voice) fields.push_back({std::string(wire::chat_voice_message), "1"});
  if (details.duration_ms > 0 && details.duration_ms <= longest_duration_ms)
    fields.push_back({std::string(wire::chat_duration), std::to_string(details.duration_ms)});
  return fields;
}

}  // namespace coi::chat
