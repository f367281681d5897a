#include <algorithm>
#include <cstring>
#include <vector>

#include <webp/decode.h>
#include <webp/demux.h>

#include "image/rows.h"

namespace coi::image {
namespace {

struct Free {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

// libwebp scales while it decodes, so the rows have the least size.
class WebpRows : public Rows {
 public:
  Result<> open(std::string_view octets, Size canvas, Size least) {
    size_ = least;
    const WebPData data{reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
    const std::unique_ptr<WebPDemuxer, Free> demuxer(WebPDemux(&data));
    WebPIterator frame{};
    if (!demuxer || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) return damaged();
    const auto done = decode(frame, canvas);
    WebPDemuxReleaseIterator(&frame);
    return done;
  }

  Result<> read(std::span<std::uint8_t> rgba) override {
    std::ranges::fill(rgba, std::uint8_t{0});
    const std::size_t y = next_++;
    if (y >= top_ && y < top_ + height_)
      std::memcpy(rgba.data() + left_ * 4, pixels_.data() + (y - top_) * width_ * 4, width_ * 4);
    return {};
  }

 private:
  Result<> decode(const WebPIterator& frame, Size canvas) {
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0)
      return fail(ErrorKind::internal, "another libwebp than this was built for");
    const bool sound = WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &config.input) == VP8_STATUS_OK;
    const auto right = static_cast<std::uint64_t>(frame.x_offset) + static_cast<std::uint64_t>(frame.width);
    const auto bottom = static_cast<std::uint64_t>(frame.y_offset) + static_cast<std::uint64_t>(frame.height);
    if (!sound || config.input.width != frame.width || config.input.height != frame.height || right > canvas.width ||
        bottom > canvas.height)
      return damaged();
    left_ =
        std::min<std::size_t>(static_cast<std::size_t>(frame.x_offset) * size_.width / canvas.width, size_.width - 1);
    top_ = std::min<std::size_t>(static_cast<std::size_t>(frame.y_offset) * size_.height / canvas.height,
                                 size_.height - 1);
    width_ = std::max<std::size_t>(right * size_.width / canvas.width, left_ + 1) - left_;
    height_ = std::max<std::size_t>(bottom * size_.height / canvas.height, top_ + 1) - top_;
    pixels_.resize(width_ * height_ * 4);
    config.options.use_scaling = 1;
    config.options.scaled_width = static_cast<int>(width_);
    config.options.scaled_height = static_cast<int>(height_);
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = {pixels_.data(), static_cast<int>(width_ * 4), pixels_.size()};
    const auto status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
    WebPFreeDecBuffer(&config.output);
    if (status == VP8_STATUS_OUT_OF_MEMORY) return fail(ErrorKind::limit, "the picture takes too much memory");
    if (status != VP8_STATUS_OK) return damaged();
    return {};
  }

  std::size_t left_ = 0, top_ = 0, width_ = 0, height_ = 0;  // of the frame, scaled
  std::vector<std::uint8_t> pixels_;
  std::size_t next_ = 0;
};

}  // namespace

Result<std::unique_ptr<Rows>> webp_rows(std::string_view octets, Size canvas, Size least) {
  auto rows = std::make_unique<WebpRows>();
  COI_TRY(rows->open(octets, canvas, least));
  return rows;
}

}  // namespace coi::image
