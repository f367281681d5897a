#include "tnef/rtf_compressed.h"

#include <algorithm>
#include <array>

#include "tnef/attribute.h"

namespace coi::tnef {
namespace {

constexpr std::uint32_t type_compressed = 0x75465A4C, type_raw = 0x414C454D;
constexpr std::size_t counted_header = 12;  // octets of the header that COMPSIZE counts

// What the dictionary holds at the start.
constexpr std::string_view dictionary_start =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    "Sans "
    "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(dictionary_start.size() == 207);

// The last 4096 octets that came out.
class Dictionary {
 public:
  Dictionary() { std::ranges::copy(dictionary_start, ring_.begin()); }

  std::size_t next() const { return next_; }
  char at(std::size_t place) const { return ring_[place % ring_.size()]; }
  void add(char octet) {
    ring_[next_] = octet;
    next_ = (next_ + 1) % ring_.size();
  }

 private:
  std::array<char, 4096> ring_{};
  std::size_t next_ = dictionary_start.size();
};

}  // namespace

// CONTENTS = *(control 8(literal / reference)): a bit of `control`, from the lowest on, says which of the two comes. A
// reference, big-endian, is a place in the dictionary (12 bits) and a length less two (4 bits); to the place where the
// next octet goes, it is the end.
std::optional<Rtf> decompress_rtf(std::string_view compressed, std::size_t most_octets) {
  const auto size = take_number32(compressed), raw_size = take_number32(compressed);
  const auto type = take_number32(compressed), crc = take_number32(compressed);
  if (!size || !raw_size || !type || !crc) return std::nullopt;
  auto contents = compressed.substr(0, std::max<std::size_t>(*size, counted_header) - counted_header);
  const auto most = std::min<std::size_t>(*raw_size, most_octets);
  Rtf rtf{.octets = {}, .is_cut = *raw_size > most_octets};
  if (*type == type_raw) {
    rtf.octets = contents.substr(0, most);
    rtf.is_cut |= rtf.octets.size() < most;
    return rtf;
  }
  if (*type != type_compressed) return std::nullopt;

  Dictionary dictionary;
  const auto put = [&](char octet) {
    dictionary.add(octet);
    rtf.octets += octet;
  };
  unsigned control = 0, bits = 0;
  while (rtf.octets.size() < most) {
    if (bits == 0) {
      const auto next = take_number(contents, 1);
      if (!next) break;
      control = static_cast<unsigned>(*next);
      bits = 8;
    }
    if ((control & 1) == 0) {
      const auto literal = take_octets(contents, 1);
      if (!literal) break;
      put(literal->front());
    } else {
      const auto high = take_number(contents, 1), low = take_number(contents, 1);
      if (!high || !low) break;
      const std::size_t place = *high << 4 | *low >> 4, length = (*low & 0xF) + 2;
      if (place == dictionary.next()) return rtf;
      for (std::size_t i = 0; i < length && rtf.octets.size() < most; ++i) put(dictionary.at(place + i));
    }
    control >>= 1;
    --bits;
  }
  rtf.is_cut |= rtf.octets.size() < most;
  return rtf;
}

}  // namespace coi::tnef
