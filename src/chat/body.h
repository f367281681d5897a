// The text and the files of a mail; inside of the room only.
#pragma once

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// Its words and files. `chat`: written by a chat program.
Letter read_body(const mime::Mail& mail, bool chat);

}  // namespace coi::chat
