#include "engine/small_picture.h"

#include <algorithm>

#include "hash/base64.h"
#include "hash/digest.h"
#include "image/thumbnail.h"

namespace coi::engine {
namespace {

constexpr std::size_t most_octets = 20'000;  // D-30
constexpr std::uint32_t most_pixels = 512;   // a side

bool is_small(std::string_view octets, const Limits& limits) {
  if (octets.size() > most_octets) return false;
  const auto described = image::describe(octets, limits);
  return described && described->format == image::Format::jpeg && described->orientation == 1 &&
         described->stored.width <= most_pixels && described->stored.height <= most_pixels;
}

chat::Picture picture_of(std::string_view octets) {
  return {.id = hash::hex_encode(hash::sha256(octets)), .base64 = hash::base64_encode(octets)};
}

}  // namespace

Result<chat::Picture> small_picture(std::string_view octets, const Limits& limits) {
  return picture_of(COI_TRY(image::avatar(octets, limits, most_octets)).octets);
}

Result<chat::Picture> received_picture(std::string_view octets, Limits limits) {
  constexpr std::size_t most_received = 4'000'000;  // pixels: it is decoded for anybody who writes
  limits.pixels = std::min(limits.pixels, most_received);
  if (is_small(octets, limits)) return picture_of(octets);
  return small_picture(octets, limits);
}

}  // namespace coi::engine
