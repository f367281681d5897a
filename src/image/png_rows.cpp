#include <csetjmp>
#include <cstring>
#include <vector>

#include <png.h>

#include "image/rows.h"

namespace coi::image {
namespace {

// libpng must not be returned to after an error; see jpeg_rows.cpp.
class PngRows : public Rows {
 public:
  explicit PngRows(std::string_view octets) : rest_(octets) {}
  ~PngRows() override { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngRows(const PngRows&) = delete;
  PngRows& operator=(const PngRows&) = delete;

  Result<> open() {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, [](png_structp, png_const_charp) {});
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) return fail(ErrorKind::full, "no memory for a picture");
    if (!begin()) return damaged();
    size_ = {png_get_image_width(png_, info_), png_get_image_height(png_, info_)};
    if (png_get_rowbytes(png_, info_) != row_size()) return damaged();
    if (passes_ > 1) {
      whole_.resize(row_size() * size_.height);
      for (int pass = 0; pass < passes_; ++pass)
        for (std::size_t y = 0; y < size_.height; ++y)
          if (!read_row(whole_.data() + y * row_size())) return damaged();
    }
    return {};
  }

  Result<> read(std::span<std::uint8_t> rgba) override {
    if (passes_ > 1) {
      std::memcpy(rgba.data(), whole_.data() + next_++ * row_size(), row_size());
      return {};
    }
    if (!read_row(rgba.data())) return damaged();
    return {};
  }

 private:
  std::size_t row_size() const { return std::size_t{size_.width} * 4; }

  [[noreturn]] static void leave(png_structp png, png_const_charp) {
    std::longjmp(static_cast<PngRows*>(png_get_error_ptr(png))->way_out_, 1);
  }

  static void give(png_structp png, png_bytep into, std::size_t size) {
    auto& rest = static_cast<PngRows*>(png_get_io_ptr(png))->rest_;
    if (rest.size() < size) png_error(png, "cut off");
    std::memcpy(into, rest.data(), size);
    rest.remove_prefix(size);
  }

  bool begin() {
    if (setjmp(way_out_) != 0) return false;
    png_set_read_fn(png_, this, give);
    png_set_user_limits(png_, 65'535, 65'535);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);  // all that is not needed for pixels
    png_read_info(png_, info_);
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    png_set_add_alpha(png_, 0xFF, PNG_FILLER_AFTER);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  bool read_row(std::uint8_t* into) {
    if (setjmp(way_out_) != 0) return false;
    png_read_row(png_, into, nullptr);
    return true;
  }

  std::string_view rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf way_out_{};
  int passes_ = 1;
  std::vector<std::uint8_t> whole_;  // of an interlaced picture
  std::size_t next_ = 0;             // row of it
};

}  // namespace

Result<std::unique_ptr<Rows>> png_rows(std::string_view octets) {
  auto rows = std::make_unique<PngRows>(octets);
  COI_TRY(rows->open());
  return rows;
}

}  // namespace coi::image
