#include "image/without_place.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include <zlib.h>

#include "image/container.h"
#include "image/exif.h"
#include "image/number.h"

namespace coi::image {
namespace {

std::unexpected<Error> no_picture() { return fail(ErrorKind::corrupt, "the picture is damaged: no image data found"); }

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// JPEG

void append_segment(std::string& out, std::uint8_t marker, std::string_view contents) {
  out += '\xFF';
  out += static_cast<char>(marker);
  append_big_endian(out, static_cast<std::uint32_t>(2 + contents.size()), 2);
  out += contents;
}

// JFIF without its preview: name, version, unit and density, then the size of an empty one.
std::string jfif_block(std::string_view contents) { return std::string(contents.substr(0, 12)).append(2, '\0'); }

bool is_jfif(const Segment& segment) {
  return segment.marker == marker::app0 && segment.contents.starts_with(std::string_view("JFIF\0", 5)) &&
         segment.contents.size() >= 14;
}

// What decodes the picture, its colour profile, and Adobe's word for how colours are stored, of which decoders read
// twelve octets.
void append_if_needed(std::string& out, const Segment& segment) {
  constexpr std::uint8_t first = 0xC0, last = 0xDF;  // frames, scans, their tables, EOI
  constexpr std::size_t adobe_size = 12;
  if (segment.marker >= first && segment.marker <= last)
    out += segment.whole;
  else if (segment.marker == marker::app2 && segment.contents.starts_with(std::string_view("ICC_PROFILE\0", 12)))
    out += segment.whole;
  else if (segment.marker == marker::app14 && segment.contents.starts_with("Adobe"))
    append_segment(out, segment.marker, segment.contents.substr(0, adobe_size));
}

// What is written anew, from before the first scan.
struct JpegHead {
  std::optional<Segment> jfif;
  std::optional<Orientation> orientation;
};

JpegHead read_head(std::string_view rest) {
  JpegHead head;
  while (const auto segment = next_segment(rest)) {
    if (segment->marker == marker::start_of_scan) break;
    if (is_jfif(*segment) && !head.jfif) head.jfif = segment;
    if (segment->marker == marker::app1 && segment->contents.starts_with(exif_begin) && !head.orientation)
      head.orientation = read_orientation(segment->contents);
  }
  return head;
}

Result<std::string> jpeg_without_place(std::string_view octets) {
  auto rest = octets.substr(jpeg_begin.size());
  const auto head = read_head(rest);
  const auto orientation = head.orientation.value_or(Orientation{1});
  std::string out(jpeg_begin);
  if (head.jfif) append_segment(out, marker::app0, jfif_block(head.jfif->contents));
  if (orientation != 1) append_segment(out, marker::app1, std::string(exif_begin) + orientation_block(orientation));
  bool has_picture = false;
  while (const auto segment = next_segment(rest)) {
    append_if_needed(out, *segment);
    has_picture |= segment->marker == marker::start_of_scan;
    if (segment->marker == marker::end_of_image) break;
  }
  if (!has_picture) return no_picture();
  return out;
}

// PNG

void append_png_chunk(std::string& out, std::string_view name, std::string_view contents) {
  append_big_endian(out, static_cast<std::uint32_t>(contents.size()), 4);
  const std::size_t summed = out.size();
  out += name;
  out += contents;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(out.data() + summed), static_cast<uInt>(out.size() - summed));
  append_big_endian(out, static_cast<std::uint32_t>(sum), 4);
}

Result<std::string> png_without_place(std::string_view octets) {
  auto rest = octets.substr(png_begin.size());
  std::string out(png_begin);
  std::optional<Orientation> orientation;
  bool has_picture = false;
  while (const auto chunk = next_png_chunk(rest)) {
    has_picture |= chunk->name == "IDAT";
    if (chunk->name == "eXIf" && !orientation) {
      orientation = read_orientation(chunk->contents);
      if (orientation != 1) append_png_chunk(out, "eXIf", orientation_block(*orientation));
    } else if (is_one_of(chunk->name, {"IHDR", "PLTE", "IDAT", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV",
                                       "cLLI", "sBIT", "bKGD", "pHYs", "hIST", "acTL", "fcTL", "fdAT"})) {
      out += chunk->whole;
    }
    if (chunk->name == "IEND") {
      append_png_chunk(out, "IEND", "");
      break;
    }
  }
  if (!has_picture) return no_picture();
  return out;
}

// GIF

// Frames, text that is shown as one, and of the other extensions what plays them: how a frame is shown (four octets),
// and how often all are (three octets behind an application's name).
void append_if_needed(std::string& out, const GifBlock& block) {
  constexpr std::uint8_t text = 0x01, control = 0xF9, application = 0xFF;
  if (block.kind != GifBlock::Kind::extension || block.label == text) {
    out += block.whole;
    return;
  }
  constexpr std::size_t head = 2, control_size = 4, repeats_size = 3;  // head: 21 and the label
  const bool repeats = block.label == application && is_one_of(block.contents, {"NETSCAPE2.0", "ANIMEXTS1.0"});
  std::string kept(block.whole.substr(0, head));
  auto rest = block.whole.substr(head);
  const auto first = next_gif_sub_block(rest);
  if (!first || (!repeats && (block.label != control || first->size() != 1 + control_size))) return;
  kept += *first;
  if (repeats) {
    auto again = next_gif_sub_block(rest);
    while (again && again->size() != 1 + repeats_size) again = next_gif_sub_block(rest);
    if (!again) return;
    kept += *again;
  }
  out += kept + '\0';
}

Result<std::string> gif_without_place(std::string_view octets) {
  auto rest = octets;
  if (!take_gif_screen(rest)) return no_picture();
  std::string out(octets.substr(0, octets.size() - rest.size()));
  bool has_picture = false;
  while (const auto block = next_gif_block(rest)) {
    append_if_needed(out, *block);
    has_picture |= block->kind == GifBlock::Kind::image;
    if (block->kind == GifBlock::Kind::trailer) break;
  }
  if (!has_picture) return no_picture();
  return out;
}

// WebP

void append_webp_chunk(std::string& out, std::string_view name, std::string_view contents) {
  out += name;
  append_little_endian(out, static_cast<std::uint32_t>(contents.size()), 4);
  out += contents;
  if (contents.size() % 2 != 0) out += '\0';
}

// A frame of an animation: where it lies and how long it is shown, its alpha, and its pixels, which end it.
std::string frame_needed(std::string_view contents) {
  constexpr std::size_t head = 16;
  std::string kept(contents.substr(0, head));
  auto rest = contents.substr(kept.size());
  while (const auto chunk = next_webp_chunk(rest)) {
    if (is_one_of(chunk->name, {"ALPH", "VP8 ", "VP8L"})) append_webp_chunk(kept, chunk->name, chunk->contents);
    if (is_one_of(chunk->name, {"VP8 ", "VP8L"})) break;
  }
  return kept;
}

Result<std::string> webp_without_place(std::string_view octets) {
  auto rest = webp_chunks(octets);
  std::string chunks;
  std::optional<Orientation> orientation;
  std::optional<std::size_t> flags;  // where VP8X has them
  bool has_picture = false;
  while (const auto chunk = next_webp_chunk(rest)) {
    if (chunk->name == "EXIF" && !orientation) orientation = read_orientation(chunk->contents);
    if (chunk->name == "VP8X" && !chunk->contents.empty() && !flags) flags = chunks.size() + 8;
    constexpr std::size_t head_size = 10, animation_size = 6;
    if (is_one_of(chunk->name, {"VP8 ", "VP8L", "ALPH", "ICCP"}))
      append_webp_chunk(chunks, chunk->name, chunk->contents);
    else if (chunk->name == "VP8X")
      append_webp_chunk(chunks, chunk->name, chunk->contents.substr(0, head_size));
    else if (chunk->name == "ANIM")
      append_webp_chunk(chunks, chunk->name, chunk->contents.substr(0, animation_size));
    else if (chunk->name == "ANMF")
      append_webp_chunk(chunks, chunk->name, frame_needed(chunk->contents));
    has_picture |= is_one_of(chunk->name, {"VP8 ", "VP8L", "ANMF"});
  }
  if (!has_picture) return no_picture();
  if (flags) {
    constexpr std::uint8_t exif_flag = 0x08, xmp_flag = 0x04;
    auto value = static_cast<std::uint8_t>(chunks[*flags] & ~(exif_flag | xmp_flag));
    if (orientation.value_or(Orientation{1}) != 1) {
      value |= exif_flag;
      append_webp_chunk(chunks, "EXIF", orientation_block(*orientation));
    }
    chunks[*flags] = static_cast<char>(value);
  }
  std::string out = "RIFF";
  append_little_endian(out, static_cast<std::uint32_t>(chunks.size() + 4), 4);
  return out + "WEBP" + chunks;
}

}  // namespace

Result<std::string> without_place(std::string_view octets) {
  const auto format = format_of(octets);
  if (!format) return fail(ErrorKind::invalid, "no JPEG, PNG, GIF or WebP picture");
  switch (*format) {
    case Format::jpeg:
      return jpeg_without_place(octets);
    case Format::png:
      return png_without_place(octets);
    case Format::gif:
      return gif_without_place(octets);
    case Format::webp:
      return webp_without_place(octets);
  }
  return fail(ErrorKind::internal, "a picture of no format");
}

}  // namespace coi::image
