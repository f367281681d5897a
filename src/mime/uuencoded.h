// Files that stand amid the words of a mail, as programs older than MIME send them: uuencode of POSIX.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coi::mime {

inline constexpr std::size_t most_uuencoded = 100;  // files in a text

struct Uuencoded {
  std::string name;  // as written
  std::string octets;
};

struct UuencodedText {
  std::string words;             // without the files
  std::vector<Uuencoded> files;  // others than the first `most` stay in `words`
};

// Only what is well-formed from its "begin" to its "end" is a file. Time in proportion to `text`, of any line ends.
UuencodedText split_uuencoded(std::string_view text, std::size_t most = most_uuencoded);

}  // namespace coi::mime
