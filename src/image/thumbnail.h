// Small pictures of pictures: upright, without metadata or colour profile, and never larger than the picture itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "image/describe.h"

namespace coi::image {

struct Encoded {
  Format format = Format::jpeg;  // jpeg, or png where something shines through
  Size size;
  std::string octets;
};

// The picture, or its first frame, reduced to fit within most_width x most_height pixels, each 1 at least. Memory: some
// rows for JPEG, PNG and lossy WebP, but 1 octet a pixel for the latter's alpha; 1 octet a pixel for GIF; 4 for
// interlaced PNG and lossless WebP; for JPEG of several scans 2 for each component of a pixel, 256 MB in all at most.
// Errors: those of describe(); corrupt, damaged or cut off; invalid, a rare kind of its format that nothing here
// decodes; limit, it takes too much memory or time. A JPEG of several scans that is cut off between two of them is no
// error: it comes back less sharp, or without colours where each component has a scan of its own.
Result<Encoded> thumbnail(std::string_view octets, std::uint32_t most_width, std::uint32_t most_height,
                          const Limits& limits);

// The square in the middle as JPEG on white, as large as fits: 512 pixels a side at most, and `most_octets` (D-30). At
// least 32 pixels are tried, so `limit` where those do not fit. Other errors: those of thumbnail().
Result<Encoded> avatar(std::string_view octets, const Limits& limits, std::size_t most_octets = 20'000);

}  // namespace coi::image
