#include "store/reader.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "store/search_index.h"
#include "store/search_text.h"
#include "store/sql.h"

namespace coi::store {

using namespace chat;

namespace {

// The newest address of a person that says how it is called, and the one to write to (as gather.cpp: FindChat).
constexpr const char* chat_columns =
    "SELECT c.id, c.kind, coalesce(c.person, 0), c.muted_until, c.archived, c.pinned, coalesce(p.known, 1), "
    "coalesce(p.blocked, 0), coalesce(p.name, ''), "
    "coalesce((SELECT a.name FROM address a WHERE a.person = c.person ORDER BY a.name_ms DESC, a.addr LIMIT 1), ''), "
    "coalesce((SELECT a.addr FROM address a WHERE a.person = c.person ORDER BY a.class_ms DESC, a.addr LIMIT 1), ''), "
    "coalesce((SELECT a.peer_class FROM address a WHERE a.person = c.person ORDER BY a.class_ms DESC, a.addr LIMIT 1), "
    "0), "
    "(SELECT count(*) FROM message m WHERE m.chat = c.id AND m.seen = 0), "
    "coalesce((SELECT m.id FROM message m WHERE m.chat = c.id ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1), 0), "
    "coalesce((SELECT m.sort_ms FROM message m WHERE m.chat = c.id ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1), 0) AS "
    "last_ms "
    "FROM chat c LEFT JOIN person p ON p.id = c.person ";

struct Recipients {
  std::vector<RecipientRow> rows;
  bool failed_by_report = false;
  bool read_by_report = false;
};

}  // namespace

struct Reader::Impl {
  explicit Impl(const std::string& file) : connection(file, SQLite::OPEN_READONLY) {
    connection.database().setBusyTimeout(2000);
    // The file is mapped instead of copied: an idle daemon's private memory stays small.
    connection.database().exec("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -256");
  }

  std::int64_t seq() {
    auto row = connection.query("SELECT value FROM setting WHERE name = 'seq'");
    return row.next() ? std::stoll(row.text(0)) : 0;
  }

  // `read` and the event number in one transaction, so that they belong together.
  template <class Read>
  auto snapshot(std::string_view what, Read read) -> Result<Snapshot<decltype(read())>> {
    auto result = walled(what, [&] {
      SQLite::Transaction transaction(connection.database());
      Snapshot<decltype(read())> both;
      both.seq = seq();
      both.value = read();
      connection.finish();
      return both;
    });
    connection.finish();
    return result;
  }

  template <class Read>
  auto finished(std::string_view what, Read read) {
    auto result = walled(what, read);
    connection.finish();
    return result;
  }

  Recipients recipients(MessageId message, const std::string& rfc_id, ChatId chat);
  std::vector<AttachmentRow> attachments(MessageId message);
  std::optional<MessageRow> message(MessageId id);
  std::vector<MessageRow> messages(const std::vector<MessageId>& ids);
  ChatRow chat_row(Rows& row);
  std::vector<ChatRow> complete(std::vector<ChatRow> chats);
  std::vector<PersonRow> people(Rows row);

  Connection connection;
};

Recipients Reader::Impl::recipients(MessageId message, const std::string& rfc_id, ChatId chat) {
  Recipients all;
  std::vector<UnixMs> bounced;  // beside rows: bounces up to then are history
  {
    auto row = connection.query(
        "SELECT r.addr, r.state, r.reply, r.bounced_ms FROM recipient r JOIN outgoing o ON o.id = r.outgoing "
        "WHERE o.message = ? ORDER BY r.addr",
        message);
    while (row.next()) {
      RecipientRow recipient{.addr = row.text(0), .error = {}};
      const auto state = row.word<RecipientState>(1);
      if (state == RecipientState::accepted) recipient.state = RecipientRow::State::sent;
      if (state == RecipientState::failed) recipient.state = RecipientRow::State::failed;
      if (state != RecipientState::accepted) recipient.error = row.text(2);
      all.rows.push_back(std::move(recipient));
      bounced.push_back(row.number(3));
    }
  }
  auto row = connection.query(
      "SELECT r.recipient, r.kind, r.reason, r.at_ms, EXISTS (SELECT 1 FROM address a JOIN chat c ON c.person = "
      "a.person "
      "WHERE a.addr = r.recipient AND c.id = ?) FROM report r WHERE r.rfc_id = ?",
      chat, rfc_id);
  while (row.next()) {
    const auto addr = row.text(0);
    const auto kind = row.word<ReportKind>(1);
    if (kind == ReportKind::delayed) continue;
    // Only whom the mail went to can say something about it; a bounce may name nobody.
    const bool failed = kind == ReportKind::failed && (addr.empty() || row.flag(4));
    all.failed_by_report |= failed;
    all.read_by_report |= kind == ReportKind::displayed && row.flag(4);
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
      auto& recipient = all.rows[i];
      if (recipient.addr != addr && !(failed && addr.empty())) continue;
      if (kind == ReportKind::displayed && recipient.state == RecipientRow::State::sent) {
        recipient.state = RecipientRow::State::read;
        recipient.read_ms = row.number(3);
      } else if (kind == ReportKind::failed && row.number(3) > bounced[i] &&
                 (recipient.state == RecipientRow::State::sent || recipient.state == RecipientRow::State::read)) {
        recipient.state = RecipientRow::State::failed;
        recipient.error = row.text(2);
      }
    }
  }
  return all;
}

namespace {

MessageRow::State outgoing_state(const Recipients& recipients) {
  using State = RecipientRow::State;
  const auto rows = recipients.rows;
  // Written on another device or in a mail program: only reports say more than "sent".
  if (rows.empty())
    return recipients.failed_by_report ? MessageRow::State::failed
           : recipients.read_by_report ? MessageRow::State::read
                                       : MessageRow::State::sent;
  const auto count = [&](State state) { return std::ranges::count(rows, state, &RecipientRow::state); };
  const auto all = static_cast<std::ptrdiff_t>(rows.size());
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
  std::string in_reply_to;
  {
    auto row = connection.query(
        "SELECT m.id, m.chat, m.rfc_id, m.from_addr, m.from_name, m.outgoing, m.seen, m.sort_ms, m.date_ms, "
        "m.received_ms, "
        "m.kind, m.is_chat, m.subject, m.text, m.quote, m.footer, m.html, m.wants_receipt, m.in_reply_to, "
        "EXISTS (SELECT 1 FROM place p WHERE p.message = m.id), "
        "coalesce((SELECT a.person FROM address a WHERE a.addr = m.from_addr), 0), "
        "EXISTS (SELECT 1 FROM place p WHERE p.message = m.id AND (p.flags & 32) <> 0) FROM message m WHERE m.id = ?",
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
               .date_ms = row.number(8),
               .received_ms = row.number(9),
               .kind = row.word<MessageKind>(10),
               .is_chat = row.flag(11),
               .subject = row.text(12),
               .text = row.text(13),
               .quote = row.text(14),
               .footer = row.text(15),
               .html = row.flag(16),
               .on_server = row.flag(19),
               .asks_receipt = static_cast<int>(row.number(17)) == 2 && !row.flag(21),
               .reply_to = {},
               .recipients = {},
               .attachments = {}};
    if (!message.outgoing) message.person = row.id<PersonId>(20);
    in_reply_to = row.text(18);
  }
  if (message.outgoing) {
    auto recipients_of = recipients(id, message.rfc_id, message.chat);
    message.state = outgoing_state(recipients_of);
    message.recipients = std::move(recipients_of.rows);
  }
  if (!in_reply_to.empty()) {
    auto row = connection.query("SELECT id FROM message WHERE rfc_id = ? AND chat = ?", in_reply_to, message.chat);
    if (row.next()) message.reply_to = row.id<MessageId>(0);
  }
  if (message.kind == MessageKind::media) message.attachments = attachments(id);
  return message;
}

std::vector<MessageRow> Reader::Impl::messages(const std::vector<MessageId>& ids) {
  std::vector<MessageRow> rows;
  rows.reserve(ids.size());
  for (const auto id : ids)
    if (auto row = message(id)) rows.push_back(std::move(*row));
  return rows;
}

ChatRow Reader::Impl::chat_row(Rows& row) {
  ChatRow chat{.id = row.id<ChatId>(0),
               .kind = row.word<ChatKind>(1),
               .name = row.text(8),
               .person = row.id<PersonId>(2),
               .addr = row.text(10),
               .peer_class = row.word<PeerClass>(11),
               .request = !row.flag(6),
               .blocked = row.flag(7),
               .archived = row.flag(4),
               .pinned = row.flag(5),
               .muted_until = row.number(3),
               .unread = row.number(12),
               .last = {}};
  if (chat.name.empty()) chat.name = row.text(9);
  if (chat.name.empty()) chat.name = chat.addr;
  if (const auto last = row.id<MessageId>(13)) {
    chat.last.emplace();
    chat.last->id = last;  // filled in by complete(), when this statement is done
  }
  return chat;
}

std::vector<ChatRow> Reader::Impl::complete(std::vector<ChatRow> chats) {
  for (auto& chat : chats) {
    if (chat.last) chat.last = message(chat.last->id);
    // A feed is a stranger who never sent anything but automatic mail.
    if (!chat.request) continue;
    auto row = connection.query("SELECT 1 FROM message WHERE chat = ? AND automatic = 0 LIMIT 1", chat.id);
    chat.feed = chat.last.has_value() && !row.next();
  }
  return chats;
}

Result<Reader> Reader::open(const std::filesystem::path& directory) {
  return walled("cannot read the account's database", [&]() -> Result<Reader> {
    return Reader(std::make_unique<Impl>((directory / "account.db").string()));
  });
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Snapshot<std::vector<ChatRow>>> Reader::chats(const ChatSelection& selection) {
  return impl_->snapshot("cannot list the chats", [&] {
    static const std::string sql = std::string(chat_columns) +
                                   "WHERE c.archived = ? AND coalesce(p.known, 1) = ? AND coalesce(p.blocked, 0) = 0 "
                                   "ORDER BY c.pinned DESC, last_ms DESC, c.id DESC LIMIT ?";
    std::vector<ChatRow> chats;
    auto row = impl_->connection.query(sql.c_str(), selection.archived, !selection.requests, selection.most);
    while (row.next()) chats.push_back(impl_->chat_row(row));
    return impl_->complete(std::move(chats));
  });
}

Result<Snapshot<std::optional<ChatRow>>> Reader::chat(ChatId id) {
  return impl_->snapshot("cannot read the chat", [&]() -> std::optional<ChatRow> {
    static const std::string sql = std::string(chat_columns) + "WHERE c.id = ?";
    std::vector<ChatRow> chats;
    auto row = impl_->connection.query(sql.c_str(), id);
    while (row.next()) chats.push_back(impl_->chat_row(row));
    if (chats.empty()) return std::nullopt;
    return impl_->complete(std::move(chats)).front();
  });
}

Result<std::vector<ChatId>> Reader::find_chats(std::string_view word) {
  return impl_->finished("cannot look for the chat", [&] {
    std::vector<ChatId> exact, partly;
    static const std::string sql = std::string(chat_columns);
    const auto wanted = ascii_lower(word);
    auto row = impl_->connection.query(sql.c_str());
    while (row.next()) {
      const auto chat = impl_->chat_row(row);
      const auto name = ascii_lower(chat.kind == ChatKind::self && chat.name.empty() ? "Saved messages" : chat.name);
      if (chat.addr == wanted || name == wanted)
        exact.push_back(chat.id);
      else if (!wanted.empty() && name.find(wanted) != std::string::npos)
        partly.push_back(chat.id);
    }
    return exact.empty() ? partly : exact;
  });
}

Result<Snapshot<std::vector<MessageRow>>> Reader::messages(ChatId chat, std::size_t most,
                                                           std::optional<MessageId> before) {
  return impl_->snapshot("cannot read the messages", [&] {
    std::vector<MessageId> ids;
    auto row = before ? impl_->connection.query(
                            "SELECT m.id FROM message m, message b WHERE m.chat = ? AND b.id = ? AND "
                            "(m.sort_ms, m.id) < (b.sort_ms, b.id) ORDER BY m.sort_ms DESC, m.id DESC LIMIT ?",
                            chat, *before, most)
                      : impl_->connection.query(
                            "SELECT id FROM message WHERE chat = ? ORDER BY sort_ms DESC, id DESC LIMIT ?", chat, most);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
    std::ranges::reverse(ids);
    return impl_->messages(ids);
  });
}

Result<Snapshot<std::optional<MessageRow>>> Reader::message(MessageId id) {
  return impl_->snapshot("cannot read the message", [&] { return impl_->message(id); });
}

Result<Snapshot<std::vector<MessageRow>>> Reader::search(std::string_view words, std::optional<ChatId> chat,
                                                         std::size_t most) {
  const auto query = search_query(words, chat);
  if (query.empty()) return fail(ErrorKind::invalid, "nothing to search for", "type at least one word");
  return impl_->snapshot("cannot search", [&] {
    std::vector<MessageId> ids;
    auto row = impl_->connection.query("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
                                       query, most);
    while (row.next()) ids.push_back(SearchKey{row.number(0)}.message());
    return impl_->messages(ids);
  });
}

namespace {
constexpr const char* person_columns =
    "SELECT p.id, CASE WHEN p.name <> '' THEN p.name ELSE coalesce((SELECT a.name FROM address a WHERE a.person = p.id "
    "ORDER BY a.name_ms DESC, a.addr LIMIT 1), '') END, p.known, p.blocked, "
    "coalesce((SELECT c.id FROM chat c WHERE c.person = p.id), 0) FROM person p ";
}  // namespace

std::vector<PersonRow> Reader::Impl::people(Rows row) {
  std::vector<PersonRow> people;
  while (row.next())
    people.push_back({.id = row.id<PersonId>(0),
                      .name = row.text(1),
                      .known = row.flag(2),
                      .blocked = row.flag(3),
                      .addresses = {},
                      .chat = row.id<ChatId>(4)});
  for (auto& person : people) {
    auto address = connection.query("SELECT addr, peer_class FROM address WHERE person = ? ORDER BY addr", person.id);
    while (address.next()) person.addresses.push_back({address.text(0), address.word<PeerClass>(1)});
  }
  return people;
}

Result<Snapshot<std::vector<PersonRow>>> Reader::people() {
  return impl_->snapshot("cannot list the contacts", [&] {
    static const std::string sql = std::string(person_columns) + "ORDER BY 2 COLLATE NOCASE, p.id";
    return impl_->people(impl_->connection.query(sql.c_str()));
  });
}

Result<Snapshot<std::optional<PersonRow>>> Reader::person(PersonId id) {
  return impl_->snapshot("cannot read the contact", [&]() -> std::optional<PersonRow> {
    static const std::string sql = std::string(person_columns) + "WHERE p.id = ?";
    auto people = impl_->people(impl_->connection.query(sql.c_str(), id));
    if (people.empty()) return std::nullopt;
    return people.front();
  });
}

Result<QueueRow> Reader::queue(UnixMs now) {
  return impl_->finished("cannot read the queue", [&] {
    const auto count = [&](const char* sql, auto... args) {
      auto row = impl_->connection.query(sql, args...);
      return row.next() ? row.number(0) : 0;
    };
    constexpr UnixMs day = 24LL * 3600 * 1000;
    return QueueRow{
        .outgoing = count("SELECT count(DISTINCT outgoing) FROM recipient WHERE state IN (0, 1)"),
        .jobs = count("SELECT count(*) FROM job"),
        .sent_today = count("SELECT count(*) FROM recipient r JOIN outgoing o ON o.id = r.outgoing "
                            "WHERE r.state = 2 AND o.since_ms > ?",
                            now - day),
        .messages = count("SELECT count(*) FROM message"),
        .unreadable = count("SELECT count(*) FROM place WHERE message IS NULL AND reason <> ''"),
    };
  });
}

Result<std::vector<Reader::Copy>> Reader::copies(MessageId id) {
  return impl_->finished("cannot read where the message lies", [&] {
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
  return impl_->finished("cannot read the attachment", [&]() -> std::optional<std::pair<MessageId, Attachment>> {
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

void Reader::interrupt() noexcept { sqlite3_interrupt(impl_->connection.database().getHandle()); }

}  // namespace coi::store
