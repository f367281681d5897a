#include "store/reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/condition.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

namespace {

// A query for chat_row().
std::string chat_query(std::string_view rest) {
  return fmt::format(
      "SELECT c.id, c.kind, coalesce(c.person, 0), c.muted_until, c.archived, c.pinned, coalesce(p.known, 1), "
      "coalesce(p.blocked, 0), {}, coalesce(w.addr, ''), coalesce(w.peer_class, 0), "
      "(SELECT count(*) FROM message m WHERE m.chat = c.id AND m.seen = 0), coalesce(l.id, 0) FROM chat c "
      "LEFT JOIN person p ON p.id = c.person LEFT JOIN address w ON w.addr = {} LEFT JOIN message l ON l.id = "
      "(SELECT m.id FROM message m WHERE m.chat = c.id ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1) {}",
      name_of_person, addr_of_person, rest);
}

// The chats of a selection: its two flags are the parameters.
constexpr std::string_view selected =
    "FROM chat c LEFT JOIN person p ON p.id = c.person WHERE c.archived = ? AND coalesce(p.known, 1) = ? AND "
    "coalesce(p.blocked, 0) = 0 AND EXISTS (SELECT 1 FROM message m WHERE m.chat = c.id)";

}  // namespace

ChatRow Reader::Impl::chat_row(Rows& row) {
  ChatRow chat{.id = row.id<ChatId>(0),
               .kind = row.word<ChatKind>(1),
               .name = row.text(8),
               .person = row.id<PersonId>(2),
               .addr = row.text(9),
               .peer_class = row.word<PeerClass>(10),
               .request = !row.flag(6),
               .blocked = row.flag(7),
               .archived = row.flag(4),
               .pinned = row.flag(5),
               .muted_until = row.number(3),
               .unread = row.number(11),
               .last = {}};
  if (chat.name.empty()) chat.name = chat.addr;
  if (const auto last = row.id<MessageId>(12)) {
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

Result<Reader> Reader::open(const std::filesystem::path& directory, std::function<void(const Error&)> damaged) {
  auto reader = walled("cannot read the account's database", [&]() -> Result<Reader> {
    auto impl = std::make_unique<Impl>((directory / database_file).string());
    impl->damaged = damaged;
    return Reader(std::move(impl));
  });
  if (!reader && reader.error().kind() == ErrorKind::corrupt && damaged) damaged(reader.error());
  return reader;
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Snapshot<std::vector<ChatRow>>> Reader::chats(const ChatSelection& selection) {
  return impl_->snapshot("cannot list the chats", [&] {
    // Which ones is found out first: what is shown of a chat is read for these alone.
    static const std::string sql = chat_query(
        fmt::format("WHERE c.id IN (SELECT c.id {} ORDER BY c.pinned DESC, (SELECT m.sort_ms FROM message m WHERE "
                    "m.chat = c.id ORDER BY m.sort_ms DESC LIMIT 1) DESC, c.id DESC LIMIT ?) "
                    "ORDER BY c.pinned DESC, l.sort_ms DESC, c.id DESC",
                    selected));
    std::vector<ChatRow> chats;
    auto row = impl_->connection.query(sql.c_str(), selection.archived, !selection.requests, selection.most);
    while (row.next()) chats.push_back(impl_->chat_row(row));
    return impl_->complete(std::move(chats));
  });
}

Result<Snapshot<std::int64_t>> Reader::count_chats(const ChatSelection& selection) {
  return impl_->snapshot("cannot count the chats", [&] {
    static const std::string sql = fmt::format("SELECT count(*) {}", selected);
    auto row = impl_->connection.query(sql.c_str(), selection.archived, !selection.requests);
    return row.next() ? row.number(0) : 0;
  });
}

Result<Snapshot<std::optional<ChatRow>>> Reader::chat(ChatId id) {
  return impl_->snapshot("cannot read the chat", [&]() -> std::optional<ChatRow> {
    static const std::string sql = chat_query("WHERE c.id = ?");
    std::vector<ChatRow> chats;
    auto row = impl_->connection.query(sql.c_str(), id);
    while (row.next()) chats.push_back(impl_->chat_row(row));
    if (chats.empty()) return std::nullopt;
    return impl_->complete(std::move(chats)).front();
  });
}

namespace {

// A query for people().
std::string person_query(std::string_view rest) {
  return fmt::format(
      "SELECT p.id, {}, p.known, p.blocked, coalesce((SELECT c.id FROM chat c WHERE c.person = p.id), 0) FROM person p "
      "{}",
      name_of_person, rest);
}

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
    static const std::string sql = person_query("ORDER BY 2 COLLATE NOCASE, p.id");
    return impl_->people(impl_->connection.query(sql.c_str()));
  });
}

std::optional<PersonRow> Reader::Impl::person(Rows row) {
  auto found = people(std::move(row));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<Snapshot<std::optional<PersonRow>>> Reader::person(PersonId id) {
  return impl_->snapshot("cannot read the contact", [&] {
    static const std::string sql = person_query("WHERE p.id = ?");
    return impl_->person(impl_->connection.query(sql.c_str(), id));
  });
}

Result<Snapshot<std::optional<PersonRow>>> Reader::person_with(std::string_view addr) {
  return impl_->snapshot("cannot read the contact", [&] {
    static const std::string sql = person_query("WHERE p.id = (SELECT a.person FROM address a WHERE a.addr = ?)");
    return impl_->person(impl_->connection.query(sql.c_str(), addr));
  });
}

Result<QueueRow> Reader::queue(UnixMs now) {
  return impl_->guarded("cannot read the queue", [&] {
    const auto count = [&](const char* sql, auto... args) {
      auto row = impl_->connection.query(sql, args...);
      return row.next() ? row.number(0) : 0;
    };
    constexpr UnixMs day = 24LL * 3600 * 1000;
    return QueueRow{
        .outgoing = count("SELECT count(DISTINCT outgoing) FROM recipient WHERE state IN (0, 1)"),
        .jobs = count("SELECT count(*) FROM job"),
        .sent_today = count("SELECT count(*) FROM recipient r "
                            "WHERE r.state = 2 AND r.since_ms > ?",
                            now - day),
        .messages = count("SELECT count(*) FROM message"),
        .unreadable = count("SELECT count(*) FROM place WHERE message IS NULL AND reason <> ''"),
    };
  });
}

void Reader::interrupt() noexcept { sqlite3_interrupt(impl_->connection.database().getHandle()); }

}  // namespace coi::store
