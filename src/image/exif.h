// The one thing of EXIF (CIPA DC-008) that is read and written: the orientation. For this room only.
#pragma once

#include <string>
#include <string_view>

#include "image/describe.h"

namespace coi::image {

// Of a TIFF structure: what follows "Exif\0\0" in JPEG, and all of PNG's and WebP's blocks (with those six octets or
// without). 1 if there is none, or the block is damaged. Only the first directory is read and no offset is followed
// from there, so no loop can be built.
Orientation read_orientation(std::string_view tiff);

// A TIFF structure that holds nothing but this orientation.
std::string orientation_block(Orientation orientation);

// The six octets before the TIFF structure in JPEG.
inline constexpr std::string_view exif_begin{"Exif\0\0", 6};

}  // namespace coi::image
