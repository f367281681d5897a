// Everything that can change an account. Each value is complete in itself; decide() sees one of them and the Facts.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/number_set.h"
#include "chat/model.h"
#include "wire/filter.h"

namespace coi::chat {

// A mail was fetched and read. `live`: it came while we were watching; backfill never notifies, never answers.
struct MailArrived {
  Place place;
  FolderRole role = FolderRole::other;
  Flags flags;
  std::uint64_t modseq = 0;
  UnixMs internaldate = 0;  // 0: the server tells none
  std::uint64_t size = 0;   // octets on the server
  bool live = false;
  Content content;
};

// A mail that cannot be shown at all: remembered with its reason, never fetched twice.
struct MailUnreadable {
  Place place;
  std::string reason;
};

// A copy of a mail whose id and author are known from its header fields alone (a folder made anew, mails moved by
// another program): attach, load no body. What is not surely a copy of a stored one (known_by_header) is left to be
// fetched.
struct MailSeenAgain {
  Place place;
  MessageKey key;
  Flags flags;
  std::uint64_t modseq = 0;
  FolderRole role = FolderRole::other;
  std::uint64_t size = 0;  // octets on the server
  UnixMs internaldate = 0;
  std::optional<UnixMs> date, received;  // as in Content
};

struct FlagsChanged {
  Place place;
  FolderRole role = FolderRole::other;
  Flags flags;
  std::uint64_t modseq = 0;
};

struct Expunged {
  FolderId folder;
  std::uint32_t uidvalidity = 0;
  NumberSet uids;
};

struct FoundFolder {
  std::string name;  // UTF-8, with the server's hierarchy delimiter
  FolderRole role = FolderRole::other;
};
// The folders of the account, all of them that have a role. One that is no longer there is kept without a role.
struct FoldersFound {
  std::vector<FoundFolder> folders;
};

// The folder was made anew on the server: what we knew of places in it is void.
struct FolderReset {
  FolderId folder;
  std::uint32_t uidvalidity = 0;  // the new one
};

// The folder was restored from a backup, and what came after that backup is void: places from `uidnext` on, and every
// MODSEQ. Comes before the round that looks through what there is now.
struct FolderRestored {
  FolderId folder;
  std::uint32_t uidvalidity = 0;  // as before
  std::uint32_t uidnext = 0;      // as it is now; 0: not told
};

// A whole round of changes up to `highestmodseq` has been handed over; comes after them. `done`: UIDs that need no more
// looking at, those that do not exist among them.
struct RoundDone {
  FolderId folder;
  std::uint32_t uidvalidity = 0;
  std::uint32_t uidnext = 0;        // mails from here on have not come yet
  std::uint64_t highestmodseq = 0;  // 0: the server keeps none
  NumberSet done;
};

struct RecipientResult {
  std::string addr;
  RecipientState state = RecipientState::failed;  // queued: try again
  std::string reply;                              // the server's words, or why it could not be reached
};

// The submission of one queued mail ended, or could not begin.
struct SendResult {
  OutgoingId outgoing;
  std::vector<RecipientResult> recipients;
  bool hold_refused = false;  // the server does not keep mails until such a time: nobody has it
};

// From now on the server may have the mail for these recipients even if it never answers. Others of the mail may wait
// for a turn of their own.
struct DataStarted {
  OutgoingId outgoing;
  std::vector<std::string> recipients;
};

// The end of the mail has not left after all: these recipients, who were queued before, are due again at once.
struct DataNotStarted {
  OutgoingId outgoing;
  std::vector<std::string> recipients;
};

// A job that ran on the mailbox (see Job in plan.h).
struct JobDone {
  JobId job;
  bool done = false;      // false: keep it and try again later, `reason` says why
  bool hopeless = false;  // with !done: the server refused for good; the job is dropped
  std::string reason;
  // Moves and copies: the new places, in the order of `from`; empty when the server did not say (no UIDPLUS).
  std::vector<Place> from, to;
  // file_copy: true when it was put there now, false when it was there already.
  bool appended = false;
  // A claimed receipt: true when this device set $MDNSent first and so is the one to send it.
  bool claimed = false;
  std::string rfc_id;  // the random id of a mail that decide() may have to write
};

// The file of an attachment was fetched from the server.
struct FileFetched {
  AttachmentId attachment;
  std::string blob;  // hex SHA-256
  std::uint64_t size = 0;
  std::uint32_t width = 0, height = 0;  // as in Attachment
};

struct OutgoingFile {
  std::string name, type;
  std::string blob;  // hex SHA-256
  std::string bytes;
  std::uint32_t width = 0, height = 0;  // as in Attachment
  std::string preview = {};             // C-25: a small JPEG of a large picture; empty: there is none
};

// How a mail says that no person wrote it (RFC 3834 5).
enum class Automatic : std::uint8_t { no, generated, replied };

inline constexpr UnixMs longest_undo = 60'000;  // that a message is held back so that its author may take it back
// User actions. A chat is named by id; sending also by address, which makes the chat.
struct SendMessage {
  std::optional<ChatId> chat;
  std::string addr;  // canonical; used without `chat`
  std::string text;
  std::vector<OutgoingFile> files;
  // What it is if not words and files: voice, sticker (D-31), location (the text is what stands above the place),
  // contact, or poll (the text is poll_text()). `details` says where, whose, how long, what; whether the text is
  // formatted is found here.
  MessageKind kind = MessageKind::text;
  Details details = {};
  std::optional<MessageId> reply_to;
  Automatic automatic = Automatic::no;
  // Written as a mail then, and sent; until that it can be taken back. 0, or past: at once; absent: as the account
  // holds every message back (AccountFacts::undo_send_ms).
  std::optional<UnixMs> not_before_ms = {};
  std::string token;   // of the client; of several with one token the first is sent
  std::string rfc_id;  // of the token, else random, from the room wire; of a group's mail with its id (wire::in_group)
  // Of the further mails where the files need several (P-12): random, from the room wire, one for each file.
  std::vector<std::string> further_ids = {};
};
// Send again what failed or bounced. `files`: the message's attachments in order, with their bytes, for a mail that is
// no longer kept; without them such a mail with attachments is refused.
struct RetryMessage {
  MessageId message;
  std::vector<OutgoingFile> files = {};
};
// A message that waits for its time, and all that one wish sent with it (P-12): another time for them; one that has
// come sends them now.
struct Reschedule {
  MessageId message;
  UnixMs not_before_ms = 0;
};
// A message that waits for its time is not sent, and gone, as are those that wait with it; nobody hears of them.
struct TakeBack {
  MessageId message;
};
// The time of a message has come: it is written and sent as if the user did it now, and refused as that would be.
// `files`: its attachments in order, with their bytes.
struct SendHeld {
  MessageId message;
  std::vector<OutgoingFile> files = {};
};
// That was refused: the message waits no more, has failed, and can be sent or taken back by the user.
struct HeldFailed {
  MessageId message;
  std::string reason;
};
// Time has passed: what is over goes. A few at a time; it is given again until nothing is due any more
// (store::Database::next_expiry).
struct Tick {};
// The user has seen the chat, from one message to another, both included; 0 sets no bound. A bound that is no message
// of the chat leaves nothing.
struct MarkSeen {
  ChatId chat;
  MessageId from = {};
  MessageId up_to = {};
};
// Answer a plain program's wish for a receipt, as the user asked (D-28).
struct AnswerReceipt {
  MessageId message;
};
// D-23: an emoji for a message, in the place of the one before.
struct React {
  MessageId message;
  std::string emoji;      // '': withdrawn
  bool to_plain = false;  // also to people whose programs show it as a mail (P-04)
  std::string rfc_id;     // random, from the room wire
};
// C-27, D-21: other words for an own message.
struct EditMessage {
  MessageId message;
  std::string text;
  bool to_plain = false;  // also to people whose programs show it as a mail (P-04)
  std::string rfc_id;     // random, from the room wire
};
// C-28: an own message is taken back; its copies on the own server go too. `here`: nobody is told; so are messages of
// others deleted.
struct DeleteMessage {
  MessageId message;
  bool here = false;
  bool to_plain = false;
  std::string rfc_id;
};
// D-26, C-83.
struct PinMessage {
  MessageId message;
  bool pinned = true;
  UnixMs until_ms = 0;  // 0: for good
  bool to_plain = false;
  std::string rfc_id;
};
// P-20: our choice in the poll, in the place of the one before; none withdraws it.
struct Vote {
  MessageId poll;
  Choices choices;     // from 1
  std::string rfc_id;  // random, from the room wire
};
// P-24: the poll, which is ours, is over.
struct ClosePoll {
  MessageId poll;
  std::string rfc_id;  // random, from the room wire
};
// D-27: how long the messages of the chat stay from now on.
struct SetTimer {
  ChatId chat;
  std::optional<std::uint32_t> seconds;  // 0: for good; nullopt: as before
  // That copies of other people's messages are removed from the server too when their time is over.
  std::optional<bool> removes_copies;
  std::string rfc_id;  // random, from the room wire
};
struct ChangeChat {
  ChatId chat;  // 0: the chat with oneself, made where it is missing
  std::optional<bool> accepted, blocked, archived, pinned;
  std::optional<UnixMs> muted_until;                // 0: not muted; far future: for good
  std::optional<std::vector<std::string>> folders;  // into which the user sorts it, as written; none: into none
};
// A new group; a mail tells of it when something is said there.
struct CreateGroup {
  std::string id;  // random, from the room wire
  std::string name;
  std::vector<std::string> members;  // canonical, without us
};
// Changes of a group, each told to its members by a mail; all of them, or with an error none.
struct ChangeGroup {
  ChatId chat;
  std::vector<std::string> add, remove;  // canonical; an own address: leaves
  std::optional<std::string> name, description;
  std::optional<Picture> picture;    // without octets: none from now on
  std::vector<std::string> rfc_ids;  // one for each, random, from the room wire

  std::size_t count() const {
    return add.size() + remove.size() + std::size_t{name.has_value()} + std::size_t{description.has_value()} +
           std::size_t{picture.has_value()};
  }
};
struct NamePerson {
  std::string addr;  // canonical
  std::string name;  // empty: the name its mails carry
};
// In which of the user's categories somebody is (C-46).
struct CategorizePerson {
  std::string addr;                     // canonical
  std::vector<std::string> categories;  // as written, each may hold several apart by commas
};
// What a part of the own profile says from now on (C-52). One that is new begins as a copy of that for everybody.
struct SetProfile {
  std::vector<std::string> categories;  // whose part it is, as written; none: everybody's
  std::optional<std::string> status, birthday;
  std::optional<std::string> photo;  // base64 of a JPEG of image::avatar(); '': none
  bool removed = false;              // the part goes, and they get that for everybody
};
// Both addresses are one person's from now on, or (without `joined`) no longer.
struct SetAlias {
  std::string addr;   // canonical
  std::string alias;  // canonical
  bool joined = true;
};
struct SetFilter {
  wire::Filter filter = wire::Filter::none;
};

// C-39: whether contacts, and what the user decides about them and about chats, are written into the mailbox.
struct KeepContacts {
  bool kept = true;
};
// What is not yet sent in a chat.
struct SetDraft {
  ChatId chat;       // 0: the chat with oneself, made where it is missing; with `addr`, that of whoever has it
  std::string addr;  // canonical
  std::string text;
};

using Input =
    std::variant<MailArrived, MailUnreadable, MailSeenAgain, FlagsChanged, Expunged, FoldersFound, FolderReset,
                 FolderRestored, RoundDone, SendResult, DataStarted, DataNotStarted, JobDone, FileFetched, SendMessage,
                 RetryMessage, MarkSeen, AnswerReceipt, React, EditMessage, DeleteMessage, PinMessage, ChangeChat,
                 CreateGroup, ChangeGroup, NamePerson, CategorizePerson, SetProfile, SetAlias, SetFilter, Vote,
                 ClosePoll, SetTimer, Reschedule, TakeBack, SendHeld, HeldFailed, Tick, KeepContacts, SetDraft>;

}  // namespace coi::chat
