// The questions that a decision may ask of the store, a closed set; each has an answer of its own type.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/facts.h"
#include "chat/model.h"

namespace coi::chat {

// All messages of the author with that id, or with one of `other_ids`.
struct FindMessages {
  MessageKey key;
  std::vector<std::string> other_ids = {};
};
// Own messages of a chat whose Date is that second.
struct FindOwnOf {
  ChatRef chat;
  UnixMs date_ms = 0;
};
struct FindMessageRow {
  MessageId message;
};
struct FindOutgoing {
  OutgoingId outgoing;
};
// Whether a message of ours has this id already.
struct FindSent {
  std::string rfc_id;
};
// What is said about a mail, by any of these ids of it.
struct FindRemarks {
  std::vector<std::string> ids;
};
struct FindPeer {
  std::string addr;
};
// The addresses of the person who has this one.
struct FindAddresses {
  std::string addr;
};
struct FindChat {
  ChatId chat;
};
// One that does not exist yet is found without id.
struct FindChatOf {
  ChatRef chat;
};
// Copies of chat mails that lie in the inbox.
struct FindChatInInbox {};
// Unseen incoming messages of a chat within the bounds of MarkSeen.
struct FindFresh {
  ChatId chat;
  MessageId from = {};
  MessageId up_to = {};
};
// What lies there.
struct FindPlace {
  Place place;
};
struct FindJob {
  JobId job;
};

// What is stored, in the transaction in which the plan will be applied. Answers are values; a question changes nothing.
// An answer may throw what its database throws: it passes through this room to the wall of the store.
class Lookups {
 public:
  virtual ~Lookups() = default;

  // Messages come with the oldest row first.
  virtual std::vector<MessageFacts> find(const FindMessages& wanted) = 0;
  virtual std::vector<MessageFacts> find(const FindOwnOf& wanted) = 0;
  virtual std::optional<MessageFacts> find(const FindMessageRow& wanted) = 0;
  virtual std::optional<OutgoingFacts> find(const FindOutgoing& wanted) = 0;
  virtual bool find(const FindSent& wanted) = 0;
  virtual std::vector<Remark> find(const FindRemarks& wanted) = 0;
  virtual std::optional<PeerFacts> find(const FindPeer& wanted) = 0;
  virtual std::vector<std::string> find(const FindAddresses& wanted) = 0;
  virtual std::optional<ChatFacts> find(const FindChat& wanted) = 0;
  virtual std::optional<ChatFacts> find(const FindChatOf& wanted) = 0;
  virtual std::vector<PlaceFacts> find(const FindChatInInbox& wanted) = 0;
  virtual std::vector<MessageFacts> find(const FindFresh& wanted) = 0;
  virtual std::optional<PlaceFacts> find(const FindPlace& wanted) = 0;
  virtual std::optional<JobFacts> find(const FindJob& wanted) = 0;
};

}  // namespace coi::chat
