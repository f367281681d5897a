// The writing connection to one account's database. Owned and used by the account thread alone.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/number_set.h"
#include "base/result.h"
#include "chat/facts.h"
#include "chat/lookups.h"
#include "chat/plan.h"

namespace coi::store {

// When commit() returns: normal, the change survives a crash of the program; full, it survives a power cut too.
enum class Durability : std::uint8_t { normal, full };

// What a committed transaction changed, for events and for waking workers.
struct Changes {
  std::vector<chat::MessageId> added;             // in the order they came
  std::map<chat::MessageId, chat::Sound> sounds;  // of those of `added` that deserve one
  // Own messages to which somebody reacted just now, in chats that are not muted: who, and by what. The last of
  // several.
  std::map<chat::MessageId, chat::Remark> reactions;
  std::set<chat::MessageId> history;  // those of `added` that did not come just now
  std::set<chat::MessageId> changed;  // without those in `added`
  std::set<chat::ChatId> chats;
  std::set<chat::PersonId> people;
  std::vector<chat::OutgoingId> outgoing;  // mails that became due
  bool held = false;                       // a mail waits for a time, which may have come
  bool jobs = false;                       // mailbox work became due
  bool account = false;                    // a setting or the folder list
  bool everything = false;                 // more than one by one: to be read anew
  std::int64_t seq = 0;                    // number of the last event that follows from this transaction

  bool empty() const;
  // How many events the front ends get: one an object.
  std::int64_t events() const;
};

// What the server says of the mail that has this UID.
struct PlacedMail {
  std::uint32_t uid;
  std::uint64_t size;                     // 0: not told
  std::optional<chat::MailSeenAgain> id;  // of its header; nullopt: there is none
};

// How a mail came to a place where its message was not.
enum class Copied : std::uint8_t {
  made_anew,  // its folder was: all that lay there has another UID
  moved,      // by another program, perhaps: then it lies nowhere else any more
};

struct Folder {
  chat::FolderId id;
  std::string name;
  chat::FolderRole role = chat::FolderRole::other;
  std::uint32_t uidvalidity = 0;
  std::uint32_t uidnext = 0;
  std::uint64_t highestmodseq = 0;
  NumberSet done;
};

// A mail to hand to the submission server now: the recipients that are due.
struct DueMail {
  chat::OutgoingId id;
  std::string rfc_id;
  std::string mail_from;  // SMTP envelope; empty for reports (RFC 8098 2.1)
  std::string bytes;
  std::vector<std::string> recipients;
  std::vector<std::string> queued;  // those of them whom the server cannot have it for: no attempt went unanswered
  UnixMs hold_until_ms = 0;         // the server is to keep it until then (RFC 4865); 0, or past: not
};

// A message that has waited for its time, with its files, which stand in order.
struct DueMessage {
  chat::MessageId message;
  std::vector<chat::Attachment> files;
};

class Database {
 public:
  // Opens or creates `directory`/account.db and brings it to the newest version. After an unclean end, or when somebody
  // else changed the file, all of it is looked through first. ErrorKind: locked (another program has it), corrupt (it
  // is left as it is; repair.h), full, io; not_allowed when a newer version of the program made it.
  static Result<Database> open(const std::filesystem::path& directory, Log log);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();  // without close(): as if the program had been killed

  // Brings all into the one file and notes that it ended well. No other member may be called afterwards.
  Result<> close();
  // What SQLite found amid the work of the other members: nothing more is to be written, and repair.h helps. It is
  // noted by close(), so that the next open() says the same.
  std::optional<Error> damage() const;
  // The same, found by somebody else's reading.
  void note_damage(const Error& error);

  // One transaction: begin, then any number of look_up and apply, then commit or rollback. After an error of any of
  // them only rollback() is allowed.
  Result<> begin(Durability durability);
  // Calls `use` with what is stored by now; the reference is good for that call.
  Result<> look_up(const std::function<void(chat::Lookups&)>& use);
  Result<> apply(const chat::Plan& plan, UnixMs now);
  Result<Changes> commit();
  // What the open transaction has changed so far; valid until the next call.
  const Changes& pending() const;
  void rollback() noexcept;

  Result<std::vector<Folder>> folders();
  // The stored message of which this is surely a copy, and to which it has nothing to add: neither a body nor an
  // earlier time. nullopt: it has to be read; so has one whose message still lies where, by `copied`, it lies no more:
  // that is another mail with the same header, as cameras send them. An author who is us, `ours`: what the message was
  // disowned of, this copy may prove.
  Result<std::optional<chat::MessageId>> knows(const chat::MailSeenAgain& copy, Copied copied, bool ours, UnixMs now);
  // Those of these UIDs at which a mail is stored that this is not, by its ids, Date and size. Of what has no id the
  // size decides; where that was not told, it is taken for another.
  Result<NumberSet> other_mails(chat::FolderId folder, std::uint32_t uidvalidity, const std::vector<PlacedMail>& mails);
  Result<std::vector<chat::JobFacts>> due_jobs(UnixMs now);
  // Mails with a recipient that is due, oldest first; and whether this is one.
  Result<std::vector<chat::OutgoingId>> due_outgoing(UnixMs now);
  Result<bool> is_due(chat::OutgoingId id, UnixMs now);
  // Absent when it is not, or when an older mail to the same people is still open: it must not overtake that.
  // `behind`: a mail that does not hold this one back, although it is older, open and to the same person. Without
  // bytes: the mail is lost.
  Result<std::optional<DueMail>> due_mail(chat::OutgoingId id, UnixMs now, std::optional<chat::OutgoingId> behind = {});
  // What waits for its next try is due now. In a transaction of its own.
  Result<> bring_forward(UnixMs now);
  // Held messages whose time has come, as they are to be sent: the earliest first, then as they were written. A few of
  // them.
  Result<std::vector<DueMessage>> due_held(UnixMs now);
  // When to look at due_outgoing(), due_held(), next_expiry() and due_jobs() again: at the earliest time after `now` at
  // which a queued or held mail or a delayed job becomes due, or a message's time is over; for those that are due by
  // now and still wait, in a minute. nullopt when nothing waits.
  Result<std::optional<UnixMs>> next_due(UnixMs now);
  // When the next message's time is over (D-27), by now or to come; nullopt: no message disappears. Tick removes those
  // that are due.
  Result<std::optional<UnixMs>> next_expiry();
  // A rendered mail that was sent from here, for the own copy; nullopt when it is settled already.
  struct OwnCopy {
    std::string rfc_id;
    std::string bytes;
    bool chat = true;
    UnixMs date_ms = 0;
  };
  Result<std::optional<OwnCopy>> own_copy(chat::OutgoingId id);

  // The UIDs of which something is stored: messages, reports, tombstones.
  Result<NumberSet> held_uids(chat::FolderId folder, std::uint32_t uidvalidity);

  // Of these those where a storage mail lies, as far as is known.
  Result<std::vector<chat::Place>> storage_places(const std::vector<chat::Place>& places);
  // Where copies of the message lie.
  Result<std::vector<chat::Place>> places(chat::MessageId message);

  // The Message-ID of the mail that lies there; nullopt: no message is known there.
  Result<std::optional<std::string>> rfc_id_at(const chat::Place& place);

  // The index of the search keeps words of deleted messages until it is written anew. In a transaction of its own; true
  // if it was: that takes a second for 100 000 messages.
  Result<bool> forget_deleted_words();

  // Those that no remark names any more. In a transaction of its own.
  Result<> forget_pictures();

  // The names of all files that attachments refer to.
  Result<std::set<std::string>> blobs();

  // How the sending of a message ended: nullopt while it is on its way, else done or the server's refusal.
  Result<std::optional<Result<>>> sent(chat::MessageId message);

  Result<std::optional<std::string>> setting(std::string_view name);
  // In a transaction of its own.
  Result<> set_setting(std::string_view name, std::string_view value);

  // The golden dump of tests: everything that a user could see, in an order that does not depend on row ids.
  Result<std::string> dump();

  struct Impl;  // database_impl.h

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coi::store
