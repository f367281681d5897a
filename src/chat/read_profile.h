// What a mail says of its author (C-54, C-56). Pure.
#pragma once

#include <optional>

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// nullopt: nothing. Of several cards the first; one that names other addresses than `addr`, canonical, alone is
// nobody's. The picture is as the mail has it.
std::optional<PersonSaid> read_profile(const mime::Part& root, std::string_view addr);

}  // namespace coi::chat
