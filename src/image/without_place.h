// Pictures without what they tell of the place where, and of the person by whom, they were taken.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::image {

// The same picture without EXIF, XMP, IPTC, comments, maker notes, embedded previews and what stands behind its end
// (cameras put videos and further pictures there). Pixels are not recoded; the orientation (in a new EXIF block that
// holds nothing else) and what pixels, colours and animation need stay, each by its name: what nobody knows goes. Where
// it is cut off or damaged, what comes from there on is left out; programs that show the rows of an IDAT that is cut
// off show fewer of them then. What stays unseen: octets within coded data, behind what the last pixel needs, and where
// a JPEG has no EOI, all that follows without a marker; only decoding would tell them apart. A JPEG without EOI is no
// error, since programs show it.
// Errors: invalid, it is no JPEG, PNG, GIF or WebP, and what it tells (HEIC, TIFF and video tell a place too) can only
// be sent with it; corrupt, it begins as one of the four, but no image data is found.
Result<std::string> without_place(std::string_view octets);

}  // namespace coi::image
