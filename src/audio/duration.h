// How long a sound lasts, read from its container. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coi::audio {

// Of Ogg (Opus, Vorbis, Speex, FLAC), MP4 and M4A, MP3, AAC in MP4, FLAC, WAV and what else TagLib reads; `name`: of
// the file, whose ending says what the octets do not. Milliseconds; nullopt: not known, or 24 hours and more. Nothing
// is decoded. For files of our own user, not for what comes in mails.
std::optional<std::uint64_t> duration_ms(std::string_view octets, const std::string& name);

}  // namespace coi::audio
