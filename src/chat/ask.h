// Which facts each kind of input needs before it can be decided, and how they are looked up: one type and one function
// for each kind that needs any.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/facts.h"
#include "chat/input.h"
#include "chat/lookups.h"

namespace coi::chat {

struct MailFacts {
  std::vector<MessageFacts> namesakes;  // that it may be a copy of, the oldest row first
  std::optional<PeerFacts> peer;        // its author
  std::optional<bool> accepted;         // its group is no request; nullopt: there is none yet
};
MailFacts facts_for(const MailArrived& mail, const AccountFacts& account, Lookups& stored);
MailFacts facts_for(const MailSeenAgain& mail, Lookups& stored);

struct JobDoneFacts {
  std::optional<JobFacts> job;
  std::optional<MessageFacts> message;  // of the job
  std::optional<PeerFacts> author;      // of the message
};
JobDoneFacts facts_for(const JobDone& done, Lookups& stored);

struct SendFacts {
  std::string rfc_id;                    // as it is in that chat
  bool sent = false;                     // a message of ours has it already
  std::optional<ChatFacts> chat;         // nullopt: there is none
  std::optional<MessageFacts> answered;  // SendMessage::reply_to
  OwnProfile profile;                    // where somebody in the chat could be told of it
};
OwnProfile own_profile(Lookups& stored);
SendFacts facts_for(const SendMessage& send, const AccountFacts& account, Lookups& stored);

// A message whose time has come, as the user would send it now.
struct HeldFacts {
  std::optional<MessageFacts> message;
  SendMessage send;
  SendFacts facts;
};
HeldFacts facts_for(const SendHeld& due, Lookups& stored);

struct RetryFacts {
  std::optional<MessageFacts> message;
  std::vector<Remark> remarks;  // about it
  // Of the message, with its recipients for peers, at the addresses to which it goes; of a group's those who are still
  // in it.
  std::optional<ChatFacts> chat;
};
RetryFacts facts_for(const RetryMessage& retry, Lookups& stored);

struct SeenFacts {
  std::optional<ChatFacts> chat;
  std::vector<MessageFacts> fresh;  // unseen, within the bounds
};
SeenFacts facts_for(const MarkSeen& seen, Lookups& stored);

struct ReactFacts {
  std::optional<MessageFacts> message;
  std::optional<ChatFacts> chat;  // of the message
  std::vector<Remark> remarks;    // about it
};
ReactFacts facts_for(const React& react, Lookups& stored);

// Of what was said before about a message, or is to be.
struct AmendFacts {
  std::vector<MessageFacts> versions;  // FindVersions; empty: there is no such message
  std::optional<ChatFacts> chat;
  std::vector<Remark> remarks;  // about any of them
};
AmendFacts facts_for_amending(MessageId message, Lookups& stored);

struct PollFacts {
  std::optional<MessageFacts> message;
  std::optional<ChatFacts> chat;  // of the message
  PollSaid said;
};
PollFacts facts_for_poll(MessageId poll, Lookups& stored);

// nullopt: there is no such chat.
std::optional<ChatFacts> facts_for(const ChangeChat& change, Lookups& stored);

// C-58: the id of a mail in that chat. `chat_id`: of the room wire, made for no group.
std::string id_in(const ChatFacts& chat, const std::string& chat_id);

// How a message of ours says that no person wrote it.
Automatic automatic_of(const MessageFacts& message);

// The chat a mail belongs to, by its author and recipients alone.
ChatRef chat_of(const Content& content, const AccountFacts& account);

bool is_own(const AccountFacts& account, std::string_view addr);
// The user's own mail, from whichever device (C-89): an own address, and nobody says that it was forged.
bool is_by_us(const AccountFacts& account, const Content& content);

}  // namespace coi::chat
