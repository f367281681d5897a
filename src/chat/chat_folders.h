// The folders into which the user sorts chats: names, of which a chat may have several. They are not the mailbox's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/result.h"

namespace coi::chat {

inline constexpr std::size_t longest_folder = 60;  // octets of a name
inline constexpr std::size_t most_folders = 20;    // of a chat

// "Work" and "work" are one folder: people write either.
struct FolderOrder {
  bool operator()(const std::string& a, const std::string& b) const { return ascii_lower(a) < ascii_lower(b); }
};

// As ChoiceKind::folders has them, and what stands in a storage mail: sorted, each once, apart by commas. Nothing that
// is no name, and no more than most_folders.
std::vector<std::string> folders_of(std::string_view text);

// Of names as the user writes them: spaces around them go, several within become one, empty ones are left out. Errors:
// invalid (a name with a comma or a control character), limit.
Result<std::string> written_folders(const std::vector<std::string>& written);

}  // namespace coi::chat
