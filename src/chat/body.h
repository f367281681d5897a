// The text and the files of a mail; inside of the room only.
#pragma once

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// Its words and files. `chat`: written by a chat program.
Letter read_body(const mime::Mail& mail, bool chat);

// D-32: the mail tells where its author is, again and again, and says nothing else.
bool is_mere_track(const mime::Mail& mail);

}  // namespace coi::chat
