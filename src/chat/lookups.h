// The questions that a decision may ask of the store, a closed set; each has an answer of its own type.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chat/facts.h"
#include "chat/model.h"
#include "chat/settle_poll.h"

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
// The message, and all mails that are one with it by editing it: the original first.
struct FindVersions {
  MessageId message;
};
// The message, and all others that one wish sent with it (P-12), in their order.
struct FindAlbum {
  MessageId message;
};
struct FindOutgoing {
  OutgoingId outgoing;
};
// The newest message of the chat that has this id.
struct FindInChat {
  ChatId chat;
  std::string rfc_id;
};
// Whether a message of ours has this id already.
struct FindSent {
  std::string rfc_id;
};
// What is said about a mail, by any of these ids of it.
struct FindRemarks {
  std::vector<std::string> ids;
};
// Of a message that is a poll: what is said about it, and who has a say.
struct FindPollSaid {
  MessageId poll;
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
// Whether a group is no request; nullopt: there is none of that id.
struct FindAccepted {
  std::string group;
};
// Copies of chat mails that lie in the inbox.
struct FindChatInInbox {};
// Unseen incoming messages of a chat within the bounds of MarkSeen, and unseen versions of messages up to the last of
// these.
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
// Messages whose time is over (D-27), the one that was due first before the others; at most `most`. Each with its
// versions, as FindVersions gives them.
struct FindExpired {
  UnixMs now = 0;
  std::size_t most = 64;
};

// About whom it is: a person, a group, or the chat with oneself.
struct FindChosen {
  ChatRef about;
};
// All about whom the user has decided anything.
struct FindAllChosen {};
// The mails in Contacts that have any of these keys.
struct FindStorage {
  std::vector<std::string> keys;
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
  virtual std::vector<MessageFacts> find(const FindVersions& wanted) = 0;
  virtual std::vector<MessageFacts> find(const FindAlbum& wanted) = 0;
  virtual std::optional<OutgoingFacts> find(const FindOutgoing& wanted) = 0;
  virtual std::optional<MessageFacts> find(const FindInChat& wanted) = 0;
  virtual bool find(const FindSent& wanted) = 0;
  virtual std::vector<Remark> find(const FindRemarks& wanted) = 0;
  virtual PollSaid find(const FindPollSaid& wanted) = 0;
  virtual std::optional<PeerFacts> find(const FindPeer& wanted) = 0;
  virtual std::vector<std::string> find(const FindAddresses& wanted) = 0;
  virtual std::optional<ChatFacts> find(const FindChat& wanted) = 0;
  virtual std::optional<ChatFacts> find(const FindChatOf& wanted) = 0;
  virtual std::optional<bool> find(const FindAccepted& wanted) = 0;
  virtual std::vector<PlaceFacts> find(const FindChatInInbox& wanted) = 0;
  virtual std::vector<MessageFacts> find(const FindFresh& wanted) = 0;
  virtual std::optional<PlaceFacts> find(const FindPlace& wanted) = 0;
  virtual std::optional<JobFacts> find(const FindJob& wanted) = 0;
  virtual std::vector<std::vector<MessageFacts>> find(const FindExpired& wanted) = 0;
  virtual Chosen find(const FindChosen& wanted) = 0;
  virtual std::vector<ChatRef> find(const FindAllChosen& wanted) = 0;
  virtual std::vector<KeptMail> find(const FindStorage& wanted) = 0;
};

}  // namespace coi::chat
