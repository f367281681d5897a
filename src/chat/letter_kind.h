// Which kind of message a mail is, and what is in it besides words and files; inside of the room only.
#pragma once

#include "chat/model.h"
#include "chat/parts.h"
#include "mime/mail.h"

namespace coi::chat {

// D-14: what a forwarded text begins with. The name is the same for everybody: who wrote it first is not told.
inline constexpr std::string_view forward_head = "---------- Forwarded message ----------\nFrom: Chat\n\n";

// Sets `kind` and `details` of a letter whose text, footer and files were read, and takes a forward's head off the
// text. Only a mail with Chat-Version is anything but words and files (P-07): a voice note, sticker (D-31), place
// (C-81, D-32), contact (D-33), poll (P-16), or a forward (D-14).
void read_kind(const mime::Mail& mail, const Parts& found, Letter& letter);

}  // namespace coi::chat
