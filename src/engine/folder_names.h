// The names that servers and mail programs give to a folder, in their languages: what tells its role where the server
// has no SPECIAL-USE (RFC 6154).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat/model.h"

namespace coi::engine {

// Letters without case and accents, composed and decomposed forms alike; all else stays. Of Latin, Greek and Cyrillic.
std::string folded_name(std::string_view utf8);

struct NamedRole {
  chat::FolderRole role;
  bool doubtful = false;  // the name of an outbox: only where no other folder has a better one
};

// By the last part of a name, in any case; UTF-8.
std::optional<NamedRole> role_of_name(std::string_view leaf);

}  // namespace coi::engine
