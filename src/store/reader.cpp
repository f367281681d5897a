#include "store/reader.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
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
    "coalesce((SELECT a.peer_class FROM address a WHERE a.person = c.person ORDER BY a.class_ms DESC, a.addr LIMIT 1), 0), "
    "(SELECT count(*) FROM message m WHERE m.chat = c.id AND m.seen = 0), "
    "coalesce((SELECT m.id FROM message m WHERE m.chat = c.id ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1), 0), "
    "coalesce((SELECT m.sort_ms FROM message m WHERE m.chat = c.id ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1), 0) AS last_ms "
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
    auto& row = connection.query("SELECT value FROM setting WHERE name = 'seq'");
    return row.executeStep() ? std::stoll(text_at(row, 0)) : 0;
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

  Recipients recipients(MessageId message, const std::string& rfc_id);
  std::vector<AttachmentRow> attachments(MessageId message);
  std::optional<MessageRow> message(MessageId id);
  std::vector<MessageRow> messages(const std::vector<MessageId>& ids);
  ChatRow chat_row(SQLite::Statement& row);
  std::vector<ChatRow> complete(std::vector<ChatRow> chats);
  std::vector<PersonRow> people(SQLite::Statement& row);

  Connection connection;
};

Recipients Reader::Impl::recipients(MessageId message, const std::string& rfc_id) {
  Recipients all;
  {
    auto& row = connection.query(
        "SELECT r.addr, r.state, r.reply FROM recipient r JOIN outgoing o ON o.id = r.outgoing WHERE o.message = ? "
        "ORDER BY r.addr",
        message);
    while (row.executeStep()) {
      RecipientRow recipient{.addr = text_at(row, 0), .error = {}};
      const auto state = static_cast<RecipientState>(row.getColumn(1).getInt());
      if (state == RecipientState::accepted) recipient.state = RecipientRow::State::sent;
      if (state == RecipientState::failed) recipient.state = RecipientRow::State::failed;
      if (state != RecipientState::accepted) recipient.error = text_at(row, 2);
      all.rows.push_back(std::move(recipient));
    }
  }
  auto& row = connection.query("SELECT recipient, kind, reason, at_ms FROM report WHERE rfc_id = ?", rfc_id);
  while (row.executeStep()) {
    const auto addr = text_at(row, 0);
    const auto kind = static_cast<ReportKind>(row.getColumn(1).getInt());
    if (kind == ReportKind::delayed) continue;
    all.failed_by_report |= kind == ReportKind::failed;
    all.read_by_report |= kind == ReportKind::displayed;
    for (auto& recipient : all.rows) {
      if (!addr.empty() && recipient.addr != addr) continue;
      if (kind == ReportKind::failed) {
        recipient.state = RecipientRow::State::failed;
        recipient.error = text_at(row, 2);
      } else if (recipient.state != RecipientRow::State::failed && !addr.empty()) {
        recipient.state = RecipientRow::State::read;
        recipient.read_ms = row.getColumn(3).getInt64();
      }
    }
  }
  return all;
}

namespace {

MessageRow::State outgoing_state(const Recipients& recipients) {
  using State = RecipientRow::State;
  const auto& rows = recipients.rows;
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
  auto& row = connection.query(
      "SELECT id, name, type, size, state, blob, section, inline_part FROM attachment WHERE message = ? ORDER BY position",
      message);
  while (row.executeStep())
    files.push_back({.id = id_at<AttachmentId>(row, 0),
                     .file = {.name = text_at(row, 1),
                              .type = text_at(row, 2),
                              .size = static_cast<std::uint64_t>(row.getColumn(3).getInt64()),
                              .state = static_cast<FileState>(row.getColumn(4).getInt()),
                              .blob = text_at(row, 5),
                              .section = text_at(row, 6),
                              .inline_part = row.getColumn(7).getInt() != 0}});
  return files;
}

std::optional<MessageRow> Reader::Impl::message(MessageId id) {
  MessageRow message;
  std::string in_reply_to;
  {
    auto& row = connection.query(
        "SELECT m.id, m.chat, m.rfc_id, m.from_addr, m.from_name, m.outgoing, m.seen, m.sort_ms, m.date_ms, m.received_ms, "
        "m.kind, m.is_chat, m.subject, m.text, m.quote, m.footer, m.html, m.wants_receipt, m.in_reply_to, "
        "EXISTS (SELECT 1 FROM place p WHERE p.message = m.id), "
        "coalesce((SELECT a.person FROM address a WHERE a.addr = m.from_addr), 0), "
        "EXISTS (SELECT 1 FROM place p WHERE p.message = m.id AND (p.flags & 32) <> 0) FROM message m WHERE m.id = ?",
        id);
    static_assert(Flags::mdn_sent == 32);
    if (!row.executeStep()) return std::nullopt;
    message = {.id = id,
               .chat = id_at<ChatId>(row, 1),
               .rfc_id = text_at(row, 2),
               .from = {.name = text_at(row, 4), .addr = text_at(row, 3)},
               .person = {},
               .outgoing = row.getColumn(5).getInt() != 0,
               .state = row.getColumn(6).getInt() != 0 ? MessageRow::State::seen : MessageRow::State::fresh,
               .sort_ms = row.getColumn(7).getInt64(),
               .date_ms = row.getColumn(8).getInt64(),
               .received_ms = row.getColumn(9).getInt64(),
               .kind = static_cast<MessageKind>(row.getColumn(10).getInt()),
               .is_chat = row.getColumn(11).getInt() != 0,
               .subject = text_at(row, 12),
               .text = text_at(row, 13),
               .quote = text_at(row, 14),
               .footer = text_at(row, 15),
               .html = row.getColumn(16).getInt() != 0,
               .on_server = row.getColumn(19).getInt() != 0,
               .asks_receipt = row.getColumn(17).getInt() == 2 && row.getColumn(21).getInt() == 0,
               .reply_to = {},
               .recipients = {},
               .attachments = {}};
    if (!message.outgoing) message.person = id_at<PersonId>(row, 20);
    in_reply_to = text_at(row, 18);
  }
  if (message.outgoing) {
    auto recipients_of = recipients(id, message.rfc_id);
    message.state = outgoing_state(recipients_of);
    message.recipients = std::move(recipients_of.rows);
  }
  if (!in_reply_to.empty()) {
    auto& row = connection.query("SELECT id FROM message WHERE rfc_id = ? AND chat = ?", in_reply_to, message.chat);
    if (row.executeStep()) message.reply_to = id_at<MessageId>(row, 0);
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

ChatRow Reader::Impl::chat_row(SQLite::Statement& row) {
  ChatRow chat{.id = id_at<ChatId>(row, 0),
               .kind = static_cast<ChatKind>(row.getColumn(1).getInt()),
               .name = text_at(row, 8),
               .person = id_at<PersonId>(row, 2),
               .addr = text_at(row, 10),
               .peer_class = static_cast<PeerClass>(row.getColumn(11).getInt()),
               .request = row.getColumn(6).getInt() == 0,
               .blocked = row.getColumn(7).getInt() != 0,
               .archived = row.getColumn(4).getInt() != 0,
               .pinned = row.getColumn(5).getInt() != 0,
               .muted_until = row.getColumn(3).getInt64(),
               .unread = row.getColumn(12).getInt64(),
               .last = {}};
  if (chat.name.empty()) chat.name = text_at(row, 9);
  if (chat.name.empty()) chat.name = chat.addr;
  if (const auto last = id_at<MessageId>(row, 13)) {
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
    auto& row = connection.query("SELECT 1 FROM message WHERE chat = ? AND automatic = 0 LIMIT 1", chat.id);
    chat.feed = chat.last.has_value() && !row.executeStep();
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
    auto& row = impl_->connection.query(sql.c_str(), selection.archived, !selection.requests, selection.most);
    while (row.executeStep()) chats.push_back(impl_->chat_row(row));
    return impl_->complete(std::move(chats));
  });
}

Result<Snapshot<std::optional<ChatRow>>> Reader::chat(ChatId id) {
  return impl_->snapshot("cannot read the chat", [&]() -> std::optional<ChatRow> {
    static const std::string sql = std::string(chat_columns) + "WHERE c.id = ?";
    std::vector<ChatRow> chats;
    auto& row = impl_->connection.query(sql.c_str(), id);
    while (row.executeStep()) chats.push_back(impl_->chat_row(row));
    if (chats.empty()) return std::nullopt;
    return impl_->complete(std::move(chats)).front();
  });
}

Result<std::vector<ChatId>> Reader::find_chats(std::string_view word) {
  return impl_->finished("cannot look for the chat", [&] {
    std::vector<ChatId> exact, partly;
    static const std::string sql = std::string(chat_columns);
    const auto wanted = ascii_lower(word);
    auto& row = impl_->connection.query(sql.c_str());
    while (row.executeStep()) {
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
    auto& row = before ? impl_->connection.query(
                             "SELECT m.id FROM message m, message b WHERE m.chat = ? AND b.id = ? AND "
                             "(m.sort_ms, m.id) < (b.sort_ms, b.id) ORDER BY m.sort_ms DESC, m.id DESC LIMIT ?",
                             chat, *before, most)
                       : impl_->connection.query(
                             "SELECT id FROM message WHERE chat = ? ORDER BY sort_ms DESC, id DESC LIMIT ?", chat, most);
    while (row.executeStep()) ids.push_back(id_at<MessageId>(row, 0));
    std::ranges::reverse(ids);
    return impl_->messages(ids);
  });
}

Result<Snapshot<std::optional<MessageRow>>> Reader::message(MessageId id) {
  return impl_->snapshot("cannot read the message", [&] { return impl_->message(id); });
}

Result<Snapshot<std::vector<MessageRow>>> Reader::search(std::string_view words, std::optional<ChatId> chat,
                                                         std::size_t most) {
  const auto query = search_query(words);
  if (query.empty()) return fail(ErrorKind::invalid, "nothing to search for", "type at least one word");
  return impl_->snapshot("cannot search", [&] {
    std::vector<MessageId> ids;
    auto& row = chat ? impl_->connection.query(
                           "SELECT m.id FROM search s JOIN message m ON m.id = s.rowid WHERE search MATCH ? AND m.chat = ? "
                           "ORDER BY m.sort_ms DESC, m.id DESC LIMIT ?",
                           query, *chat, most)
                     : impl_->connection.query(
                           "SELECT m.id FROM search s JOIN message m ON m.id = s.rowid WHERE search MATCH ? "
                           "ORDER BY m.sort_ms DESC, m.id DESC LIMIT ?",
                           query, most);
    while (row.executeStep()) ids.push_back(id_at<MessageId>(row, 0));
    return impl_->messages(ids);
  });
}

namespace {
constexpr const char* person_columns =
    "SELECT p.id, CASE WHEN p.name <> '' THEN p.name ELSE coalesce((SELECT a.name FROM address a WHERE a.person = p.id "
    "ORDER BY a.name_ms DESC, a.addr LIMIT 1), '') END, p.known, p.blocked, "
    "coalesce((SELECT c.id FROM chat c WHERE c.person = p.id), 0) FROM person p ";
}  // namespace

std::vector<PersonRow> Reader::Impl::people(SQLite::Statement& row) {
  std::vector<PersonRow> people;
  while (row.executeStep())
    people.push_back({.id = id_at<PersonId>(row, 0),
                      .name = text_at(row, 1),
                      .known = row.getColumn(2).getInt() != 0,
                      .blocked = row.getColumn(3).getInt() != 0,
                      .addresses = {},
                      .chat = id_at<ChatId>(row, 4)});
  for (auto& person : people) {
    auto& address = connection.query("SELECT addr, peer_class FROM address WHERE person = ? ORDER BY addr", person.id);
    while (address.executeStep())
      person.addresses.push_back({text_at(address, 0), static_cast<PeerClass>(address.getColumn(1).getInt())});
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
      auto& row = impl_->connection.query(sql, args...);
      return row.executeStep() ? row.getColumn(0).getInt64() : 0;
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
    auto& row = impl_->connection.query("SELECT f.name, p.uidvalidity, p.uid, p.size FROM place p JOIN folder f ON "
                                        "f.id = p.folder WHERE p.message = ? ORDER BY f.role, p.uid",
                                        id);
    while (row.executeStep())
      copies.push_back({text_at(row, 0), row.getColumn(1).getUInt(), row.getColumn(2).getUInt(),
                        static_cast<std::uint64_t>(row.getColumn(3).getInt64())});
    return copies;
  });
}

Result<std::optional<std::pair<MessageId, Attachment>>> Reader::attachment(AttachmentId id) {
  return impl_->finished("cannot read the attachment", [&]() -> std::optional<std::pair<MessageId, Attachment>> {
    MessageId message;
    {
      auto& row = impl_->connection.query("SELECT message FROM attachment WHERE id = ?", id);
      if (!row.executeStep()) return std::nullopt;
      message = id_at<MessageId>(row, 0);
    }
    for (auto& file : impl_->attachments(message))
      if (file.id == id) return std::pair{message, std::move(file.file)};
    return std::nullopt;
  });
}

void Reader::interrupt() noexcept { sqlite3_interrupt(impl_->connection.database().getHandle()); }

}  // namespace coi::store
