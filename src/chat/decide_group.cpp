// What the user does with groups: each change is a mail to all members, and stands in the chat as a notice.
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/compose.h"
#include "chat/compose_group.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/group.h"
#include "wire/group_id.h"

namespace coi::chat {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_description = 1000;
constexpr std::size_t most_members = 500;

std::optional<Error> unfit_name(std::string_view name) {
  if (ascii_trim(name).empty()) return Error(ErrorKind::invalid, "a group needs a name");
  if (name.size() > longest_name)
    return Error(ErrorKind::invalid, fmt::format("a name has at most {} octets", longest_name));
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }))
    return Error(ErrorKind::invalid, "a name has one line");
  return std::nullopt;
}

std::optional<Error> unfit_member(const std::string& addr, const AccountFacts& account) {
  if (!mime::is_address(addr))
    return Error(ErrorKind::invalid, fmt::format("\"{}\" is no e-mail address", addr), "write it as name@example.org");
  if (is_own(account, addr)) return Error(ErrorKind::invalid, fmt::format("{} is your own address", addr));
  return std::nullopt;
}

// Names that are told at one time are told apart by it: the next one is newer than the last, here and everywhere.
std::optional<Error> unfit(const GroupChange& change, const AccountFacts& account, const GroupFacts& group) {
  if (!is_member(group, account.addr))
    return Error(ErrorKind::not_allowed, "you are not a member of this group", "somebody in it has to add you");
  if (!change.add.empty()) {
    if (auto error = unfit_member(change.add, account)) return error;
    if (is_member(group, change.add))
      return Error(ErrorKind::not_allowed, fmt::format("{} is a member already", change.add));
    if (std::ranges::count_if(group.members, &Member::is_in) >= static_cast<std::ptrdiff_t>(most_members))
      return Error(ErrorKind::limit, fmt::format("a group has at most {} members", most_members));
  }
  if (!change.remove.empty() && !is_own(account, change.remove) && !is_member(group, change.remove))
    return Error(ErrorKind::not_found, fmt::format("{} is no member of this group", change.remove));
  if (change.name) {
    if (auto error = unfit_name(*change.name)) return error;
    if (ascii_trim(*change.name) == group.name) return Error(ErrorKind::not_allowed, "that is its name already");
  }
  if (change.picture && change.picture->id == group.picture.id)
    return Error(ErrorKind::not_allowed,
                 group.picture.id.empty() ? "the group has no picture" : "that is its picture already");
  if (change.description && change.description->find_first_of("\r\n") != std::string::npos)
    return Error(ErrorKind::invalid, "a description has one line");
  if (change.description && change.description->size() > longest_description)
    return Error(ErrorKind::invalid, fmt::format("a description has at most {} octets", longest_description));
  return std::nullopt;
}

// The group as it is from then on.
GroupFacts changed(const GroupFacts& before, const GroupChange& change, const AccountFacts& account, UnixMs at) {
  auto group = before;
  const auto member = [&](const std::string& addr) -> Member& {
    const auto one = is_own(account, addr) ? account.addr : addr;
    const auto found = std::ranges::find(group.members, one, &Member::addr);
    return found != group.members.end() ? *found : group.members.emplace_back(Member{.addr = one});
  };
  if (!change.add.empty()) member(change.add).joined_ms = at;
  if (!change.remove.empty()) member(change.remove).parted_ms = at;
  if (change.name) {
    group.name = ascii_trim(*change.name);
    group.name_ms = at;
  }
  if (change.description) {
    group.description = *change.description;
    group.description_ms = at;
  }
  if (change.picture) {
    group.picture = *change.picture;
    group.picture_ms = at;
  }
  std::ranges::sort(group.members, {}, &Member::addr);
  return group;
}

std::string words_of(const GroupChange& change, const GroupFacts& before, const AccountFacts& account) {
  const auto name = group_subject(before);
  if (!change.add.empty()) return fmt::format("I added {} to the group \"{}\".", change.add, name);
  if (is_own(account, change.remove)) return fmt::format("I left the group \"{}\".", name);
  if (!change.remove.empty()) return fmt::format("I removed {} from the group \"{}\".", change.remove, name);
  if (change.name) return fmt::format("I renamed the group \"{}\" to \"{}\".", name, ascii_trim(*change.name));
  if (change.picture)
    return fmt::format("I {} the picture of the group \"{}\".", change.picture->id.empty() ? "removed" : "changed",
                       name);
  return change.description->empty() ? fmt::format("I removed the description of the group \"{}\".", name)
                                     : fmt::format("I described the group \"{}\": {}", name, *change.description);
}

Notice notice_of(const GroupChange& change, const GroupFacts& before, const GroupFacts& after,
                 const AccountFacts& account) {
  GroupSaid said{.id = before.id,
                 .name = after.name,
                 .renamed = change.name.has_value(),
                 .old_name = group_subject(before),
                 .description = change.description,
                 .described = change.description.has_value(),
                 .picture = change.picture,
                 .pictured = change.picture.has_value(),
                 .joined = {},
                 .parted = {},
                 .added = change.add,
                 .removed = change.remove};
  return notice_of(Content{.from = {.addr = account.addr}, .group = std::move(said)});
}

GroupMail mail_of(const GroupChange& change, const ChatFacts& chat, const std::string& rfc_id,
                  const AccountFacts& account) {
  GroupMail mail{.rfc_id = rfc_id,
                 .thread_root = rfc_id,
                 .follows = {},
                 .text = words_of(change, *chat.group, account),
                 .old_name = group_subject(*chat.group),
                 .timer = chat.timer};
  if (!chat.last || !chat.last->is_chat) return mail;
  mail.follows = chat.last->key.rfc_id;
  mail.thread_root = chat.last->first_of_thread();
  return mail;
}

// P-04: who is in it and what it is called informs people, so everybody gets it, whatever program they use.
void put_notice(const GroupChange& change, const GroupMail& mail, const ChatFacts& chat, const GroupFacts& after,
                const AccountFacts& account, UnixMs now, UnixMs at, Operations& out) {
  std::vector<std::string> to;
  for (const auto& member : after.members)
    if (member.is_in() && member.addr != account.addr) to.push_back(member.addr);
  auto recipients = to;
  if (!change.remove.empty() && !is_own(account, change.remove)) recipients.push_back(change.remove);  // D-19
  if (change.description || change.picture) recipients = control_recipients(chat, false, now);
  if (to.empty()) to.push_back(account.addr);
  auto message = own_message({mail.rfc_id, account.addr}, account, chat, at, now);
  message.subject = group_subject(after);
  message.kind = MessageKind::notice;
  message.notice = notice_of(change, *chat.group, after, account);
  message.text = mail.text;
  message.thread_root = mail.thread_root;
  message.follows = mail.follows;
  const auto key = message.key;
  out.emplace_back(std::move(message));
  PutOutgoing sent{
      .key = key, .recipients = std::move(recipients), .tree = compose_change(change, mail, after, account, to, at)};
  if (sent.recipients.empty()) sent.file_in = home_of_sent(true);
  out.emplace_back(std::move(sent));
  if (change.picture || !change.add.empty()) put_group_word(RemarkKind::group_info, after, account, at, out);
}

}  // namespace

bool is_member(const GroupFacts& group, const std::string& addr) {
  const auto member = std::ranges::find(group.members, addr, &Member::addr);
  return member != group.members.end() && member->is_in();
}

void put_group_word(RemarkKind kind, const GroupFacts& group, const AccountFacts& account, UnixMs at, Operations& out) {
  out.emplace_back(PutRemark{{.kind = kind,
                              .subject = group.id,
                              .author = account.addr,
                              .about = {},
                              .value = {},
                              .date_ms = at,
                              .rfc_id = {},
                              .at_ms = at,
                              .by_us = true}});
}

void put_group(const GroupFacts& group, const AccountFacts& account, const std::string& rfc_id, UnixMs at,
               Operations& out) {
  PutGroup put{.id = group.id,
               .author = account.addr,
               .rfc_id = rfc_id,
               .arrived_ms = at,
               .said_ms = at,
               .accepted = true,
               .self = account.addr};
  std::vector<std::string> others;
  for (const auto& member : group.members) {
    if (!member.is_in() || member.addr == account.addr) continue;
    put.joined.push_back({member.addr, member.joined_ms});
    others.push_back(member.addr);
  }
  for (const auto& member : past_members(group, others, at)) put.parted.push_back({member.addr, member.parted_ms});
  out.emplace_back(std::move(put));
  const auto say = [&](RemarkKind kind, const std::string& value, UnixMs since) {
    if (since != 0)
      out.emplace_back(PutRemark{{.kind = kind,
                                  .subject = group.id,
                                  .author = account.addr,
                                  .about = {},
                                  .value = value,
                                  .date_ms = since,
                                  .rfc_id = value,
                                  .at_ms = at,
                                  .by_us = true}});
  };
  say(RemarkKind::group_name, group.name, group.name_ms);
  say(RemarkKind::group_description, group.description, group.description_ms);
  if (!group.picture.base64.empty()) out.emplace_back(PutPicture{group.picture});
  say(RemarkKind::group_picture, group.picture.id, group.picture_ms);
}

Plan decide_create(const CreateGroup& create, const AccountFacts& account, UnixMs now) {
  if (auto error = unfit_name(create.name)) return refuse(*std::move(error));
  if (create.members.size() >= most_members)
    return refuse(ErrorKind::limit, fmt::format("a group has at most {} members", most_members));
  for (const auto& addr : create.members)
    if (auto error = unfit_member(addr, account)) return refuse(*std::move(error));
  const auto at = whole_seconds(now);
  GroupFacts group{.id = create.id, .name = std::string(ascii_trim(create.name)), .description = {}, .name_ms = at};
  group.members.push_back({.addr = account.addr, .joined_ms = at});
  for (const auto& addr : create.members) group.members.push_back({.addr = addr, .joined_ms = at});
  Plan plan;
  put_group(group, account, {}, at, plan.operations);
  return plan;
}

namespace {

std::vector<GroupChange> changes_of(const ChangeGroup& wished) {
  std::vector<GroupChange> changes;
  for (const auto& addr : wished.add) changes.emplace_back().add = addr;
  for (const auto& addr : wished.remove) changes.emplace_back().remove = addr;
  if (wished.name) changes.emplace_back().name = wished.name;
  if (wished.description) changes.emplace_back().description = wished.description;
  if (wished.picture) changes.emplace_back().picture = wished.picture;
  return changes;
}

// A time after all that was said of the group.
UnixMs time_of_next(const ChatFacts& chat, UnixMs now) {
  const auto& group = *chat.group;
  UnixMs last = std::max({group.name_ms, group.description_ms, group.picture_ms});
  for (const auto& member : group.members) last = std::max({last, member.joined_ms, member.parted_ms});
  return next_second(std::max(now, chat.last ? chat.last->sort_ms : 0), last);
}

}  // namespace

Plan decide_group(const ChangeGroup& wished, const AccountFacts& account, std::optional<ChatFacts> chat, UnixMs now) {
  if (!chat) return refuse(ErrorKind::not_found, "no such chat");
  if (!chat->group) return refuse(ErrorKind::not_allowed, "the chat is no group", "make one with \"coi group create\"");
  Plan plan;
  auto rfc_id = wished.rfc_ids.begin();
  // Who is added together joins at one time: each a second after the other, the last of many would join minutes later.
  const auto joined = time_of_next(*chat, now);
  for (const auto& change : changes_of(wished)) {
    if (auto error = unfit(change, account, *chat->group)) return refuse(*std::move(error));
    const auto at = change.add.empty() ? time_of_next(*chat, now) : joined;
    const auto after = changed(*chat->group, change, account, at);
    const auto id = id_in(*chat, *rfc_id++);
    put_group(after, account, id, at, plan.operations);
    // Of a group of which nobody has heard yet the first message tells all.
    if (chat->group->begun) {
      const auto mail = mail_of(change, *chat, id, account);
      put_notice(change, mail, *chat, after, account, now, at, plan.operations);
      chat->last =
          MessageFacts{.key = {id, account.addr}, .sort_ms = at, .is_chat = true, .thread_root = mail.thread_root};
    }
    chat->group = after;
    std::erase_if(chat->peers, [&](const PeerFacts& peer) { return !is_member(after, peer.addr); });
  }
  return plan;
}

}  // namespace coi::chat
