// A database in a folder of its own, filled by plans as decide() would make them.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <cstdlib>

#include <fmt/format.h>

#include "chat/plan.h"
#include "chat/same_mail.h"
#include "store/database.h"
#include "store/reader.h"
#include "temporary_directory.h"

namespace coi::store {

using namespace chat;

inline constexpr UnixMs now = 1'795'493'202'000;  // Tue, 24 Nov 2026 04:06:42 UTC
inline constexpr UnixMs second = 1000;
inline constexpr UnixMs minute = 60 * second;

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline const Place inbox(std::uint32_t uid, std::uint32_t uidvalidity = 77) { return {FolderId{1}, uidvalidity, uid}; }
inline const Place chats(std::uint32_t uid, std::uint32_t uidvalidity = 88) { return {FolderId{2}, uidvalidity, uid}; }

// Somebody says who came into the group "group" and who left it.
inline PutGroup said_of_group(std::string author, std::vector<MemberTime> joined, std::vector<MemberTime> parted,
                              UnixMs at) {
  return {.id = "group",
          .threads = {},
          .plain_thread = {},
          .author = std::move(author),
          .rfc_id = "g",
          .arrived_ms = at,
          .said_ms = at,
          .joined = std::move(joined),
          .parted = std::move(parted),
          .listed = {},
          .answers = {},
          .subject = {},
          .self = "alice@example.org"};
}

// Folders 1 and 2 are INBOX and COI/Chats.
class Stored {
 public:
  Stored() : database_(good(Database::open(directory_.path(), {}))), reader_(good(Reader::open(directory_.path()))) {
    apply({PutFolders{{{"INBOX", FolderRole::inbox}, {"COI/Chats", FolderRole::chats}}}});
  }

  template <class Question>
  auto find(const Question& question) {
    decltype(std::declval<Lookups&>().find(question)) answer{};
    good(database_.look_up([&](Lookups& stored) { answer = stored.find(question); }));
    return answer;
  }

  Changes apply(std::vector<Operation> operations, UnixMs at = now) {
    good(database_.begin(Durability::normal));
    for (auto& operation : operations) {
      Plan plan;
      // As decide() does: a further copy of what is stored is put into that.
      if (auto* message = std::get_if<PutMessage>(&operation))
        join_copies(*message, find(FindMessages{message->key, message->other_ids}), plan.operations);
      plan.operations.push_back(std::move(operation));
      good(database_.apply(plan, at));
    }
    return good(database_.commit());
  }

  Database& database() { return database_; }
  Reader& reader() { return reader_; }
  const std::filesystem::path& directory() const { return directory_.path(); }
  std::string dump() { return good(database_.dump()); }

  MessageRow message(MessageId id) { return good(reader_.message(id)).value.value(); }
  MessageFacts facts_of(const MessageKey& key) { return find(FindMessages{key}).at(0); }
  MessageRow message(const MessageKey& key) { return message(facts_of(key).id); }
  ChatRow chat_of(const MessageKey& key) { return good(reader_.chat(facts_of(key).chat)).value.value(); }
  std::vector<std::string> search(std::string_view words, std::optional<ChatId> chat = {}, std::size_t most = 20) {
    std::vector<std::string> ids;
    for (const auto page = good(reader_.search(words, chat, {.most = most})); const auto& row : page.value.rows)
      ids.push_back(row.rfc_id);
    return ids;
  }

 private:
  TemporaryDirectory directory_{TemporaryDirectory::Where::memory};
  Database database_;
  Reader reader_;
};

inline PutMessage bobs(std::string rfc_id, std::string text, UnixMs at = now, std::string from = "bob@example.net") {
  return {.key = {std::move(rfc_id), from},
          .chat = WithPerson{from},
          .arrived_ms = at,
          .date_ms = at,
          .received_ms = at,
          .text = std::move(text),
          .is_chat = true};
}

inline PutMessage own(std::string rfc_id, std::string text, UnixMs at = now, std::string to = "bob@example.net") {
  auto message = bobs(std::move(rfc_id), std::move(text), at, "alice@example.org");
  message.chat = WithPerson{std::move(to)};
  message.outgoing = message.seen = true;
  return message;
}

// As a mail of its own says it at that time.
inline PutRemark remark(RemarkKind kind, std::string subject, std::string about, UnixMs at, std::string value = {}) {
  const auto rfc_id = fmt::format("{}@{}", at, static_cast<int>(kind));
  return {{.kind = kind,
           .subject = std::move(subject),
           .author = kind == RemarkKind::displayed ? about : "mailer-daemon@mx",
           .about = about,
           .value = std::move(value),
           .date_ms = at,
           .rfc_id = rfc_id,
           .at_ms = at}};
}

inline PutPlace at(const Place& place, const PutMessage& message, std::uint32_t flags = 0, std::uint64_t modseq = 0) {
  return {.place = place, .key = message.key, .flags = {flags}, .modseq = modseq, .size = 1000};
}

}  // namespace coi::store
