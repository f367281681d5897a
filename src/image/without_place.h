// Pictures without what they tell of the place where, and of the person by whom, they were taken.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::image {

// The same picture without EXIF, XMP, IPTC, comments, maker notes, embedded previews and what stands behind its end
// (cameras put videos and further pictures there). Pixels are not recoded; the orientation (in a new EXIF block that
// holds nothing else) and what colours and animation need stay. What is no JPEG, PNG, GIF or WebP comes back as it was:
// describe() says invalid of it. Damage: the rest from there on is left out, as no program shows it. Error corrupt: it
// begins as one of the four, but there is no picture in it, so nobody can tell what else is.
Result<std::string> without_place(std::string_view octets);

}  // namespace coi::image
