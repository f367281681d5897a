// Files of others, written where the user wants them and nowhere else.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace coi::cli {

// Both write a file of their own in the target's folder and give it its name when it is whole: a link that somebody put
// there is not followed, and nobody sees half a file. Errors: io; invalid for a name that is something else than a
// file.

// Under that name; a file that has it is replaced.
Result<> save_as(const std::filesystem::path& source, const std::filesystem::path& target);
// Under that name, or "name (1).txt" and so on where it is taken. The name that it got.
Result<std::filesystem::path> save_beside(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace coi::cli
