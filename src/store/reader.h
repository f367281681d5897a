// A read-only connection for front ends. One thread uses it; interrupt() may be called from any other.
#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/rows.h"

namespace coi::store {

// A value and the number of the last event that it contains: events up to it are to be dropped.
template <class T>
struct Snapshot {
  T value;
  std::int64_t seq = 0;
};

struct ChatSelection {
  bool archived = false;  // these alone, or the others alone
  bool requests = false;  // contact requests alone, or the others alone
  std::size_t most = 1000;
};

class Reader {
 public:
  // The database has to exist. Errors as Database::open(). `damaged` is called when a read finds that the database is,
  // on the reader's thread; it must not block.
  static Result<Reader> open(const std::filesystem::path& directory, std::function<void(const Error&)> damaged = {});
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // Newest first, pinned ones before all others; blocked people's chats are left out.
  Result<Snapshot<std::vector<ChatRow>>> chats(const ChatSelection& selection);
  // How many there are, whatever `most` says.
  Result<Snapshot<std::int64_t>> count_chats(const ChatSelection& selection);
  Result<Snapshot<std::optional<ChatRow>>> chat(chat::ChatId id);
  // The chat with whoever has the address, a stranger too; none or one.
  Result<std::vector<chat::ChatId>> find_chats(std::string_view addr);
  // Whom a word of the user may mean: those whom the user knows and whose name has it in it, and oneself ("saved",
  // "self", or how "Saved messages" begins). Strangers call themselves as they like, so they take no part. Case and
  // accents do not count.
  Result<std::vector<NamedRow>> named(std::string_view word);
  // Whoever has the address, a stranger too.
  Result<std::optional<NamedRow>> addressed(std::string_view addr);  // canonical
  // The chat with oneself; nullopt before its first message or change.
  Result<std::optional<chat::ChatId>> self_chat();
  // The `most` newest before `before` (or of all), oldest first; fewer, but one at least, where their texts would have
  // more than `octets`.
  Result<Snapshot<std::vector<MessageRow>>> messages(chat::ChatId chat, std::size_t most,
                                                     std::optional<chat::MessageId> before,
                                                     std::size_t octets = std::numeric_limits<std::size_t>::max());
  Result<Snapshot<std::optional<MessageRow>>> message(chat::MessageId id);
  // Of those whom the chat is with the addresses whose programs show chat mail as ordinary mail, as far as is known
  // (chat::is_chat_capable).
  Result<std::vector<std::string>> plain_peers(chat::ChatId chat, UnixMs now);
  // The message of ours that has this Message-ID.
  Result<std::optional<chat::MessageId>> sent(std::string_view rfc_id);
  // Newest first. `words` as a person types them; every one has to occur, the last letters may be missing.
  Result<Snapshot<std::vector<MessageRow>>> search(std::string_view words, std::optional<chat::ChatId> chat,
                                                   std::size_t most,
                                                   std::size_t octets = std::numeric_limits<std::size_t>::max());
  Result<Snapshot<std::vector<PersonRow>>> people();
  Result<Snapshot<std::optional<PersonRow>>> person(chat::PersonId id);
  Result<Snapshot<std::optional<PersonRow>>> person_with(std::string_view addr);  // canonical
  Result<QueueRow> queue(UnixMs now);
  // Where a copy of the message lies, for fetching the original or a file: (folder name, uidvalidity, uid).
  struct Copy {
    std::string folder;
    std::uint32_t uidvalidity = 0;
    std::uint32_t uid = 0;
    std::uint64_t size = 0;
  };
  Result<std::vector<Copy>> copies(chat::MessageId id);
  Result<std::optional<std::pair<chat::MessageId, chat::Attachment>>> attachment(chat::AttachmentId id);

  // Ends the query that is under way with ErrorKind::cancelled.
  void interrupt() noexcept;

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coi::store
