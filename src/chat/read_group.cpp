#include "chat/read_group.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/group.h"
#include "chat/marked_part.h"
#include "html/microformats.h"
#include "mime/address.h"
#include "mime/encoded_word.h"
#include "wire/group_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

// Names and descriptions have one line: they stand in header fields.
std::string line_of(std::string_view text) {
  return std::string(ascii_trim(printable(ascii_trim(text), longest_group_name)));
}

std::string line_in(std::string_view field_value) { return line_of(mime::decode_words(field_value)); }

// Unix seconds; 0: none.
UnixMs seconds_of(std::string_view value) {
  constexpr std::int64_t latest = 253'402'300'799;  // the year 9999
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc{} || end != value.data() + value.size() || seconds < 0 || seconds > latest) return 0;
  return seconds * 1000;
}

std::string address_of(std::string_view value) {
  const auto named = mime::parse_addresses(value);
  return named.size() == 1 ? mime::canonical(named.front().addr) : std::string();
}

// C-59. Old versions of Delta Chat write ids that are no group's into Chat-Group-ID of 1:1 mail; these have another
// form.
void find_id(const mime::Part& root, const Content& content, GroupSaid& said) {
  if (const auto id = field_of(root, wire::chat_group_id); wire::is_group_id(id)) {
    said.id = id;
    return;
  }
  if (auto id = wire::group_id_of(content.rfc_id)) {
    said.id = *std::move(id);
    return;
  }
  said.by_reference = true;
  for (const auto& reference : content.references)
    if (auto id = wire::group_id_of(reference)) {
      said.id = *std::move(id);
      return;
    }
  if (auto id = wire::group_id_of(content.in_reply_to)) said.id = *std::move(id);
}

// D-18: the joining times of To in order, then the leaving times of the past members.
void read_times(const mime::Part& root, const Content& content, GroupSaid& said) {
  std::vector<UnixMs> times;
  for (const auto word : ascii_split(field_of(root, wire::chat_group_member_timestamps), ' ')) {
    if (ascii_trim(word).empty()) continue;
    times.push_back(seconds_of(ascii_trim(word)));
    if (times.size() > most_named) return;
  }
  const auto past = mime::parse_addresses(field_of(root, wire::chat_group_past_members));
  if (times.empty() || times.size() != content.to.size() + past.size()) return;
  auto time = times.begin();
  for (const auto& member : content.to) said.joined.push_back({member.addr, *time++});
  for (const auto& member : past) said.parted.push_back({mime::canonical(member.addr), *time++});
  const auto untold = [](const MemberTime& member) { return member.at_ms == 0 || member.addr.empty(); };
  std::erase_if(said.joined, untold);
  std::erase_if(said.parted, untold);
}

// D-19, C-67, C-68: who left says so, unless the mail names another who did.
void read_change(const mime::Part& root, const Content& content, GroupSaid& said) {
  said.added = address_of(field_of(root, wire::chat_group_member_added));
  said.removed = address_of(field_of(root, wire::chat_group_member_removed));
  if (is_marked(root, wire::Content::groupleft) && said.removed.empty()) said.removed = content.from.addr;
}

// One that cannot be shown here: elsewhere on the web, of another format, too large.
bool has_other_photo(const html::Group& info) {
  return std::ranges::any_of(info.others, [](const html::Property& one) { return one.classes.contains("u-photo"); });
}

// C-66, C-74.
void read_info(const mime::Part& root, GroupSaid& said) {
  const auto* part = marked_page(root, wire::Content::groupinfo);
  if (part == nullptr) return;
  const auto document = html::parse(part->body, {});
  if (!document) return;
  auto info = html::read_group(*document);
  if (!info) return;
  said.informed = said.name.empty();
  if (said.name.empty()) said.name = line_of(info->name);
  if (!said.description && !info->description.empty()) said.description = line_of(info->description);
  if (info->photo)
    said.picture = Picture{.base64 = info->photo->base64};
  else if ((said.pictured || !said.added.empty()) && !has_other_photo(*info))
    said.picture = Picture{};
  // With a change of something else the picture is left out.
  said.describes = said.picture || (said.removed.empty() && !said.renamed && !said.described);
}

}  // namespace

GroupSaid read_group(const mime::Part& root, const Content& content) {
  GroupSaid said;
  find_id(root, content, said);
  if (root.header(wire::chat_version) == nullptr) return said;
  said.name = line_in(field_of(root, wire::chat_group_name));
  said.name_ms = seconds_of(field_of(root, wire::chat_group_name_timestamp));
  if (const auto* old = root.header(wire::chat_group_name_changed)) {
    said.renamed = true;
    said.old_name = line_in(*old);
  }
  if (const auto* text = root.header(wire::chat_group_description)) said.description = line_in(*text);
  said.description_ms = seconds_of(field_of(root, wire::chat_group_description_timestamp));
  said.described = root.header(wire::chat_group_description_changed) != nullptr;
  said.pictured = is_marked(root, wire::Content::group_avatar_changed);
  said.asks = is_marked(root, wire::Content::grouprequested);
  read_times(root, content, said);
  read_change(root, content, said);
  read_info(root, said);
  return said;
}

}  // namespace coi::chat
