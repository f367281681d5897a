// Where the data of a user lies, and where the daemon that serves it listens: both programs have to agree.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace coi::proto {

// The one that `given` names (--data), else $COI_DATA, else $XDG_DATA_HOME/coi, else ~/.local/share/coi; absolute. "~/"
// at its front is the home directory: a shell leaves it as it is in --data=~/x. Error: not_found without a home
// directory.
Result<std::filesystem::path> data_directory(std::string_view given);

// The user's list of OAuth2 clients: $XDG_CONFIG_HOME/coi/oauth.json, else ~/.config/coi/oauth.json; "" without a home
// directory.
std::filesystem::path oauth_clients_path();

// $XDG_RUNTIME_DIR/coi/<hash of the absolute data directory>.sock, else coid.sock in the data directory, when that
// variable is not set or names no directory of ours.
std::filesystem::path socket_path(const std::filesystem::path& data);

// The daemon leaves word in the data directory of where it listens, for clients whose environment lacks that variable
// (a timer, another user's shell). Error: io.
Result<> tell_socket(const std::filesystem::path& data, const std::filesystem::path& socket);
// What the last daemon left, which may have ended; "" where none did.
std::filesystem::path told_socket(const std::filesystem::path& data);

}  // namespace coi::proto
