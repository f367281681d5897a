// The mails in Contacts that keep people, groups and what the user decided about them (C-39 to C-50, C-64, C-75). Pure.
#pragma once

#include <string>
#include <vector>

#include "chat/facts.h"
#include "mime/mail.h"

namespace coi::chat {

// What is stored about a person, a group or the chat with oneself.
struct StorageFacts {
  ChatRef about;
  Chosen chosen;                // of the chat with oneself: with the account's address
  std::vector<KeptMail> mails;  // all that bear a key of it
};

// nullptr: nothing was decided.
const Choice* find_choice(const std::vector<Choice>& choices, ChoiceKind kind);

// By which mails about it are known (C-42).
std::vector<std::string> storage_keys(const ChatRef& about, const Chosen& chosen);

// What a group's mail tells of it, as far as this program wrote it: who is in it since when, and what it is called.
GroupSaid group_in_storage(const StorageMail& mail);
// Whether that is what is known of it.
bool tells_of(const StorageMail& mail, const GroupFacts& group);

// Whether all that is chosen, and all that the others of `facts.mails` say that may be replaced, is in this one.
bool stands_for_all(const KeptMail& mail, const StorageFacts& facts);

// The mail that does. C-50: of several the newest by Date (then UID) counts, with the fields of all and what it has no
// properties for; COI-TokenOut of the newest alone. The same from the same facts, to the id, on every device.
struct ComposedStorage {
  std::string rfc_id;
  mime::Part tree;
};
ComposedStorage compose_storage(const StorageFacts& facts, const AccountFacts& account);

}  // namespace coi::chat
