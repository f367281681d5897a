#include "image/picture.h"

#include <algorithm>
#include <cstring>

namespace coi::image {
namespace {

// Means over areas, in whole numbers: along each axis a pixel of the source is as many units wide as the target has
// pixels, and a pixel of the target as many as the source has. So a pixel of the source lies in two of the target at
// most. Colours are weighed by alpha. 255² · 65 535² fits 64 bits.
class Reducer {
 public:
  Reducer(Size source, Size target)
      : source_(source), target_(target), across_(target.width * std::size_t{4}), sums_(across_.size()) {
    out_.size = target;
    out_.rgba.reserve(target.pixels() * 4);
  }

  void add(const std::uint8_t* rgba) {
    std::ranges::fill(across_, std::uint64_t{0});
    std::uint64_t* into = across_.data();
    std::uint64_t left = source_.width;  // of the target's pixel
    for (std::uint32_t x = 0; x < source_.width; ++x, rgba += 4) {
      const std::uint64_t first = std::min<std::uint64_t>(left, target_.width);
      add_pixel(into, rgba, first);
      left -= first;
      if (left > 0) continue;
      into += 4;
      left = source_.width;
      if (const auto second = target_.width - first; second > 0) {
        add_pixel(into, rgba, second);
        left -= second;
      }
    }
    const std::uint64_t first = std::min<std::uint64_t>(down_left_, target_.height);
    add_row(first);
    if (down_left_ > 0) return;
    finish_row();
    add_row(target_.height - first);
  }

  Picture take() { return std::move(out_); }

 private:
  static void add_pixel(std::uint64_t* into, const std::uint8_t* rgba, std::uint64_t weight) {
    const std::uint64_t alpha = rgba[3] * weight;
    for (int i = 0; i < 3; ++i) into[i] += rgba[i] * alpha;
    into[3] += alpha;
  }

  void add_row(std::uint64_t weight) {
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += across_[i] * weight;
    down_left_ -= weight;
  }

  void finish_row() {
    const std::uint64_t area = source_.pixels();
    for (std::size_t x = 0; x < sums_.size(); x += 4) {
      const std::uint64_t alpha = sums_[x + 3];
      for (std::size_t i = 0; i < 3; ++i)
        out_.rgba.push_back(alpha == 0 ? 0 : static_cast<std::uint8_t>((sums_[x + i] + alpha / 2) / alpha));
      out_.rgba.push_back(static_cast<std::uint8_t>((alpha + area / 2) / area));
    }
    std::ranges::fill(sums_, std::uint64_t{0});
    down_left_ = source_.height;
  }

  Size source_, target_;
  std::vector<std::uint64_t> across_;  // one row of the source
  std::vector<std::uint64_t> sums_;    // one row of the target
  std::uint64_t down_left_ = source_.height;
  Picture out_;
};

}  // namespace

bool Picture::is_opaque() const {
  for (std::size_t i = 3; i < rgba.size(); i += 4)
    if (rgba[i] != 255) return false;
  return true;
}

Result<Picture> reduce(Rows& rows, const Window& window, Size target) {
  std::vector<std::uint8_t> row(std::size_t{rows.size().width} * 4);
  Reducer reducer(window.size, target);
  for (std::uint32_t y = 0; y < window.top + window.size.height; ++y) {
    COI_TRY(rows.read(row));
    if (y >= window.top) reducer.add(row.data() + std::size_t{window.left} * 4);
  }
  return reducer.take();
}

Picture reduce(const Picture& picture, Size target) {
  Reducer reducer(picture.size, target);
  for (std::size_t y = 0; y < picture.size.height; ++y) reducer.add(picture.rgba.data() + y * picture.size.width * 4);
  return reducer.take();
}

Picture turned(Picture picture, Orientation orientation) {
  if (orientation == 1) return picture;
  const bool swapped = orientation >= 5;
  const Size size = upright(picture.size, orientation);
  Picture out{size, std::vector<std::uint8_t>(picture.rgba.size())};
  // Where a pixel of the upright picture comes from: first the axes are swapped, then each may run backwards.
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (std::size_t y = 0; y < size.height; ++y)
    for (std::size_t x = 0; x < size.width; ++x) {
      std::size_t from_x = swapped ? y : x, from_y = swapped ? x : y;
      if (from_right) from_x = picture.size.width - 1 - from_x;
      if (from_below) from_y = picture.size.height - 1 - from_y;
      std::memcpy(out.rgba.data() + (y * size.width + x) * 4,
                  picture.rgba.data() + (from_y * picture.size.width + from_x) * 4, 4);
    }
  return out;
}

}  // namespace coi::image
