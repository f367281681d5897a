#include "chat/compose_group.h"

#include <algorithm>

#include <fmt/format.h>

#include "chat/ask.h"
#include "chat/compose_parts.h"
#include "chat/group.h"
#include "chat/timer.h"
#include "html/microformats.h"
#include "mime/encoded_word.h"
#include "mime/message_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

constexpr UnixMs past_members_kept = 60LL * 24 * 3600 * 1000;  // D-18

mime::Header field(std::string_view name, std::string value) { return {std::string(name), std::move(value)}; }

std::string seconds(UnixMs ms) { return std::to_string(ms / 1000); }

// D-18. Nobody's times can be told of whom To names and the group does not know.
void add_times(const GroupFacts& group, const std::vector<std::string>& to, UnixMs now,
               std::vector<mime::Header>& fields) {
  std::string times;
  const auto add = [&](UnixMs ms) { times.append(times.empty() ? "" : " ").append(seconds(ms)); };
  for (const auto& addr : to) {
    const auto member = std::ranges::find(group.members, addr, &Member::addr);
    if (member == group.members.end()) return;
    add(member->joined_ms);
  }
  const auto past = past_members(group, to, now);
  std::vector<Address> addresses;
  for (const auto& member : past) {
    add(member.parted_ms);
    addresses.push_back({"", member.addr});
  }
  fields.push_back(field(wire::chat_group_member_timestamps, std::move(times)));
  if (!past.empty()) fields.push_back(field(wire::chat_group_past_members, mime::format_addresses(addresses)));
}

std::vector<mime::Header> change_fields(const GroupChange& change, const GroupMail& mail, const AccountFacts& account) {
  std::vector<mime::Header> fields;
  if (!change.add.empty()) fields.push_back(field(wire::chat_group_member_added, change.add));
  if (!change.remove.empty()) {
    fields.push_back(field(wire::chat_group_member_removed, change.remove));
    if (is_own(account, change.remove)) fields.push_back(field(wire::chat_content, "groupleft"));  // C-67
  }
  if (change.name) fields.push_back(field(wire::chat_group_name_changed, mail.old_name));
  if (change.description) fields.push_back(field(wire::chat_group_description_changed, "1"));
  if (change.picture) fields.push_back(field(wire::chat_content, "group-avatar-changed"));
  return fields;
}

}  // namespace

// Programs take the newer of the two times of who is back.
std::vector<Member> past_members(const GroupFacts& group, const std::vector<std::string>& to, UnixMs now) {
  std::vector<Member> past;
  for (const auto& member : group.members) {
    const bool is_back = member.parted_ms != 0 && member.parted_ms < member.joined_ms;
    const bool told = !member.is_in() || (is_back && std::ranges::find(to, member.addr) != to.end());
    if (told && member.parted_ms + past_members_kept > now) past.push_back(member);
  }
  return past;
}

std::string group_subject(const GroupFacts& group) { return group.name.empty() ? "Group chat" : group.name; }

std::vector<mime::Header> group_fields(const GroupFacts& group, const AccountFacts& account,
                                       const std::vector<std::string>& to, UnixMs now) {
  std::vector<mime::Header> fields = {field(wire::chat_group_id, group.id),
                                      field(wire::chat_group_name, group_subject(group))};
  if (group.name_ms != 0) fields.push_back(field(wire::chat_group_name_timestamp, seconds(group.name_ms)));
  if (group.description_ms != 0) {
    fields.push_back(field(wire::chat_group_description, group.description));
    fields.push_back(field(wire::chat_group_description_timestamp, seconds(group.description_ms)));
  }
  if (to != std::vector{account.addr}) add_times(group, to, now, fields);
  return fields;
}

namespace {

// Of what a plain program began nobody knows more.
bool is_known_whole(const GroupFacts& group) {
  return group.founded || group.described_ms != 0 || !group.picture.id.empty() || is_derived_group_id(group.id);
}

}  // namespace

bool is_to_be_described(const GroupFacts& group, bool first) {
  if (!is_known_whole(group)) return false;
  return first || group.requested_ms > group.described_ms || (group.founded && group.described_ms == 0);
}

bool is_to_be_asked_about(const GroupFacts& group) { return !group.asked && !is_known_whole(group); }

Annex group_info(const GroupFacts& group, WithPicture picture) {
  html::Group info{.id = {}, .name = group_subject(group), .description = group.description};
  if (picture == WithPicture::yes && !group.picture.base64.empty())
    info.photo = html::Data{.type = "image/jpeg", .base64 = group.picture.base64};
  for (const auto& member : group.members)
    if (member.is_in()) info.members.push_back({.name = member.addr, .emails = {member.addr}});
  return {.word = "groupinfo", .html = html::write_group(info, html::Photo::hidden)};
}

mime::Part compose_change(const GroupChange& change, const GroupMail& mail, const GroupFacts& group,
                          const AccountFacts& account, const std::vector<std::string>& to, UnixMs now) {
  const bool has_picture = change.picture || !change.add.empty();
  auto tree = with_annex(text_part(mail.text), mail.text, group_info(group, WithPicture{has_picture}));
  tree.headers = common_fields(account, to, mail.rfc_id, group_subject(group), now);
  tree.headers.push_back(field("References", mime::format_message_ids(references_of(mail.thread_root, mail.follows))));
  std::ranges::move(group_fields(group, account, to, now), std::back_inserter(tree.headers));
  std::ranges::move(change_fields(change, mail, account), std::back_inserter(tree.headers));
  add_timer(mail.timer, tree.headers);
  return tree;
}

}  // namespace coi::chat
