// How the four formats are cut into parts, without a look at what a part means. For this room only.
//
// Each next_…() takes one part off the front of `rest`, which begins behind the signature. Nothing, when the
// end or a damage is reached: `rest` then holds what is left. Time is linear in the octets taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "image/describe.h"

namespace coi::image {

// By the signature alone; nothing for what is none of the four. Of JPEG that is SOI, since decoders pass over what
// stands between it and the next marker.
std::optional<Format> format_of(std::string_view octets);

inline constexpr std::string_view jpeg_begin{"\xFF\xD8"};
inline constexpr std::string_view png_begin{"\x89PNG\r\n\x1A\n"};
// Of a WebP, its chunks: what stands behind the end that RIFF gives is none of them.
std::string_view webp_chunks(std::string_view octets);

// A JPEG segment (ITU-T T.81, annex B). Octets between segments are passed over, as decoders do.
struct Segment {
  std::uint8_t marker = 0;    // the octet behind FF
  std::string_view whole;     // from the marker on; of a scan, with its coded data
  std::string_view contents;  // without marker and length; of a scan, its header alone
};
std::optional<Segment> next_segment(std::string_view& rest);

namespace marker {
inline constexpr std::uint8_t start_of_scan = 0xDA, end_of_image = 0xD9, app0 = 0xE0, app1 = 0xE1, app2 = 0xE2,
                              app14 = 0xEE;
}
// SOF0 to SOF15: the size and the kind of coding.
bool begins_frame(std::uint8_t marker);

// A chunk of PNG (its third edition, section 5.3) or of WebP (RFC 9649).
struct Chunk {
  std::string_view name;   // four octets
  std::string_view whole;  // with length, name, and CRC or padding
  std::string_view contents;
};
std::optional<Chunk> next_png_chunk(std::string_view& rest);
std::optional<Chunk> next_webp_chunk(std::string_view& rest);

// A GIF block (GIF89a). The screen descriptor with its colours comes first, and is taken by take_gif_screen().
struct GifBlock {
  enum class Kind : std::uint8_t { image, extension, trailer };
  Kind kind = Kind::trailer;
  std::uint8_t label = 0;     // of an extension
  std::string_view whole;     // with its sub-blocks
  std::string_view contents;  // an image's descriptor, or an extension's first sub-block
};
// The seven octets behind the signature and the colour table; takes the signature too.
std::optional<std::string_view> take_gif_screen(std::string_view& rest);
std::optional<GifBlock> next_gif_block(std::string_view& rest);
// With the octet that tells its size; nothing for the empty one that ends an extension.
std::optional<std::string_view> next_gif_sub_block(std::string_view& rest);

}  // namespace coi::image
