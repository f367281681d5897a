// Messages, as front ends read them: rows, pages, previews, files.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/utf8.h"
#include "chat/arrival.h"
#include "chat/facts.h"
#include "chat/mention.h"
#include "store/details.h"
#include "store/notices.h"
#include "store/peer_column.h"
#include "store/polls.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

AttachmentRow attachment_row(const Rows& row) {
  return {.id = row.id<AttachmentId>(0),
          .file = {.name = row.text(1),
                   .type = row.text(2),
                   .size = row.count(3),
                   .state = row.word<FileState>(4),
                   .blob = row.text(5),
                   .section = row.text(6),
                   .inline_part = row.flag(7),
                   .preview = row.text(8),
                   .width = row.u32(9),
                   .height = row.u32(10)}};
}

std::vector<AttachmentRow> Reader::Impl::attachments(MessageId message) {
  static const std::string sql =
      fmt::format("SELECT {} FROM attachment f WHERE f.message = ? ORDER BY f.position", attachment_columns);
  std::vector<AttachmentRow> files;
  auto row = connection.query(sql.c_str(), message);
  while (row.next()) files.push_back(attachment_row(row));
  return files;
}

namespace {

// For whoever shows no formatted text: without marks, mentions as the name.
void tell_plainly(MessageRow& message) {
  if (!message.details.formatted && !message.text.contains('@')) return;
  auto plain = message.details.formatted ? plain_text(message.text) : message.text;
  message.mentions = mentioned(plain);
  if (!message.mentions.empty()) plain = with_mentions_shown(plain);
  if (plain != message.text) message.plain = std::move(plain);
}

}  // namespace

// P-06: who never was in a group changes nothing there, whatever their mail says.
bool Reader::Impl::takes_part(const MessageRow& message) {
  auto row = connection.query("SELECT 1 FROM member WHERE chat = ? AND addr = ?", message.chat, message.from.addr);
  return row.next();
}

std::optional<Reader::Impl::Head> Reader::Impl::head(MessageId id, Extent extent) {
  Head head;
  auto& [message, in_reply_to, peer, is_spoken_of] = head;
  {
    static const std::string by_id = fmt::format(
        "SELECT m.id, m.chat, m.rfc_id, m.from_addr, {}, m.outgoing, m.seen, m.sort_ms, m.date_ms, "
        "m.arrived_ms, "
        "m.kind, m.is_chat, m.subject, m.text, m.quote, m.footer, m.html, m.wants_receipt, m.in_reply_to, "
        "iif(?2, (SELECT max(p.flags & 32) FROM place p WHERE p.message = m.id), NULL), "
        "coalesce((SELECT a.person FROM address a WHERE a.addr = m.from_addr), 0), m.peer, m.automatic, m.forged, "
        "iif(?2 OR m.outgoing, EXISTS (SELECT 1 FROM remark r WHERE r.subject = m.rfc_id) OR EXISTS (SELECT 1 FROM "
        "also "
        "s JOIN remark r ON r.subject = s.rfc_id WHERE s.message = m.id), 0), m.notice, m.notice_params, m.details, "
        "v.text, m.deleted, coalesce(v.details, ''), m.timer, m.expires_ms, coalesce(o.not_before_ms, 0), "
        "coalesce(o.hold_until_ms, 0), EXISTS (SELECT 1 FROM recipient h WHERE h.outgoing = o.id AND (h.state IN (1, "
        "2) "
        "OR h.unanswered > 0)) FROM message m LEFT JOIN message v ON v.id = m.shown LEFT JOIN outgoing o ON "
        "o.message = m.id WHERE m.id = ?1 AND m.hidden = 0",
        name_of_author);
    auto row = connection.query(by_id.c_str(), id, extent == Extent::whole);
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
               .notice = notice_of(row.text(25), row.text(26)),
               .is_chat = row.flag(11),
               .automatic = row.flag(22),
               .subject = row.text(12),
               .text = row.is_null(28) ? row.text(13) : row.text(28),
               .quote = row.text(14),
               .footer = row.text(15),
               .details = details_of(row.text(27)),
               .plain = {},
               .mentions = {},
               .html = row.flag(16),
               .edited = !row.is_null(28),
               .deleted = row.flag(29),
               .forged = row.flag(23),
               .on_server = !row.is_null(19),
               .asks_receipt = static_cast<int>(row.number(17)) == 2 && !row.flag(19),
               .reply_to = {},
               .recipients = {},
               .attachments = {},
               .timer = row.u32(31),
               .expires_ms = row.number(32),
               .reactions = {}};
    // Of an edit its words count, and how they are written; all else is the message's own.
    if (message.edited) message.details.formatted = details_of(row.text(30)).formatted;
    message.not_before_ms = row.number(33);
    message.at_server = message.not_before_ms != 0 && row.flag(34);
    // As chat::is_handed_over().
    static_assert(static_cast<int>(RecipientState::sending) == 1 && static_cast<int>(RecipientState::accepted) == 2);
    message.can_take_back = message.not_before_ms != 0 && !(message.at_server && row.flag(35));
    message.shown_ms = shown_time(message.date_ms, message.arrived_ms);
    message.odd_date_ms = odd_date(message.date_ms, message.arrived_ms);
    if (!message.outgoing) message.person = row.id<PersonId>(20);
    in_reply_to = row.text(18);
    peer = row.text(21);
    is_spoken_of = row.flag(24);
  }
  if (message.kind == MessageKind::notice && !message.outgoing && is_group(chat_named(peer, false)) &&
      !takes_part(message)) {
    message.kind = MessageKind::text;
    message.notice = {};
  }
  if (message.notice.code == "poll_closed") {
    message.reply_to = answered(head);
    if (!closes_poll(message)) {
      message.kind = MessageKind::text;
      message.notice = {};
    }
  }
  return head;
}

// Of several with that id the last one that can be meant; a version means its message. By the id alone: a walk through
// the chat would read all its messages.
std::optional<MessageId> Reader::Impl::answered(const Head& head) {
  if (head.in_reply_to.empty()) return std::nullopt;
  auto row = connection.query(
      "SELECT coalesce((SELECT r.id FROM message r WHERE r.family = m.family AND r.family <> 0 AND m.hidden = 1 AND "
      "r.hidden = 0 ORDER BY r.shown DESC LIMIT 1), m.id) FROM message m WHERE m.id IN (SELECT id FROM message WHERE "
      "rfc_id = ?1 UNION ALL SELECT message FROM also WHERE rfc_id = ?1) AND +chat = ?2 AND +hidden IN (0, 1) "
      "ORDER BY sort_ms < ?3 DESC, sort_ms DESC, id DESC LIMIT 1",
      head.in_reply_to, head.message.chat, head.message.sort_ms);
  return row.next() && row.id<MessageId>(0) != head.message.id ? std::optional(row.id<MessageId>(0)) : std::nullopt;
}

std::optional<MessageRow> Reader::Impl::message(MessageId id) {
  auto found = head(id);
  if (!found) return std::nullopt;
  auto& message = found->message;
  const auto said = found->is_spoken_of ? remarks(message) : std::vector<Remark>();
  // What is said about a version is said about the message, but for how its mail got on.
  const auto said_of_all = message.edited ? remarks_of_versions(message, said) : said;
  message.reactions = reactions(message, said_of_all);
  message.pinned = pin(message, said_of_all).has_value();
  if (message.outgoing) {
    message.recipients = recipients(message, found->peer, said);
    message.state = state_of(message);
  }
  if (!message.reply_to) message.reply_to = answered(*found);
  message.poll = poll(message);
  if (may_have_files(message.kind)) message.attachments = attachments(id);
  tell_plainly(message);
  return std::move(message);
}

namespace {

std::string preview_text(const MessageRow& message, const std::vector<AttachmentRow>& files) {
  if (message.deleted) return {};
  if (message.details.poll) return message.details.poll->question;
  if (const auto& words = message.plain.empty() ? message.text : message.plain; !words.empty()) return words;
  if (message.details.contact)
    return message.details.contact->name.empty() ? message.details.contact->addr : message.details.contact->name;
  std::string names;
  for (const auto& file : files) names += (names.empty() ? "" : ", ") + file.file.name;
  return names.empty() && message.kind != MessageKind::voice ? message.subject : names;
}

}  // namespace

std::optional<PreviewRow> Reader::Impl::preview(MessageId id) {
  auto found = head(id, Extent::preview);
  if (!found) return std::nullopt;
  auto& message = found->message;
  if (message.outgoing) {
    message.recipients =
        recipients(message, found->peer, found->is_spoken_of ? remarks(message) : std::vector<Remark>());
    message.state = state_of(message);
  }
  // Of a long text the front is enough, where marks end as they end.
  message.text = utf8_front(message.text, 4 * longest_preview);
  tell_plainly(message);
  const auto files = may_have_files(message.kind) ? attachments(id) : std::vector<AttachmentRow>();
  return PreviewRow{.id = id,
                    .sort_ms = message.sort_ms,
                    .shown_ms = message.shown_ms,
                    .from = std::move(message.from),
                    .person = message.person,
                    .outgoing = message.outgoing,
                    .state = message.state,
                    .kind = message.kind,
                    .notice = std::move(message.notice),
                    .text = std::string(utf8_front(preview_text(message, files), longest_preview)),
                    .files = files.size(),
                    .duration_ms = message.details.duration_ms,
                    .edited = message.edited,
                    .deleted = message.deleted};
}

namespace {

// Which of `size` rows are read in which turn: from `first` on to both sides.
std::vector<std::size_t> nearest_first(std::size_t size, std::size_t first) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  const auto distance = [first](std::size_t i) { return std::pair(i < first ? first - i : i - first, i); };
  std::ranges::sort(order, {}, distance);
  return order;
}

}  // namespace

Slice<MessageRow> Reader::Impl::messages(const Slice<MessageId>& ids, std::size_t first, std::size_t octets) {
  std::vector<std::optional<MessageRow>> found(ids.rows.size());
  std::size_t all = 0;
  for (const auto i : nearest_first(ids.rows.size(), first)) {
    auto row = message(ids.rows[i]);
    if (!row) continue;
    const auto size = row->text.size() + row->plain.size() + row->quote.size() + row->footer.size();
    if (all > 0 && all + size > octets) break;
    all += std::max<std::size_t>(size, 1);
    found[i] = std::move(row);
  }
  Slice<MessageRow> slice{.more_before = ids.more_before, .more_after = ids.more_after};
  if (!found.empty()) {
    slice.more_before |= !found.front();
    slice.more_after |= !found.back();
  }
  for (auto& row : found)
    if (row) slice.rows.push_back(std::move(*row));
  return slice;
}

Result<Snapshot<Slice<MessageRow>>> Reader::messages(ChatId chat, const Page<MessageId>& page, std::size_t octets) {
  return impl_->snapshot("cannot read the messages", [&] {
    const auto take = [](Rows row) {
      std::vector<MessageId> ids;
      while (row.next()) ids.push_back(row.id<MessageId>(0));
      return ids;
    };
    auto& connection = impl_->connection;
    const auto slice = slice_of<MessageId>(
        page, Edge::end,
        [&](const auto& place, std::size_t most) {
          if (!place)
            return take(connection.query(
                "SELECT id FROM message WHERE chat = ? AND hidden = 0 ORDER BY sort_ms DESC, id DESC LIMIT ?", chat,
                most));
          return take(connection.query(
              "SELECT m.id FROM message b CROSS JOIN message m WHERE b.id = ?2 AND m.chat = ?1 AND m.hidden = 0 AND "
              "(m.sort_ms, m.id) < (b.sort_ms, b.id) ORDER BY m.sort_ms DESC, m.id DESC LIMIT ?3",
              chat, *place, most));
        },
        [&](const auto& place, std::size_t most) {
          return take(connection.query(
              "SELECT m.id FROM message b CROSS JOIN message m WHERE b.id = ?2 AND m.chat = ?1 AND m.hidden = 0 AND "
              "(m.sort_ms, m.id) > (b.sort_ms, b.id) ORDER BY m.sort_ms, m.id LIMIT ?3",
              chat, place.value_or(MessageId{}), most));
        },
        [&](MessageId id) {
          const auto found =
              take(connection.query("SELECT id FROM message WHERE id = ? AND chat = ? AND hidden = 0", id, chat));
          return found.empty() ? std::nullopt : std::optional(found.front());
        });
    const auto middle = page.around  ? std::ranges::find(slice.rows, *page.around)
                        : page.after ? slice.rows.begin()
                                     : slice.rows.end();
    return impl_->messages(slice, static_cast<std::size_t>(middle - slice.rows.begin()), octets);
  });
}

Result<Snapshot<std::optional<MessageRow>>> Reader::message(MessageId id) {
  return impl_->snapshot("cannot read the message", [&] { return impl_->message(id); });
}

Result<Snapshot<std::optional<std::vector<Block>>>> Reader::blocks(MessageId id) {
  return impl_->snapshot("cannot read the message", [&]() -> std::optional<std::vector<Block>> {
    constexpr std::size_t most_runs = 20'000;
    const auto found = impl_->message(id);
    if (!found) return std::nullopt;
    const auto plain = [&] {
      return std::vector<Block>{
          {.language = {}, .runs = {{.text = found->plain.empty() ? found->text : found->plain}}}};
    };
    if (!found->details.formatted) return plain();
    auto blocks = chat::blocks(found->text);
    say_targets(blocks);
    std::size_t runs = 0;
    for (const auto& block : blocks) runs += block.runs.size() + 1;
    return runs > most_runs ? plain() : std::move(blocks);
  });
}

Result<std::vector<std::string>> Reader::plain_peers(ChatId chat, UnixMs now, bool (*knows)(const PeerFacts&, UnixMs)) {
  return impl_->guarded("cannot read whom the chat is with", [&] {
    static const std::string of_chat = fmt::format(
        "SELECT w.addr, w.peer_class, w.chat_ms FROM chat c JOIN person p ON p.id = c.person JOIN address w ON w.addr "
        "= {} WHERE c.id = ?1 UNION ALL "
        "SELECT b.addr, coalesce(w.peer_class, 0), coalesce(w.chat_ms, 0) FROM member b JOIN chat c ON c.id = b.chat "
        "LEFT JOIN address w ON w.addr = b.addr WHERE b.chat = ?1 AND b.joined_ms > 0 AND b.joined_ms >= b.parted_ms "
        "AND b.addr <> c.self",
        addr_of_person);
    std::vector<std::string> plain;
    auto row = impl_->connection.query(of_chat.c_str(), chat);
    while (row.next())
      if (const PeerFacts peer{.addr = row.text(0), .peer_class = row.word<PeerClass>(1), .chat_ms = row.number(2)};
          !knows(peer, now))
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

Result<std::vector<std::string>> Reader::group_ids(ChatId chat) {
  return impl_->guarded("cannot read the group", [&] {
    std::vector<std::string> ids;
    auto row = impl_->connection.query("SELECT id FROM group_id WHERE chat = ? ORDER BY id", chat);
    while (row.next()) ids.push_back(row.text(0));
    return ids;
  });
}

Result<std::vector<Reader::Copy>> Reader::copies(MessageId id) {
  return impl_->copies(id, Half::both);  // of which there is none: a mail is whole, or one half
}

Result<std::vector<Reader::Copy>> Reader::copies_with_files(MessageId id) {
  return impl_->copies(id, Half::announcement);
}

Result<std::vector<Reader::Copy>> Reader::Impl::copies(MessageId message, Half left_out) {
  return guarded("cannot read where the message lies", [&] {
    std::vector<Copy> copies;
    auto row = connection.query(
        "SELECT f.name, p.uidvalidity, p.uid, p.size FROM place p JOIN folder f ON f.id = p.folder WHERE p.message = "
        "?1 AND p.half <> ?2 ORDER BY p.half = ?3, f.role, p.uid",
        message, left_out, Half::file);
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
