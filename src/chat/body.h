// The text and the files of a mail; inside of the room only.
#pragma once

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// Fills text, quote, footer, html and attachments. `chat`: written by a chat program.
void read_body(const mime::Mail& mail, bool chat, Content& content);

}  // namespace coi::chat
