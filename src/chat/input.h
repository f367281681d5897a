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
};

// From now on the server may have the mail even if it never answers.
struct DataStarted {
  OutgoingId outgoing;
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
};

struct OutgoingFile {
  std::string name, type;
  std::string blob;  // hex SHA-256
  std::string bytes;
};

// How a mail says that no person wrote it (RFC 3834 5).
enum class Automatic : std::uint8_t { no, generated, replied };

// User actions. A chat is named by id; sending also by address, which makes the chat.
struct SendMessage {
  std::optional<ChatId> chat;
  std::string addr;  // canonical; used without `chat`
  std::string text;
  std::vector<OutgoingFile> files;
  std::optional<MessageId> reply_to;
  Automatic automatic = Automatic::no;
  std::string token;   // of the client; of several with one token the first is sent
  std::string rfc_id;  // of the token, else random, from the room wire
};
// Send again what failed or bounced. `files`: the message's attachments in order, with their bytes, for a mail that is
// no longer kept; without them such a mail with attachments is refused.
struct RetryMessage {
  MessageId message;
  std::vector<OutgoingFile> files = {};
};
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
struct ChangeChat {
  ChatId chat;  // 0: the chat with oneself, made where it is missing
  std::optional<bool> accepted, blocked, archived, pinned;
  std::optional<UnixMs> muted_until;  // 0: not muted; far future: for good
};
struct NamePerson {
  std::string addr;  // canonical
  std::string name;  // empty: the name its mails carry
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

using Input =
    std::variant<MailArrived, MailUnreadable, MailSeenAgain, FlagsChanged, Expunged, FoldersFound, FolderReset,
                 FolderRestored, RoundDone, SendResult, DataStarted, DataNotStarted, JobDone, FileFetched, SendMessage,
                 RetryMessage, MarkSeen, AnswerReceipt, React, ChangeChat, NamePerson, SetAlias, SetFilter>;

}  // namespace coi::chat
