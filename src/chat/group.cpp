#include "chat/group.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/utf8.h"
#include "chat/ask.h"
#include "chat/subject.h"
#include "wire/group_id.h"

namespace coi::chat {
namespace {

// D-18: a program that gives every change a second of its own tells times that its Date has not reached yet, Delta Chat
// up to 30 s. None is believed that is much later than the mail was written or came: who told such a time of having
// joined could not be removed.
constexpr UnixMs most_ahead = 60'000;

std::string in_account(const AccountFacts& account, const std::string& addr) {
  return is_own(account, addr) ? account.addr : addr;
}

// Whom the mail names, the author first, and most_named of them at most; us as account.addr.
std::vector<std::string> people_of(const Content& content, const AccountFacts& account) {
  std::vector<std::string> all;
  std::set<std::string> known;
  const auto add = [&](const std::string& addr) {
    auto one = in_account(account, addr);
    if (!one.empty() && all.size() < most_named && known.insert(one).second) all.push_back(std::move(one));
  };
  add(content.from.addr);
  for (const auto* list : {&content.to, &content.cc})
    for (const auto& address : *list) add(address.addr);
  return all;
}

std::string thread_of(const Content& content) {
  if (!content.references.empty()) return content.references.front();
  return content.in_reply_to.empty() ? content.rfc_id : content.in_reply_to;
}

// Of a plain program's mail to several: a mail of the same thread to others is not for these.
std::string by_thread_and_people(const Content& content, const std::vector<std::string>& people) {
  auto named = thread_of(content);
  for (const auto& addr : std::set<std::string>(people.begin(), people.end())) named.append("\n").append(addr);
  return wire::derived_group_id(named);
}

bool is_plain(const Content& content) {
  return content.evidence != PeerClass::coi && content.evidence != PeerClass::delta;
}

// The mails of the same group that have no id of it in theirs: programs that write none refer to the last few. A mail
// that carries the group's id says so of itself alone.
std::vector<std::string> threads_of(const Content& content, bool carried) {
  constexpr std::size_t most_referred = 20;
  std::vector<std::string> ids = {content.rfc_id};
  if (!carried) {
    ids.push_back(content.in_reply_to);
    const auto& references = content.references;
    const auto last = references.size() - std::min(references.size(), most_referred);
    ids.insert(ids.end(), references.begin() + static_cast<std::ptrdiff_t>(last), references.end());
  }
  std::erase_if(ids, [](const std::string& id) { return id.empty() || wire::group_id_of(id); });
  std::ranges::sort(ids);
  const auto rest = std::ranges::unique(ids);
  ids.erase(rest.begin(), rest.end());
  return ids;
}

// What the author had before them.
std::string answered(const Content& content) {
  auto id = !content.in_reply_to.empty() ? content.in_reply_to
            : content.references.empty() ? std::string()
                                         : content.references.back();
  return id == content.rfc_id ? std::string() : id;  // D-07
}

// `people`: people_of() the mail.
std::optional<InGroup> group_among(const std::vector<std::string>& people, const Content& content,
                                   const AccountFacts& account) {
  if (content.disowned || content.list || content.is_bounce()) return std::nullopt;
  const auto others = std::ranges::count_if(people, [&](const auto& addr) { return addr != account.addr; });
  // A program that writes no id still names the group, of which one may be left.
  const bool few = others < 2 && content.group.name.empty();
  if (!content.group.id.empty()) {
    if (content.group.by_reference && few) return std::nullopt;
    return InGroup{content.group.id};
  }
  if (content.automatic || few) return std::nullopt;
  // Who got it unseen does not take part.
  if (std::ranges::find(people, account.addr) == people.end()) return std::nullopt;
  return InGroup{is_plain(content) ? by_thread_and_people(content, people) : group_of_thread(content.rfc_id)};
}

}  // namespace

std::optional<InGroup> group_of(const Content& content, const AccountFacts& account) {
  return group_among(people_of(content, account), content, account);
}

Notice notice_of(const Content& content) {
  const auto& said = content.group;
  if (said.id.empty() && said.added.empty() && said.removed.empty() && !said.renamed) return {};
  if (!said.added.empty()) return {.code = "member_added", .params = {{"addr", said.added}}};
  if (said.removed == content.from.addr && !said.removed.empty()) return {.code = "member_left", .params = {}};
  if (!said.removed.empty()) return {.code = "member_removed", .params = {{"addr", said.removed}}};
  if (said.renamed && said.name != said.old_name)
    return {.code = "group_renamed", .params = {{"name", said.name}, {"old_name", said.old_name}}};
  constexpr std::size_t longest_told = 500;
  if (said.described && said.description)
    return {.code = "group_described", .params = {{"description", printable(*said.description, longest_told)}}};
  if (said.pictured && said.picture)
    return {.code = said.picture->id.empty() ? "group_unpictured" : "group_pictured", .params = {}};
  return {};
}

std::string group_of_thread(const std::string& thread) { return wire::derived_group_id(thread); }

bool is_derived_group_id(const std::string& id) { return wire::is_derived_group_id(id); }

bool is_better_group_id(const std::string& a, const std::string& b) {
  return std::tuple(wire::is_derived_group_id(a), a) < std::tuple(wire::is_derived_group_id(b), b);
}

std::string group_name_of(std::string_view subject) {
  const auto name = strip_reply_prefix(subject);
  return name == "[...]" || name == "..." ? std::string() : std::string(utf8_front(name, longest_group_name));
}

std::vector<Operation> group_operations(const Content& content, const AccountFacts& account, UnixMs arrived) {
  std::vector<Operation> operations;
  auto people = people_of(content, account);
  const auto group = group_among(people, content, account);
  if (!group) return operations;
  const auto& said = content.group;
  const auto author = in_account(account, content.from.addr);
  // An own change goes by its Date, which may be a second ahead of the clock: so it has to at those who get it at once.
  const auto said_at = content.date && *content.date <= arrived + most_ahead ? *content.date : arrived;
  const auto latest = std::min(said_at, arrived) + most_ahead;
  PutGroup put{.id = group->id,
               .threads = {},
               .plain_thread = {},
               .author = author,
               .rfc_id = content.rfc_id,
               .arrived_ms = arrived,
               .said_ms = said_at,
               .joined = {},
               .parted = {},
               .listed = {},
               .answers = answered(content),
               .subject = {},
               .accepted = is_by_us(account, content),
               .self = account.addr};
  const bool carried = !said.id.empty() && !said.by_reference;
  if (!is_plain(content))
    put.threads = threads_of(content, carried);
  else if (said.id.empty())
    put.plain_thread = thread_of(content);

  const auto times = [&](const std::vector<MemberTime>& told, std::vector<MemberTime>& into) {
    for (const auto& member : told) into.push_back({in_account(account, member.addr), std::min(member.at_ms, latest)});
  };
  times(said.joined, put.joined);
  times(said.parted, put.parted);
  if (!said.added.empty()) put.joined.push_back({in_account(account, said.added), said_at});
  if (!said.removed.empty()) put.parted.push_back({in_account(account, said.removed), said_at});
  if (said.joined.empty()) {
    put.listed = std::move(people);
    if (!said.removed.empty()) std::erase(put.listed, in_account(account, said.removed));
  }

  const auto say = [&](RemarkKind kind, const std::string& value, UnixMs since) {
    operations.emplace_back(PutRemark{{.kind = kind,
                                       .subject = group->id,
                                       .author = author,
                                       .about = {},
                                       .value = value,
                                       .date_ms = since,
                                       .rfc_id = value,  // each name has a time of its own
                                       .at_ms = said_at,
                                       .by_us = is_by_us(account, content)}});
  };
  const auto since = [&](UnixMs told, bool changed) {
    return told != 0 ? std::min(told, latest) : changed || said.informed ? said_at : long_ago;
  };
  if (!said.name.empty()) {
    say(RemarkKind::group_name, said.name, since(said.name_ms, said.renamed));
  } else if (content.letter && !content.automatic) {
    put.subject = group_name_of(content.subject);
    if (!put.subject.empty()) say(RemarkKind::group_name, put.subject, long_ago);
  }
  if (said.description)
    say(RemarkKind::group_description, *said.description, since(said.description_ms, said.described));
  // It has no time of its own: one mail changes it, and others repeat it to those who come later, for whom that is the
  // newest.
  const bool adds_us = !said.added.empty() && is_own(account, said.added);
  if (said.picture) {
    if (!said.picture->id.empty()) operations.emplace_back(PutPicture{*said.picture});
    say(RemarkKind::group_picture, said.picture->id, since(0, said.pictured || adds_us));
  }
  if (said.describes) say(RemarkKind::group_info, {}, said_at);
  if (said.asks && carried) say(RemarkKind::group_request, {}, said_at);
  operations.insert(operations.begin(), std::move(put));
  return operations;
}

}  // namespace coi::chat
