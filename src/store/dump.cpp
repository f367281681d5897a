// The golden dump: what a user could see, ordered by what the mails say and never by row ids, so that two stores that
// hold the same history print the same text.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "chat/settle_poll.h"
#include "store/database_impl.h"
#include "store/details.h"
#include "store/polls.h"

namespace coi::store {
namespace {

#define COI_STORE_TIME(column) "strftime('%Y-%m-%d %H:%M:%S', " column " / 1000, 'unixepoch')"
#define COI_STORE_ROLE(column)                                                                                       \
  "CASE " column                                                                                                     \
  " WHEN 1 THEN 'inbox' WHEN 2 THEN 'chats' WHEN 3 THEN 'sent' WHEN 4 THEN 'blocked' WHEN 5 THEN 'contacts' WHEN 6 " \
  "THEN 'trash' WHEN 7 THEN 'junk' WHEN 8 THEN 'drafts' ELSE '-' END"
// Of a row c of the table chat.
#define COI_STORE_CHAT                                                                                                \
  "CASE c.kind WHEN 2 THEN 'group ' || c.group_id ELSE coalesce((SELECT min(a.addr) FROM address a WHERE a.person = " \
  "c.person), 'self') END"

struct Section {
  const char* title;
  const char* sql;  // each column: text, or a number; '' is left out
};

constexpr Section sections[] = {
    {"settings", "SELECT name, value FROM setting WHERE name NOT IN ('seq', 'search_stale') ORDER BY name"},
    {"folders",
     "SELECT name, " COI_STORE_ROLE("role") ", 'uidvalidity ' || uidvalidity, 'uidnext ' || uidnext, 'modseq ' || "
                                            "highestmodseq, 'done ' || done FROM folder ORDER BY name"},
    {"people",
     "SELECT a.addr, p.name, a.name, CASE a.peer_class WHEN 1 THEN 'plain' WHEN 2 THEN 'delta' WHEN 3 THEN 'coi' ELSE "
     "'unknown' END, iif(a.chat_ms > 0, 'chats since ' || " COI_STORE_TIME(
         "a.chat_ms") ", ''), iif(p.known, '', "
                      "'stranger'), iif(p.blocked, 'blocked', ''), iif(a.status_rfc_id <> '', 'status ' || a.status, "
                      "''), iif(a.picture <> '', 'picture ' || a.picture, ''), iif(a.birthday <> '', 'born ' || "
                      "a.birthday, ''), iif(a.profile_status <> '', 'tells ' || replace(a.profile_status, char(10), "
                      "'\\n'), '') "
                      "FROM address a JOIN person p ON p.id = a.person "
                      "ORDER BY a.addr"},
    {"chats",
     "SELECT " COI_STORE_CHAT " AS peer, iif(c.archived, 'archived', ''), iif(c.pinned, 'pinned', ''), "
     "iif(c.muted_until > 0, 'muted', ''), iif(c.timer > 0, 'timer ' || c.timer, ''), iif(c.removes_expired, 'removes "
     "expired', ''), c.unread || ' unread' FROM chat c WHERE EXISTS (SELECT 1 FROM message m WHERE m.chat = c.id AND "
     "m.hidden = 0) ORDER BY peer"},
    {"choices",
     "SELECT coalesce((SELECT min(a.addr) FROM address a WHERE a.person = d.person), (SELECT iif(c.kind = 2, 'group ' "
     "|| c.group_id, 'self') FROM chat c WHERE c.id = d.chat)) AS about, CASE d.kind WHEN 0 THEN 'name' WHEN 1 THEN "
     "'accepted' WHEN 2 THEN 'blocked' WHEN 3 THEN 'muted' WHEN 4 THEN 'pinned' WHEN 5 THEN 'archived' WHEN 6 THEN "
     "'draft' WHEN 7 THEN "
     "'categories' WHEN 8 THEN 'profile' WHEN 9 THEN 'profile told' WHEN 10 THEN 'folders' ELSE d.kind END, d.value, "
     "d.at_ms FROM choice d ORDER BY about, d.kind"},
    {"storage mails",
     "SELECT f.name, s.uidvalidity || ':' || s.uid, s.rfc_id, s.group_id, replace(s.addrs, char(10), ', '), s.name, "
     "iif(s.whole, '', 'a part') FROM storage_mail s JOIN folder f ON f.id = s.folder ORDER BY f.name, s.uidvalidity, "
     "s.uid"},
    {"groups",
     "SELECT c.group_id, c.name, c.description, iif(c.picture <> '', 'picture ' || c.picture, ''), 'begun by ' || "
     "c.founder, iif(c.accepted, 'accepted', ''), (SELECT "
     "group_concat(g.id, ', ') FROM (SELECT id FROM group_id WHERE chat = c.id ORDER BY id) g) FROM chat c WHERE "
     "c.kind = 2 ORDER BY 1"},
    {"members",
     "SELECT c.group_id, b.addr, iif(b.joined_ms > 0 AND b.joined_ms >= b.parted_ms, 'member', 'past'), 'joined ' "
     "|| " COI_STORE_TIME("b.joined_ms") ", 'left ' || " COI_STORE_TIME(
         "b.parted_ms") " FROM member b JOIN chat c ON c.id = b.chat ORDER BY 1, 2"},
    {"messages",
     "SELECT " COI_STORE_TIME(
         "m.sort_ms") ", 'in ' || " COI_STORE_CHAT ", 'from ' || m.from_addr, "
                      "m.from_name, m.rfc_id, iif(m.unsaid, 'unsaid', iif(m.outgoing, 'sent', iif(m.seen, 'seen', "
                      "'fresh'))), iif(m.is_chat, "
                      "'chat', 'mail'), "
                      "iif(m.automatic, 'automatic', ''), iif(m.html, 'html', ''), CASE m.wants_receipt WHEN 1 THEN "
                      "'asks receipt' WHEN "
                      "2 THEN 'asks plain receipt' ELSE '' END, iif(m.forged, 'forged', ''), iif(m.list, "
                      "'of a list', ''), iif(m.date_ms <> 0 AND m.date_ms / 1000 <> m.arrived_ms / 1000, 'dated ' "
                      "|| " COI_STORE_TIME(
                          "m.date_ms") ", ''), iif(m.in_reply_to <> '', 'answers ' || m.in_reply_to, ''), "
                                       "iif(m.thread_root NOT IN ('', m.rfc_id), "
                                       "'thread ' || m.thread_root, ''), 'subject ' || m.subject, 'text ' || "
                                       "replace(m.text, char(10), '\\n'), "
                                       "iif(m.quote <> '', 'quote ' || replace(m.quote, char(10), '\\n'), ''), "
                                       "iif(m.footer <> '', 'footer ' || "
                                       "replace(m.footer, char(10), '\\n'), ''), m.notice, replace(m.notice_params, "
                                       "char(10), ', '), CASE m.kind WHEN 3 THEN 'voice' WHEN 4 THEN 'location' WHEN 5 "
                                       "THEN 'contact' WHEN 6 THEN 'poll' WHEN 7 THEN 'sticker' ELSE '' END, "
                                       "replace(m.details, "
                                       "char(10), ' '), iif(m.edits <> '', 'edits ' || m.edits, ''), iif(m.album <> "
                                       "'', 'album ' || m.album, ''), CASE m.half WHEN "
                                       "1 THEN 'its file is announced' WHEN 2 THEN 'a file by itself' WHEN "
                                       "3 THEN 'of two mails' ELSE '' END, CASE m.hidden "
                                       "WHEN 1 THEN "
                                       "'a version' WHEN 2 THEN 'removed' ELSE '' END, iif(m.deleted, 'deleted', ''), "
                                       "coalesce((SELECT 'shows ' || v.rfc_id FROM message v WHERE v.id = m.shown), "
                                       "''), iif(m.timed, 'timer ' || m.timer || iif(m.timed >= 2, ', changed', ''), "
                                       "''), iif(m.expires_ms <> 0 AND m.expires_ms <> max(m.noticed_ms, m.arrived_ms) "
                                       "+ m.timer * 1000, 'goes ' || " COI_STORE_TIME(
                                           "m.expires_ms") ", '') "
                                                           "FROM message m JOIN chat c ON c.id = "
                                                           "m.chat ORDER BY m.sort_ms, m.rfc_id, "
                                                           "m.from_addr, m.text, m.edits"},
    {"further ids", "SELECT m.rfc_id, a.rfc_id FROM also a JOIN message m ON m.id = a.message ORDER BY 1, 2"},
    {"files",
     "SELECT m.rfc_id, a.position, a.name, a.type, a.size || ' octets', iif(a.width > 0, a.width || 'x' || a.height, "
     "''), "
     "iif(a.state <> 2 AND a.section = '', 'has not come', '') FROM attachment a JOIN message m ON m.id = "
     "a.message ORDER BY m.rfc_id, m.from_addr, a.position, a.name, a.size"},
    {"places",
     "SELECT f.name, p.uidvalidity || ':' || p.uid, coalesce(m.rfc_id, 'no message'), iif(p.flags & 1, '\\Seen', ''), "
     "iif(p.flags & 2, '\\Answered', ''), iif(p.flags & 4, '\\Flagged', ''), iif(p.flags & 8, '\\Deleted', ''), "
     "iif(p.flags & 16, '\\Draft', ''), iif(p.flags & 32, '$MDNSent', ''), iif(p.flags & 64, '$Chat', ''), CASE p.half "
     "WHEN 1 THEN 'announces' WHEN 2 THEN 'brings the file' ELSE '' END, "
     "p.reason "
     "FROM place p JOIN folder f ON f.id = p.folder LEFT JOIN message m ON m.id = p.message ORDER BY f.name, "
     "p.uidvalidity, p.uid"},
    {"remarks",
     "SELECT subject, about, CASE kind WHEN 0 THEN 'displayed' WHEN 1 THEN 'failed' WHEN 2 THEN 'delayed' WHEN 3 THEN "
     "'delivered' WHEN 4 THEN 'reaction' WHEN 5 THEN 'name' WHEN 6 THEN 'description' WHEN 7 THEN 'deleted' WHEN 9 "
     "THEN 'pinned' WHEN 10 THEN 'vote' WHEN 11 THEN 'poll closed' WHEN 12 THEN 'group picture' WHEN 13 THEN 'group "
     "info' WHEN 14 THEN 'group "
     "request' ELSE kind END, iif(by_us, "
     "'by "
     "us', author), " COI_STORE_TIME("at_ms") ", value, rfc_id, " COI_STORE_TIME(
         "date_ms") " FROM remark "
                    "ORDER BY subject, about, kind, author, date_ms, "
                    "rfc_id"},
    {"queue",
     "SELECT o.rfc_id, r.addr, CASE r.state WHEN 0 THEN 'queued' WHEN 1 THEN 'sending' WHEN 2 THEN 'accepted' WHEN 4 "
     "THEN 'held' ELSE 'failed' END, iif(o.not_before_ms <> 0, 'until ' || " COI_STORE_TIME(
         "o.not_before_ms") ", ''), "
                            "r.reply FROM outgoing o JOIN recipient r ON r.outgoing = o.id ORDER BY o.rfc_id, r.addr"},
    {"jobs",
     "SELECT CASE j.kind WHEN 0 THEN 'store \\Seen' WHEN 1 THEN 'move' WHEN 2 THEN 'file copy' WHEN 3 THEN 'claim "
     "receipt' "
     "WHEN 4 THEN 'make folder' WHEN 6 THEN 'remove copy' WHEN 7 THEN 'remove mail' WHEN 8 THEN 'remove storage' ELSE "
     "'set filter' END AS what, "
     "coalesce(m.rfc_id, ''), coalesce(f.name || ':' || "
     "j.uids, "
     "''), iif(j.role, 'to ' || " COI_STORE_ROLE(
         "j.role") ", '') FROM job j LEFT JOIN message m ON m.id = j.message LEFT "
                   "JOIN folder f ON f.id = j.folder ORDER BY what, f.name, j.uids, m.rfc_id, j.role"},
};

#undef COI_STORE_TIME
#undef COI_STORE_ROLE
#undef COI_STORE_CHAT

std::string line_of(const Rows& row) {
  std::string line;
  for (int column = 0; column < row.columns(); ++column) {
    const auto value = row.text(column);
    if (value.empty()) continue;
    if (!line.empty()) line += " | ";
    line += value;
  }
  return line;
}

// What each poll came to.
std::string polls_of(Connection& connection) {
  std::string out = "== polls\n";
  auto row = connection.query(
      "SELECT id, rfc_id, from_addr, outgoing, details FROM message WHERE poll_id <> '' ORDER BY rfc_id, from_addr, "
      "text, subject, details");
  while (row.next()) {
    const auto details = details_of(row.text(4));
    if (!details.poll) continue;
    const auto said = said_of_poll(connection, row.id<chat::MessageId>(0));
    const auto state = chat::settle_poll(*details.poll, said, row.flag(3), row.text(2));
    out += fmt::format("{} | {} voted", row.text(1), state.voters);
    for (const auto& option : state.options)
      out += fmt::format(" | {} {}", option.votes, fmt::join(option.voters, " "));
    out += state.closed_ms ? " | closed " + to_rfc3339(*state.closed_ms) + "\n" : "\n";
  }
  return out;
}

}  // namespace

Result<std::string> Database::dump() {
  return impl_->guarded("cannot dump", [&] {
    std::string out;
    for (const auto& section : sections) {
      out += fmt::format("== {}\n", section.title);
      auto row = impl_->connection.query(section.sql);
      while (row.next()) out.append(line_of(row)) += '\n';
    }
    return out + polls_of(impl_->connection);
  });
}

}  // namespace coi::store
