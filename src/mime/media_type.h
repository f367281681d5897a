// Media types and the extensions of file names.
#pragma once

#include <filesystem>
#include <string_view>

namespace coi::mime {

// Of a file to be sent, by its name. "application/octet-stream" for what we do not know.
std::string_view media_type_of(const std::filesystem::path& file);
// For a file that came without a name: ".jpg"; "" for what we do not know. `type` in lower case.
std::string_view extension_of(std::string_view type);

// Of a file that is only heard, whatever its name says: what is in MP4, WebM, 3GP and Ogg may be a sound or a film.
std::string_view sound_type_of(std::string_view type);

}  // namespace coi::mime
