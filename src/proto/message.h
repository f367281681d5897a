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

namespace coi::proto {

enum class MessageKind : std::uint8_t { text, media, voice, location, contact, poll, notice };
BOOST_DESCRIBE_ENUM(MessageKind, text, media, voice, location, contact, poll, notice)

enum class MessageState : std::uint8_t {
  fresh,    // incoming, not seen
  seen,     // incoming
  pending,  // outgoing: waits, or is being sent
  sent,     // accepted by the submission server for every recipient
  partly,   // some recipients failed
  read,     // a receipt came from every recipient
  failed,   // every recipient failed
};
BOOST_DESCRIBE_ENUM(MessageState, fresh, seen, pending, sent, partly, read, failed)

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
};
BOOST_DESCRIBE_STRUCT(Attachment, (), (id, name, type, size, state))

// Something that happened, to be worded by the front end.
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
  std::string text;    // what the author wrote
  std::string quote;   // what was quoted below or above it
  std::string footer;  // signature
  bool html = false;   // an original view exists
  MessageKind kind = MessageKind::text;
  std::optional<Notice> notice;
  MessageState state = MessageState::fresh;
  std::vector<Recipient> recipients;  // outgoing
  std::string error;                  // why it failed, wholly or partly, or is delayed on its way
  std::optional<MessageId> reply_to;
  bool forwarded = false;
  std::vector<std::string> mentions;
  bool edited = false;
  bool deleted = false;
  std::vector<Reaction> reactions;
  std::vector<Attachment> attachments;
  bool pinned = false;
  bool encrypted = false;
  std::optional<json::Rfc3339> expires;
  bool is_chat = false;       // written by a chat program, or in answer to one
  bool automatic = false;     // sent by a program, a list or a server: a program does not answer it (RFC 3834)
  bool on_server = false;     // a copy lies in the mailbox
  bool asks_receipt = false;  // a mail program asks; answered on demand (answer_receipt)
  bool forged = false;        // not to be taken for a mail of `from`: the server says so, or it names several authors
};
BOOST_DESCRIBE_STRUCT(Message, (),
                      (account, id, chat, sort, rfc_id, from, outgoing, time, received, dated, subject, text, quote,
                       footer, html, kind, notice, state, recipients, error, reply_to, forwarded, mentions, edited,
                       deleted, reactions, attachments, pinned, encrypted, expires, is_chat, automatic, on_server,
                       asks_receipt, forged))

// `seq` numbers the last event that the value contains: a client drops events up to it.
struct OneMessage {
  std::int64_t seq = 0;
  Message message;
};
BOOST_DESCRIBE_STRUCT(OneMessage, (), (seq, message))

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

struct RetryMessage {
  static constexpr std::string_view method = "retry";
  using Result = OneMessage;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(RetryMessage, (), (account, message))

struct Original {
  std::string mail;  // one character, U+0000 to U+00FF, for each octet
};
BOOST_DESCRIBE_STRUCT(Original, (), (mail))

struct GetOriginal {
  static constexpr std::string_view method = "original";
  using Result = Original;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(GetOriginal, (), (account, message))

struct SavedAttachment {
  Attachment attachment;
  std::string path;  // of the file on this machine; it belongs to the daemon and is not to be changed
};
BOOST_DESCRIBE_STRUCT(SavedAttachment, (), (attachment, path))

struct SaveAttachment {
  static constexpr std::string_view method = "save_attachment";
  using Result = SavedAttachment;

  std::string account;
  AttachmentId attachment;
  static constexpr std::string_view required[] = {"attachment"};
};
BOOST_DESCRIBE_STRUCT(SaveAttachment, (), (account, attachment))

}  // namespace coi::proto
