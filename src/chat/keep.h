// What the user decides about people and chats is kept in the mailbox, if he agreed (C-39 to C-50): inside of the room
// only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chat/compose_storage.h"
#include "chat/decide_parts.h"

namespace coi::chat {

StorageFacts storage_facts(const ChatRef& about, const AccountFacts& account, Lookups& stored);

// The person of that address is the same.
void take_in(const std::string& addr, Lookups& stored, Chosen& chosen);
// `facts.mails` anew, by the addresses that it has now.
void find_mails(StorageFacts& facts, Lookups& stored);
// Together what is known of both.
void add_choices(const std::vector<Choice>& heard, std::vector<Choice>& choices);

// The mail that stands for all is written if there is none; those that it stands for go (C-49).
void keep(const StorageFacts& facts, const AccountFacts& account, Operations& out);

// C-75: of a group whose mail tells of another name or of other members a new one is written. Where the user writes,
// not where such mails are read: two devices that believe different things of a group would never come to rest.
void keep_group(const StorageFacts& facts, const AccountFacts& account, Operations& out);

// The user decides now. What is so already is nothing new.
using Wishes = std::vector<std::pair<ChoiceKind, std::string>>;
enum class Said : std::uint8_t { once, again };  // again: something else that is kept with it has changed
void choose(StorageFacts facts, const Wishes& wishes, const AccountFacts& account, UnixMs now, Operations& out,
            Said said = Said::once);
Wishes wishes_of(const ChangeChat& change);

// A mail that lies in Contacts.
void decide_storage(const MailArrived& mail, const AccountFacts& account, Lookups& stored, UnixMs now, Operations& out);

}  // namespace coi::chat
