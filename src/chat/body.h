// The text and the files of a mail; inside of the room only.
#pragma once

#include <optional>

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// Its words and files. `chat`: written by a chat program. nullopt: it tells where its author is, again and again, and
// says nothing else (D-32).
std::optional<Letter> read_body(const mime::Mail& mail, bool chat);

}  // namespace coi::chat
