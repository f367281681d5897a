#include "image/thumbnail.h"

#include <algorithm>

#include "base/thrown.h"
#include "image/picture.h"

namespace coi::image {
namespace {

constexpr int thumbnail_quality = 80;

// The largest size of the same shape within `most`, not above the picture's own; a side has one pixel at least.
Size fitting(Size size, Size most) {
  if (size.width <= most.width && size.height <= most.height) return size;
  const auto scaled = [](std::uint32_t side, std::uint32_t numerator, std::uint32_t denominator) {
    return static_cast<std::uint32_t>(std::max<std::uint64_t>(std::uint64_t{side} * numerator / denominator, 1));
  };
  const bool by_width = std::uint64_t{size.width} * most.height >= std::uint64_t{size.height} * most.width;
  return by_width ? Size{most.width, scaled(size.height, most.width, size.width)}
                  : Size{scaled(size.width, most.height, size.height), most.height};
}

Result<std::unique_ptr<Rows>> rows_of(std::string_view octets, const Description& description, Size least) {
  switch (description.format) {
    case Format::jpeg:
      return jpeg_rows(octets, least);
    case Format::png:
      return png_rows(octets);
    case Format::gif:
      return gif_rows(octets, description.stored);
    case Format::webp:
      return webp_rows(octets, description.stored, least);
  }
  return fail(ErrorKind::internal, "a picture of no format");
}

Result<Encoded> encoded(const Picture& picture) {
  if (picture.is_opaque()) return Encoded{Format::jpeg, picture.size, COI_TRY(to_jpeg(picture, thumbnail_quality))};
  return Encoded{Format::png, picture.size, COI_TRY(to_png(picture))};
}

Result<Picture> middle(std::string_view octets, const Description& description, std::uint32_t most_side) {
  const Size stored = description.stored;
  const std::uint32_t least_side = std::min(stored.width, stored.height);
  const std::uint32_t side = std::min(most_side, least_side);
  const auto scaled = [&](std::uint32_t length) {
    return static_cast<std::uint32_t>(std::uint64_t{length} * side / least_side);
  };
  const auto rows = COI_TRY(rows_of(octets, description, {scaled(stored.width), scaled(stored.height)}));
  const Size got = rows->size();
  const std::uint32_t square = std::min(got.width, got.height);
  if (square < side) return damaged();
  const Window window{(got.width - square) / 2, (got.height - square) / 2, {square, square}};
  return turned(COI_TRY(reduce(*rows, window, {side, side})), description.orientation);
}

}  // namespace

Result<Encoded> thumbnail(std::string_view octets, std::uint32_t most_width, std::uint32_t most_height,
                          const Limits& limits) {
  return caught("a picture", [&]() -> Result<Encoded> {
    const auto description = COI_TRY(describe(octets, limits));
    const Size most{std::max(most_width, 1U), std::max(most_height, 1U)};
    // Swapped twice: the target is as the picture is stored.
    const Size target = upright(fitting(description.shown, most), description.orientation);
    const auto rows = COI_TRY(rows_of(octets, description, target));
    const Size got = rows->size();
    if (got.width < target.width || got.height < target.height) return damaged();
    return encoded(turned(COI_TRY(reduce(*rows, {0, 0, got}, target)), description.orientation));
  });
}

Result<Encoded> avatar(std::string_view octets, const Limits& limits, std::size_t most_octets) {
  constexpr std::uint32_t most_side = 512, least_side = 32, step = 32;
  return caught("a picture", [&]() -> Result<Encoded> {
    const auto description = COI_TRY(describe(octets, limits));
    const auto largest = COI_TRY(middle(octets, description, most_side));
    // Size before quality, down to what still looks well.
    Picture smaller;
    const Picture* picture = &largest;
    for (std::uint32_t side = largest.size.width;;) {
      for (const int quality : {85, 75, 65, 55}) {
        auto jpeg = COI_TRY(to_jpeg(*picture, quality));
        if (jpeg.size() <= most_octets) return Encoded{Format::jpeg, picture->size, std::move(jpeg)};
      }
      if (side <= least_side) break;
      side = std::max((side - 1) / step * step, least_side);
      smaller = reduce(largest, {side, side});
      picture = &smaller;
    }
    return fail(ErrorKind::limit, "the picture is too large for a picture of a person, however small");
  });
}

}  // namespace coi::image
