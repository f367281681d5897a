// Compressed RTF -> RTF (MS-OXRTFCP 2.1.3). For this room only.
//
//   RTFCOMPRESSED = COMPSIZE RAWSIZE COMPTYPE CRC CONTENTS   ; four numbers of four octets, little-endian
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coi::tnef {

struct Rtf {
  std::string octets;
  bool is_cut = false;  // longer than asked for, or its end is missing
};

// At most `most_octets`, and never more than 9 times what is given. Nothing if it has neither of the two forms. The
// checksum is not compared.
std::optional<Rtf> decompress_rtf(std::string_view compressed, std::size_t most_octets);

}  // namespace coi::tnef
