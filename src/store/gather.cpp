// What decide() asked for, read from the database.
#include <algorithm>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

namespace {

constexpr const char* place_columns =
    "SELECT p.folder, p.uidvalidity, p.uid, f.role, p.flags, coalesce(p.message, 0), coalesce(m.is_chat, 0), "
    "coalesce(m.outgoing, 0), coalesce((SELECT o.blocked FROM address a JOIN person o ON o.id = a.person WHERE a.addr "
    "= "
    "m.from_addr), 0) FROM place p JOIN folder f ON f.id = p.folder LEFT JOIN message m ON m.id = p.message ";

}  // namespace

std::vector<PlaceFacts> Database::Impl::place_facts(Rows rows) {
  std::vector<PlaceFacts> places;
  while (rows.next())
    places.push_back({.place = {rows.id<FolderId>(0), rows.u32(1), rows.u32(2)},
                      .role = rows.word<FolderRole>(3),
                      .flags = {rows.u32(4)},
                      .message = rows.id<MessageId>(5),
                      .chat = rows.flag(6),
                      .outgoing = rows.flag(7),
                      .blocked = rows.flag(8)});
  return places;
}

bool Database::Impl::seen_pending(const Place& place) {
  auto row = connection.query("SELECT uids FROM job WHERE kind = ? AND folder = ? AND uidvalidity = ?",
                              JobKind::store_seen, place.folder, place.uidvalidity);
  while (row.next())
    if (NumberSet::parse(row.text(0)).value_or(NumberSet{}).contains(place.uid)) return true;
  return false;
}

std::optional<OutgoingFacts> Database::Impl::outgoing_facts(OutgoingId id) {
  OutgoingFacts facts{.id = id};
  {
    auto row = connection.query("SELECT coalesce(message, 0), length(bytes) > 0, filed FROM outgoing WHERE id = ?", id);
    if (!row.next()) return std::nullopt;
    facts.message = row.id<MessageId>(0);
    facts.kept = row.flag(1);
    facts.filed = row.flag(2);
  }
  auto row = connection.query(
      "SELECT addr, state, attempts, since_ms, bounced_ms, unanswered FROM recipient WHERE outgoing = ? ORDER BY addr",
      id);
  while (row.next())
    facts.recipients.push_back({.addr = row.text(0),
                                .state = row.word<RecipientState>(1),
                                .attempts = static_cast<int>(row.number(2)),
                                .unanswered = static_cast<int>(row.number(5)),
                                .since_ms = row.number(3),
                                .bounced_ms = row.number(4)});
  return facts;
}

std::optional<MessageFacts> Database::Impl::message_facts(MessageId id) {
  MessageFacts facts;
  bool has_files = false;
  {
    auto row = connection.query(
        "SELECT rfc_id, from_addr, chat, outgoing, seen, is_chat, thread_root, subject, text, from_name, "
        "wants_receipt, quote, in_reply_to, follows, kind, seen_here, footer, sort_ms, arrived_ms, received_ms, "
        "date_ms, list, forged, size, automatic FROM message WHERE id = ?",
        id);
    if (!row.next()) return std::nullopt;
    has_files = row.word<MessageKind>(14) == MessageKind::media;
    facts = {.id = id,
             .key = {row.text(0), row.text(1)},
             .other_ids = {},
             .chat = row.id<ChatId>(2),
             .sort_ms = row.number(17),
             .arrived_ms = row.number(18),
             .received_ms = row.number(19),
             .date_ms = row.number(20),
             .list = row.flag(21),
             .forged = row.flag(22),
             .size = row.count(23),
             .outgoing = row.flag(3),
             .seen = row.flag(4),
             .seen_here = row.flag(15),
             .is_chat = row.flag(5),
             .automatic = row.flag(24),
             .thread_root = row.text(6),
             .subject = row.text(7),
             .text = row.text(8),
             .quote = row.text(11),
             .footer = row.text(16),
             .in_reply_to = row.text(12),
             .follows = row.text(13),
             .attachments = {},
             .from_name = row.text(9),
             .wants_chat_receipt = static_cast<int>(row.number(10)) == 1,
             .wants_plain_receipt = static_cast<int>(row.number(10)) == 2};
  }
  {
    auto row = connection.query("SELECT rfc_id FROM also WHERE message = ? ORDER BY rfc_id", id);
    while (row.next()) facts.other_ids.push_back(row.text(0));
  }
  if (has_files) {
    auto row =
        connection.query("SELECT name, type, size, blob FROM attachment WHERE message = ? ORDER BY position", id);
    while (row.next())
      facts.attachments.push_back(
          {.name = row.text(0), .type = row.text(1), .size = row.count(2), .blob = row.text(3), .section = {}});
  }
  static const std::string by_message = std::string(place_columns) + "WHERE p.message = ? ORDER BY p.folder, p.uid";
  facts.places = place_facts(connection.query(by_message.c_str(), id));
  if (facts.outgoing) {
    auto row = connection.query("SELECT id FROM outgoing WHERE message = ?", id);
    if (row.next()) facts.outgoing_mail = outgoing_facts(row.id<OutgoingId>(0));
  }
  return facts;
}

std::optional<PeerFacts> Database::Impl::peer_facts(const std::string& addr) {
  auto row = connection.query(
      "SELECT a.peer_class, a.chat_ms, p.known, p.blocked FROM address a JOIN person p ON p.id = a.person WHERE a.addr "
      "= ?",
      addr);
  if (!row.next()) return std::nullopt;
  return PeerFacts{.addr = addr,
                   .peer_class = row.word<PeerClass>(0),
                   .chat_ms = row.number(1),
                   .known = row.flag(2),
                   .blocked = row.flag(3)};
}

namespace {

// One overload a lookup.
struct Gatherer {
  Database::Impl& db;
  Facts& facts;

  void operator()(const FindMessages& find) const {
    auto ids = db.with_key(find.key.rfc_id, find.key.from_addr);
    for (const auto& other : find.other_ids)
      for (const auto id : db.with_key(other, find.key.from_addr)) ids.push_back(id);
    add(std::move(ids));
  }
  void operator()(const FindOwnOf& find) const {
    constexpr UnixMs hour = 3'600'000;
    std::vector<MessageId> ids;
    {
      auto row = db.connection.query(
          "SELECT m.id FROM message m WHERE m.chat = iif(?1 = '', (SELECT c.id FROM chat c WHERE c.person IS NULL), "
          "(SELECT c.id FROM chat c JOIN address a ON a.person = c.person WHERE a.addr = ?1)) "
          "AND m.sort_ms BETWEEN ?2 - ?3 AND ?2 + ?3 AND m.outgoing = 1 AND m.date_ms / 1000 = ?2 / 1000",
          find.chat.addr, find.date_ms, hour);
      while (row.next()) ids.push_back(row.id<MessageId>(0));
    }
    add(std::move(ids));
  }
  void add(std::vector<MessageId> ids) const {
    std::ranges::sort(ids);
    const auto doubles = std::ranges::unique(ids);
    ids.erase(doubles.begin(), doubles.end());
    for (const auto id : ids)
      if (auto message = db.message_facts(id)) facts.namesakes.push_back(std::move(*message));
  }
  void operator()(const FindSent& find) const {
    auto row = db.connection.query("SELECT 1 FROM message WHERE rfc_id = ? AND outgoing = 1", find.rfc_id);
    facts.sent = row.next();
  }
  void operator()(const FindMessageRow& find) const { facts.message = db.message_facts(find.message); }
  void operator()(const FindOutgoing& find) const { facts.outgoing = db.outgoing_facts(find.outgoing); }
  void operator()(const FindReports& find) const {
    auto row = db.connection.query("SELECT recipient, kind, reason, at_ms FROM report WHERE rfc_id = ?", find.rfc_id);
    while (row.next())
      facts.reports.push_back({.kind = row.word<ReportKind>(1),
                               .rfc_ids = {find.rfc_id},
                               .recipient = row.text(0),
                               .reason = row.text(2),
                               .at_ms = row.number(3)});
  }
  void operator()(const FindPeer& find) const { facts.peer = db.peer_facts(find.addr); }
  void operator()(const FindAddresses& find) const {
    auto row = db.connection.query(
        "SELECT addr FROM address WHERE person = (SELECT person FROM address WHERE addr = ?) ORDER BY addr", find.addr);
    while (row.next()) facts.addresses.push_back(row.text(0));
  }
  void operator()(const FindChat& find) const {
    auto row = db.connection.query("SELECT kind, coalesce(person, 0), archived FROM chat WHERE id = ?", find.chat);
    if (!row.next()) return;
    ChatFacts chat{.id = find.chat,
                   .ref = {.kind = row.word<ChatKind>(0), .addr = {}},
                   .peer = {},
                   .last = {},
                   .archived = row.flag(2)};
    const auto person = row.id<PersonId>(1);
    if (chat.ref.kind == ChatKind::single) {
      // Written to is the address that wrote last; without any, the first one.
      auto address =
          db.connection.query("SELECT addr FROM address WHERE person = ? ORDER BY class_ms DESC, addr LIMIT 1", person);
      if (!address.next()) return;
      chat.ref.addr = address.text(0);
      chat.peer = db.peer_facts(chat.ref.addr).value_or(PeerFacts{.addr = chat.ref.addr});
    }
    db.order_seconds();  // what this transaction has put comes last where it belongs
    auto last =
        db.connection.query("SELECT id FROM message WHERE chat = ? ORDER BY sort_ms DESC, id DESC LIMIT 1", find.chat);
    if (last.next()) chat.last = db.message_facts(last.id<MessageId>(0));
    facts.chat = std::move(chat);
  }
  void operator()(const FindChatOf& find) const {
    if (find.chat.kind == ChatKind::self) {
      auto row = db.connection.query("SELECT id FROM chat WHERE kind = ? AND person IS NULL", ChatKind::self);
      if (row.next()) return (*this)(FindChat{row.id<ChatId>(0)});
    } else {
      auto row = db.connection.query("SELECT c.id FROM chat c JOIN address a ON a.person = c.person WHERE a.addr = ?",
                                     find.chat.addr);
      if (row.next()) return (*this)(FindChat{row.id<ChatId>(0)});
    }
    // A chat that does not exist yet: nobody wrote to or from there.
    facts.chat = ChatFacts{.id = {},
                           .ref = find.chat,
                           .peer = db.peer_facts(find.chat.addr).value_or(PeerFacts{.addr = find.chat.addr}),
                           .last = {}};
  }
  void operator()(const FindFresh& find) const {
    std::vector<MessageId> ids;
    auto row = db.connection.query(
        "SELECT m.id FROM message m WHERE m.chat = ?1 AND m.seen = 0 "
        "AND (?2 = 0 OR (m.sort_ms, m.id) >= (SELECT b.sort_ms, b.id FROM message b WHERE b.id = ?2 AND b.chat = ?1)) "
        "AND (?3 = 0 OR (m.sort_ms, m.id) <= (SELECT b.sort_ms, b.id FROM message b WHERE b.id = ?3 AND b.chat = ?1))",
        find.chat, find.from, find.up_to);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
    for (const auto id : ids)
      if (auto message = db.message_facts(id)) facts.fresh.push_back(std::move(*message));
  }
  void operator()(const FindPlaces& find) const {
    static const std::string by_place =
        std::string(place_columns) + "WHERE p.folder = ? AND p.uidvalidity = ? AND p.uid = ?";
    for (const auto& place : find.places) {
      auto found = db.place_facts(db.connection.query(by_place.c_str(), place.folder, place.uidvalidity, place.uid));
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
    auto row = db.connection.query(
        "SELECT kind, role, coalesce(message, 0), folder, uidvalidity, uids, attempts FROM job WHERE id = ?", find.job);
    if (!row.next()) return;
    JobFacts job{.id = find.job,
                 .kind = row.word<JobKind>(0),
                 .role = row.word<FolderRole>(1),
                 .message = row.id<MessageId>(2),
                 .places = {},
                 .attempts = static_cast<int>(row.number(6))};
    for (const auto uid : NumberSet::parse(row.text(5)).value_or(NumberSet{}).numbers())
      job.places.push_back({row.id<FolderId>(3), row.u32(4), uid});
    facts.job = std::move(job);
  }
};

}  // namespace

void Database::Impl::gather(const Lookup& lookup, Facts& facts) { std::visit(Gatherer{*this, facts}, lookup); }

}  // namespace coi::store
