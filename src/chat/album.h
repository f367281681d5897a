// P-12: files that are too large for one mail go in several.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chat/input.h"

namespace coi::chat {

// Octets of the files of one mail of an album, before they are encoded. A file that is larger goes by itself.
inline constexpr std::uint64_t most_in_album_mail = 18'000'000;

// Octets of a file that may fit by itself into a mail of `largest_mail` octets (AccountFacts; 0: any); to the octet
// that is known when the mail is made.
std::uint64_t room_for_files(std::uint64_t largest_mail);

// How many of the files each mail has, in their order; one number where they go in one mail. The first is 0 where words
// and first file do not fit together. What does not fit at all is refused when its mail is made.
std::vector<std::size_t> files_by_mail(const SendMessage& send, std::uint64_t largest_mail, std::size_t recipients);
bool goes_in_one_mail(const SendMessage& send);

// C-25: do the files fit into a mail with their previews, beside so many octets of words?
bool have_room_for_previews(const std::vector<OutgoingFile>& files, std::size_t words, std::size_t recipients,
                            std::uint64_t largest_mail);

// What the mail with the number `part` (from 0) says, which has `count` of the files, from `first` on. The words stand
// in the first one, which alone answers a message.
SendMessage part_of_album(const SendMessage& send, std::size_t part, std::size_t first, std::size_t count);

}  // namespace coi::chat
