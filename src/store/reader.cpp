#include "store/reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "chat/chat_folders.h"
#include "chat/profile.h"
#include "store/condition.h"
#include "store/known_chat.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

namespace {

// What lists of chats go by: a group that the user made is there before its first message.
constexpr std::string_view list_time = "iif(c.last_message = 0, c.name_ms, c.last_ms)";

// What the user decided about a chat, or about the person whom it is with; '': nothing.
std::string choice_of_chat(ChoiceKind kind) {
  return fmt::format(
      "coalesce((SELECT d.value FROM choice d WHERE d.person = coalesce(c.person, 0) AND d.chat = iif(c.person IS "
      "NULL, c.id, 0) AND d.kind = {}), '')",
      static_cast<int>(kind));
}

// A query for chat_row().
std::string chat_query(std::string_view rest) {
  return fmt::format(
      "SELECT c.id, c.kind, coalesce(c.person, 0), c.muted_until, c.archived, c.pinned, {}, {}, iif(c.kind = 2, "
      "c.name, {}), coalesce(w.addr, ''), coalesce(w.peer_class, 0), c.unread, c.last_message, c.group_id, "
      "c.description, c.self, c.timer, c.removes_expired, {}, iif(c.unread = 0, 0, coalesce((SELECT m.id FROM message "
      "m "
      "WHERE m.chat = c.id AND m.hidden = 0 AND m.seen = 0 ORDER BY m.sort_ms, m.id LIMIT 1), 0)), iif(c.person IS "
      "NULL, c.picture, (SELECT a.picture FROM address a WHERE a.person = c.person ORDER BY a.profile_ms DESC, a.addr "
      "LIMIT 1)), "
      "{}, {}, coalesce((SELECT a.unproven FROM address a WHERE a.person = c.person ORDER BY a.proof_ms DESC, a.addr "
      "LIMIT 1), 0) FROM chat c LEFT JOIN person p ON p.id = c.person LEFT JOIN address w ON w.addr = {} {}",
      known_chat, blocked_chat, name_of_person, list_time, choice_of_chat(ChoiceKind::draft),
      choice_of_chat(ChoiceKind::folders), addr_of_person, rest);
}

// What the lists have at all.
std::string listed() {
  return fmt::format("{} = 0 AND (c.last_message <> 0 OR (c.kind = 2 AND c.accepted = 1))", blocked_chat);
}

// The chats of a selection, which is the first three parameters.
std::string selected() {
  return fmt::format(
      "WHERE c.archived = ?1 AND {} = ?2 AND (?3 = '' OR instr(lower(',' || {} || ','), lower(',' || ?3 || ',')) > 0) "
      "AND {}",
      known_chat, choice_of_chat(ChoiceKind::folders), listed());
}

}  // namespace

ChatRow Reader::Impl::chat_row(Rows& row) {
  ChatRow chat{.id = row.id<ChatId>(0),
               .kind = row.word<ChatKind>(1),
               .name = row.text(8),
               .person = row.id<PersonId>(2),
               .addr = row.text(9),
               .peer_class = row.word<PeerClass>(10),
               .draft = row.text(21),
               .folders = folders_of(row.text(22)),
               .request = !row.flag(6),
               .blocked = row.flag(7),
               .archived = row.flag(4),
               .pinned = row.flag(5),
               .muted_until = row.number(3),
               .timer = row.u32(16),
               .removes_expired = row.flag(17),
               .unproven = row.flag(23),
               .unread = row.number(11),
               .first_unread = row.number(19) == 0 ? std::nullopt : std::optional(row.id<MessageId>(19)),
               .list_ms = row.number(18),
               .last = {},
               .group_id = row.text(13),
               .description = row.text(14),
               .picture = row.text(20),
               .self = row.text(15)};
  if (chat.name.empty()) chat.name = chat.addr;
  if (const auto last = row.id<MessageId>(12)) {
    chat.last.emplace();
    chat.last->id = last;  // filled in by complete(), when this statement is done
  }
  return chat;
}

std::vector<ChatRow> Reader::Impl::complete(std::vector<ChatRow> chats, Members members) {
  for (auto& chat : chats) {
    if (chat.last) chat.last = preview(chat.last->id);
    if (chat.kind == ChatKind::group) add_members(chat, members);
    // A feed is a stranger who never sent anything but automatic mail. The plus: the index of the mails that are not
    // has few rows of a feed, or none, where the one that knows what is hidden has all of them.
    if (!chat.request) continue;
    auto row =
        connection.query("SELECT 1 FROM message WHERE chat = ? AND automatic = 0 AND +hidden = 0 LIMIT 1", chat.id);
    chat.feed = chat.last.has_value() && !row.next();
  }
  return chats;
}

// The members, ourselves apart.
void Reader::Impl::add_members(ChatRow& chat, Members members) {
  constexpr auto present = "m.chat = ?1 AND m.joined_ms > 0 AND m.joined_ms >= m.parted_ms";
  static const std::string counted = fmt::format("SELECT count(*), total(m.addr = ?2) FROM member m WHERE {}", present);
  if (auto row = connection.query(counted.c_str(), chat.id, chat.self); row.next()) {
    chat.is_member = row.flag(1);
    chat.member_count = row.count(0) - (chat.is_member ? 1 : 0);
  }
  // Most people have one address, and then nothing needs to be sorted.
  static const std::string others = fmt::format(
      "SELECT m.addr, coalesce(a.person, 0), coalesce(a.peer_class, 0), CASE WHEN a.addr IS NULL THEN '' WHEN p.name "
      "<> '' THEN p.name WHEN NOT EXISTS (SELECT 1 FROM address b WHERE b.person = p.id AND b.addr <> a.addr) THEN "
      "a.name ELSE {} END FROM member m LEFT JOIN address a ON a.addr = m.addr LEFT JOIN person p ON p.id = a.person "
      "WHERE {} AND m.addr <> ?2 ORDER BY m.addr LIMIT ?3",
      name_of_person, present);
  static_assert(PeerClass{} == PeerClass::unknown);
  const auto most = members == Members::few ? std::min(chat.member_count, few_members) : chat.member_count;
  chat.members.reserve(most);
  auto row = connection.query(others.c_str(), chat.id, chat.self, most);
  while (row.next())
    chat.members.push_back(MemberRow{
        .addr = row.text(0), .name = row.text(3), .person = row.id<PersonId>(1), .peer_class = row.word<PeerClass>(2)});
}

Result<Reader> Reader::open(const std::filesystem::path& directory, std::function<void(const Error&)> damaged,
                            Clock clock) {
  auto reader = walled("cannot read the account's database", [&]() -> Result<Reader> {
    auto impl = std::make_unique<Impl>((directory / database_file).string());
    impl->damaged = damaged;
    impl->clock = std::move(clock);
    return Reader(std::move(impl));
  });
  if (!reader && reader.error().kind() == ErrorKind::corrupt && damaged) damaged(reader.error());
  return reader;
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Snapshot<Slice<ChatRow>>> Reader::chats(const ChatSelection& selection, const Page<ChatPlace>& page) {
  const auto folder = COI_TRY(written_folders({selection.folder}));
  return impl_->snapshot("cannot list the chats", [&] {
    const auto side = [](std::string_view sign, std::string_view direction) {
      return chat_query(
          fmt::format("{0} AND (?4 < 0 OR (c.pinned, {1}, c.id) {2} (?4, ?5, ?6)) ORDER BY c.pinned {3}, {1} {3}, c.id "
                      "{3} LIMIT ?7",
                      selected(), list_time, sign, direction));
    };
    static const std::string behind = side("<", "DESC"), ahead = side(">", "ASC");
    const auto rows = [&](const std::string& sql, const std::optional<ChatPlace>& place, std::size_t most) {
      std::vector<ChatRow> chats;
      const auto at = place.value_or(ChatPlace{});
      auto row = impl_->connection.query(sql.c_str(), selection.archived, !selection.requests, folder,
                                         place ? static_cast<int>(at.pinned) : -1, at.ms, at.id, most);
      while (row.next()) chats.push_back(impl_->chat_row(row));
      return chats;
    };
    auto slice = slice_of<ChatRow>(
        page, Edge::begin, [&](const auto& place, std::size_t most) { return rows(ahead, place, most); },
        [&](const auto& place, std::size_t most) { return rows(behind, place, most); },
        [&](const ChatPlace& place) {
          static const std::string one = chat_query(fmt::format("{} AND c.id = ?4", selected()));
          auto row = impl_->connection.query(one.c_str(), selection.archived, !selection.requests, folder, place.id);
          return row.next() ? std::optional(impl_->chat_row(row)) : std::nullopt;
        });
    slice.rows = impl_->complete(std::move(slice.rows), Members::few);
    return slice;
  });
}

Result<std::optional<ChatPlace>> Reader::place_of(ChatId id) {
  return impl_->guarded("cannot read the chat", [&]() -> std::optional<ChatPlace> {
    const auto found = impl_->chat(id);
    if (!found) return std::nullopt;
    return ChatPlace{.pinned = found->pinned, .ms = found->list_ms, .id = id};
  });
}

Result<Snapshot<AccountCounts>> Reader::counts() {
  return impl_->snapshot("cannot count the chats", [&] {
    static const std::string sql = fmt::format(
        "SELECT c.archived, {0}, count(*), sum(c.unread > 0), sum(c.unread), sum(iif(c.muted_until > ?1, 0, c.unread)) "
        "FROM chat c LEFT JOIN person p ON p.id = c.person WHERE {1} GROUP BY 1, 2",
        known_chat, listed());
    AccountCounts counts;
    auto row = impl_->connection.query(sql.c_str(), impl_->clock());
    while (row.next()) {
      // A request that is archived shows in neither of the other lists.
      if (row.flag(0) && !row.flag(1)) continue;
      auto& list = row.flag(0) ? counts.archived : row.flag(1) ? counts.main : counts.requests;
      list = ListCounts{.chats = row.number(2),
                        .unread_chats = row.number(3),
                        .unread = row.number(4),
                        .unread_unmuted = row.number(5)};
    }
    return counts;
  });
}

Result<Snapshot<std::map<std::string, ListCounts, FolderOrder>>> Reader::folders() {
  return impl_->snapshot("cannot read the folders", [&] {
    static const std::string sql = fmt::format(
        "SELECT {}, c.unread, c.muted_until > ?1, c.archived = 0 AND {} AND {} FROM chat c LEFT JOIN person p ON p.id "
        "= c.person WHERE {} = 0",
        choice_of_chat(ChoiceKind::folders), known_chat, listed(), blocked_chat);
    std::map<std::string, ListCounts, FolderOrder> folders;
    auto row = impl_->connection.query(sql.c_str(), impl_->clock());
    while (row.next())
      for (const auto& name : folders_of(row.text(0))) {
        auto& counts = folders[name];
        if (!row.flag(3)) continue;
        const auto unread = row.number(1);
        ++counts.chats;
        counts.unread_chats += unread > 0;
        counts.unread += unread;
        if (!row.flag(2)) counts.unread_unmuted += unread;
      }
    return folders;
  });
}

// Without what complete() adds.
std::optional<ChatRow> Reader::Impl::chat(ChatId id) {
  static const std::string sql = chat_query("WHERE c.id = ?");
  auto row = connection.query(sql.c_str(), id);
  return row.next() ? std::optional(chat_row(row)) : std::nullopt;
}

Result<Snapshot<std::optional<ChatRow>>> Reader::chat(ChatId id, Members members) {
  return impl_->snapshot("cannot read the chat", [&]() -> std::optional<ChatRow> {
    auto found = impl_->chat(id);
    if (!found) return std::nullopt;
    return std::move(impl_->complete({std::move(*found)}, members).front());
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
                      .chat = row.id<ChatId>(4),
                      .status = {},
                      .picture = {},
                      .birthday = {},
                      .categories = {}});
  for (auto& person : people) {
    UnixMs said_ms = 0, told_ms = 0;
    std::string told_status;
    auto address = connection.query(
        "SELECT addr, peer_class, status, status_ms, picture, birthday, profile_ms, profile_status FROM address WHERE "
        "person = ? ORDER "
        "BY addr",
        person.id);
    while (address.next()) {
      person.addresses.push_back({address.text(0), address.word<PeerClass>(1)});
      if (address.number(3) > said_ms) {
        said_ms = address.number(3);
        person.status = address.text(2);
      }
      if (address.number(6) <= told_ms) continue;
      told_ms = address.number(6);
      person.picture = address.text(4);
      person.birthday = address.text(5);
      told_status = address.text(7);
    }
    // What somebody tells of himself on purpose counts before what stands below a mail.
    if (!told_status.empty()) person.status = std::move(told_status);
    auto category = connection.query("SELECT value FROM choice WHERE person = ? AND chat = 0 AND kind = ?", person.id,
                                     chat::ChoiceKind::categories);
    if (category.next()) person.categories = chat::categories_of(category.text(0));
  }
  return people;
}

Result<Snapshot<Slice<PersonRow>>> Reader::people(const Page<PersonPlace>& page) {
  return impl_->snapshot("cannot list the contacts", [&] {
    const auto side = [](std::string_view sign, std::string_view direction) {
      return person_query(
          fmt::format("WHERE ?3 = 0 OR ({0} COLLATE NOCASE, p.id) {1} (?1, ?2) "
                      "ORDER BY 2 COLLATE NOCASE {2}, p.id {2} LIMIT ?4",
                      name_of_person, sign, direction));
    };
    static const std::string behind = side(">", "ASC"), ahead = side("<", "DESC"), one = person_query("WHERE p.id = ?");
    const auto rows = [&](const std::string& sql, const std::optional<PersonPlace>& place, std::size_t most) {
      const auto at = place.value_or(PersonPlace{});
      return impl_->people(impl_->connection.query(sql.c_str(), at.name, at.id, place.has_value(), most));
    };
    return slice_of<PersonRow>(
        page, Edge::begin, [&](const auto& place, std::size_t most) { return rows(ahead, place, most); },
        [&](const auto& place, std::size_t most) { return rows(behind, place, most); },
        [&](const PersonPlace& place) { return impl_->person(impl_->connection.query(one.c_str(), place.id)); });
  });
}

Result<std::optional<PersonPlace>> Reader::place_of(PersonId id) {
  auto found = COI_TRY(person(id)).value;
  return found ? std::optional(PersonPlace{.name = std::move(found->name), .id = id}) : std::nullopt;
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

Result<Snapshot<std::vector<chat::Audience>>> Reader::own_profile() {
  return impl_->snapshot("cannot read the profile", [&]() -> std::vector<chat::Audience> {
    auto row = impl_->connection.query(
        "SELECT d.value FROM choice d JOIN chat c ON c.id = d.chat WHERE c.kind = ? AND d.kind = ?", ChatKind::self,
        chat::ChoiceKind::profile);
    return row.next() ? chat::without_removed(chat::profile_of(row.text(0))) : std::vector<chat::Audience>();
  });
}

Result<std::optional<std::string>> Reader::picture(const std::string& id) {
  return impl_->guarded("cannot read a picture", [&]() -> std::optional<std::string> {
    auto row = impl_->connection.query("SELECT base64 FROM picture WHERE id = ?", id);
    return row.next() ? std::optional(row.text(0)) : std::nullopt;
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
        .scheduled = count("SELECT count(*) FROM outgoing WHERE not_before_ms <> 0 AND hold_until_ms = 0"),
        .jobs = count("SELECT count(*) FROM job"),
        .sent_today = count("SELECT count(*) FROM recipient r "
                            "WHERE r.state = 2 AND r.since_ms > ?",
                            now - day),
        .messages = count("SELECT count(*) FROM message WHERE hidden = 0"),
        .unreadable = count("SELECT count(*) FROM place WHERE message IS NULL AND reason <> ''"),
    };
  });
}

void Reader::interrupt() noexcept { sqlite3_interrupt(impl_->connection.database().getHandle()); }

}  // namespace coi::store
