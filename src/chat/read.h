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

// The bytes of the attachments stay with the mail: files() names them in the same order as Letter::attachments.
Content read(const mime::Mail& mail, const ReadOptions& options);

// The parts that hold Letter::attachments, in the same order. Pointers into `mail`.
std::vector<const mime::Part*> files(const mime::Mail& mail);

}  // namespace coi::chat
