// Folders of chats, as a person writes their names.
#pragma once

#include <string>

#include "base/result.h"
#include "shell.h"

namespace coi::cli {

// The name of a folder as it stands in the list, where it is there but for the case of its letters; else as written.
Result<std::string> known_folder(Shell& shell, const std::string& written);

}  // namespace coi::cli
