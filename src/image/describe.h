// What a picture is, read from its header: nothing is decoded, and no memory is taken for pixels.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"

namespace coi::image {

enum class Format : std::uint8_t { jpeg, png, gif, webp };

struct Size {
  std::uint32_t width = 0;  // pixels
  std::uint32_t height = 0;

  std::uint64_t pixels() const { return std::uint64_t{width} * height; }
  friend bool operator==(const Size&, const Size&) = default;
};

// How the stored picture has to be turned to be seen upright: EXIF tag 0x0112. 1 as it is, 2 mirrored left to right,
// 3 turned by 180°, 4 mirrored top to bottom, 5 mirrored at the main diagonal, 6 turned clockwise by 90°, 7 mirrored at
// the other diagonal, 8 turned counter-clockwise by 90°. Of several EXIF blocks the first counts, also when it is
// damaged (RFC 9649, section 2.7.1.5, for WebP); in JPEG one before the first scan, in PNG one before the first IDAT.
using Orientation = std::uint8_t;

// The size with the orientation applied; and back, since it swaps the sides or leaves them.
constexpr Size upright(Size size, Orientation orientation) {
  return orientation >= 5 ? Size{size.height, size.width} : size;
}

struct Description {
  Format format = Format::jpeg;
  Size stored;
  Size shown;  // upright
  Orientation orientation = 1;
  bool animated = false;  // more than one frame; APNG counts
};

// By the first octets alone, whatever a file name or a Content-Type says. Errors: invalid, no JPEG, PNG, GIF or WebP,
// or a JPEG that is coded otherwise than baseline, extended or progressive with Huffman codes; corrupt, the header is
// damaged or cut off, or the picture cannot have the size that it claims (no pixels, frames beyond the screen, fewer
// octets than so many pixels take); limit, more than Limits::pixels or a side above 65 535.
Result<Description> describe(std::string_view octets, const Limits& limits);

}  // namespace coi::image
