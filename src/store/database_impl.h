// The inside of Database, shared by its files; not for other rooms.
#pragma once

#include <map>

#include "store/condition.h"
#include "store/database.h"
#include "store/search_index.h"
#include "store/sql.h"

namespace coi::store {

// Of a folder, as it will be committed: read once, written at the end of the transaction that changed it.
struct Progress {
  std::uint32_t uidvalidity = 0;  // 0: none yet
  NumberSet done;
  bool changed = false;
};

struct Database::Impl : chat::Lookups {
  Impl(const std::string& file, Log sink);
  static Result<std::unique_ptr<Impl>> open(const std::filesystem::path& directory, const KnownCondition& known,
                                            Log log);

  // As walled(); that the database is damaged is remembered.
  template <class Work>
  auto guarded(std::string_view what, Work work) {
    auto result = walled(what, std::move(work));
    if (!result && result.error().kind() == ErrorKind::corrupt && !damage) damage = result.error();
    return result;
  }
  // The write-ahead log is not carried over into the file when it is closed.
  void keep_log(bool kept);

  // lookups.cpp
  std::vector<chat::MessageFacts> find(const chat::FindMessages& wanted) override;
  std::vector<chat::MessageFacts> find(const chat::FindOwnOf& wanted) override;
  std::optional<chat::MessageFacts> find(const chat::FindMessageRow& wanted) override;
  std::optional<chat::OutgoingFacts> find(const chat::FindOutgoing& wanted) override;
  bool find(const chat::FindSent& wanted) override;
  std::vector<chat::Remark> find(const chat::FindRemarks& wanted) override;
  std::optional<chat::PeerFacts> find(const chat::FindPeer& wanted) override;
  std::vector<std::string> find(const chat::FindAddresses& wanted) override;
  std::optional<chat::ChatFacts> find(const chat::FindChat& wanted) override;
  std::optional<chat::ChatFacts> find(const chat::FindChatOf& wanted) override;
  std::vector<chat::PlaceFacts> find(const chat::FindChatInInbox& wanted) override;
  std::vector<chat::MessageFacts> find(const chat::FindFresh& wanted) override;
  std::optional<chat::PlaceFacts> find(const chat::FindPlace& wanted) override;
  std::optional<chat::JobFacts> find(const chat::FindJob& wanted) override;
  std::vector<chat::MessageFacts> messages_facts(std::vector<chat::MessageId> ids);  // the oldest row first
  chat::ChatId stored_chat(const chat::ChatRef& ref);                                // 0: there is none yet
  std::optional<chat::MessageFacts> message_facts(chat::MessageId id);
  std::optional<chat::OutgoingFacts> outgoing_facts(chat::OutgoingId id);
  std::optional<chat::PeerFacts> peer_facts(const std::string& addr);
  std::vector<chat::PlaceFacts> place_facts(Rows rows);
  bool seen_pending(const chat::Place& place);

  // apply_message.cpp
  void apply(const chat::PutMessage& message);
  void apply(const chat::JoinMessages& join);
  void apply(const chat::PutPlace& place);
  void apply(const chat::SetSeen& seen);
  void apply(const chat::PutFile& file);
  // That of a plan's operation: the one named, else the one that the plan has put, else the first with the key.
  chat::MessageId message_id(const chat::MessageKey& key, chat::MessageId named = {});
  std::vector<chat::MessageId> with_key(const std::string& rfc_id, const std::string& from_addr);
  std::vector<std::string> ids_of(chat::MessageId message);
  void put_ids(const chat::PutMessage& message, chat::MessageId id);
  chat::MessageId insert(const chat::PutMessage& message, chat::ChatId chat);
  chat::PutMessage stored(chat::MessageId id);
  void merge(const chat::PutMessage& message, chat::MessageId known);
  bool gives_way(const chat::PutMessage& message);
  void remove_bounces_of(const std::string& rfc_id);
  void put_files(const chat::PutMessage& message, chat::MessageId id);
  std::string indexed_body(chat::MessageId id);
  static std::string indexed_body(const chat::PutMessage& message);
  void order_second(chat::ChatId chat, UnixMs second);
  void order_seconds();  // all of `unordered`
  void order_all();
  void remove_row(chat::MessageId message, const IndexedMessage& indexed);
  void settle_seen(chat::MessageId message);
  bool deserves_sound(chat::MessageId message);
  // What its copies on the server tell of a message, their flag \Seen apart.
  struct Copies {
    bool any = false, answered = false;  // answered: by a receipt
    bool operator==(const Copies&) const = default;
  };
  Copies copies_of(chat::MessageId message);
  void touch_unless(chat::MessageId message, Copies before);
  void note_own_copy(chat::MessageId message);

  // apply_remarks.cpp
  void apply(const chat::PutRemark& put);

  // apply_people.cpp
  void apply(const chat::LearnAddress& learned);
  void apply(const chat::PatchChat& patch);
  void apply(const chat::PatchPerson& patch);
  void apply(const chat::PutAlias& alias);
  void join(chat::PersonId from, chat::PersonId to);
  void part(const std::string& addr, chat::PersonId from);
  std::vector<chat::MessageId> messages_of(chat::ChatId chat, const std::string& peer);  // '': with everybody
  void move_messages(const std::vector<chat::MessageId>& messages, chat::ChatId from, chat::ChatId to);
  void apply(const chat::PutFilter& filter);
  void apply(const chat::PutCopiesFiled& filed);
  chat::PersonId person_of(const std::string& addr);
  chat::ChatId chat_of(const chat::ChatRef& ref);
  chat::ChatId chat_of_person(chat::PersonId person);  // 0: there is none

  // apply_mailbox.cpp
  void apply(const chat::PutTombstone& tombstone);
  void apply(const chat::SetFlags& flags);
  void apply(const chat::DropPlaces& gone);
  void apply(const chat::PutFolders& folders);
  void apply(const chat::ResetFolder& reset);
  void apply(const chat::RestoreFolder& restored);
  void apply(const chat::PutRound& round);
  void apply(const chat::MovePlaces& moved);
  void apply(const chat::PutJob& job);
  void apply(const chat::EndJob& job);
  void apply(const chat::DelayJob& job);
  Progress& progress_of(chat::FolderId folder);
  // The place is of an earlier life of its folder; its UID means nothing now.
  bool is_void(const chat::Place& place);
  void mark_done(const chat::Place& place);
  void save_progress();
  void forget_places(chat::FolderId folder, std::uint32_t uidvalidity, NumberSet::Range uids);

  // apply_outgoing.cpp
  void apply(const chat::PutOutgoing& outgoing);
  void apply(const chat::SetRecipient& recipient);
  void drop_settled(chat::OutgoingId id);

  void touch(chat::MessageId message);  // a message that is not new changed

  Connection connection;
  SearchIndex index{connection};
  Log log;
  UnixMs now = 0;
  Changes changes;
  std::map<chat::FolderId, Progress> progress;
  std::set<std::pair<chat::ChatId, UnixMs>> unordered;  // seconds of chats in which a message came to lie
  std::set<chat::OutgoingId> settling;                  // may be settled when the transaction ends
  std::optional<chat::MessageId> put_now;               // by the plan that is being applied
  std::int64_t seq = 0;
  std::filesystem::path directory;
  std::optional<Error> damage;  // found amid work
};

}  // namespace coi::store
