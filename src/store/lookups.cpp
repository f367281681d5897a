// What a decision asks for, read from the database.
#include <algorithm>

#include <fmt/format.h>

#include "chat/profile.h"
#include "store/album.h"
#include "store/amendments.h"
#include "store/database_impl.h"
#include "store/details.h"
#include "store/known_chat.h"
#include "store/polls.h"
#include "store/remarks.h"

namespace coi::store {

using namespace chat;

namespace {

constexpr const char* place_columns =
    "SELECT p.folder, p.uidvalidity, p.uid, f.role, p.flags, coalesce(p.message, 0), coalesce(m.is_chat, 0), "
    "coalesce(m.outgoing, 0), coalesce((SELECT o.blocked FROM address a JOIN person o ON o.id = a.person WHERE a.addr "
    "= "
    "m.from_addr), 0), p.appended FROM place p JOIN folder f ON f.id = p.folder LEFT JOIN message m ON m.id = "
    "p.message ";

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
                      .blocked = rows.flag(8),
                      .appended = rows.flag(9)});
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
    auto row = connection.query(
        "SELECT coalesce(message, 0), length(bytes) > 0, filed, not_before_ms, hold_until_ms FROM outgoing WHERE id = "
        "?",
        id);
    if (!row.next()) return std::nullopt;
    facts.message = row.id<MessageId>(0);
    facts.kept = row.flag(1);
    facts.filed = row.flag(2);
    facts.not_before_ms = row.number(3);
    facts.hold_until_ms = row.number(4);
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
  MessageId shown;
  {
    auto row = connection.query(
        "SELECT rfc_id, from_addr, chat, outgoing, seen, is_chat, thread_root, subject, text, from_name, "
        "wants_receipt, quote, in_reply_to, follows, kind, seen_here, footer, sort_ms, arrived_ms, received_ms, "
        "date_ms, list, forged, size, automatic, details, edits, deleted, shown, timer, expires_ms, unsaid, half "
        "FROM message WHERE id = ?",
        id);
    if (!row.next()) return std::nullopt;
    has_files = may_have_files(row.word<MessageKind>(14));
    facts = {.id = id,
             .key = {row.text(0), row.text(1)},
             .other_ids = {},
             .half = row.word<Half>(32),
             .chat = row.id<ChatId>(2),
             .sort_ms = row.number(17),
             .arrived_ms = row.number(18),
             .received_ms = row.number(19),
             .date_ms = row.number(20),
             .list = row.flag(21),
             .forged = row.flag(22),
             .size = row.count(23),
             .outgoing = row.flag(3),
             .unsaid = row.flag(31),
             .seen = row.flag(4),
             .seen_here = row.flag(15),
             .is_chat = row.flag(5),
             .automatic = row.flag(24),
             .thread_root = row.text(6),
             .subject = row.text(7),
             .text = row.text(8),
             .quote = row.text(11),
             .footer = row.text(16),
             .kind = row.word<MessageKind>(14),
             .details = details_of(row.text(25)),
             .in_reply_to = row.text(12),
             .follows = row.text(13),
             .attachments = {},
             .from_name = row.text(9),
             .edits = row.text(26),
             .deleted = row.flag(27),
             .removed = row.number(27) == removed_here,
             .timer = row.u32(29),
             .expired = row.number(27) == removed_here && row.flag(30),
             .newest = {},
             .wants_chat_receipt = static_cast<int>(row.number(10)) == 1,
             .wants_plain_receipt = static_cast<int>(row.number(10)) == 2};
    shown = row.id<MessageId>(28);
  }
  if (facts.timer != 0) facts.copies_may_go = copies_may_go(facts.chat);
  if (shown) {
    auto row = connection.query("SELECT rfc_id, text, details, date_ms FROM message WHERE id = ?", shown);
    if (row.next())
      facts.newest = {
          .rfc_id = row.text(0), .text = row.text(1), .details = details_of(row.text(2)), .date_ms = row.number(3)};
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
      "SELECT a.peer_class, a.chat_ms, p.known, p.blocked, a.told_ms, a.requested_ms, coalesce(c.value, ''), "
      "a.told FROM address a JOIN person p ON p.id = a.person LEFT JOIN choice c ON c.person = p.id AND "
      "c.chat = 0 AND c.kind = ?2 WHERE a.addr = ?1",
      addr, ChoiceKind::categories);
  if (!row.next()) return std::nullopt;
  return PeerFacts{.addr = addr,
                   .peer_class = row.word<PeerClass>(0),
                   .chat_ms = row.number(1),
                   .known = row.flag(2),
                   .blocked = row.flag(3),
                   .categories = categories_of(row.text(6)),
                   .told = row.text(7),
                   .told_ms = row.number(4),
                   .requested_ms = row.number(5)};
}

std::vector<MessageFacts> Database::Impl::messages_facts(std::vector<MessageId> ids) {
  std::ranges::sort(ids);
  const auto doubles = std::ranges::unique(ids);
  ids.erase(doubles.begin(), doubles.end());
  std::vector<MessageFacts> messages;
  for (const auto id : ids)
    if (auto message = message_facts(id)) messages.push_back(std::move(*message));
  return messages;
}

std::vector<MessageFacts> Database::Impl::find(const FindMessages& wanted) {
  auto ids = with_key(wanted.key.rfc_id, wanted.key.from_addr);
  for (const auto& other : wanted.other_ids)
    for (const auto id : with_key(other, wanted.key.from_addr)) ids.push_back(id);
  return messages_facts(std::move(ids));
}

std::vector<MessageFacts> Database::Impl::find(const FindOwnOf& wanted) {
  constexpr UnixMs hour = 3'600'000;
  std::vector<MessageId> ids;
  {
    auto row = connection.query(
        "SELECT m.id FROM message m WHERE m.chat = ?1 AND m.hidden IN (0, 1, 2) AND m.sort_ms BETWEEN ?2 - ?3 AND ?2 + "
        "?3 AND m.outgoing = 1 AND "
        "m.date_ms / 1000 = ?2 / 1000",
        stored_chat(wanted.chat), wanted.date_ms, hour);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
  }
  return messages_facts(std::move(ids));
}

std::optional<MessageFacts> Database::Impl::find(const FindMessageRow& wanted) { return message_facts(wanted.message); }

std::vector<MessageFacts> Database::Impl::find(const FindAlbum& wanted) {
  return messages_facts(album_of(connection, wanted.message));
}

std::optional<OutgoingFacts> Database::Impl::find(const FindOutgoing& wanted) {
  return outgoing_facts(wanted.outgoing);
}

std::optional<MessageFacts> Database::Impl::find(const FindInChat& wanted) {
  MessageId id;
  {
    auto row = connection.query(
        // By the id alone: a walk through the chat would read all its messages.
        "SELECT id FROM message WHERE id IN (SELECT id FROM message WHERE rfc_id = ?2 UNION ALL SELECT message FROM "
        "also WHERE rfc_id = ?2) AND +chat = ?1 ORDER BY +hidden, +sort_ms DESC, id DESC LIMIT 1",
        wanted.chat, wanted.rfc_id);
    if (row.next()) id = row.id<MessageId>(0);
  }
  return id ? message_facts(id) : std::nullopt;
}

bool Database::Impl::find(const FindSent& wanted) {
  auto row = connection.query("SELECT 1 FROM message WHERE rfc_id = ? AND outgoing = 1", wanted.rfc_id);
  return row.next();
}

std::vector<Remark> Database::Impl::find(const FindRemarks& wanted) {
  static const std::string about_one = std::string(select_remarks) + "= ?";
  std::vector<Remark> remarks;
  for (const auto& id : wanted.ids) {
    auto row = connection.query(about_one.c_str(), id);
    while (row.next()) remarks.push_back(remark_of(row));
  }
  return remarks;
}

PollSaid Database::Impl::find(const FindPollSaid& wanted) { return said_of_poll(connection, wanted.poll); }

std::optional<PeerFacts> Database::Impl::find(const FindPeer& wanted) { return peer_facts(wanted.addr); }

std::vector<std::string> Database::Impl::find(const FindAddresses& wanted) {
  std::vector<std::string> addresses;
  auto row = connection.query(
      "SELECT addr FROM address WHERE person = (SELECT person FROM address WHERE addr = ?) ORDER BY addr", wanted.addr);
  while (row.next()) addresses.push_back(row.text(0));
  return addresses;
}

std::optional<ChatFacts> Database::Impl::find(const FindChat& wanted) {
  ChatFacts chat{.id = wanted.chat, .ref = WithSelf{}, .peers = {}, .last = {}};
  ChatKind kind{};
  PersonId person;
  {
    static const std::string by_id = fmt::format(
        "SELECT c.kind, coalesce(c.person, 0), c.archived, {} AND NOT {}, c.removes_expired FROM chat c LEFT JOIN "
        "person p "
        "ON p.id = c.person WHERE c.id = ?",
        known_chat, blocked_chat);
    auto row = connection.query(by_id.c_str(), wanted.chat);
    if (!row.next()) return std::nullopt;
    kind = row.word<ChatKind>(0);
    person = row.id<PersonId>(1);
    chat.archived = row.flag(2);
    chat.removes_expired = row.flag(4);
    chat.accepted = row.flag(3);
  }
  if (kind == ChatKind::single) {
    // Written to is the address that wrote last; without any, the first one.
    auto address =
        connection.query("SELECT addr FROM address WHERE person = ? ORDER BY class_ms DESC, addr LIMIT 1", person);
    if (!address.next()) return std::nullopt;
    const auto addr = address.text(0);
    chat.ref = WithPerson{addr};
    chat.peers = {peer_facts(addr).value_or(PeerFacts{.addr = addr})};
  }
  if (auto group = group_facts(wanted.chat)) {
    chat.ref = InGroup{group->id};
    for (const auto& member : group->members)
      if (member.is_in() && member.addr != group->self)
        chat.peers.push_back(peer_facts(member.addr).value_or(PeerFacts{.addr = member.addr}));
    chat.group = std::move(group);
  }
  settle_timers();
  if (auto row = connection.query("SELECT timer, timer_ms FROM chat WHERE id = ?", wanted.chat); row.next()) {
    chat.timer = row.u32(0);
    chat.timer_ms = row.number(1);
  }
  order_seconds();  // what this transaction has put comes last where it belongs
  auto last = connection.query(
      "SELECT id FROM message WHERE chat = ? AND hidden = 0 AND unsaid = 0 ORDER BY sort_ms DESC, id DESC LIMIT 1",
      wanted.chat);
  if (last.next()) chat.last = message_facts(last.id<MessageId>(0));
  if (!chat.last || !chat.last->deleted) return chat;
  // P-02: the thread keeps its subject where the newest words are gone.
  auto subject = connection.query(
      "SELECT subject FROM message WHERE chat = ? AND hidden = 0 AND unsaid = 0 AND subject <> '' ORDER BY sort_ms "
      "DESC, id DESC "
      "LIMIT 1",
      wanted.chat);
  if (subject.next()) chat.last->subject = subject.text(0);
  return chat;
}

std::optional<ChatFacts> Database::Impl::find(const FindChatOf& wanted) {
  if (const auto id = stored_chat(wanted.chat)) return find(FindChat{id});
  // Nobody wrote to or from there.
  ChatFacts chat{.id = {}, .ref = wanted.chat, .peers = {}, .last = {}};
  if (const auto* person = std::get_if<WithPerson>(&wanted.chat))
    chat.peers = {peer_facts(person->addr).value_or(PeerFacts{.addr = person->addr})};
  return chat;
}

ChatId Database::Impl::stored_chat(const ChatRef& ref) {
  if (const auto* group = std::get_if<InGroup>(&ref)) return group_chat(group->id);
  auto row = is_with_self(ref)
                 ? connection.query("SELECT id FROM chat WHERE kind = ?", ChatKind::self)
                 : connection.query("SELECT c.id FROM chat c JOIN address a ON a.person = c.person WHERE a.addr = ?",
                                    peer_of(ref));
  return row.next() ? row.id<ChatId>(0) : ChatId{};
}

std::vector<PlaceFacts> Database::Impl::find(const FindChatInInbox&) {
  static const std::string in_inbox = std::string(place_columns) + "WHERE f.role = 1 AND m.is_chat = 1";
  static_assert(static_cast<int>(FolderRole::inbox) == 1);
  return place_facts(connection.query(in_inbox.c_str()));
}

std::vector<MessageFacts> Database::Impl::find(const FindFresh& wanted) {
  std::vector<MessageId> ids;
  {
    auto row = connection.query(
        "SELECT m.id FROM message m LEFT JOIN message s ON s.family = m.family AND s.family <> 0 AND s.hidden = 0 AND "
        "s.shown <> 0 AND m.hidden = 1 WHERE m.chat = ?1 AND m.hidden IN (0, 1) AND m.seen = 0 "
        "AND (?2 = 0 OR m.hidden = 1 OR "
        "(m.sort_ms, m.id) >= (SELECT b.sort_ms, b.id FROM message b WHERE b.id = ?2 AND b.chat = ?1)) "
        "AND (?3 = 0 OR (coalesce(s.sort_ms, m.sort_ms), coalesce(s.id, m.id)) <= "
        "(SELECT b.sort_ms, b.id FROM message b WHERE b.id = ?3 AND b.chat = ?1))",
        wanted.chat, wanted.from, wanted.up_to);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
  }
  return messages_facts(std::move(ids));
}

std::optional<PlaceFacts> Database::Impl::find(const FindPlace& wanted) {
  static const std::string by_place =
      std::string(place_columns) + "WHERE p.folder = ? AND p.uidvalidity = ? AND p.uid = ?";
  const auto& place = wanted.place;
  auto found = place_facts(connection.query(by_place.c_str(), place.folder, place.uidvalidity, place.uid));
  if (found.empty()) return std::nullopt;
  found.front().seen_pending = seen_pending(place);
  return found.front();
}

std::optional<JobFacts> Database::Impl::find(const FindJob& wanted) {
  auto row = connection.query(
      "SELECT kind, role, coalesce(message, 0), folder, uidvalidity, uids, attempts, outgoing FROM job WHERE id = ?",
      wanted.job);
  if (!row.next()) return std::nullopt;
  JobFacts job{.id = wanted.job,
               .kind = row.word<JobKind>(0),
               .role = row.word<FolderRole>(1),
               .message = row.id<MessageId>(2),
               .outgoing = row.id<OutgoingId>(7),
               .places = {},
               .attempts = static_cast<int>(row.number(6))};
  for (const auto uid : NumberSet::parse(row.text(5)).value_or(NumberSet{}).numbers())
    job.places.push_back({row.id<FolderId>(3), row.u32(4), uid});
  return job;
}

}  // namespace coi::store
