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
};
MailFacts facts_for(const MailArrived& mail, const AccountFacts& account, Lookups& stored);
MailFacts facts_for(const MailSeenAgain& mail, Lookups& stored);

struct JobDoneFacts {
  std::optional<JobFacts> job;
  std::optional<MessageFacts> message;  // of the job
};
JobDoneFacts facts_for(const JobDone& done, Lookups& stored);

struct SendFacts {
  bool sent = false;                     // a message of ours has this id already
  std::optional<ChatFacts> chat;         // nullopt: there is none
  std::optional<MessageFacts> answered;  // SendMessage::reply_to
};
SendFacts facts_for(const SendMessage& send, const AccountFacts& account, Lookups& stored);

struct RetryFacts {
  std::optional<MessageFacts> message;
  std::vector<Remark> remarks;   // about it
  std::vector<PeerFacts> peers;  // its recipients, at the addresses to which it goes
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

// nullopt: there is no such chat.
std::optional<ChatFacts> facts_for(const ChangeChat& change, Lookups& stored);

// The chat a mail belongs to, by its author and recipients alone.
ChatRef chat_of(const Content& content, const AccountFacts& account);

bool is_own(const AccountFacts& account, std::string_view addr);
// The user's own mail, from whichever device (C-89): an own address, and nobody says that it was forged.
bool is_by_us(const AccountFacts& account, const Content& content);

}  // namespace coi::chat
