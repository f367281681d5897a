// Groups: the ids that they go by, and what is said about them.
#include <algorithm>

#include "base/ascii.h"
#include "chat/group.h"
#include "chat/settle_group.h"
#include "store/database_impl.h"
#include "store/notices.h"

namespace coi::store {

using namespace chat;

ChatId Database::Impl::group_chat(const std::string& id) {
  auto row = connection.query("SELECT chat FROM group_id WHERE id = ?", id);
  return row.next() ? row.id<ChatId>(0) : ChatId{};
}

ChatId Database::Impl::make_group(const std::string& id) {
  connection.run("INSERT INTO chat(kind, group_id) VALUES (?, ?)", ChatKind::group, id);
  const ChatId chat{connection.last_id()};
  put_group_id(id, chat, {});
  return chat;
}

void Database::Impl::put_group_id(const std::string& id, ChatId chat, const std::string& thread) {
  connection.run(
      "INSERT INTO group_id(id, chat, thread, component) VALUES (?1, ?2, ?3, iif(?4, ?1, '')) ON CONFLICT DO UPDATE "
      "SET thread = excluded.thread WHERE thread = '' AND excluded.thread <> ''",
      id, chat, thread, is_derived_group_id(id));
}

// Where a chat program wrote a mail, all that is written in answer to it is in its group. That one refers to a mail is
// not enough: what plain programs wrote in that thread to different people stays apart.
std::vector<std::string> Database::Impl::ids_of_thread(const std::string& thread) {
  std::vector<std::string> ids;
  bool of_program = false;
  auto row = connection.query("SELECT id, own FROM group_id WHERE thread = ? AND thread <> ''", thread);
  while (row.next()) {
    ids.push_back(row.text(0));
    of_program |= row.flag(1);
  }
  return of_program ? ids : std::vector<std::string>();
}

// What is said in mails of a component is kept with it: which of them said it does not matter.
std::string Database::Impl::source_of(const std::string& id) {
  auto row = connection.query("SELECT iif(component = '', id, component) FROM group_id WHERE id = ?", id);
  return row.next() ? row.text(0) : id;
}

// The component `other` is a part of `label` from now on.
void Database::Impl::relabel(const std::string& other, const std::string& label) {
  connection.run("UPDATE group_id SET component = ? WHERE component = ?", label, other);
  connection.run(
      "INSERT OR IGNORE INTO group_claim(component, group_id) SELECT ?, group_id FROM group_claim WHERE "
      "component = ?",
      label, other);
  connection.run("DELETE FROM group_claim WHERE component = ?", other);
  connection.run(
      "INSERT INTO membership(source, author, member, parted, at_ms, said_ms) SELECT ?, author, member, parted, at_ms, "
      "said_ms FROM membership WHERE source = ? ON CONFLICT DO UPDATE SET said_ms = min(said_ms, excluded.said_ms)",
      label, other);
  connection.run("DELETE FROM membership WHERE source = ?", other);
  connection.run(
      "INSERT INTO remark(subject, kind, author, about, date_ms, rfc_id, at_ms, by_us, value) SELECT ?, kind, author, "
      "about, date_ms, rfc_id, at_ms, by_us, value FROM remark WHERE subject = ? ON CONFLICT DO UPDATE SET at_ms = "
      "min(at_ms, excluded.at_ms), by_us = max(by_us, excluded.by_us), value = max(value, excluded.value)",
      label, other);
  connection.run("DELETE FROM remark WHERE subject = ?", other);
}

// From now on these are one component: ids that mails gave, all of one group. Which group that is does not hang on what
// came first: of the ids made by programs that the component's mails name the least, else its own.
void Database::Impl::unite_groups(const std::vector<std::string>& ids, const std::string& made) {
  std::map<std::string, ChatId> components;  // whose ids are all of that chat
  for (const auto& id : ids) {
    auto row = connection.query("SELECT component, chat FROM group_id WHERE id = ? AND component <> ''", id);
    if (row.next()) components.emplace(row.text(0), row.id<ChatId>(1));
  }
  if (components.empty()) return;
  const auto label = components.begin()->first;
  for (const auto& [other, chat] : components)
    if (other != label) relabel(other, label);
  if (!made.empty() && !is_derived_group_id(made))
    connection.run("INSERT OR IGNORE INTO group_claim(component, group_id) VALUES (?, ?)", label, made);
  auto home = components.begin()->second;
  if (auto row = connection.query("SELECT min(group_id) FROM group_claim WHERE component = ?", label);
      row.next() && !row.is_null(0))
    home = group_chat(row.text(0));
  std::set<ChatId> others;
  for (const auto& [other, chat] : components)
    if (chat != home) others.insert(chat);
  for (const auto other : others) move_component(label, other, home);
  unsettled.insert(home);
  if (!others.empty()) return name_group(home);
  for (const auto& id : ids) name_group(home, id);
}

// With the messages that say that they are in it.
void Database::Impl::move_component(const std::string& label, ChatId from, ChatId to) {
  std::vector<MessageId> messages;
  {
    auto row = connection.query(
        "SELECT id FROM message WHERE chat = ? AND peer IN (SELECT 'group ' || id FROM group_id WHERE component = ?)",
        from, label);
    while (row.next()) messages.push_back(row.id<MessageId>(0));
  }
  move_messages(messages, from, to);
  connection.run("UPDATE group_id SET chat = ? WHERE component = ? AND chat = ?", to, label, from);
  changes.everything = true;
  auto left = connection.query("SELECT 1 FROM group_id WHERE chat = ?", from);
  if (left.next()) {
    unsettled.insert(from);
    name_group(from);
    return;
  }
  connection.run("DELETE FROM member WHERE chat = ?", from);
  connection.run(
      "UPDATE chat SET archived = min(chat.archived, f.archived), pinned = max(chat.pinned, f.pinned), "
      "accepted = max(chat.accepted, f.accepted), blocked = max(chat.blocked, f.blocked), "
      "muted_until = max(chat.muted_until, f.muted_until), "
      "removes_expired = min(chat.removes_expired, f.removes_expired) "
      "FROM (SELECT * FROM chat WHERE id = ?1) f WHERE chat.id = ?2",
      from, to);
  join_choices(About{.chat = from}, About{.chat = to});
  connection.run("DELETE FROM chat WHERE id = ?", from);
  unsettled.erase(from);
  std::erase_if(unordered, [&](const auto& second) { return second.first == from; });
  changes.chats.erase(from);
}

// The id that the mails of the group carry: the best of all, or `id` where that is better than the one so far.
void Database::Impl::name_group(ChatId chat) {
  std::string best;
  {
    auto row = connection.query("SELECT id FROM group_id WHERE chat = ?", chat);
    while (row.next())
      if (best.empty() || is_better_group_id(row.text(0), best)) best = row.text(0);
  }
  connection.run("UPDATE chat SET group_id = ?2 WHERE id = ?1 AND group_id <> ?2", chat, best);
}

void Database::Impl::name_group(ChatId chat, const std::string& id) {
  auto row = connection.query("SELECT group_id FROM chat WHERE id = ?", chat);
  if (row.next() && is_better_group_id(id, row.text(0)))
    connection.run("UPDATE chat SET group_id = ? WHERE id = ?", id, chat);
}

// Every mail tells of every member, and of a mailbox that is fetched the newest comes first: what was said before is
// said earlier, most of the time.
void Database::Impl::claim(const std::string& group, const MembershipClaim& claim) {
  constexpr int most_kept = 64;
  const auto source = source_of(group);
  const bool is_earlier =
      connection.run(
          "UPDATE membership SET said_ms = ?6 WHERE source = ?1 AND author = ?2 AND member = ?3 AND parted = ?4 AND "
          "at_ms = ?5 AND said_ms > ?6",
          source, claim.author, claim.member, claim.parted, claim.at_ms, claim.said_ms) > 0;
  const bool is_new =
      !is_earlier &&
      connection.run(
          "INSERT INTO membership(source, author, member, parted, at_ms, said_ms) VALUES (?, ?, ?, ?, ?, ?) ON "
          "CONFLICT DO NOTHING",
          source, claim.author, claim.member, claim.parted, claim.at_ms, claim.said_ms) > 0;
  if (!is_earlier && !is_new) return;
  unsettled.insert(group_chat(group));
  if (!is_new) return;
  connection.run(
      "WITH same AS (SELECT at_ms FROM membership WHERE source = ?1 AND author = ?2 AND member = ?3 AND parted = ?4) "
      "DELETE FROM membership WHERE source = ?1 AND author = ?2 AND member = ?3 AND parted = ?4 AND at_ms > (SELECT "
      "min(at_ms) FROM same) AND at_ms <= (SELECT at_ms FROM same ORDER BY at_ms DESC LIMIT 1 OFFSET ?5)",
      source, claim.author, claim.member, claim.parted, most_kept);
}

void Database::Impl::apply(const PutGroup& put) {
  auto chat = chat_of(InGroup{put.id});
  std::vector<std::string> one;  // ids of one component
  for (const auto& thread : put.threads) {
    put_group_id(group_of_thread(thread), chat, thread);
    if (thread == put.rfc_id)
      connection.run("UPDATE group_id SET own = 1 WHERE id = ? AND own = 0", group_of_thread(thread));
    one.push_back(group_of_thread(thread));
    std::ranges::move(ids_of_thread(thread), std::back_inserter(one));
  }
  if (!put.plain_thread.empty()) {
    put_group_id(put.id, chat, put.plain_thread);
    one = ids_of_thread(put.plain_thread);
  }
  unite_groups(one, put.id);
  chat = group_chat(put.id);
  connection.run("UPDATE chat SET self = ?2 WHERE id = ?1 AND self <> ?2", chat, put.self);
  if (put.accepted && connection.run("UPDATE chat SET accepted = 1 WHERE id = ? AND accepted = 0", chat) > 0)
    changes.chats.insert(chat);
  if (connection.run("UPDATE group_id SET first_ms = ?2, first_rfc_id = ?3, first_author = ?4 WHERE id = ?1 AND "
                     "(first_ms = 0 OR (?2, ?3, ?4) < (first_ms, first_rfc_id, first_author))",
                     put.id, put.arrived_ms, put.rfc_id, put.author) > 0)
    unsettled.insert(chat);
  for (const auto parted : {false, true})
    for (const auto& member : parted ? put.parted : put.joined)
      claim(put.id, {.author = put.author,
                     .member = member.addr,
                     .parted = parted,
                     .at_ms = member.at_ms,
                     .said_ms = put.said_ms});
  if (put.listed.empty() && put.subject.empty()) return;
  Waiting mail{
      .group = put.id, .author = put.author, .said_ms = put.said_ms, .listed = put.listed, .subject = put.subject};
  if (put.answers.empty()) return take_listing(mail, {.date_ms = put.said_ms, .subject = {}, .removed = {}});
  for (const auto& addr : mail.listed)
    claim(put.id, {.author = put.author, .member = addr, .at_ms = long_ago, .said_ms = put.said_ms});
  const auto parents = parents_of(put.answers);
  if (parents.empty()) {
    std::string listed;
    for (const auto& addr : put.listed) listed.append(addr).append("\n");
    connection.run(
        "INSERT INTO group_waits(parent, group_id, author, rfc_id, said_ms, listed, subject) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        put.answers, put.id, put.author, put.rfc_id, put.said_ms, listed, put.subject);
  }
  for (const auto& parent : parents) take_listing(mail, parent);
}

std::vector<Database::Impl::Parent> Database::Impl::parents_of(const std::string& rfc_id) {
  std::vector<Parent> parents;
  auto row = connection.query(
      "SELECT m.date_ms, m.subject, m.notice, m.notice_params, m.from_addr FROM message m WHERE m.id IN "
      "(SELECT id FROM message WHERE rfc_id = ?1 UNION ALL SELECT message FROM also WHERE rfc_id = ?1) ORDER BY 1, 2, "
      "3, 4, 5",
      rfc_id);
  while (row.next()) {
    auto notice = notice_of(row.text(2), row.text(3));
    parents.push_back({.date_ms = row.number(0), .subject = row.text(1), .removed = {}});
    if (notice.code == "member_removed") parents.back().removed = std::move(notice.params["addr"]);
    if (notice.code == "member_left") parents.back().removed = row.text(4);
  }
  return parents;
}

// C-71, C-72: a listing is as old as the mail that it answers, by its author's Date: when it arrived is not the same in
// all copies. Headers tell whole seconds: what else was said within that one is newer, so that a listing brings back
// only whom that very mail removed. C-70: a subject is a name where it is another one than that mail's.
void Database::Impl::take_listing(const Waiting& mail, const Parent& answered) {
  const auto as_of = std::min(answered.date_ms, mail.said_ms);
  for (const auto& addr : mail.listed)
    claim(mail.group, {.author = mail.author,
                       .member = addr,
                       .at_ms = std::max(addr == answered.removed ? as_of : as_of - 1, long_ago),
                       .said_ms = mail.said_ms});
  if (mail.subject.empty() || group_name_of(answered.subject) == mail.subject) return;
  apply(PutRemark{{.kind = RemarkKind::group_name,
                   .subject = mail.group,
                   .author = mail.author,
                   .about = {},
                   .value = mail.subject,
                   .date_ms = mail.said_ms,
                   .rfc_id = mail.subject,
                   .at_ms = mail.said_ms}});
}

void Database::Impl::take_waiting(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    std::vector<Waiting> waiting;
    {
      auto row =
          connection.query("SELECT group_id, author, said_ms, listed, subject FROM group_waits WHERE parent = ?", id);
      while (row.next()) {
        waiting.push_back({.group = row.text(0),
                           .author = row.text(1),
                           .said_ms = row.number(2),
                           .listed = {},
                           .subject = row.text(4)});
        const auto listed = row.text(3);
        for (const auto line : ascii_split(listed, '\n'))
          if (!line.empty()) waiting.back().listed.emplace_back(line);
      }
    }
    if (waiting.empty()) continue;
    const auto parents = parents_of(id);
    for (const auto& mail : waiting)
      for (const auto& parent : parents) take_listing(mail, parent);
    connection.run("DELETE FROM group_waits WHERE parent = ?", id);
  }
}

}  // namespace coi::store
