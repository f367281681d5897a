#include "chat/two_mails.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "chat/parts.h"
#include "json/json.h"
#include "mime/media_type.h"
#include "mime/message_id.h"
#include "mime/params.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

constexpr std::size_t longest_metadata = 16 * 1024;
constexpr std::uint64_t largest_file = std::uint64_t{1} << 50;
constexpr std::uint64_t longest_side = 100'000;

// Delta Chat folds before the space of a name, and adds a tab that is no part of it; no JSON string may hold one.
std::string unfolded(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_space)
      text += c;
    else if (!text.ends_with(' '))
      text += ' ';
  }
  return text;
}

std::uint64_t number_in(const json::Value* value, std::uint64_t most) {
  if (value == nullptr) return 0;
  const bool is_positive = value->is_uint64() || (value->is_int64() && value->get_int64() > 0);
  if (!is_positive) return 0;
  const auto number = value->to_number<std::uint64_t>();
  return number <= most ? number : 0;
}

std::string text_in(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// What its author says of the file; nonsense is as if nothing were said.
json::Object metadata(const mime::Part& root) {
  const auto* value = root.header(wire::chat_post_message_metadata);
  if (value == nullptr || value->size() > longest_metadata) return {};
  const auto parsed = json::parse(unfolded(ascii_trim(*value)), Limits{});
  return parsed && parsed->is_object() ? parsed->get_object() : json::Object();
}

// By its name, and what it is used as.
std::string_view type_of(const std::string& name, std::string_view use) {
  if (use == "Webxdc") return "application/webxdc+zip";
  const auto type = mime::media_type_of(name);
  return use == "Voice" || use == "Audio" ? mime::sound_type_of(type) : type;
}

void announce(const json::Object& said, Letter& letter) {
  const auto use = text_in(said, "viewtype");
  mime::Part file;
  file.filename = mime::safe_filename(text_in(said, "filename"));
  file.type = type_of(file.filename, use);
  Attachment announced{.name = file_name(file, 1), .type = file.type, .size = 0, .section = {}};
  announced.size = number_in(said.if_contains("size"), largest_file);
  if (const auto* sides = said.if_contains("wh"); sides != nullptr && sides->is_array()) {
    const auto& both = sides->get_array();
    announced.width = static_cast<std::uint32_t>(number_in(both.if_contains(0), longest_side));
    announced.height = static_cast<std::uint32_t>(number_in(both.if_contains(1), longest_side));
  }
  letter.attachments.push_back(std::move(announced));
  letter.details.duration_ms = number_in(said.if_contains("duration"), longest_duration_ms);
  if (use == "Voice") letter.kind = MessageKind::voice;
  if (use == "Sticker") letter.kind = MessageKind::sticker;
}

bool has_id(const Content& content, const std::string& id) {
  return content.rfc_id == id || std::ranges::find(content.other_ids, id) != content.other_ids.end();
}

}  // namespace

void read_half(const mime::Part& root, Content& content) {
  // Who is not surely its author completes nobody's message.
  if (root.header(wire::chat_version) == nullptr || content.disowned || content.is_bounce()) return;
  if (!content.letter || !content.edits.empty() || !content.letter->notice.code.empty()) return;
  auto& letter = *content.letter;
  const bool has_words = !letter.text.empty() || !letter.quote.empty();
  const bool has_files = !letter.attachments.empty();
  if (root.header(wire::chat_is_post_message) != nullptr) {
    if (has_files && !has_words) content.half = Half::file;
    return;
  }
  const auto* named = root.header(wire::chat_post_message_id);
  if (named == nullptr || has_files || letter.kind != MessageKind::text) return;
  auto ids = mime::parse_message_ids(*named);
  if (ids.empty() || has_id(content, ids.front())) return;
  content.half = Half::announcement;
  content.other_ids.push_back(std::exchange(content.rfc_id, std::move(ids.front())));
  announce(metadata(root), letter);
}

}  // namespace coi::chat
