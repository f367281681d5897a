// A picture's pixels as rows, from whichever library decodes its format. For this room only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "image/describe.h"

namespace coi::image {

class Rows {
 public:
  virtual ~Rows() = default;
  Size size() const { return size_; }
  // The next row from the top as RGBA, width x 4 octets, colours not multiplied by alpha; at most height of them.
  virtual Result<> read(std::span<std::uint8_t> rgba) = 0;

 protected:
  Size size_;
};

// `octets` are borrowed until the rows are gone. `least`: a picture that can be decoded smaller at less cost may be,
// but not below this (both as stored). Errors: corrupt, invalid, limit as for thumbnail().
Result<std::unique_ptr<Rows>> jpeg_rows(std::string_view octets, Size least);
Result<std::unique_ptr<Rows>> png_rows(std::string_view octets);
Result<std::unique_ptr<Rows>> gif_rows(std::string_view octets, Size screen);
Result<std::unique_ptr<Rows>> webp_rows(std::string_view octets, Size canvas, Size least);

inline std::unexpected<Error> damaged() { return fail(ErrorKind::corrupt, "the picture is damaged or cut off"); }

}  // namespace coi::image
