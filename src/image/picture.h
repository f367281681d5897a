// A picture small enough to be held whole, and what is done with it. For this room only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "image/describe.h"
#include "image/rows.h"

namespace coi::image {

struct Picture {
  Size size;
  std::vector<std::uint8_t> rgba;  // rows from the top, colours not multiplied by alpha

  bool is_opaque() const;
};

// A part of a larger picture.
struct Window {
  std::uint32_t left = 0, top = 0;
  Size size;
};

// The window, each pixel the mean of the area that it stands for. `target` has one pixel at least, and no side above
// the window's, which lies within the rows. Memory: the target and some rows. Errors: those of Rows::read().
Result<Picture> reduce(Rows& rows, const Window& window, Size target);
Picture reduce(const Picture& picture, Size target);

// Upright.
Picture turned(Picture picture, Orientation orientation);

// JPEG on white, quality 1 to 100; PNG with all that shines through. Error internal: a side above 65 500, no memory.
Result<std::string> to_jpeg(const Picture& picture, int quality);
Result<std::string> to_png(const Picture& picture);

}  // namespace coi::image
