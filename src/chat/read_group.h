// What a mail says about its group (C-57 to C-77, D-17 to D-20). Pure.
#pragma once

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// `content`: with its author, recipients, ids and Date read. C-59: which id counts. Texts are cut to 1000 octets, and
// names have no control characters; of more than 5000 members none are taken. What groupinfo (C-66) says counts where
// the header does not say it: the name and the description; and the picture.
GroupSaid read_group(const mime::Part& root, const Content& content);

}  // namespace coi::chat
