// The golden dump: what a user could see, ordered by what the mails say and never by row ids, so that two stores that
// hold the same history print the same text.
#include "store/database_impl.h"

#include <fmt/format.h>

namespace coi::store {
namespace {

#define COI_STORE_TIME(column) "strftime('%Y-%m-%d %H:%M:%S', " column " / 1000, 'unixepoch')"
#define COI_STORE_ROLE(column)                                                                                       \
  "CASE " column                                                                                                     \
  " WHEN 1 THEN 'inbox' WHEN 2 THEN 'chats' WHEN 3 THEN 'sent' WHEN 4 THEN 'blocked' WHEN 5 THEN 'contacts' WHEN 6 " \
  "THEN 'trash' WHEN 7 THEN 'junk' WHEN 8 THEN 'drafts' ELSE '-' END"
#define COI_STORE_PEER(person) "coalesce((SELECT min(a.addr) FROM address a WHERE a.person = " person "), 'self')"

struct Section {
  const char* title;
  const char* sql;  // each column: text, or a number; '' is left out
};

constexpr Section sections[] = {
    {"settings", "SELECT name, value FROM setting WHERE name <> 'seq' ORDER BY name"},
    {"folders",
     "SELECT name, " COI_STORE_ROLE("role") ", 'uidvalidity ' || uidvalidity, 'uidnext ' || uidnext, 'modseq ' || "
                                            "highestmodseq, 'done ' || done FROM folder ORDER BY name"},
    {"people",
     "SELECT a.addr, p.name, a.name, CASE a.peer_class WHEN 1 THEN 'plain' WHEN 2 THEN 'delta' WHEN 3 THEN 'coi' ELSE "
     "'unknown' END, iif(a.chat_ms > 0, 'chats since ' || " COI_STORE_TIME(
         "a.chat_ms") ", ''), iif(p.known, '', "
                      "'stranger'), iif(p.blocked, 'blocked', '') FROM address a JOIN person p ON p.id = a.person "
                      "ORDER BY a.addr"},
    {"chats",
     "SELECT " COI_STORE_PEER(
         "c.person") " AS peer, iif(c.archived, 'archived', ''), iif(c.pinned, 'pinned', ''), "
                     "iif(c.muted_until > 0, 'muted', ''), (SELECT count(*) FROM message m WHERE m.chat = c.id AND "
                     "m.seen = 0) || ' "
                     "unread' FROM chat c WHERE EXISTS (SELECT 1 FROM message m WHERE m.chat = c.id) ORDER BY peer"},
    {"messages",
     "SELECT " COI_STORE_TIME("m.sort_ms") ", 'in ' || " COI_STORE_PEER(
         "c.person") ", 'from ' || m.from_addr, "
                     "m.from_name, m.rfc_id, iif(m.outgoing, 'sent', iif(m.seen, 'seen', 'fresh')), iif(m.is_chat, "
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
                                      "replace(m.footer, char(10), '\\n'), '') FROM message m JOIN chat c ON c.id = "
                                      "m.chat ORDER BY m.sort_ms, m.rfc_id, "
                                      "m.from_addr, m.text"},
    {"further ids", "SELECT m.rfc_id, a.rfc_id FROM also a JOIN message m ON m.id = a.message ORDER BY 1, 2"},
    {"files",
     "SELECT m.rfc_id, a.position, a.name, a.type, a.size || ' octets' FROM attachment a JOIN message m ON m.id = "
     "a.message ORDER BY m.rfc_id, m.from_addr, a.position"},
    {"places",
     "SELECT f.name, p.uidvalidity || ':' || p.uid, coalesce(m.rfc_id, 'no message'), iif(p.flags & 1, '\\Seen', ''), "
     "iif(p.flags & 2, '\\Answered', ''), iif(p.flags & 4, '\\Flagged', ''), iif(p.flags & 8, '\\Deleted', ''), "
     "iif(p.flags & 16, '\\Draft', ''), iif(p.flags & 32, '$MDNSent', ''), iif(p.flags & 64, '$Chat', ''), p.reason "
     "FROM place p JOIN folder f ON f.id = p.folder LEFT JOIN message m ON m.id = p.message ORDER BY f.name, "
     "p.uidvalidity, p.uid"},
    {"remarks",
     "SELECT subject, about, CASE kind WHEN 0 THEN 'displayed' WHEN 1 THEN 'failed' WHEN 2 THEN 'delayed' WHEN 3 THEN "
     "'delivered' ELSE 'reaction' END, iif(by_us, 'by us', author), " COI_STORE_TIME(
         "at_ms") ", value, rfc_id, " COI_STORE_TIME("date_ms") " FROM remark "
                                                                "ORDER BY subject, about, kind, author, date_ms, "
                                                                "rfc_id"},
    {"queue",
     "SELECT o.rfc_id, r.addr, CASE r.state WHEN 0 THEN 'queued' WHEN 1 THEN 'sending' WHEN 2 THEN 'accepted' ELSE "
     "'failed' END, r.reply FROM outgoing o JOIN recipient r ON r.outgoing = o.id ORDER BY o.rfc_id, r.addr"},
    {"jobs",
     "SELECT CASE j.kind WHEN 0 THEN 'store \\Seen' WHEN 1 THEN 'move' WHEN 2 THEN 'file copy' WHEN 3 THEN 'claim "
     "receipt' "
     "WHEN 4 THEN 'make folder' ELSE 'set filter' END AS what, coalesce(m.rfc_id, ''), coalesce(f.name || ':' || "
     "j.uids, "
     "''), iif(j.role, 'to ' || " COI_STORE_ROLE(
         "j.role") ", '') FROM job j LEFT JOIN message m ON m.id = j.message LEFT "
                   "JOIN folder f ON f.id = j.folder ORDER BY what, f.name, j.uids, m.rfc_id, j.role"},
};

#undef COI_STORE_TIME
#undef COI_STORE_ROLE
#undef COI_STORE_PEER

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

}  // namespace

Result<std::string> Database::dump() {
  return impl_->guarded("cannot dump", [&] {
    std::string out;
    for (const auto& section : sections) {
      out += fmt::format("== {}\n", section.title);
      auto row = impl_->connection.query(section.sql);
      while (row.next()) out.append(line_of(row)) += '\n';
    }
    return out;
  });
}

}  // namespace coi::store
