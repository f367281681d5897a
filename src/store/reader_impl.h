// The inside of Reader, shared by its files; not for other rooms.
#pragma once

#include <sqlite3.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>

#include "store/reader.h"
#include "store/sql.h"

namespace coi::store {

// The name that the user gave to person p, else the one that the newest mail tells which tells any.
inline constexpr std::string_view name_of_person =
    "iif(p.name <> '', p.name, coalesce((SELECT a.name FROM address a WHERE a.person = p.id ORDER BY a.name_ms DESC, "
    "a.addr LIMIT 1), ''))";
// Of a message m: what its author is called. A name that the user gave holds, whatever the mail says, but a forged mail
// is nobody's.
inline constexpr std::string_view name_of_author =
    "iif(m.outgoing = 1 OR m.forged = 1, m.from_name, coalesce((SELECT n.name FROM address b JOIN person n ON n.id = "
    "b.person WHERE b.addr = m.from_addr AND n.name <> ''), m.from_name))";
// The address to write to (as lookups.cpp: FindChat).
inline constexpr std::string_view addr_of_person =
    "(SELECT a.addr FROM address a WHERE a.person = p.id ORDER BY a.class_ms DESC, a.addr LIMIT 1)";

// Of a query for a file, an attachment f: its first columns, and what they say.
inline constexpr std::string_view attachment_columns =
    "f.id, f.name, f.type, f.size, f.state, f.blob, f.section, f.inline_part, f.preview, f.width, f.height";
inline constexpr int attachment_columns_count = 11;
AttachmentRow attachment_row(const Rows& row);

// Of an own message with its recipients, and not_before_ms.
MessageRow::State state_of(const MessageRow& message);
// How far it got with all whom it went to.
MessageRow::State outgoing_state(const std::vector<RecipientRow>& recipients);

struct Reader::Impl {
  explicit Impl(const std::string& file) : connection(file, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX) {
    connection.database().setBusyTimeout(2000);
    // The file is mapped instead of copied, as far as SQLite can: an idle daemon's private memory stays small, and rows
    // of a large mailbox are not read anew for each page.
    connection.database().exec("PRAGMA query_only = ON; PRAGMA mmap_size = 2147418112; PRAGMA cache_size = -256");
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
      heard.reset();
      Snapshot<decltype(read())> result;
      result.seq = seq();
      result.value = read();
      return result;
    });
  }

  // How far an own message got, with each: by what the servers said to this device, and by what is said about it.
  std::vector<RecipientRow> recipients(const MessageRow& message, const std::string& peer,
                                       const std::vector<chat::Remark>& remarks);
  std::vector<std::string> others(const MessageRow& message, const std::string& peer);
  // Those that count, of what is said about it.
  std::vector<ReactionRow> reactions(const MessageRow& message, const std::vector<chat::Remark>& remarks);
  std::vector<chat::Remark> remarks(const MessageRow& message);
  // Who says something in a chat, for chat/settle.h.
  std::function<std::string(const chat::Remark&)> persons_of(chat::ChatId chat);
  // reader_amendments.cpp. `said`: what is said about the message itself.
  std::vector<chat::Remark> remarks_of_versions(const MessageRow& message, std::vector<chat::Remark> said);
  std::optional<chat::Remark> pin(const MessageRow& message, const std::vector<chat::Remark>& remarks);
  struct Pinned {
    chat::MessageId message;
    std::string by;
    UnixMs since_ms = 0, until_ms = 0;
  };
  std::vector<Pinned> pins(chat::ChatId chat);
  Slice<MessageRow> messages_at(const Slice<chat::MessageId>& ids, const Page<chat::MessageId>& page,
                                std::size_t octets);
  // What a poll came to; nullopt: the message is none.
  std::optional<chat::PollState> poll(const MessageRow& message);
  // It says that a poll is over, and may: its author is that of the poll that it answers.
  bool closes_poll(const MessageRow& message);
  std::vector<std::string> addresses(chat::ChatId chat);
  bool takes_part(const MessageRow& message);
  std::vector<AttachmentRow> attachments(chat::MessageId message);
  // The mails with the words first; without those that are such a half.
  Result<std::vector<Copy>> copies(chat::MessageId message, chat::Half left_out);
  // What stands in its own row, and what it says by itself: a notice whose author has no say is a text.
  struct Head {
    MessageRow message;
    std::string in_reply_to, peer;
    bool is_spoken_of = false;
  };
  // Lists show no receipt that is asked for, no place, and of others' messages nothing that was said about them.
  enum class Extent : std::uint8_t { preview, whole };
  std::optional<Head> head(chat::MessageId id, Extent extent = Extent::whole);
  std::optional<MessageRow> message(chat::MessageId id);
  std::optional<PreviewRow> preview(chat::MessageId id);
  // As long as their texts have no more than `octets`, beginning at the place of the page; the first in any case.
  Slice<MessageRow> messages(const Slice<chat::MessageId>& ids, std::size_t first, std::size_t octets);
  std::optional<chat::MessageId> answered(const Head& head);
  std::optional<ChatRow> chat(chat::ChatId id);
  ChatRow chat_row(Rows& row);
  void add_members(ChatRow& chat, Members members);
  std::vector<ChatRow> complete(std::vector<ChatRow> chats, Members members);
  std::vector<PersonRow> people(Rows row);
  std::optional<chat::ChatId> self_chat();
  // reader_media.cpp
  std::optional<FileRow> file(chat::AttachmentId id);
  std::vector<LinksRow> links(const char* sql, chat::ChatId chat, chat::MessageId place, std::size_t most);
  std::optional<PersonRow> person(Rows row);

  // Whoever takes part in the chat that was asked for last, or did: a word for the person, by each of their addresses.
  // A page of one chat asks for each message. Good within one snapshot.
  struct Heard {
    chat::ChatId chat;
    std::map<std::string, std::string> persons;
  };
  std::shared_ptr<const Heard> heard;

  Clock clock;  // says which pins are over
  Connection connection;
  std::function<void(const Error&)> damaged;
};

}  // namespace coi::store
