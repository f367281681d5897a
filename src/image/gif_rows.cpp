#include <algorithm>
#include <cstring>
#include <vector>

#include <gif_lib.h>

#include "image/rows.h"

namespace coi::image {
namespace {

// The first frame on a screen that lets everything through elsewhere.
class GifRows : public Rows {
 public:
  GifRows(std::string_view octets, Size screen) : rest_(octets) { size_ = screen; }
  ~GifRows() override {
    int ignored = 0;
    if (gif_ != nullptr) DGifCloseFile(gif_, &ignored);
  }
  GifRows(const GifRows&) = delete;
  GifRows& operator=(const GifRows&) = delete;

  Result<> open() {
    int ignored = 0;
    gif_ = DGifOpen(this, give, &ignored);
    if (gif_ == nullptr || !find_frame()) return damaged();
    const auto& frame = gif_->Image;
    const auto left = static_cast<std::size_t>(frame.Left), top = static_cast<std::size_t>(frame.Top);
    width_ = static_cast<std::size_t>(frame.Width);
    height_ = static_cast<std::size_t>(frame.Height);
    colours_ = frame.ColorMap != nullptr ? frame.ColorMap : gif_->SColorMap;
    if (colours_ == nullptr || width_ == 0 || height_ == 0 || left + width_ > size_.width ||
        top + height_ > size_.height)
      return damaged();
    indices_.resize(width_ * height_);
    constexpr std::size_t starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
    for (std::size_t pass = 0; pass < (frame.Interlace ? 4U : 1U); ++pass)
      for (std::size_t y = starts[pass]; y < height_; y += frame.Interlace ? steps[pass] : 1)
        if (DGifGetLine(gif_, indices_.data() + y * width_, static_cast<int>(width_)) == GIF_ERROR) return damaged();
    return {};
  }

  Result<> read(std::span<std::uint8_t> rgba) override {
    std::ranges::fill(rgba, std::uint8_t{0});
    const auto left = static_cast<std::size_t>(gif_->Image.Left), top = static_cast<std::size_t>(gif_->Image.Top);
    const std::size_t y = next_++;
    if (y < top || y >= top + height_) return {};
    for (std::size_t x = 0; x < width_; ++x) {
      const int index = indices_[(y - top) * width_ + x];
      if (index == transparent_ || index >= colours_->ColorCount) continue;
      const auto& colour = colours_->Colors[index];
      std::uint8_t* out = rgba.data() + (left + x) * 4;
      out[0] = colour.Red, out[1] = colour.Green, out[2] = colour.Blue, out[3] = 255;
    }
    return {};
  }

 private:
  static int give(GifFileType* gif, GifByteType* into, int size) {
    auto& rest = static_cast<GifRows*>(gif->UserData)->rest_;
    const auto taken = std::min(rest.size(), static_cast<std::size_t>(std::max(size, 0)));
    if (taken > 0) std::memcpy(into, rest.data(), taken);
    rest.remove_prefix(taken);
    return static_cast<int>(taken);
  }

  bool find_frame() {
    GifRecordType kind = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(gif_, &kind) != GIF_ERROR) {
      if (kind == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif_) != GIF_ERROR;
      if (kind != EXTENSION_RECORD_TYPE || !pass_extension()) return false;
    }
    return false;
  }

  bool pass_extension() {
    int label = 0;
    GifByteType* block = nullptr;  // the length, then as many octets
    if (DGifGetExtension(gif_, &label, &block) == GIF_ERROR) return false;
    GraphicsControlBlock control{};
    if (block != nullptr && label == GRAPHICS_EXT_FUNC_CODE &&
        DGifExtensionToGCB(block[0], block + 1, &control) != GIF_ERROR)
      transparent_ = control.TransparentColor;
    while (block != nullptr)
      if (DGifGetExtensionNext(gif_, &block) == GIF_ERROR) return false;
    return true;
  }

  std::string_view rest_;
  GifFileType* gif_ = nullptr;
  const ColorMapObject* colours_ = nullptr;
  std::size_t width_ = 0, height_ = 0;  // of the frame
  int transparent_ = NO_TRANSPARENT_COLOR;
  std::vector<GifByteType> indices_;
  std::size_t next_ = 0;
};

}  // namespace

Result<std::unique_ptr<Rows>> gif_rows(std::string_view octets, Size screen) {
  auto rows = std::make_unique<GifRows>(octets, screen);
  COI_TRY(rows->open());
  return rows;
}

}  // namespace coi::image
