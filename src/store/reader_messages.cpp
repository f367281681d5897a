// Messages, as front ends read them: rows, pages, hits, files.
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "chat/arrival.h"
#include "chat/facts.h"
#include "chat/settle.h"
#include "store/reader_impl.h"
#include "store/remarks.h"
#include "store/search_index.h"
#include "store/search_text.h"

namespace coi::store {

using namespace chat;

namespace {

// What is reported of one of those whom a mail went to, but for reading and failing.
struct Way {
  UnixMs bounced_ms = 0;  // reports up to then are history
  UnixMs delayed_ms = 0, delivered_ms = 0;
  std::string delay;
};

void fail(RecipientRow& recipient, const std::string& forwarded_to, const std::string& reason) {
  using State = RecipientRow::State;
  if (recipient.state != State::sent && recipient.state != State::read) return;
  recipient.state = State::failed;
  recipient.error = forwarded_to.empty() ? reason : forwarded_to + ": " + reason;
}

}  // namespace

// What is said about it, by any of its ids.
std::vector<Remark> Reader::Impl::remarks(const MessageRow& message) {
  static const std::string about_one =
      std::string(select_remarks) + "IN (SELECT ?1 UNION ALL SELECT rfc_id FROM also WHERE message = ?2)";
  std::vector<Remark> all;
  auto row = connection.query(about_one.c_str(), message.rfc_id, message.id);
  while (row.next()) all.push_back(remark_of(row));
  return all;
}

// Those of the person whom the chat is with.
std::vector<std::string> Reader::Impl::addresses(ChatId chat) {
  std::vector<std::string> addresses;
  auto row = connection.query("SELECT a.addr FROM address a JOIN chat c ON c.person = a.person WHERE c.id = ?", chat);
  while (row.next()) addresses.push_back(row.text(0));
  return addresses;
}

// Only who takes part in the chat has a say.
std::vector<ReactionRow> Reader::Impl::reactions(const MessageRow& message, const std::vector<Remark>& remarks) {
  std::vector<ReactionRow> rows;
  if (std::ranges::find(remarks, RemarkKind::reaction, &Remark::kind) == remarks.end()) return rows;
  const auto theirs = addresses(message.chat);
  const auto person_of = [&](const Remark& remark) {
    if (remark.by_us) return std::string("we");
    return std::ranges::find(theirs, remark.author) == theirs.end() ? std::string() : std::string("they");
  };
  for (const auto& remark : settled_reactions(remarks, person_of)) {
    auto same = std::ranges::find(rows, remark.value, &ReactionRow::emoji);
    if (same == rows.end()) same = rows.insert(rows.end(), {.emoji = remark.value, .from = {}});
    same->from.push_back(remark.author);
    same->own |= remark.by_us;
  }
  const auto count = [](const ReactionRow& row) { return row.from.size(); };
  std::vector<ReactionRow> sorted;
  for (auto& row : rows)
    sorted.insert(std::ranges::upper_bound(sorted, count(row), std::greater(), count), std::move(row));
  return sorted;
}

std::vector<RecipientRow> Reader::Impl::recipients(const MessageRow& message, const std::string& peer,
                                                   const std::vector<Remark>& remarks) {
  using State = RecipientRow::State;
  std::vector<RecipientRow> rows;
  std::vector<Way> ways;  // beside rows
  {
    auto row = connection.query(
        "SELECT r.addr, r.state, r.reply, r.bounced_ms FROM recipient r JOIN outgoing o ON o.id = r.outgoing "
        "WHERE o.message = ? ORDER BY r.addr",
        message.id);
    while (row.next()) {
      RecipientRow recipient{.addr = row.text(0), .error = {}};
      const auto state = row.word<RecipientState>(1);
      if (state == RecipientState::accepted) recipient.state = State::sent;
      if (state == RecipientState::failed) recipient.state = State::failed;
      if (state != RecipientState::accepted) recipient.error = row.text(2);
      rows.push_back(std::move(recipient));
      ways.push_back({.bounced_ms = row.number(3), .delay = {}});
    }
  }
  // Written on another device or in a mail program, which may have sent it to others as well.
  const bool written_here = !rows.empty();
  if (!written_here && !peer.empty()) {
    rows.push_back({.addr = peer, .state = State::sent, .error = {}});
    ways.emplace_back();
  }
  const auto known = rows.size();
  const auto reports = settled_reports(remarks);
  const auto persons = reports.empty() ? std::vector<std::string>() : addresses(message.chat);
  for (const auto& remark : reports) {
    const bool of_person = std::ranges::find(persons, remark.about) != persons.end();
    // A bounce may name nobody, or an address to which the only recipient's mail is forwarded.
    const bool forwarded = known == 1 && written_here;
    const auto concerns = [&](const RecipientRow& recipient) {
      return recipient.addr == remark.about || (known == 1 && of_person);
    };
    bool told = false;
    for (std::size_t i = 0; i < known; ++i) {
      // Only whom the mail went to can have read it.
      if (!concerns(rows[i]) && (remark.kind == RemarkKind::displayed || (!remark.about.empty() && !forwarded)))
        continue;
      told = true;
      if (remark.kind == RemarkKind::displayed && rows[i].state == State::sent) {
        rows[i].state = State::read;
        rows[i].read_ms = remark.at_ms;
      }
      if (remark.at_ms <= ways[i].bounced_ms) continue;
      if (remark.kind == RemarkKind::failed)
        fail(rows[i], remark.about.empty() || concerns(rows[i]) ? "" : remark.about, remark.value);
      if (remark.kind == RemarkKind::delivered) ways[i].delivered_ms = std::max(ways[i].delivered_ms, remark.at_ms);
      if (remark.kind == RemarkKind::delayed && remark.at_ms > ways[i].delayed_ms)
        ways[i] = {ways[i].bounced_ms, remark.at_ms, ways[i].delivered_ms, remark.value};
    }
    if (!told && remark.kind == RemarkKind::failed)
      rows.push_back({.addr = remark.about, .state = State::failed, .error = remark.value});
  }
  for (std::size_t i = 0; i < known; ++i)
    if (rows[i].state == State::sent && ways[i].delayed_ms > ways[i].delivered_ms)
      rows[i].error = "delayed: " + ways[i].delay;
  return rows;
}

namespace {

MessageRow::State outgoing_state(const std::vector<RecipientRow>& recipients) {
  using State = RecipientRow::State;
  const auto count = [&](State state) { return std::ranges::count(recipients, state, &RecipientRow::state); };
  const auto all = std::ranges::ssize(recipients);
  if (all == 0) return MessageRow::State::sent;  // to oneself
  if (count(State::failed) == all) return MessageRow::State::failed;
  if (count(State::pending) > 0) return MessageRow::State::pending;
  if (count(State::failed) > 0) return MessageRow::State::partly;
  return count(State::read) == all ? MessageRow::State::read : MessageRow::State::sent;
}

}  // namespace

std::vector<AttachmentRow> Reader::Impl::attachments(MessageId message) {
  std::vector<AttachmentRow> files;
  auto row = connection.query(
      "SELECT id, name, type, size, state, blob, section, inline_part FROM attachment WHERE message = ? ORDER BY "
      "position",
      message);
  while (row.next())
    files.push_back({.id = row.id<AttachmentId>(0),
                     .file = {.name = row.text(1),
                              .type = row.text(2),
                              .size = row.count(3),
                              .state = row.word<FileState>(4),
                              .blob = row.text(5),
                              .section = row.text(6),
                              .inline_part = row.flag(7)}});
  return files;
}

std::optional<MessageRow> Reader::Impl::message(MessageId id) {
  MessageRow message;
  std::string in_reply_to, peer;
  bool is_spoken_of = false;
  {
    auto row = connection.query(
        "SELECT m.id, m.chat, m.rfc_id, m.from_addr, m.from_name, m.outgoing, m.seen, m.sort_ms, m.date_ms, "
        "m.arrived_ms, "
        "m.kind, m.is_chat, m.subject, m.text, m.quote, m.footer, m.html, m.wants_receipt, m.in_reply_to, "
        "(SELECT max(p.flags & 32) FROM place p WHERE p.message = m.id), "
        "coalesce((SELECT a.person FROM address a WHERE a.addr = m.from_addr), 0), m.peer, m.automatic, m.forged, "
        "EXISTS (SELECT 1 FROM remark r WHERE r.subject = m.rfc_id) OR EXISTS (SELECT 1 FROM also s JOIN remark r ON "
        "r.subject = s.rfc_id WHERE s.message = m.id) "
        "FROM message m WHERE m.id = ?",
        id);
    static_assert(Flags::mdn_sent == 32);
    if (!row.next()) return std::nullopt;
    message = {.id = id,
               .chat = row.id<ChatId>(1),
               .rfc_id = row.text(2),
               .from = {.name = row.text(4), .addr = row.text(3)},
               .person = {},
               .outgoing = row.flag(5),
               .state = row.flag(6) ? MessageRow::State::seen : MessageRow::State::fresh,
               .sort_ms = row.number(7),
               .arrived_ms = row.number(9),
               .date_ms = row.number(8),
               .kind = row.word<MessageKind>(10),
               .is_chat = row.flag(11),
               .automatic = row.flag(22),
               .subject = row.text(12),
               .text = row.text(13),
               .quote = row.text(14),
               .footer = row.text(15),
               .html = row.flag(16),
               .forged = row.flag(23),
               .on_server = !row.is_null(19),
               .asks_receipt = static_cast<int>(row.number(17)) == 2 && !row.flag(19),
               .reply_to = {},
               .recipients = {},
               .attachments = {},
               .reactions = {}};
    message.shown_ms = shown_time(message.date_ms, message.arrived_ms);
    message.odd_date_ms = odd_date(message.date_ms, message.arrived_ms);
    if (!message.outgoing) message.person = row.id<PersonId>(20);
    in_reply_to = row.text(18);
    peer = row.text(21);
    is_spoken_of = row.flag(24);
  }
  const auto said = is_spoken_of ? remarks(message) : std::vector<Remark>();
  message.reactions = reactions(message, said);
  if (message.outgoing) {
    message.recipients = recipients(message, peer, said);
    message.state = outgoing_state(message.recipients);
  }
  if (!in_reply_to.empty()) {
    // Of several with that id the last one that can be meant.
    auto row = connection.query(
        "SELECT id FROM message WHERE chat = ?2 AND (rfc_id = ?1 OR id IN (SELECT message FROM also WHERE rfc_id = "
        "?1)) "
        "ORDER BY sort_ms < ?3 DESC, sort_ms DESC, id DESC LIMIT 1",
        in_reply_to, message.chat, message.sort_ms);
    if (row.next()) message.reply_to = row.id<MessageId>(0);
  }
  if (message.kind == MessageKind::media) message.attachments = attachments(id);
  return message;
}

std::vector<MessageRow> Reader::Impl::messages(const std::vector<MessageId>& ids, std::size_t octets) {
  std::vector<MessageRow> rows;
  rows.reserve(ids.size());
  std::size_t all = 0;
  for (const auto id : ids) {
    auto row = message(id);
    if (!row) continue;
    all += row->text.size() + row->quote.size() + row->footer.size();
    if (all > octets && !rows.empty()) break;
    rows.push_back(std::move(*row));
  }
  return rows;
}

Result<Snapshot<std::vector<MessageRow>>> Reader::messages(ChatId chat, std::size_t most,
                                                           std::optional<MessageId> before, std::size_t octets) {
  return impl_->snapshot("cannot read the messages", [&] {
    std::vector<MessageId> ids;
    auto row = before ? impl_->connection.query(
                            "SELECT m.id FROM message m, message b WHERE m.chat = ? AND b.id = ? AND "
                            "(m.sort_ms, m.id) < (b.sort_ms, b.id) ORDER BY m.sort_ms DESC, m.id DESC LIMIT ?",
                            chat, *before, most)
                      : impl_->connection.query(
                            "SELECT id FROM message WHERE chat = ? ORDER BY sort_ms DESC, id DESC LIMIT ?", chat, most);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
    auto rows = impl_->messages(ids, octets);
    std::ranges::reverse(rows);
    return rows;
  });
}

Result<Snapshot<std::optional<MessageRow>>> Reader::message(MessageId id) {
  return impl_->snapshot("cannot read the message", [&] { return impl_->message(id); });
}

Result<std::vector<std::string>> Reader::plain_peers(ChatId chat, UnixMs now) {
  return impl_->guarded("cannot read whom the chat is with", [&] {
    static const std::string of_chat = fmt::format(
        "SELECT w.addr, w.peer_class, w.chat_ms FROM chat c JOIN person p ON p.id = c.person JOIN address w ON w.addr "
        "= "
        "{} WHERE c.id = ?",
        addr_of_person);
    std::vector<std::string> plain;
    auto row = impl_->connection.query(of_chat.c_str(), chat);
    while (row.next())
      if (const PeerFacts peer{.addr = row.text(0), .peer_class = row.word<PeerClass>(1), .chat_ms = row.number(2)};
          !is_chat_capable(peer, now))
        plain.push_back(peer.addr);
    return plain;
  });
}

Result<std::optional<MessageId>> Reader::sent(std::string_view rfc_id) {
  return impl_->guarded("cannot read the message", [&]() -> std::optional<MessageId> {
    auto row = impl_->connection.query("SELECT id FROM message WHERE rfc_id = ? AND outgoing = 1", rfc_id);
    return row.next() ? std::optional(row.id<MessageId>(0)) : std::nullopt;
  });
}

Result<Snapshot<std::vector<MessageRow>>> Reader::search(std::string_view words, std::optional<ChatId> chat,
                                                         std::size_t most, std::size_t octets) {
  const auto query = search_query(words, chat);
  if (query.empty()) return fail(ErrorKind::invalid, "nothing to search for", "type at least one word");
  return impl_->snapshot("cannot search", [&] {
    std::vector<MessageId> ids;
    auto row = impl_->connection.query("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
                                       query, most);
    while (row.next()) ids.push_back(SearchKey{row.number(0)}.message());
    return impl_->messages(ids, octets);
  });
}

Result<std::vector<Reader::Copy>> Reader::copies(MessageId id) {
  return impl_->guarded("cannot read where the message lies", [&] {
    std::vector<Copy> copies;
    auto row = impl_->connection.query(
        "SELECT f.name, p.uidvalidity, p.uid, p.size FROM place p JOIN folder f ON "
        "f.id = p.folder WHERE p.message = ? ORDER BY f.role, p.uid",
        id);
    while (row.next()) copies.push_back({row.text(0), row.u32(1), row.u32(2), row.count(3)});
    return copies;
  });
}

Result<std::optional<std::pair<MessageId, Attachment>>> Reader::attachment(AttachmentId id) {
  return impl_->guarded("cannot read the attachment", [&]() -> std::optional<std::pair<MessageId, Attachment>> {
    MessageId message;
    {
      auto row = impl_->connection.query("SELECT message FROM attachment WHERE id = ?", id);
      if (!row.next()) return std::nullopt;
      message = row.id<MessageId>(0);
    }
    for (auto& file : impl_->attachments(message))
      if (file.id == id) return std::pair{message, std::move(file.file)};
    return std::nullopt;
  });
}

}  // namespace coi::store
