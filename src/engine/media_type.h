// The media type of a file to be sent, by the extension of its name.
#pragma once

#include <filesystem>
#include <string_view>

namespace coi::engine {

// "application/octet-stream" for what we do not know.
std::string_view media_type_of(const std::filesystem::path& file);

}  // namespace coi::engine
