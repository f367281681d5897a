#include "mime/iconv.h"

#include <cerrno>

#include <iconv.h>

#include "base/utf8.h"

namespace coi::mime {
namespace {

iconv_t open(const std::string& charset) {
  const auto handle = iconv_open("UTF-8", charset.c_str());
  return handle == reinterpret_cast<iconv_t>(-1) ? nullptr : handle;
}

}  // namespace

Converter::Converter(const std::string& charset) : handle_(open(charset)) {}

Converter::~Converter() {
  if (handle_ != nullptr) iconv_close(handle_);
}

Converted Converter::convert(std::string_view octets, std::size_t unit) {
  Converted done{};
  auto& out = done.text;
  out.reserve(octets.size() + octets.size() / 2);
  char buffer[4096];
  auto* in = const_cast<char*>(octets.data());
  std::size_t left = octets.size();
  bool flushing = false;
  iconv(handle_, nullptr, nullptr, nullptr, nullptr);
  while (true) {
    char* to = buffer;
    std::size_t room = sizeof buffer;
    const auto result = iconv(handle_, flushing ? nullptr : &in, &left, &to, &room);
    const int error = errno;
    out.append(buffer, static_cast<std::size_t>(to - buffer));
    if (result != static_cast<std::size_t>(-1)) {
      if (flushing) return done;
      flushing = true;  // a stateful charset may still hold a character back
    } else if (error != E2BIG) {
      out += utf8_replacement;
      ++done.faults;
      if (flushing || left <= unit) return done;
      in += unit;
      left -= unit;
    }
  }
}

std::optional<Converted> convert(std::string_view octets, const std::string& charset, std::size_t unit) {
  Converter converter(charset);
  if (!converter) return std::nullopt;
  return converter.convert(octets, unit);
}

}  // namespace coi::mime
