// The values that the meaning of mail is made of. Plain data: no behaviour, no SQL, no sockets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/strong_id.h"
#include "base/time.h"
#include "chat/details.h"
#include "chat/storage.h"
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
enum class ChatKind : std::uint8_t { single, self, group };

// Which chat a mail belongs to, by what the mail says; the store finds or makes the row.
struct WithPerson {
  std::string addr;  // canonical; '': the mails name no author
  friend bool operator==(const WithPerson&, const WithPerson&) = default;
};
struct WithSelf {
  friend bool operator==(const WithSelf&, const WithSelf&) = default;
};
// C-57. A group may have several ids, one that its thread gave it and one that a program made; any of them names it.
struct InGroup {
  std::string id;
  friend bool operator==(const InGroup&, const InGroup&) = default;
};
using ChatRef = std::variant<WithPerson, WithSelf, InGroup>;

// Of the one other whom the chat is with; '': there is none, or not one.
inline std::string peer_of(const ChatRef& chat) {
  const auto* person = std::get_if<WithPerson>(&chat);
  return person == nullptr ? std::string() : person->addr;
}
inline bool is_with_self(const ChatRef& chat) { return std::holds_alternative<WithSelf>(chat); }
inline bool is_group(const ChatRef& chat) { return std::holds_alternative<InGroup>(chat); }

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

// What the front end shows of a message. Stored as number: only append.
enum class MessageKind : std::uint8_t { text, media, notice, voice, location, contact, poll, sticker };

inline bool may_have_files(MessageKind kind) { return kind != MessageKind::text && kind != MessageKind::notice; }

// A message that tells of a change, in place of words: the front end words it in the user's language. The codes and
// their parameters stand in docs/api.md.
struct Notice {
  std::string code;                           // '': the message is none
  std::map<std::string, std::string> params;  // a line of text each
  friend bool operator==(const Notice&, const Notice&) = default;
};

// Stored as number: only append.
enum class RecipientState : std::uint8_t {
  queued,    // not tried, or tried and to be tried again
  sending,   // DATA began and was not answered: the server may have it (waits for the own copy)
  accepted,  // the submission server took it
  failed,    // refused for good, or bounced
  held,      // handed over at a later time, by the user's wish; it holds nothing else up
};

// Stored as number: only append.
enum class FileState : std::uint8_t { remote, loading, local };

// D-34: a message may come as two mails, in any order: one with the words that announces a file, and one with the file.
// As bits; stored as number: only append.
enum class Half : std::uint8_t { whole = 0, announcement = 1, file = 2, both = 3 };

inline Half operator|(Half one, Half other) {
  return static_cast<Half>(static_cast<unsigned>(one) | static_cast<unsigned>(other));
}
inline bool has(Half all, Half half) { return (static_cast<unsigned>(all) & static_cast<unsigned>(half)) != 0; }

struct Attachment {
  std::string name;        // UTF-8, never empty
  std::string type;        // MIME type, lower case
  std::uint64_t size = 0;  // octets when decoded
  FileState state = FileState::remote;
  std::string blob;  // local: hex SHA-256 of the bytes, the name of the file
  // IMAP section that holds it ("2.1"), for fetching it later. "2/1.3": what is in section 2 was opened (mime/smime.h),
  // and this is part 1.3 of it. '' unless local: its mail has not come (D-34).
  std::string section;
  bool inline_part = false;  // shown by the HTML body through its Content-ID
  // IMAP section of the small picture that the mail has of it (C-25); '': none.
  std::string preview = {};
  // Of a picture, in pixels, upright; 0: not known.
  std::uint32_t width = 0, height = 0;
  bool is_awaited() const { return state != FileState::local && section.empty(); }
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

// What is said about a message: that it was shown (RFC 8098), could not be delivered, not yet, or was handed on (RFC
// 3464); an emoji (RFC 9078). What is said about a group: its name, its description, its picture (D-20). Of a message
// again: that its author takes it back (C-28); that it is pinned or no longer (D-26). About a poll: what somebody
// chooses, and that it is over (P-20, P-24). About a group again: that a mail described it as a whole (C-66), and that
// its author asks for that (C-77). Stored as number: only append. 8 is used up.
enum class RemarkKind : std::uint8_t {
  displayed,
  failed,
  delayed,
  delivered,
  reaction,
  group_name,
  group_description,
  deleted,
  pinned = 9,
  vote,
  poll_closed,
  group_picture,  // Picture::id; '': none any more
  group_info,
  group_request,
};

inline bool is_of_group(RemarkKind kind) {
  return kind == RemarkKind::group_name || kind == RemarkKind::group_description || kind == RemarkKind::group_picture ||
         kind == RemarkKind::group_info || kind == RemarkKind::group_request;
}

inline bool is_of_poll(RemarkKind kind) { return kind == RemarkKind::vote || kind == RemarkKind::poll_closed; }

// Tells how the delivery of a mail went.
inline bool is_of_delivery(RemarkKind kind) {
  return kind == RemarkKind::failed || kind == RemarkKind::delayed || kind == RemarkKind::delivered;
}

// What one mail says about another, as it was said; which of several counts is settled elsewhere (chat/settle.h). It is
// kept whether or not the other mail is here. chat::read() fills in all but `at_ms` and `by_us`, which hang on where
// the mail lay and on the account.
struct Remark {
  RemarkKind kind = RemarkKind::displayed;
  std::string subject;  // what it is about: a Message-ID, or the id of a group or of a poll
  std::string author;   // canonical; '': not known
  // About whom, canonical: the recipient of that mail; '': nobody is named. Where a poll's id is the subject: the mail
  // that is answered (P-21).
  std::string about;
  // Why it did not arrive, or not yet, in the words of the server; the emoji, '' withdraws it; of a pin "pinned", the
  // end of it in UnixMs, or '' for none any more; of a poll as chat/poll.h says.
  std::string value;
  UnixMs date_ms = 0;  // the author's Date; 0: none
  std::string rfc_id;  // of the mail that says it; '': not known. Mail systems may give several the same one
  UnixMs at_ms = 0;    // when it arrived (chat/arrival.h); the earliest of the copies of that mail counts
  bool by_us = false;  // we said it, from whichever device; of a receipt: what it is about has been read, for good
  friend bool operator==(const Remark&, const Remark&) = default;
};

// Work on the mailbox, done when a connection is there. Stored as number: only append.
enum class JobKind : std::uint8_t {
  store_seen,      // +FLAGS \Seen on `places`
  move,            // `places` to the folder of `role`
  file_copy,       // APPEND the rendered mail of `outgoing` to the folder of `role`
  claim_receipt,   // set $MDNSent on `places` (UNCHANGEDSINCE where possible), then a receipt may go
  make_folder,     // create and subscribe the folder of `role`
  set_filter,      // COI server: write message-filter and enabled
  remove_copy,     // expunge `places`, own copies of `message`, if the server's own lies in the folder of `role`
  remove_mail,     // expunge `places`, copies of `message`, which was deleted
  remove_storage,  // expunge `places`, mails in Contacts that another one stands for
};

// D-35: that somebody calls, which no program of this kind can answer.
inline constexpr std::string_view call_notice = "call";

// What a person has to read of a mail.
struct Letter {
  std::string text;    // what the author wrote; UTF-8, "\n"
  std::string quote;   // what was quoted, folded away
  std::string footer;  // the signature or status line
  bool html = false;   // an original view exists
  // Text: it is media if there are files.
  MessageKind kind = MessageKind::text;
  Details details = {};
  std::vector<Attachment> attachments;
  Notice notice;                    // what it tells of in place of words
  bool asks_chat_receipt = false;   // D-28
  bool asks_plain_receipt = false;  // C-11 alone: answered only when the user says so
  friend bool operator==(const Letter&, const Letter&) = default;
};

// When somebody became a member of a group, or ceased to be one.
struct MemberTime {
  std::string addr;  // canonical
  UnixMs at_ms = 0;
  friend bool operator==(const MemberTime&, const MemberTime&) = default;
};

// A small picture of a person or a group: a JPEG of image::avatar(). As chat::read() gives it, it is still that of the
// mail, 256 kB at most (C-56), and has no id.
struct Picture {
  std::string id;      // hex SHA-256 of the octets; '': none
  std::string base64;  // the octets (RFC 4648); '': none
  friend bool operator==(const Picture&, const Picture&) = default;
};

// What a mail says of its author (C-56).
struct PersonSaid {
  std::string status;    // one or more lines; '': none
  std::string birthday;  // "YYYY-MM-DD" or "--MM-DD"; '': not told
  Picture picture;
  std::string told;  // told_of() it, for the user's own devices
  friend bool operator==(const PersonSaid&, const PersonSaid&) = default;
};

// What a mail says about the group that it belongs to, as it says it (C-57 to C-77, D-17 to D-20).
struct GroupSaid {
  std::string id;             // of the mail itself, or of the mails that it refers to; '': there is none in it
  bool by_reference = false;  // it stands in References or In-Reply-To alone
  std::string name;           // Chat-Group-Name; '': not told
  UnixMs name_ms = 0;         // since when; 0: not told
  bool renamed = false;       // Chat-Group-Name-Changed is there,
  std::string old_name;       // … and names this
  std::optional<std::string> description;
  UnixMs description_ms = 0;               // since when; 0: not told
  bool described = false;                  // this mail changes the description
  std::optional<Picture> picture;          // C-66: of its groupinfo
  bool pictured = false;                   // this mail changes the picture
  bool informed = false;                   // its header names no group: all is of groupinfo, the newest of which counts
  bool describes = false;                  // its groupinfo tells all that there is, the picture too
  bool asks = false;                       // C-77: its author wants to be told
  std::vector<MemberTime> joined, parted;  // D-18: of whom To names, in its order, and of past members
  std::string added, removed;              // D-19, canonical; removed may be the author: C-67
  friend bool operator==(const GroupSaid&, const GroupSaid&) = default;
};

// Everything chat::read() finds in one mail: who wrote it and when, at most one letter or storage mail, and what it
// says about other mails. Nothing here depends on what is stored already.
struct Content {
  std::string rfc_id;  // without <>; "<sha256>@local" for a mail that has none; D-34: that of the mail with the file
  // The Message-ID that a server put in the place of rfc_id, and that of a mail that announces a file: in reports and
  // replies any may stand.
  std::vector<std::string> other_ids;
  Half half = Half::whole;
  Address from;  // addr canonical; empty when the mail names no author; all of them, "a@x, b@y", when it names several
  std::vector<Address> to, cc;
  // Not to be taken for a mail of `from`: the server that took it says so, or it names several authors.
  bool disowned = false;
  // C-48: disowned, or nothing shows where it comes from: it has no DKIM-Signature (RFC 6376), and the server that took
  // it does not say that it is of the author's domain.
  bool unproven = false;
  bool list = false;  // List-Id: a list may have changed subject, text and files
  std::optional<UnixMs> date;
  std::optional<UnixMs> received;  // by the clock of the server that stored it (mime/received.h)
  std::string subject;
  std::string in_reply_to;                  // first id, without <>
  std::vector<std::string> references;      // without <>
  std::string edits;                        // D-21, C-27: the id of the mail whose words these replace; '': none
  bool chat = false;                        // S-20, or a reply to a chat mail (C-88)
  PeerClass evidence = PeerClass::unknown;  // what this mail says about its author's program; unknown: nothing
  GroupSaid group;
  bool automatic = false;       // Auto-Submitted, Precedence, List-Id …: never answered, says nothing about the author
  std::vector<Remark> remarks;  // what it says about other mails: a receipt (C-38), a bounce, a reaction (D-23)
  std::optional<std::string> status;  // C-16: the author's status line from now on
  std::optional<PersonSaid> profile;  // C-54
  bool asks_profile = false;          // C-55
  // D-27: seconds after which it is to disappear, 0: it stays; nullopt: it says nothing about that.
  std::optional<std::uint32_t> timer = {};
  // nullopt: the mail is never a message of its own, as a receipt or what D-35, D-36 and P-15 name. That of a bounce
  // is shown only as long as nothing shows the mail that it is about.
  std::optional<Letter> letter;
  std::optional<StorageMail> storage = {};  // only of what lies in Contacts

  bool is_bounce() const { return !remarks.empty() && is_of_delivery(remarks.front().kind); }
  friend bool operator==(const Content&, const Content&) = default;
};

}  // namespace coi::chat
