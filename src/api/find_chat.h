// The one place where the names that users give chats become ids, and where the account is found that has them.
//
// A name means somebody whom the user knows, or oneself ("Saved messages", "saved", "self", the own address). Strangers
// (contact requests) call themselves as they like: they are meant by id or address alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/service.h"
#include "proto/chat_name.h"
#include "proto/ids.h"

namespace coi::api {

// How well somebody fits what the user wrote, the better the greater. Of those who fit, the best are meant. A name has
// only two: everybody can call themselves by another's, or by how it begins, so none but the user makes it somebody's.
enum class Fit : std::uint8_t {
  fits,     // the name has it in it
  given,    // it is the name that the user gave
  address,  // it is theirs
  own,      // it is the account's own address
  id,
};

// Somebody who may be meant.
struct Candidate {
  chat::ChatId chat;  // 0: nothing was written yet
  std::string addr;   // where a message goes; empty: to a group, or to oneself
  std::string name;
  bool blocked = false;
  Fit fit = Fit::fits;
};

// Those of the account who fit best: none, one, or several. The blocked ones take no part, or with
// `blocked` the others, where that leaves somebody. Errors: invalid when nothing was named; those of the database.
Result<std::vector<Candidate>> candidates(const OpenAccount& open, const proto::ChatName& name, bool blocked = false);

// ChatId{}: the chat with oneself, which is not there yet. Errors: not_found; ambiguous, with the names and addresses;
// invalid.
Result<chat::ChatId> find_chat(const OpenAccount& open, const proto::ChatName& name, bool blocked = false);

// Where to send: a chat, or an address that has none yet. Errors as find_chat().
struct Destination {
  std::optional<chat::ChatId> chat;
  std::string addr;  // canonical; without `chat`
};
Result<Destination> find_destination(const OpenAccount& open, const proto::ChatName& name);

// What a request names, for choose_account().
Wish wish_for(const proto::ChatName& chat, bool may_be_new);
Wish wish_for(proto::MessageId message);
Wish wish_for(proto::AttachmentId attachment);
Wish wish_for_contact(const std::string& addr);

}  // namespace coi::api
