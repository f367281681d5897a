// The C library's iconv, asked for UTF-8. The inside of to_utf8().
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coi::mime {

struct Converted {
  std::string text;
  std::size_t faults = 0;  // units that could not be read; each is U+FFFD in `text`
};

// From one charset. To open one may load a library, so who converts many pieces keeps it.
class Converter {
 public:
  explicit Converter(const std::string& charset);
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter();
  // False: iconv does not know the charset, and convert() may not be called.
  explicit operator bool() const { return handle_ != nullptr; }

  // Each call begins anew. `unit`: as many octets as one fault costs. The text may hold NUL, if `octets` do.
  Converted convert(std::string_view octets, std::size_t unit = 1);

 private:
  void* handle_;  // iconv_t
};

// nullopt: iconv does not know the charset.
std::optional<Converted> convert(std::string_view octets, const std::string& charset, std::size_t unit = 1);

}  // namespace coi::mime
