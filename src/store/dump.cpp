// The golden dump: what a user could see, ordered by what the mails say and never by row ids, so that two stores that
// hold the same history print the same text.
#include "store/database_impl.h"

namespace coi::store {
namespace {

struct Section {
  const char* title;
  const char* sql;
};

constexpr Section sections[] = {
    {"people",
     "SELECT a.addr, p.name, a.name, a.peer_class, p.known, p.blocked FROM address a JOIN person p ON p.id = a.person "
     "ORDER BY a.addr"},
    {"chats",
     "SELECT c.kind, coalesce((SELECT min(a.addr) FROM address a WHERE a.person = c.person), 'self') AS peer, "
     "c.archived, c.pinned, c.muted_until > 0, (SELECT count(*) FROM message m WHERE m.chat = c.id AND m.seen = 0) "
     "FROM chat c ORDER BY peer"},
    {"messages",
     "SELECT m.sort_ms, coalesce((SELECT min(a.addr) FROM address a JOIN chat c ON c.person = a.person WHERE c.id = "
     "m.chat), 'self'), "
     "m.rfc_id, m.from_addr, m.from_name, m.outgoing, m.seen, m.date_ms, m.kind, m.is_chat, m.subject, m.text, "
     "m.quote, "
     "m.footer, m.html, m.wants_receipt, m.in_reply_to, m.thread_root FROM message m ORDER BY m.sort_ms, m.rfc_id, "
     "m.from_addr"},
    {"files",
     "SELECT m.rfc_id, a.position, a.name, a.type, a.size FROM attachment a JOIN message m ON m.id = a.message "
     "ORDER BY m.rfc_id, m.from_addr, a.position"},
    {"places",
     "SELECT f.name, p.uidvalidity, p.uid, coalesce(m.rfc_id, '-'), p.flags, p.reason FROM place p JOIN folder f ON "
     "f.id = p.folder LEFT JOIN message m ON m.id = p.message ORDER BY f.name, p.uidvalidity, p.uid"},
    {"reports", "SELECT rfc_id, recipient, kind, reason, at_ms FROM report ORDER BY rfc_id, recipient, kind"},
    {"queue",
     "SELECT o.rfc_id, r.addr, r.state FROM outgoing o JOIN recipient r ON r.outgoing = o.id ORDER BY o.rfc_id, "
     "r.addr"},
    {"jobs",
     "SELECT j.kind, coalesce(m.rfc_id, '-'), j.role, coalesce(f.name, '-'), j.uids FROM job j LEFT JOIN message m ON "
     "m.id = j.message LEFT JOIN folder f ON f.id = j.folder ORDER BY j.kind, f.name, j.uids, m.rfc_id"},
};

}  // namespace

Result<std::string> Database::dump() {
  return walled("cannot dump", [&] {
    std::string out;
    for (const auto& section : sections) {
      out += fmt::format("== {}\n", section.title);
      auto row = impl_->connection.query(section.sql);
      while (row.next()) {
        for (int column = 0; column < row.columns(); ++column)
          out += fmt::format("{}{}", column > 0 ? " | " : "", row.text(column));
        out += '\n';
      }
    }
    return out;
  });
}

}  // namespace coi::store
