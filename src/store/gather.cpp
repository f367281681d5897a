// What decide() asked for, read from the database.
#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

namespace {

constexpr const char* place_columns =
    "SELECT p.folder, p.uidvalidity, p.uid, f.role, p.flags, coalesce(p.message, 0), coalesce(m.is_chat, 0), "
    "coalesce(m.outgoing, 0) FROM place p JOIN folder f ON f.id = p.folder LEFT JOIN message m ON m.id = p.message ";

}  // namespace

std::vector<PlaceFacts> Database::Impl::place_facts(SQLite::Statement& rows) {
  std::vector<PlaceFacts> places;
  while (rows.executeStep())
    places.push_back({.place = {id_at<FolderId>(rows, 0), rows.getColumn(1).getUInt(), rows.getColumn(2).getUInt()},
                      .role = static_cast<FolderRole>(rows.getColumn(3).getInt()),
                      .flags = {rows.getColumn(4).getUInt()},
                      .message = id_at<MessageId>(rows, 5),
                      .chat = rows.getColumn(6).getInt() != 0,
                      .outgoing = rows.getColumn(7).getInt() != 0});
  return places;
}

bool Database::Impl::seen_pending(const Place& place) {
  auto& row = connection.query("SELECT uids FROM job WHERE kind = ? AND folder = ? AND uidvalidity = ?",
                               JobKind::store_seen, place.folder, place.uidvalidity);
  while (row.executeStep())
    if (NumberSet::parse(text_at(row, 0)).value_or(NumberSet{}).contains(place.uid)) return true;
  return false;
}

std::optional<OutgoingFacts> Database::Impl::outgoing_facts(OutgoingId id) {
  OutgoingFacts facts;
  UnixMs since = 0;
  {
    auto& row = connection.query("SELECT id, coalesce(message, 0), since_ms FROM outgoing WHERE id = ?", id);
    if (!row.executeStep()) return std::nullopt;
    facts.id = id;
    facts.message = id_at<MessageId>(row, 1);
    since = row.getColumn(2).getInt64();
  }
  auto& row = connection.query("SELECT addr, state, attempts FROM recipient WHERE outgoing = ? ORDER BY addr", id);
  while (row.executeStep())
    facts.recipients.push_back({.addr = text_at(row, 0),
                                .state = static_cast<RecipientState>(row.getColumn(1).getInt()),
                                .attempts = row.getColumn(2).getInt(),
                                .since_ms = since});
  return facts;
}

std::optional<MessageFacts> Database::Impl::message_facts(MessageId id) {
  MessageFacts facts;
  {
    auto& row = connection.query(
        "SELECT rfc_id, from_addr, chat, outgoing, seen, is_chat, thread_root, subject, text, from_name, wants_receipt "
        "FROM message WHERE id = ?",
        id);
    if (!row.executeStep()) return std::nullopt;
    facts = {.id = id,
             .key = {text_at(row, 0), text_at(row, 1)},
             .chat = id_at<ChatId>(row, 2),
             .outgoing = row.getColumn(3).getInt() != 0,
             .seen = row.getColumn(4).getInt() != 0,
             .is_chat = row.getColumn(5).getInt() != 0,
             .thread_root = text_at(row, 6),
             .subject = text_at(row, 7),
             .text = text_at(row, 8),
             .from_name = text_at(row, 9),
             .wants_chat_receipt = row.getColumn(10).getInt() == 1,
             .wants_plain_receipt = row.getColumn(10).getInt() == 2};
  }
  static const std::string by_message = std::string(place_columns) + "WHERE p.message = ? ORDER BY p.folder, p.uid";
  facts.places = place_facts(connection.query(by_message.c_str(), id));
  if (facts.outgoing) {
    auto& row = connection.query("SELECT id FROM outgoing WHERE message = ?", id);
    if (row.executeStep()) facts.outgoing_mail = outgoing_facts(id_at<OutgoingId>(row, 0));
  }
  return facts;
}

std::optional<PeerFacts> Database::Impl::peer_facts(const std::string& addr) {
  auto& row = connection.query(
      "SELECT a.peer_class, p.known, p.blocked FROM address a JOIN person p ON p.id = a.person WHERE a.addr = ?", addr);
  if (!row.executeStep()) return std::nullopt;
  return PeerFacts{.addr = addr,
                   .peer_class = static_cast<PeerClass>(row.getColumn(0).getInt()),
                   .known = row.getColumn(1).getInt() != 0,
                   .blocked = row.getColumn(2).getInt() != 0};
}

namespace {

// One overload a lookup.
struct Gatherer {
  Database::Impl& db;
  Facts& facts;

  void operator()(const FindMessage& find) const {
    if (const auto id = db.message_id(find.key)) facts.message = db.message_facts(id);
  }
  void operator()(const FindMessageRow& find) const { facts.message = db.message_facts(find.message); }
  void operator()(const FindOutgoing& find) const { facts.outgoing = db.outgoing_facts(find.outgoing); }
  void operator()(const FindByRfcIds& find) const {
    std::vector<MessageId> ids;
    for (const auto& rfc_id : find.rfc_ids) {
      auto& row = db.connection.query("SELECT id FROM message WHERE rfc_id = ?", rfc_id);
      while (row.executeStep()) ids.push_back(id_at<MessageId>(row, 0));
    }
    for (const auto id : ids)
      if (auto message = db.message_facts(id)) facts.about.push_back(std::move(*message));
  }
  void operator()(const FindReports& find) const {
    auto& row = db.connection.query("SELECT recipient, kind, reason FROM report WHERE rfc_id = ?", find.rfc_id);
    while (row.executeStep())
      facts.reports.push_back({.kind = static_cast<ReportKind>(row.getColumn(1).getInt()),
                               .rfc_ids = {find.rfc_id},
                               .recipient = text_at(row, 0),
                               .reason = text_at(row, 2)});
  }
  void operator()(const FindPeer& find) const { facts.peer = db.peer_facts(find.addr); }
  void operator()(const FindChat& find) const {
    auto& row = db.connection.query("SELECT kind, coalesce(person, 0), archived FROM chat WHERE id = ?", find.chat);
    if (!row.executeStep()) return;
    ChatFacts chat{.id = find.chat,
                   .ref = {.kind = static_cast<ChatKind>(row.getColumn(0).getInt()), .addr = {}},
                   .peer = {},
                   .last = {},
                   .archived = row.getColumn(2).getInt() != 0};
    const auto person = id_at<PersonId>(row, 1);
    if (chat.ref.kind == ChatKind::single) {
      // Written to is the address that wrote last; without any, the first one.
      auto& address = db.connection.query(
          "SELECT addr FROM address WHERE person = ? ORDER BY class_ms DESC, addr LIMIT 1", person);
      if (!address.executeStep()) return;
      chat.ref.addr = text_at(address, 0);
      chat.peer = db.peer_facts(chat.ref.addr).value_or(PeerFacts{.addr = chat.ref.addr});
    }
    auto& last =
        db.connection.query("SELECT id FROM message WHERE chat = ? ORDER BY sort_ms DESC, id DESC LIMIT 1", find.chat);
    if (last.executeStep()) chat.last = db.message_facts(id_at<MessageId>(last, 0));
    facts.chat = std::move(chat);
  }
  void operator()(const FindChatOf& find) const {
    if (find.chat.kind == ChatKind::self) {
      auto& row = db.connection.query("SELECT id FROM chat WHERE kind = ? AND person IS NULL", ChatKind::self);
      if (row.executeStep()) return (*this)(FindChat{id_at<ChatId>(row, 0)});
    } else {
      auto& row = db.connection.query(
          "SELECT c.id FROM chat c JOIN address a ON a.person = c.person WHERE a.addr = ?", find.chat.addr);
      if (row.executeStep()) return (*this)(FindChat{id_at<ChatId>(row, 0)});
    }
    // A chat that does not exist yet: an address nobody wrote to or from.
    if (find.chat.kind == ChatKind::single && find.chat.addr.find('@') == std::string::npos) return;
    facts.chat = ChatFacts{.id = {},
                           .ref = find.chat,
                           .peer = db.peer_facts(find.chat.addr).value_or(PeerFacts{.addr = find.chat.addr}),
                           .last = {}};
  }
  void operator()(const FindFresh& find) const {
    std::vector<MessageId> ids;
    auto& row = find.up_to
                    ? db.connection.query("SELECT m.id FROM message m, message u WHERE m.chat = ? AND m.seen = 0 AND "
                                          "u.id = ? AND (m.sort_ms, m.id) <= (u.sort_ms, u.id)",
                                          find.chat, find.up_to)
                    : db.connection.query("SELECT id FROM message WHERE chat = ? AND seen = 0", find.chat);
    while (row.executeStep()) ids.push_back(id_at<MessageId>(row, 0));
    for (const auto id : ids)
      if (auto message = db.message_facts(id)) facts.fresh.push_back(std::move(*message));
  }
  void operator()(const FindPlaces& find) const {
    static const std::string by_place =
        std::string(place_columns) + "WHERE p.folder = ? AND p.uidvalidity = ? AND p.uid = ?";
    for (const auto& place : find.places) {
      auto found =
          db.place_facts(db.connection.query(by_place.c_str(), place.folder, place.uidvalidity, place.uid));
      if (found.empty()) continue;
      found.front().seen_pending = db.seen_pending(place);
      facts.places.push_back(found.front());
    }
  }
  void operator()(const FindChatInInbox&) const {
    static const std::string in_inbox = std::string(place_columns) + "WHERE f.role = 1 AND m.is_chat = 1";
    static_assert(static_cast<int>(FolderRole::inbox) == 1);
    facts.places = db.place_facts(db.connection.query(in_inbox.c_str()));
  }
  void operator()(const FindJob& find) const {
    auto& row = db.connection.query(
        "SELECT kind, role, coalesce(message, 0), folder, uidvalidity, uids, attempts FROM job WHERE id = ?", find.job);
    if (!row.executeStep()) return;
    JobFacts job{.id = find.job,
                 .kind = static_cast<JobKind>(row.getColumn(0).getInt()),
                 .role = static_cast<FolderRole>(row.getColumn(1).getInt()),
                 .message = id_at<MessageId>(row, 2),
                 .places = {},
                 .attempts = row.getColumn(6).getInt()};
    for (const auto uid : NumberSet::parse(text_at(row, 5)).value_or(NumberSet{}).numbers())
      job.places.push_back({id_at<FolderId>(row, 3), row.getColumn(4).getUInt(), uid});
    facts.job = std::move(job);
  }
};

}  // namespace

void Database::Impl::gather(const Lookup& lookup, Facts& facts) { std::visit(Gatherer{*this, facts}, lookup); }

}  // namespace coi::store
