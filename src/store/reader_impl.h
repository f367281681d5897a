// The inside of Reader, shared by its files; not for other rooms.
#pragma once

#include <sqlite3.h>

#include <cstdlib>
#include <functional>

#include "store/reader.h"
#include "store/sql.h"

namespace coi::store {

// The name that the user gave to person p, else the one that the newest mail tells which tells any.
inline constexpr std::string_view name_of_person =
    "iif(p.name <> '', p.name, coalesce((SELECT a.name FROM address a WHERE a.person = p.id ORDER BY a.name_ms DESC, "
    "a.addr LIMIT 1), ''))";
// The address to write to (as lookups.cpp: FindChat).
inline constexpr std::string_view addr_of_person =
    "(SELECT a.addr FROM address a WHERE a.person = p.id ORDER BY a.class_ms DESC, a.addr LIMIT 1)";

struct Reader::Impl {
  explicit Impl(const std::string& file) : connection(file, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX) {
    connection.database().setBusyTimeout(2000);
    // The file is mapped instead of copied: an idle daemon's private memory stays small.
    connection.database().exec("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -256");
  }

  std::int64_t seq() {
    auto row = connection.query("SELECT value FROM setting WHERE name = 'seq'");
    return row.next() ? std::strtoll(row.text(0).c_str(), nullptr, 10) : 0;
  }

  // As walled(); damage that is found is told.
  template <class Work>
  auto guarded(std::string_view what, Work work) {
    auto result = walled(what, std::move(work));
    if (!result && result.error().kind() == ErrorKind::corrupt && damaged) damaged(result.error());
    return result;
  }

  // `read` and the event number in one transaction, so that they belong together.
  template <class Read>
  auto snapshot(std::string_view what, Read read) -> Result<Snapshot<decltype(read())>> {
    return guarded(what, [&] {
      // interrupt() may have hit the end of the last one, which then is still open.
      if (sqlite3_get_autocommit(connection.database().getHandle()) == 0) connection.database().exec("ROLLBACK");
      SQLite::Transaction transaction(connection.database());
      Snapshot<decltype(read())> result;
      result.seq = seq();
      result.value = read();
      return result;
    });
  }

  // How far an own message got, with each: by what the servers said to this device, and by what is said about it.
  std::vector<RecipientRow> recipients(const MessageRow& message, const std::string& peer,
                                       const std::vector<chat::Remark>& remarks);
  // Those that count, of what is said about it.
  std::vector<ReactionRow> reactions(const MessageRow& message, const std::vector<chat::Remark>& remarks);
  std::vector<chat::Remark> remarks(const MessageRow& message);
  std::vector<std::string> addresses(chat::ChatId chat);
  std::vector<AttachmentRow> attachments(chat::MessageId message);
  std::optional<MessageRow> message(chat::MessageId id);
  // In this order, as long as their texts have no more than `octets`; the first in any case.
  std::vector<MessageRow> messages(const std::vector<chat::MessageId>& ids, std::size_t octets);
  ChatRow chat_row(Rows& row);
  std::vector<ChatRow> complete(std::vector<ChatRow> chats);
  std::vector<PersonRow> people(Rows row);
  std::optional<chat::ChatId> self_chat();
  std::optional<PersonRow> person(Rows row);

  Connection connection;
  std::function<void(const Error&)> damaged;
};

}  // namespace coi::store
