// Which poll is meant by what is said about one, for the writer and the readers alike. A function of what is stored, so
// that it does not matter which came first. Inside of the room.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chat/settle_poll.h"
#include "store/sql.h"

namespace coi::store {

// Whoever takes part in the chat, or did: a word for the person, by each of their addresses.
std::map<std::string, std::string> persons_of_chat(Connection& connection, chat::ChatId chat);

// P-21: `subject` and `about` as in chat::Remark. Of several polls with that id those that are answered; where what is
// answered is not here, or is no poll, the earliest. Empty: it is not here. A mail that somebody in the chat sent under
// the id of another is meant too: there is no telling which came first.
std::vector<chat::MessageId> polls_meant(Connection& connection, const std::string& subject, const std::string& about);

// Votes and closes that mean this poll, by whoever took part in the chat when they were said (P-22).
chat::PollSaid said_of_poll(Connection& connection, chat::MessageId poll);

}  // namespace coi::store
