// A directory that this program has for itself: what lies in it is ours to change, and closed to others.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace coi::inline base {

// Whether `directory` may be one: nothing is there yet, or it holds the mark of an earlier claim, or nothing but
// `accounts`. Changes nothing. Errors: invalid, it is no directory or holds other files; not_allowed, it belongs to
// another user; io.
Result<> check_own_directory(const std::filesystem::path& directory);

// Makes it, with the directories above it, or takes the one that is there; then it has mode 0700 and the mark. Several
// programs may do so at once. Errors: as above.
Result<> claim_directory(const std::filesystem::path& directory);

// The mark: an empty file, which whoever works in the directory may lock.
std::filesystem::path mark_of(const std::filesystem::path& directory);

}  // namespace coi::inline base
