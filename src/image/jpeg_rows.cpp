#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <vector>

#include <jpeglib.h>
// behind jpeglib.h, which it leans on
#include <jerror.h>

#include "image/rows.h"

namespace coi::image {
namespace {

constexpr long most_memory = 256L * 1024 * 1024;  // octets of coefficients: 40 megapixels of progressive 4:4:4
// Each scan of a few octets costs a pass over the whole picture: no more of them than sixteen passes over 40
// megapixels.
constexpr int most_scans = 64;
constexpr std::uint64_t most_passed = std::uint64_t{16} * 40'000'000;  // pixels

// libjpeg reports by calling back, and must not be returned to: read() and open() leave it by longjmp, which passes
// over frames of C alone.
class JpegRows : public Rows {
 public:
  JpegRows() {
    decoder_.err = jpeg_std_error(&errors_);
    decoder_.client_data = this;
    errors_.error_exit = [](j_common_ptr info) { leave(info); };
    errors_.output_message = [](j_common_ptr) {};
    errors_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0 && means_wrong_pixels(info->err->msg_code)) leave(info);
    };
    progress_.progress_monitor = [](j_common_ptr info) {
      auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
      const Size size{decoder->image_width, decoder->image_height};
      const int scans = decoder->input_scan_number;
      if (scans <= most_scans && static_cast<std::uint64_t>(scans) * size.pixels() <= most_passed) return;
      info->err->msg_code = JERR_OUT_OF_MEMORY;  // stands for all that takes too much, see error()
      leave(info);
    };
  }
  ~JpegRows() override { jpeg_destroy_decompress(&decoder_); }
  JpegRows(const JpegRows&) = delete;
  JpegRows& operator=(const JpegRows&) = delete;

  Result<> open(std::string_view octets, Size least) {
    if (!begin(octets, least)) return error();
    size_ = {decoder_.output_width, decoder_.output_height};
    row_.resize(std::size_t{size_.width} * static_cast<std::size_t>(decoder_.output_components));
    return {};
  }

  Result<> read(std::span<std::uint8_t> rgba) override {
    if (!read_row()) return error();
    const auto step = static_cast<std::size_t>(decoder_.output_components);
    for (std::size_t x = 0; x < size_.width; ++x) {
      const std::uint8_t* in = row_.data() + x * step;
      std::uint8_t* out = rgba.data() + x * 4;
      out[3] = 255;
      if (step == 4) {  // CMYK, which Adobe stores inverted
        for (int i = 0; i < 3; ++i) {
          const int ink = decoder_.saw_Adobe_marker ? in[i] : 255 - in[i];
          const int black = decoder_.saw_Adobe_marker ? in[3] : 255 - in[3];
          out[i] = static_cast<std::uint8_t>(ink * black / 255);
        }
      } else {
        for (std::size_t i = 0; i < 3; ++i) out[i] = in[step == 1 ? 0 : i];
      }
    }
    return {};
  }

 private:
  [[noreturn]] static void leave(j_common_ptr info) {
    std::longjmp(static_cast<JpegRows*>(info->client_data)->way_out_, 1);
  }

  // Warnings that mean wrong pixels; many sound pictures bring others.
  static bool means_wrong_pixels(int code) {
    return code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_MUST_RESYNC;
  }

  bool begin(std::string_view octets, Size least) {
    if (setjmp(way_out_) != 0) return false;
    jpeg_create_decompress(&decoder_);
    decoder_.progress = &progress_;
    decoder_.mem->max_memory_to_use = most_memory;
    jpeg_mem_src(&decoder_, reinterpret_cast<const unsigned char*>(octets.data()),
                 static_cast<unsigned long>(octets.size()));
    jpeg_read_header(&decoder_, TRUE);
    if (decoder_.arith_code) {  // describe() has refused it already
      errors_.msg_code = JERR_ARITH_NOTIMPL;
      return false;
    }
    const bool four = decoder_.jpeg_color_space == JCS_CMYK || decoder_.jpeg_color_space == JCS_YCCK;
    if (decoder_.jpeg_color_space == JCS_GRAYSCALE)
      decoder_.out_color_space = JCS_GRAYSCALE;
    else
      decoder_.out_color_space = four ? JCS_CMYK : JCS_RGB;
    // Twice what is wanted, so that the last step, which averages, smooths.
    decoder_.scale_num = 1;
    decoder_.scale_denom = 8;
    while (decoder_.scale_denom > 1 && (decoder_.image_width / decoder_.scale_denom < 2 * least.width ||
                                        decoder_.image_height / decoder_.scale_denom < 2 * least.height))
      decoder_.scale_denom /= 2;
    return jpeg_start_decompress(&decoder_) == TRUE;
  }

  bool read_row() {
    if (setjmp(way_out_) != 0) return false;
    JSAMPROW row = row_.data();
    return jpeg_read_scanlines(&decoder_, &row, 1) == 1;
  }

  std::unexpected<Error> error() const {
    switch (errors_.msg_code) {
      case JERR_OUT_OF_MEMORY:
      case JERR_NO_BACKING_STORE:
        return fail(ErrorKind::limit, "the picture takes too much memory or time");
      case JERR_SOF_UNSUPPORTED:
      case JERR_BAD_PRECISION:
      case JERR_CONVERSION_NOTIMPL:
      case JERR_ARITH_NOTIMPL:
        return fail(ErrorKind::invalid, "the picture is a rare kind of JPEG");
      default:
        return damaged();
    }
  }

  jpeg_decompress_struct decoder_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf way_out_{};
  std::vector<std::uint8_t> row_;
};

}  // namespace

Result<std::unique_ptr<Rows>> jpeg_rows(std::string_view octets, Size least) {
  auto rows = std::make_unique<JpegRows>();
  COI_TRY(rows->open(octets, least));
  return rows;
}

}  // namespace coi::image
