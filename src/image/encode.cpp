#include <csetjmp>
#include <cstdio>
#include <new>
#include <utility>

#include <jpeglib.h>
#include <png.h>

#include "image/picture.h"

namespace coi::image {
namespace {

// Left by longjmp after an error, as in jpeg_rows.cpp. The output is ours: jpeg_mem_dest() tells only at the end where
// its grown buffer lies, so that after an error nobody can free it.
class JpegWriter {
 public:
  JpegWriter() {
    encoder_.err = jpeg_std_error(&errors_);
    encoder_.client_data = this;
    errors_.error_exit = [](j_common_ptr info) {
      std::longjmp(static_cast<JpegWriter*>(info->client_data)->way_out_, 1);
    };
    errors_.output_message = [](j_common_ptr) {};
    target_.init_destination = [](j_compress_ptr info) { of(info).grow(); };
    target_.empty_output_buffer = [](j_compress_ptr info) -> boolean {
      of(info).grow();
      return TRUE;
    };
    target_.term_destination = [](j_compress_ptr info) {
      auto& writer = of(info);
      writer.out_.resize(writer.out_.size() - writer.target_.free_in_buffer);
    };
  }
  ~JpegWriter() { jpeg_destroy_compress(&encoder_); }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  bool write(const std::vector<std::uint8_t>& rgb, Size size, int quality) {
    if (setjmp(way_out_) != 0) return false;
    jpeg_create_compress(&encoder_);
    encoder_.dest = &target_;
    encoder_.image_width = size.width;
    encoder_.image_height = size.height;
    encoder_.input_components = 3;
    encoder_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder_);
    jpeg_set_quality(&encoder_, quality, TRUE);
    encoder_.optimize_coding = TRUE;
    jpeg_start_compress(&encoder_, TRUE);
    while (encoder_.next_scanline < encoder_.image_height) {
      auto* row = const_cast<JSAMPROW>(rgb.data() + std::size_t{encoder_.next_scanline} * size.width * 3);
      jpeg_write_scanlines(&encoder_, &row, 1);
    }
    jpeg_finish_compress(&encoder_);
    return true;
  }

  std::string take() { return std::move(out_); }

 private:
  static JpegWriter& of(j_compress_ptr info) { return *static_cast<JpegWriter*>(info->client_data); }

  // Doubles the output. No exception may pass through libjpeg, and none is under way any more when it is left.
  void grow() {
    constexpr std::size_t first_size = 16 * 1024;
    const std::size_t used = out_.size();
    bool grown = true;
    try {
      out_.resize(used == 0 ? first_size : used * 2);
    } catch (const std::bad_alloc&) {
      grown = false;
    }
    if (!grown) std::longjmp(way_out_, 1);
    target_.next_output_byte = reinterpret_cast<JOCTET*>(out_.data() + used);
    target_.free_in_buffer = out_.size() - used;
  }

  jpeg_compress_struct encoder_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf way_out_{};
  jpeg_destination_mgr target_{};
  std::string out_;
};

}  // namespace

Result<std::string> to_jpeg(const Picture& picture, int quality) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(picture.size.pixels() * 3);
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
    const int alpha = picture.rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c)
      rgb.push_back(static_cast<std::uint8_t>((picture.rgba[i + c] * alpha + 255 * (255 - alpha)) / 255));
  }
  JpegWriter writer;
  if (!writer.write(rgb, picture.size, quality)) return fail(ErrorKind::internal, "cannot write a JPEG picture");
  return writer.take();
}

Result<std::string> to_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.size.width;
  image.height = picture.size.height;
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string out(size, '\0');
  const int done = png_image_write_to_memory(&image, out.data(), &size, 0, picture.rgba.data(), 0, nullptr);
  png_image_free(&image);
  if (done == 0) return fail(ErrorKind::internal, "cannot write a PNG picture");
  out.resize(size);
  return out;
}

}  // namespace coi::image
