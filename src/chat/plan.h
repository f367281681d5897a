// What a decision does to the store: a list of operations, applied in order in one transaction. The store understands
// these and no header field.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/number_set.h"
#include "chat/input.h"
#include "chat/model.h"
#include "mime/mail.h"
#include "wire/filter.h"

namespace coi::chat {

// Whether a message deserves a sound when it comes. always: it mentions us, which a mute does not silence (C-79, C-80).
enum class Sound : std::uint8_t { none, unless_muted, always };

// Of several copies of one message that differ one speaks for it, whichever was fetched first: one that is not forged
// before one that is, one that went through no list before one that did, then the earliest by INTERNALDATE; of two at
// once the one with the earlier Date, then the lesser words. A message written on this device stays as it was written.
struct PutMessage {
  MessageKey key;
  std::vector<std::string> other_ids;
  Half half = Half::whole;        // the words are those of the announcement, kind and files those of the other
  std::optional<MessageId> into;  // a further copy of this message, whose key then becomes `key`; absent: a new one
  ChatRef chat;
  bool outgoing = false;
  bool unsaid = false;  // as in MessageFacts
  bool seen = false;
  bool history = false;       // found in the mailbox, not come while we were watching
  Sound sound = Sound::none;  // of a live and wanted one; the store heeds that a chat is muted
  bool forged = false, list = false;
  UnixMs arrived_ms = 0;   // chat/arrival.h, a whole second; the earliest of the copies counts
  UnixMs date_ms = 0;      // the author's Date; 0: none
  UnixMs received_ms = 0;  // INTERNALDATE, or the moment of sending; 0: not told
  std::uint64_t size = 0;  // octets on the server; 0: not known
  std::string from_name;
  std::string subject;
  MessageKind kind = MessageKind::text;
  Notice notice;  // of kind notice
  std::string text, quote, footer;
  Details details = {};
  bool html = false;
  bool is_chat = false;
  bool automatic = false;
  bool wants_chat_receipt = false, wants_plain_receipt = false;
  std::string in_reply_to;
  // The id of the mail that it edits. With that it is one message as soon as that is there, of the same author
  // (store/amendments.cpp).
  std::string edits;
  std::string thread_root;
  std::string follows;    // the newest mail that the author had before them; '': not known
  std::string bounce_of;  // a bounce: stands only while no own message of this id does, which shows the failure itself
  std::vector<Attachment> attachments;
  std::optional<std::uint32_t> timer = {};  // as in Content
  std::string album = {};  // P-12: the rfc_id of the first of the messages that one wish sent; '': it is alone
};

// Two messages turned out to be one: what lies under `gone` belongs to `kept` from now on.
struct JoinMessages {
  MessageId kept, gone;
};

// We do not want to see them any more, whoever wrote them: nothing is left here but what later copies are known by.
// Other mails that the author gave the same id stay.
struct RemoveMessages {
  std::vector<MessageId> messages;
  bool expired = false;  // their time was over (D-27); else it is the user's wish
};

struct PutPlace {
  Place place;
  MessageKey key;
  MessageId message;  // of those with this key; 0: the one that this plan has put, else the first
  Flags flags;
  std::uint64_t modseq = 0;
  std::uint64_t size = 0;
  bool appended = false;    // by this device
  Half half = Half::whole;  // which of its mails lies there
};

// A UID that is done without being a message: a receipt, a hidden mail, or one that could not be read (with a reason).
struct PutTombstone {
  Place place;
  std::string reason;
};

struct SetFlags {
  Place place;
  Flags flags;
  std::uint64_t modseq = 0;
};

struct DropPlaces {
  FolderId folder;
  std::uint32_t uidvalidity = 0;
  NumberSet uids;
};

struct PutFolders {
  std::vector<FoundFolder> folders;
};

struct ResetFolder {
  FolderId folder;
  std::uint32_t uidvalidity = 0;
};

struct RestoreFolder {
  FolderId folder;
  std::uint32_t uidvalidity = 0;
  std::uint32_t uidnext = 0;
};

struct PutRound {
  RoundDone round;
};

// What a mail says about an address. The newest mail wins (by `at_ms`, then rfc_id), in whatever order they come.
struct LearnAddress {
  std::string addr;
  std::string name;                           // empty: says nothing
  PeerClass peer_class = PeerClass::unknown;  // unknown: says nothing
  std::optional<std::string> status = {};     // nullopt: says nothing
  std::optional<PersonSaid> profile = {};     // its picture by id alone (PutPicture)
  std::optional<std::string> told = {};       // as in PeerFacts, with told_ms: the newest counts
  UnixMs told_ms = 0, requested_ms = 0;       // as in PeerFacts; 0: says nothing
  bool known = false;                         // true: from now on a known contact; false: says nothing
  std::optional<bool> unproven = {};          // as in Content; nullopt: says nothing
  UnixMs at_ms = 0;
  std::string rfc_id;
};

// Kept whether or not what it is about is there. How far an own message got is read from these and from the recipient
// rows, so that it does not matter which came first. Said again by the same mail, the earlier time counts. Of those of
// one author, kind, subject and person the newest 64 by their Date are kept, and the oldest.
struct PutRemark {
  Remark remark;
  bool news = false;  // it came just now, from somebody who is wanted here
};

// Kept while a remark names it.
struct PutPicture {
  Picture picture;
};

// What a mail says about who is in a group. Of all that is said the store keeps, for each author and member, what
// decides (chat/settle_group.h), so that it does not matter in which order the mails come. The names stand in remarks.
struct PutGroup {
  std::string id;
  // Mails of chat programs of the same group, by their Message-IDs: each gives the group a further id
  // (chat::group_of_thread), and groups that share one are one. Two that have ids of their own stay apart.
  std::vector<std::string> threads;
  std::string
      plain_thread;    // the first id of the thread in which plain programs write; one group if it is in `threads`
  std::string author;  // canonical, as everybody in here
  std::string rfc_id;
  UnixMs arrived_ms = 0;  // the author of the mail that arrived first is believed without more
  UnixMs said_ms = 0;     // chat::said_ms
  std::vector<MemberTime> joined, parted;
  std::vector<std::string> listed;  // C-71: who got the mail, where it tells no times
  std::string answers;              // the mail that the author had before them; '': none
  std::string subject;              // C-70: a name, if it is not that of the mail before; '': none
  bool accepted = false;            // we write in it
  std::string self;                 // our own address in it
};

// Seen on this device: the message and all its places.
struct SetSeen {
  MessageId message;
};

// A mail to be sent: the rendered bytes and one recipient row each. `tree` is what compose() wrote; the engine
// turns it into `bytes` before the plan is applied. Of a message that was sent before, only the bytes are put back; of
// one that is held they are not kept, as it is written anew.
struct PutOutgoing {
  enum class Kind : std::uint8_t {
    message,
    control,  // says something about a message and is none; own devices learn it from its copy in the folders
    report,   // the same, without a copy and without a reverse-path (RFC 8098 section 2.1)
    storage,  // goes to nobody: it is filed in Contacts, in the place of one about the same that still waits for that
  };

  Kind kind = Kind::message;
  MessageKey key;
  MessageId message;                    // as in PutPlace; only of a message
  std::vector<std::string> recipients;  // SMTP envelope, canonical addresses; nobody: only its copy is filed
  std::string about = {};               // of a storage mail: the same for all about one person or group
  std::optional<FolderRole> file_in;    // its own copy is filed there now, whatever becomes of its way
  UnixMs not_before_ms = 0;             // its recipients are held until then; 0: queued
  UnixMs hold_until_ms = 0;             // queued now, and kept by the server until then (RFC 4865); 0: not
  mime::Part tree;
  std::string bytes;
};

struct SetRecipient {
  OutgoingId outgoing;
  std::string addr;
  RecipientState state = RecipientState::queued;
  std::string reply;
  int attempts = 0;
  UnixMs next_ms = 0;       // queued, sending: not before
  bool unanswered = false;  // one more time the server had the mail and said nothing
  bool again = false;       // the user's wish: the time to give up counts from now,
  UnixMs bounced_ms = 0;    // … and bounces up to this time are history
};

// The time until which a mail is held, with all its recipients; 0: it waits no more, and they are as they are.
struct HoldOutgoing {
  OutgoingId outgoing;
  UnixMs not_before_ms = 0;
};
// The time of a held message has come: it is what it says from now on, and has its place in the chat by that. What was
// to be sent is void: a PutOutgoing of the plan brings its mail, behind all that was queued before.
struct SayMessage {
  MessageId message;
  PutMessage said;           // its files and its text stay as they are
  bool handed_over = false;  // its mail has been, to a server that kept it: that stays as it is
};

struct PutJob {
  JobKind kind = JobKind::store_seen;
  MessageId message;
  OutgoingId outgoing;  // file_copy: the mail
  FolderRole role = FolderRole::other;
  std::vector<Place> places;  // all in one folder
  UnixMs next_ms = 0;         // not before
};

struct EndJob {
  JobId job;
};
struct DelayJob {
  JobId job;
  int attempts = 0;
  UnixMs next_ms = 0;
  std::string reason;
};

// The copies of `from` now lie at `to`.
struct MovePlaces {
  std::vector<Place> from, to;
};

struct PatchChat {
  ChatId chat;  // 0: the chat with oneself, made where it is missing
  std::optional<bool> accepted, blocked, archived, pinned;
  std::optional<UnixMs> muted_until;
  std::optional<bool> removes_expired = {};  // as in ChatFacts
};
struct PatchPerson {
  std::string addr;
  std::string name;
};
// The person of `alias` becomes that of `addr`, with all addresses and the whole chat. Without `addr` the address
// becomes a person of its own, and takes along what was exchanged with it.
struct PutAlias {
  std::string alias;
  std::string addr;
};
struct PutFile {
  FileFetched file;
};
struct PutFilter {
  wire::Filter filter = wire::Filter::none;
};
// Whether the provider stores sent mail by itself.
struct PutCopiesFiled {
  bool by_server = false;
};

// What the user decided; each counts if it is the newest of its kind.
struct PutChoices {
  ChatRef about;
  std::vector<Choice> choices;
};
// A mail in Contacts.
struct PutStorage {
  Place place;
  std::string rfc_id;
  StorageMail mail;
};
// Whether contacts are written into the mailbox, by the user's word.
struct PutContactsKept {
  bool kept = false;
};

using Operation =
    std::variant<PutMessage, JoinMessages, RemoveMessages, PutPlace, PutTombstone, SetFlags, DropPlaces, PutFolders,
                 ResetFolder, RestoreFolder, PutRound, LearnAddress, PutRemark, PutPicture, PutGroup, SetSeen,
                 PutOutgoing, HoldOutgoing, SayMessage, SetRecipient, PutJob, EndJob, DelayJob, MovePlaces, PatchChat,
                 PatchPerson, PutAlias, PutFile, PutFilter, PutCopiesFiled, PutChoices, PutStorage, PutContactsKept>;

// A refusal changes nothing; its error goes back to whoever asked.
struct Plan {
  std::vector<Operation> operations;
  std::optional<Error> refusal;
};

}  // namespace coi::chat
