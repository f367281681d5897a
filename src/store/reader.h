// A read-only connection for front ends. One thread uses it; interrupt() may be called from any other.
#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "chat/chat_folders.h"
#include "chat/facts.h"
#include "chat/markdown.h"
#include "chat/obeys.h"
#include "store/page.h"
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
  std::string folder;     // those alone that the user put there; '': all
};

// Where something stands in a list: what the list goes by, and its id. So one account's list can be asked for what lies
// on either side of an entry of another's.
struct ChatPlace {
  bool pinned = false;
  UnixMs ms = 0;
  chat::ChatId id;
};
struct PersonPlace {
  std::string name;
  chat::PersonId id;
};
struct HitPlace {
  UnixMs sort_ms = 0;
  chat::MessageId id;
};

// What the lists of an account have, whatever part of them is shown. Archived chats and requests lie apart from `main`.
struct ListCounts {
  std::int64_t chats = 0;
  std::int64_t unread_chats = 0;
  std::int64_t unread = 0;          // messages
  std::int64_t unread_unmuted = 0;  // … of chats that are not muted
};
struct AccountCounts {
  ListCounts main, archived, requests;
};

// What files of a chat are wanted.
enum class FileSort : std::uint8_t {
  media,  // pictures and films
  sound,
  other,
};

// Ids of messages are below it: the index of words has room for no more.
inline constexpr std::int64_t last_message_id = 0x7fff'ffff;

inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

class Reader {
 public:
  // The database has to exist. Errors as Database::open(). `damaged` is called when a read finds that the database is,
  // on the reader's thread; it must not block.
  // `clock` says which pins are over.
  static Result<Reader> open(const std::filesystem::path& directory, std::function<void(const Error&)> damaged = {},
                             Clock clock = system_now);
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // Lists begin at their beginning, but for messages(). A place need not be in the list.
  // Newest first, pinned ones before all others, with a few members each; blocked people's chats are left out. Errors:
  // invalid, limit (a folder whose name is none).
  Result<Snapshot<Slice<ChatRow>>> chats(const ChatSelection& selection, const Page<ChatPlace>& page = {});
  Result<std::optional<ChatPlace>> place_of(chat::ChatId id);
  Result<Snapshot<AccountCounts>> counts();
  // The folders into which chats are sorted, by name, with what of the main list is in them.
  Result<Snapshot<std::map<std::string, ListCounts, chat::FolderOrder>>> folders();
  Result<Snapshot<std::optional<ChatRow>>> chat(chat::ChatId id, Members members = Members::all);
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
  // Oldest first; the page begins at the end. Fewer than asked for, but one at least, where their texts would have more
  // than `octets`: those are left out that are farthest from the place.
  Result<Snapshot<Slice<MessageRow>>> messages(chat::ChatId chat, const Page<chat::MessageId>& page = {},
                                               std::size_t octets = no_limit);
  Result<Snapshot<std::optional<MessageRow>>> message(chat::MessageId id);
  // Its text as it is shown; one paragraph if it is not formatted, or has more than 20 000 pieces.
  Result<Snapshot<std::optional<std::vector<chat::Block>>>> blocks(chat::MessageId id);
  // The words that a message had, oldest first; the last ones are those that it shows. None where it was deleted;
  // nullopt: there is no such message. Where they have more than `octets`, the first ones and the newest.
  Result<Snapshot<std::optional<std::vector<VersionRow>>>> history(chat::MessageId id, std::size_t octets = no_limit);
  // The pinned messages of a chat, the one pinned last first; `octets` as above.
  Result<Snapshot<Slice<PinRow>>> pins(chat::ChatId chat, const Page<chat::MessageId>& page = {},
                                       std::size_t octets = no_limit);
  // The files of a chat's messages, those of the newest message first, each message's in their order.
  Result<Snapshot<Slice<FileRow>>> files(chat::ChatId chat, FileSort sort, const Page<chat::AttachmentId>& page = {});
  // The messages of a chat whose text has links, newest first.
  Result<Snapshot<Slice<LinksRow>>> links(chat::ChatId chat, const Page<chat::MessageId>& page = {});
  // Messages that wait for a time, the next one first; `octets` as above.
  Result<Snapshot<Slice<MessageRow>>> scheduled(const Page<chat::MessageId>& page = {}, std::size_t octets = no_limit);
  // Of those whom the chat is with the addresses whose programs do not know what `knows` asks for, as far as is known:
  // chat mail, which they show as ordinary mail, or deletions.
  Result<std::vector<std::string>> plain_peers(chat::ChatId chat, UnixMs now,
                                               bool (*knows)(const chat::PeerFacts&, UnixMs) = chat::is_chat_capable);
  // Every id that the group goes by; of another chat none.
  Result<std::vector<std::string>> group_ids(chat::ChatId chat);
  // The message of ours that has this Message-ID.
  Result<std::optional<chat::MessageId>> sent(std::string_view rfc_id);
  // The message, and all that one wish sent with it (P-12), in their order.
  Result<std::vector<chat::MessageId>> album(chat::MessageId id);
  // Newest first. `words` as a person types them; every one has to occur, the last letters may be missing.
  Result<Snapshot<Slice<MessageRow>>> search(std::string_view words, std::optional<chat::ChatId> chat = {},
                                             const Page<HitPlace>& page = {}, std::size_t octets = no_limit);
  Result<std::optional<HitPlace>> place_of(chat::MessageId id);
  // By their names, without regard to the case of ASCII.
  Result<Snapshot<Slice<PersonRow>>> people(const Page<PersonPlace>& page = {});
  Result<std::optional<PersonPlace>> place_of(chat::PersonId id);
  Result<Snapshot<std::optional<PersonRow>>> person(chat::PersonId id);
  Result<Snapshot<std::optional<PersonRow>>> person_with(std::string_view addr);  // canonical
  // The user's own profile (C-52), as it is kept for all devices.
  Result<Snapshot<std::vector<chat::Audience>>> own_profile();
  Result<std::optional<std::string>> picture(const std::string& id);  // chat::Picture::base64
  Result<QueueRow> queue(UnixMs now);
  // Where a copy of the message lies, for fetching the original or a file: (folder name, uidvalidity, uid).
  struct Copy {
    std::string folder;
    std::uint32_t uidvalidity = 0;
    std::uint32_t uid = 0;
    std::uint64_t size = 0;
  };
  // Those with the words come first (D-34).
  Result<std::vector<Copy>> copies(chat::MessageId id);
  // Only those that have its files.
  Result<std::vector<Copy>> copies_with_files(chat::MessageId id);
  Result<std::optional<std::pair<chat::MessageId, chat::Attachment>>> attachment(chat::AttachmentId id);

  // Ends the query that is under way with ErrorKind::cancelled.
  void interrupt() noexcept;

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coi::store
