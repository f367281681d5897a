// Messages and the requests about them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/ids.h"
#include "proto/poll.h"

namespace coi::proto {

enum class MessageKind : std::uint8_t {
  text,
  media,
  voice,  // one sound file, spoken for this message
  location,
  contact,
  poll,
  notice,
  sticker,  // one picture, to be shown without a frame
};
BOOST_DESCRIBE_ENUM(MessageKind, text, media, voice, location, contact, poll, notice, sticker)

enum class MessageState : std::uint8_t {
  fresh,      // incoming, not seen
  seen,       // incoming
  scheduled,  // outgoing: waits for its time
  pending,    // outgoing: waits, or is being sent
  sent,       // accepted by the submission server for every recipient
  partly,     // some recipients failed
  read,       // a receipt came from every recipient
  failed,     // every recipient failed
};
BOOST_DESCRIBE_ENUM(MessageState, fresh, seen, scheduled, pending, sent, partly, read, failed)

struct Author {
  std::string addr;  // empty: the mail names nobody
  std::string name;
  std::optional<ContactId> person;  // absent: ourselves, or nobody we know
};
BOOST_DESCRIBE_STRUCT(Author, (), (addr, name, person))

enum class RecipientState : std::uint8_t { pending, sent, read, failed };
BOOST_DESCRIBE_ENUM(RecipientState, pending, sent, read, failed)

struct Recipient {
  std::string addr;
  RecipientState state = RecipientState::pending;
  std::string error;  // why it failed, why the last try did not work, or "delayed: …" of one that was sent
  std::optional<json::Rfc3339> read_at;
};
BOOST_DESCRIBE_STRUCT(Recipient, (), (addr, state, error, read_at))

enum class FileState : std::uint8_t {
  remote,  // on the server alone
  loading,
  local,
};
BOOST_DESCRIBE_ENUM(FileState, remote, loading, local)

struct Attachment {
  AttachmentId id;
  std::string name;
  std::string type;        // MIME type
  std::uint64_t size = 0;  // octets
  FileState state = FileState::remote;
  bool awaited = false;     // announced alone: the mail that brings it has not come
  std::uint32_t width = 0;  // of a picture, in pixels, upright; 0: not known
  std::uint32_t height = 0;
};
BOOST_DESCRIBE_STRUCT(Attachment, (), (id, name, type, size, state, awaited, width, height))

// WGS 84, degrees, north and east positive.
struct Location {
  double latitude = 0;
  double longitude = 0;
  static constexpr std::string_view required[] = {"latitude", "longitude"};
};
BOOST_DESCRIBE_STRUCT(Location, (), (latitude, longitude))

// Of the vCard that is the message's file.
struct SharedContact {
  std::string name;
  std::string addr;  // empty: the card has none
};
BOOST_DESCRIBE_STRUCT(SharedContact, (), (name, addr))

// Something that happened, to be worded by the front end; `from` did it. Codes, with their parameters: member_added
// (addr), member_removed (addr), member_left, message_pinned (`reply_to` is what was pinned), timer_changed (seconds
// after which messages disappear; 0: they stay), group_renamed (name, old_name), group_described (description, the
// first 500 octets of it, on one line; empty: there is none any more), group_pictured, group_unpictured, call,
// poll_closed (question; best: what most have chosen, absent if nobody chose anything; votes: for each of these;
// voters, where known), of which `reply_to` is the poll.
struct Notice {
  std::string code;
  std::map<std::string, std::string> params;
};
BOOST_DESCRIBE_STRUCT(Notice, (), (code, params))

struct Reaction {
  std::string emoji;
  std::vector<std::string> from;  // addresses, in the order in which they said it
  bool own = false;               // we are one of them
};
BOOST_DESCRIBE_STRUCT(Reaction, (), (emoji, from, own))

struct Message {
  std::string account;
  MessageId id;
  ChatId chat;
  std::int64_t sort = 0;  // messages of a chat are ordered by (sort, id)
  std::string rfc_id;     // Message-ID without <>
  Author from;
  bool outgoing = false;
  json::Rfc3339 time;                  // to be shown: the author's Date if that can be, else `received`
  json::Rfc3339 received;              // when it arrived, by the clock of the user's own server; `sort` follows it
  std::optional<json::Rfc3339> dated;  // the author's Date where it cannot be: before 1990, or days from `received`
  std::string subject;
  std::string text;        // what the author wrote
  bool formatted = false;  // the text is Markdown; `blocks` gives it to be shown
  std::string plain;       // the text without marks and with mentions as names; empty: it is the same
  std::string quote;       // what was quoted below or above it
  std::string footer;      // signature
  bool html = false;       // an original view exists
  MessageKind kind = MessageKind::text;
  std::optional<Notice> notice;
  MessageState state = MessageState::fresh;
  std::vector<Recipient> recipients;  // outgoing
  std::string error;                  // why it failed, wholly or partly, or is delayed on its way
  std::optional<MessageId> reply_to;
  bool forwarded = false;
  std::vector<std::string> mentions;  // addresses; "all": everybody
  std::optional<Location> location;
  std::optional<SharedContact> contact;
  std::optional<Poll> poll;
  std::uint64_t duration = 0;  // of its sound or film in milliseconds, as the author says; 0: not told
  bool edited = false;
  bool deleted = false;
  std::vector<Reaction> reactions;
  std::vector<Attachment> attachments;
  std::optional<json::Rfc3339> scheduled;  // when it goes out; until then it can be taken back (take_back)
  // Of one that is scheduled: it is handed to the submission server at once, which keeps it until then; and it is not
  // there yet (or waits here), so that it can be taken back.
  bool at_server = false;
  bool can_take_back = false;
  bool pinned = false;
  bool encrypted = false;
  std::uint32_t timer = 0;  // seconds that it stays once it was seen, an own one once it was sent; 0: for good
  std::optional<json::Rfc3339> expires;  // when it disappears, if that is known by now
  bool is_chat = false;                  // written by a chat program, or in answer to one
  bool automatic = false;     // sent by a program, a list or a server: a program does not answer it (RFC 3834)
  bool on_server = false;     // a copy lies in the mailbox
  bool asks_receipt = false;  // a mail program asks; answered on demand (answer_receipt)
  bool forged = false;        // not to be taken for a mail of `from`: the server says so, or it names several authors
};
BOOST_DESCRIBE_STRUCT(Message, (),
                      (account, id, chat, sort, rfc_id, from, outgoing, time, received, dated, subject, text, formatted,
                       plain, quote, footer, html, kind, notice, state, recipients, error, reply_to, forwarded,
                       mentions, location, contact, poll, duration, edited, deleted, reactions, attachments, scheduled,
                       at_server, can_take_back, pinned, encrypted, timer, expires, is_chat, automatic, on_server,
                       asks_receipt, forged))

// `seq` numbers the last event that the value contains: a client drops events up to it.
struct OneMessage {
  std::int64_t seq = 0;
  Message message;
};
BOOST_DESCRIBE_STRUCT(OneMessage, (), (seq, message))

// P-12: what one request sent. Files that are too large for one mail go in several, each a message of its own.
struct SentMessages {
  std::int64_t seq = 0;
  Message message;               // the only one, or the first, which has the words
  std::vector<Message> further;  // the others, in their order
};
BOOST_DESCRIBE_STRUCT(SentMessages, (), (seq, message, further))

struct GetMessage {
  static constexpr std::string_view method = "message";
  using Result = OneMessage;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(GetMessage, (), (account, message))

struct AnswerReceipt {
  static constexpr std::string_view method = "answer_receipt";
  using Result = OneMessage;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(AnswerReceipt, (), (account, message))

struct Reacted {
  std::int64_t seq = 0;
  Message message;
  std::vector<std::string> unsent_to;  // addresses not known to use a chat program: nothing was sent to them
};
BOOST_DESCRIBE_STRUCT(Reacted, (), (seq, message, unsent_to))

struct React {
  static constexpr std::string_view method = "react";
  using Result = Reacted;

  std::string account;
  MessageId message;
  std::string emoji;      // one; empty: withdrawn
  bool to_plain = false;  // also to those who are not known to use a chat program, as an ordinary mail
  static constexpr std::string_view required[] = {"message", "emoji"};
};
BOOST_DESCRIBE_STRUCT(React, (), (account, message, emoji, to_plain))

// C-27: other words for an own message. The answer shows them.
struct EditMessage {
  static constexpr std::string_view method = "edit";
  using Result = Reacted;

  std::string account;
  MessageId message;
  std::string text;
  bool to_plain = false;  // also to those who are not known to use a chat program, as an ordinary mail
  static constexpr std::string_view required[] = {"message", "text"};
};
BOOST_DESCRIBE_STRUCT(EditMessage, (), (account, message, text, to_plain))

struct Deleted {
  std::int64_t seq = 0;
  std::optional<Message> message;      // what is left of it; absent: nothing, it was deleted here alone
  std::vector<std::string> unsent_to;  // addresses whose programs are not known to obey it: they were told nothing
};
BOOST_DESCRIBE_STRUCT(Deleted, (), (seq, message, unsent_to))

struct DeleteMessage {
  static constexpr std::string_view method = "delete";
  using Result = Deleted;

  std::string account;
  MessageId message;
  bool here = false;      // on this device and in the own mailbox alone: so are messages of others deleted
  bool to_plain = false;  // as of `edit`
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(DeleteMessage, (), (account, message, here, to_plain))

// Some words that a message had.
struct MessageVersion {
  std::string rfc_id;  // of the mail that brought them
  json::Rfc3339 time;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(MessageVersion, (), (rfc_id, time, text))

struct History {
  std::int64_t seq = 0;
  std::vector<MessageVersion> versions;  // the oldest first; none of a message that was deleted
};
BOOST_DESCRIBE_STRUCT(History, (), (seq, versions))

struct GetHistory {
  static constexpr std::string_view method = "history";
  using Result = History;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(GetHistory, (), (account, message))

struct PinMessage {
  static constexpr std::string_view method = "pin_message";
  using Result = Reacted;

  std::string account;
  MessageId message;
  bool pinned = true;
  std::optional<json::Rfc3339> until;  // absent: until somebody takes it back
  bool to_plain = false;               // as of `edit`
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(PinMessage, (), (account, message, pinned, until, to_plain))

struct RetryMessage {
  static constexpr std::string_view method = "retry";
  using Result = SentMessages;

  std::string account;
  MessageId message;  // if it waits for its time, with it those that the same request sent, and that wait too
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(RetryMessage, (), (account, message))

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::Author>;
extern template struct StructCodec<proto::Recipient>;
extern template struct StructCodec<proto::Attachment>;
extern template struct StructCodec<proto::Location>;
extern template struct StructCodec<proto::SharedContact>;
extern template struct StructCodec<proto::Notice>;
extern template struct StructCodec<proto::Reaction>;
extern template struct StructCodec<proto::Message>;
}  // namespace coi::json
