// bytes were parsed by mime; this says what the mail means. Pure.
#pragma once

#include <string>
#include <vector>

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

struct ReadOptions {
  std::string fallback_id;   // rfc_id of a mail without Message-ID: wire::local_message_id(bytes)
  bool in_contacts = false;  // it lies in Contacts: there it is no letter
};

// The bytes of the attachments stay with the mail: files() names them.
Content read(const mime::Mail& mail, const ReadOptions& options);

// The mail's files, in the order in which Letter::attachments has them. A notice (a call, a pin, a timer) has none of
// them, and a file that a mail announces (D-34) stands in Letter::attachments alone. Pointers into `mail`.
std::vector<const mime::Part*> files(const mime::Mail& mail);

}  // namespace coi::chat
