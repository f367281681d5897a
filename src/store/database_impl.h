// The inside of Database, shared by its files; not for other rooms.
#pragma once

#include <map>

#include "chat/settle_group.h"

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
  std::vector<chat::MessageFacts> find(const chat::FindVersions& wanted) override;
  std::vector<chat::MessageFacts> find(const chat::FindAlbum& wanted) override;
  std::optional<chat::OutgoingFacts> find(const chat::FindOutgoing& wanted) override;
  std::optional<chat::MessageFacts> find(const chat::FindInChat& wanted) override;
  bool find(const chat::FindSent& wanted) override;
  std::vector<chat::Remark> find(const chat::FindRemarks& wanted) override;
  chat::PollSaid find(const chat::FindPollSaid& wanted) override;
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
  void name_thread(chat::MessageId id);
  void put_ids(const chat::PutMessage& message, chat::MessageId id);
  chat::MessageId insert(const chat::PutMessage& message, chat::ChatId chat);
  chat::PutMessage stored(chat::MessageId id);
  void merge(const chat::PutMessage& copy, chat::MessageId known);
  bool has_better_files(const chat::PutMessage& copy, chat::MessageId known, UnixMs file_ms);
  bool is_deleted(chat::MessageId message);
  void note_gain(const chat::PutMessage& message, chat::MessageId id, chat::ChatId chat);
  bool is_spoken_of(const std::string& rfc_id, chat::MessageId message);
  bool gives_way(const chat::PutMessage& message);
  void remove_bounces_of(const std::string& rfc_id);
  void put_files(const chat::PutMessage& message, chat::MessageId id);
  void set_poll(chat::MessageId message, const std::string& poll_id);
  void put_poll(const chat::PutMessage& message, chat::MessageId id);
  std::string indexed_body(chat::MessageId id);
  static std::string indexed_body(const chat::PutMessage& message);
  void order_second(chat::ChatId chat, UnixMs second);
  void order_seconds();  // all of `unordered`
  void order_all();
  void remove_row(chat::MessageId message);
  void settle_seen(chat::MessageId message);
  bool deserves_sound(chat::MessageId message, chat::Sound sound);
  bool is_loud(chat::MessageId message, chat::Sound sound = chat::Sound::unless_muted);
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
  void apply(const chat::PutPicture& put);
  void apply(const chat::RemoveMessages& removed);

  // held_mails.cpp
  void apply(const chat::HoldOutgoing& held);
  void apply(const chat::SayMessage& say);

  // apply_amendments.cpp
  std::optional<IndexedMessage> entry_of(chat::MessageId message);
  void reindex(chat::MessageId message, const std::optional<IndexedMessage>& before);  // `before`: as entry_of() was
  chat::MessageId shown_by(chat::MessageId message);
  chat::MessageId shown_version(chat::MessageId message);  // the row that stands in the chat for all that it was
  std::int64_t family_of(chat::MessageId message);
  void unite(chat::MessageId one, chat::MessageId other);
  void leave_family(chat::MessageId message);
  void relate(chat::MessageId message);
  bool is_taken_back(chat::MessageId message);
  std::vector<chat::MessageId> polls_answered(chat::MessageId message);
  std::int64_t deletion_of(std::int64_t family, chat::MessageId root);
  void wipe(chat::MessageId message, std::int64_t deleted, bool expired);
  void forget_remarks(const std::string& rfc_id);
  std::vector<chat::MessageId> namesakes_of(chat::MessageId message);
  chat::MessageId join_deleted(chat::MessageId message);
  void join_ids(chat::MessageId kept, chat::MessageId gone);
  void settle_deletion(chat::MessageId message);
  void spread_deletion(chat::MessageId message, std::int64_t deleted, bool expired = false);  // as in RemoveMessages
  void hide(chat::MessageId message, std::int64_t hidden);
  void show_words_of(chat::MessageId message, chat::MessageId version);
  void settle_family(std::int64_t family);
  void settle_amendments();  // at the end of each plan
  void relate_anew(chat::PersonId person);
  void dissolve(std::int64_t family);

  // apply_timers.cpp
  void settle_timers();  // all of `timed`, `untimed` and `aging`
  // Whether the message changes the timer of its chat, and whether those do whose forerunner it is; how many of them do
  // where they did not, or the other way round.
  int judge_change(chat::MessageId message);
  int judge_followers(chat::MessageId message);
  void settle_change(chat::MessageId message);  // both, and the chat's timer
  void settle_new_change(const chat::PutMessage& message, chat::MessageId id, chat::ChatId chat);
  void settle_timer(chat::ChatId chat);
  void settle_expiry(chat::MessageId message);
  std::vector<std::vector<chat::MessageFacts>> find(const chat::FindExpired& wanted) override;
  bool copies_may_go(chat::ChatId chat);

  // apply_groups.cpp
  std::optional<bool> find(const chat::FindAccepted& wanted) override;
  void apply(const chat::PutGroup& put);
  // A mail whose listing and subject count by the mail that it answers.
  struct Waiting {
    std::string group, author;
    UnixMs said_ms = 0;
    std::vector<std::string> listed;
    std::string subject;
  };
  chat::ChatId group_chat(const std::string& id);  // 0: there is none
  chat::ChatId make_group(const std::string& id);
  std::vector<std::string> sources_of(chat::ChatId chat);
  void add_group_words(chat::ChatId chat, chat::GroupFacts& group);
  void put_group_id(const std::string& id, chat::ChatId chat, const std::string& thread);
  std::vector<std::string> ids_of_thread(const std::string& thread);
  std::string source_of(const std::string& id);
  void relabel(const std::string& other, const std::string& label);
  void unite_groups(const std::vector<std::string>& ids, const std::string& made);
  void move_component(const std::string& label, chat::ChatId from, chat::ChatId to);
  void name_group(chat::ChatId chat);
  void name_group(chat::ChatId chat, const std::string& id);
  void claim(const std::string& group, const chat::MembershipClaim& claim);
  struct Parent {  // a mail that others answer
    UnixMs date_ms = 0;
    std::string subject, removed;  // who left with it
  };
  std::vector<Parent> parents_of(const std::string& rfc_id);
  void take_listing(const Waiting& mail, const Parent& answered);
  void take_waiting(const std::vector<std::string>& ids);  // what waits for the message with these ids
  chat::GroupClaims claims_of(chat::ChatId chat);
  void settle_groups();  // all of `unsettled`
  std::optional<chat::GroupFacts> group_facts(chat::ChatId chat);

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
  chat::ChatId make_chat(chat::PersonId person);
  chat::ChatId chat_of_person(chat::PersonId person);  // 0: there is none

  // apply_storage.cpp
  struct About {  // one of them
    chat::PersonId person = {};
    chat::ChatId chat = {};
  };
  void apply(const chat::PutChoices& put);
  void apply(const chat::PutStorage& put);
  void apply(const chat::PutContactsKept& put);
  chat::Chosen find(const chat::FindChosen& wanted) override;
  std::vector<chat::ChatRef> find(const chat::FindAllChosen& wanted) override;
  std::vector<chat::KeptMail> find(const chat::FindStorage& wanted) override;
  About make_about(const chat::ChatRef& about);
  About stored_about(const chat::ChatRef& about);
  std::vector<chat::Choice> choices_of(About about);
  bool put_choice(About about, const chat::Choice& choice);
  void take_effect(About about, const chat::Choice& choice);
  void take_effect(About about);  // all of it
  void join_choices(About from, About to);
  std::optional<chat::KeptMail> kept_mail(const chat::Place& place);
  void forget_storage(chat::FolderId folder, std::uint32_t uidvalidity, NumberSet::Range uids);
  bool replaces_waiting(const chat::PutOutgoing& outgoing);

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
  NumberSet not_waited_for(const chat::PutJob& job);
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
  // The last one that this transaction put in: `changes` tells of it as a whole.
  bool is_just_added(chat::MessageId message) const {
    return !changes.added.empty() && changes.added.back() == message;
  }

  Connection connection;
  SearchIndex index{connection};
  Log log;
  UnixMs now = 0;
  Changes changes;
  std::map<chat::FolderId, Progress> progress;
  std::set<std::pair<chat::ChatId, UnixMs>> unordered;  // seconds of chats in which a message came to lie
  std::set<chat::ChatId> unsettled;                     // groups about which something was said
  std::set<chat::OutgoingId> settling;                  // may be settled when the transaction ends
  std::set<chat::MessageId> amended;                    // may edit or be edited, or be deleted, otherwise than before
  std::set<std::int64_t> families;                      // of which something changed
  std::set<chat::MessageId> timed;                      // may say something else of a timer than before
  std::set<chat::ChatId> untimed;                       // whose timer may be another one
  std::set<chat::MessageId> aging;                      // that may disappear at another time than before
  std::optional<chat::MessageId> put_now;               // by the plan that is being applied
  std::int64_t seq = 0;
  std::filesystem::path directory;
  std::optional<Error> damage;  // found amid work
};

}  // namespace coi::store
