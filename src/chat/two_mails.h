// D-34: Delta Chat sends a large file in a mail of its own, behind one with the words that announces it.
#pragma once

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// Says which half of a message a mail is whose letter was read, and gives it what both have in common: the id by which
// replies, edits and receipts name the message, which is that of the mail with the file. The file that an announcement
// tells of becomes one that is not here. What has files and words is a message for itself, whatever it is called.
void read_half(const mime::Part& root, Content& content);

}  // namespace coi::chat
