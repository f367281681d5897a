// The values that the meaning of mail is made of. Plain data: no behaviour, no SQL, no sockets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/strong_id.h"
#include "base/time.h"
#include "mime/address.h"

namespace coi::chat {

using ChatId = StrongId<struct ChatTag>;
using MessageId = StrongId<struct MessageTag>;  // a row of the database; the mail's Message-ID is called rfc_id
using PersonId = StrongId<struct PersonTag>;
using FolderId = StrongId<struct FolderTag>;
using AttachmentId = StrongId<struct AttachmentTag>;
using JobId = StrongId<struct JobTag>;
using OutgoingId = StrongId<struct OutgoingTag>;  // a rendered mail on its way to the submission server

using mime::Address;

// What a mail program of an address can show, from the newest mail that the address wrote. Stored as number: only
// append.
enum class PeerClass : std::uint8_t { unknown, plain, delta, coi };

// What a folder is for us. Stored as number: only append.
enum class FolderRole : std::uint8_t { other, inbox, chats, sent, blocked, contacts, trash, junk, drafts };

// Stored as number: only append.
enum class ChatKind : std::uint8_t { single, self };

// Which chat a mail belongs to, by what the mail says; the store finds or makes the row.
struct WithPerson {
  std::string addr;  // canonical; '': the mails name no author
  friend bool operator==(const WithPerson&, const WithPerson&) = default;
};
struct WithSelf {
  friend bool operator==(const WithSelf&, const WithSelf&) = default;
};
using ChatRef = std::variant<WithPerson, WithSelf>;

// Of the one other whom the chat is with; '': there is none, or not one.
inline std::string peer_of(const ChatRef& chat) {
  const auto* person = std::get_if<WithPerson>(&chat);
  return person == nullptr ? std::string() : person->addr;
}
inline bool is_with_self(const ChatRef& chat) { return std::holds_alternative<WithSelf>(chat); }

// One mail is one message wherever and however often it lies: the same id by another author is another message. So is
// the same id by the same author with other words (chat/same_mail.h): a key may be that of several messages.
struct MessageKey {
  std::string rfc_id;     // without <>
  std::string from_addr;  // canonical
  friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
};

// Where one copy of a mail lies on the server.
struct Place {
  FolderId folder;
  std::uint32_t uidvalidity = 0;
  std::uint32_t uid = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

// The flags and keywords that mean something to us, as bits; stored.
struct Flags {
  static constexpr std::uint32_t seen = 1, answered = 2, flagged = 4, deleted = 8, draft = 16, mdn_sent = 32, chat = 64;
  std::uint32_t bits = 0;
  bool has(std::uint32_t flag) const { return (bits & flag) != 0; }
  friend bool operator==(Flags, Flags) = default;
};

// Stored as number: only append.
enum class MessageKind : std::uint8_t { text, media };

// Stored as number: only append.
enum class RecipientState : std::uint8_t {
  queued,    // not tried, or tried and to be tried again
  sending,   // DATA began and was not answered: the server may have it (waits for the own copy)
  accepted,  // the submission server took it
  failed,    // refused for good, or bounced
};

// Stored as number: only append.
enum class FileState : std::uint8_t { remote, loading, local };

struct Attachment {
  std::string name;        // UTF-8, never empty
  std::string type;        // MIME type, lower case
  std::uint64_t size = 0;  // octets when decoded
  FileState state = FileState::remote;
  std::string blob;  // local: hex SHA-256 of the bytes, the name of the file
  // IMAP section that holds it ("2.1"), for fetching it later. "2/1.3": what is in section 2 was opened (mime/smime.h),
  // and this is part 1.3 of it.
  std::string section;
  bool inline_part = false;  // shown by the HTML body through its Content-ID
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

// What is said about a message: that it was shown (RFC 8098), could not be delivered, not yet, or was handed on (RFC
// 3464). Stored as number: only append.
enum class RemarkKind : std::uint8_t { displayed, failed, delayed, delivered };

// Tells how the delivery of a mail went.
inline bool is_of_delivery(RemarkKind kind) {
  return kind == RemarkKind::failed || kind == RemarkKind::delayed || kind == RemarkKind::delivered;
}

// What one mail says about another, as it was said; which of several counts is settled elsewhere (chat/settle.h). It is
// kept whether or not the other mail is here. chat::read() fills in all but `at_ms` and `by_us`, which hang on where
// the mail lay and on the account.
struct Remark {
  RemarkKind kind = RemarkKind::displayed;
  std::string subject;  // what it is about: a Message-ID
  std::string author;   // canonical; '': not known
  std::string about;    // about whom: the recipient of that mail, canonical; '': nobody is named
  std::string value;    // why it did not arrive, or not yet, in the words of the server
  UnixMs date_ms = 0;   // the author's Date; 0: none
  std::string rfc_id;   // of the mail that says it; '': not known. Mail systems may give several the same one
  UnixMs at_ms = 0;     // when it arrived (chat/arrival.h); the earliest of the copies of that mail counts
  bool by_us = false;   // an own device said it; of a receipt: what it is about has been read, for good
  friend bool operator==(const Remark&, const Remark&) = default;
};

// Work on the mailbox, done when a connection is there. Stored as number: only append.
enum class JobKind : std::uint8_t {
  store_seen,     // +FLAGS \Seen on `places`
  move,           // `places` to the folder of `role`
  file_copy,      // APPEND the rendered mail of `outgoing` to the folder of `role`
  claim_receipt,  // set $MDNSent on `places` (UNCHANGEDSINCE where possible), then a receipt may go
  make_folder,    // create and subscribe the folder of `role`
  set_filter,     // COI server: write message-filter and enabled
  remove_copy,    // expunge `places`, own copies of `message`, if the server's own lies in the folder of `role`
};

// What a person has to read of a mail.
struct Letter {
  std::string text;    // what the author wrote; UTF-8, "\n"
  std::string quote;   // what was quoted, folded away
  std::string footer;  // the signature or status line
  bool html = false;   // an original view exists
  std::vector<Attachment> attachments;
  bool asks_chat_receipt = false;   // D-28
  bool asks_plain_receipt = false;  // C-11 alone: answered only when the user says so
  friend bool operator==(const Letter&, const Letter&) = default;
};

// Everything chat::read() finds in one mail: who wrote it and when, at most one letter, and what it says about other
// mails. Nothing here depends on what is stored already.
struct Content {
  std::string rfc_id;  // without <>; "<sha256>@local" for a mail that has none
  // The Message-ID that a server put in the place of rfc_id: in reports and replies either may stand.
  std::vector<std::string> other_ids;
  Address from;  // addr canonical; empty when the mail names no author; all of them, "a@x, b@y", when it names several
  std::vector<Address> to, cc;
  // Not to be taken for a mail of `from`: the server that took it says so, or it names several authors.
  bool disowned = false;
  bool list = false;  // List-Id: a list may have changed subject, text and files
  std::optional<UnixMs> date;
  std::optional<UnixMs> received;  // by the clock of the server that stored it (mime/received.h)
  std::string subject;
  std::string in_reply_to;                  // first id, without <>
  std::vector<std::string> references;      // without <>
  bool chat = false;                        // S-20, or a reply to a chat mail (C-88)
  PeerClass evidence = PeerClass::unknown;  // what this mail says about its author's program; unknown: nothing
  bool automatic = false;       // Auto-Submitted, Precedence, List-Id …: never answered, says nothing about the author
  std::vector<Remark> remarks;  // what it says about other mails: a receipt (C-38), a bounce
  // nullopt: the mail is never a message of its own, as a receipt or what D-35, D-36 and P-15 name. That of a bounce
  // is shown only as long as nothing shows the mail that it is about.
  std::optional<Letter> letter;

  bool is_bounce() const { return !remarks.empty() && is_of_delivery(remarks.front().kind); }
  friend bool operator==(const Content&, const Content&) = default;
};

}  // namespace coi::chat
