// Pictures made for the tests: red and green above, blue and white below.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "image/picture.h"

namespace coi::image {

using Colour = std::array<int, 4>;
inline constexpr Colour red{255, 0, 0, 255}, green{0, 255, 0, 255}, blue{0, 0, 255, 255}, white{255, 255, 255, 255},
    clear{0, 0, 0, 0};

Picture quarters(Size size, Colour fourth = white);

// The colour in the middle of a quarter: 0 left above, 1 right above, 2 left below, 3 right below.
Colour colour_in(const Picture& picture, int quarter);
// … of an encoded picture, decoded whole.
Colour colour_in(std::string_view octets, int quarter);
// Each component differs by less than 40: JPEG changes colours a little.
bool alike(const Colour& a, const Colour& b);

// CMYK as Adobe stores it, inverted and with its marker, and as nobody else has to.
enum class JpegKind : std::uint8_t { baseline, progressive, progressive_grey, arithmetic, grey, cmyk, cmyk_of_adobe };
std::string jpeg(Size size, JpegKind kind = JpegKind::baseline);
std::string progressive_jpeg(Size size);
std::string flat_progressive_jpeg(Size size);  // two greys side by side
std::string png(Size size, Colour fourth = white);
std::string gif(Size size, int frames = 1);
std::string webp(Size size);  // simple, lossy
std::string webp_chunk(std::string_view name, std::string_view contents);
std::string extended_webp(Size size, std::string_view exif, std::string_view xmp);
// Each frame is chunks, and fills the canvas. `tail` stands behind what VP8X and ANIM have to say.
std::string animated_webp(Size size, const std::vector<std::string>& frames, std::string_view tail = "");

// A JPEG segment and a PNG chunk; a JPEG with the segments behind SOI, a PNG with chunks behind IHDR.
std::string segment(unsigned marker, std::string_view contents);
std::string chunk(std::string_view name, std::string_view contents);
std::string with_segments(std::string_view jpeg, std::string_view segments);
std::string with_chunks(std::string_view png, std::string_view chunks);

// EXIF with an orientation, a camera's owner "Ada Owner" and a GPS directory with "PLACE48N".
std::string exif_with_place(Orientation orientation);

}  // namespace coi::image
