// rooms: tnef
// Any octets are opened as a package; what is none is read as RTF, or as what unpacks to it.
#include <algorithm>
#include <cstdint>

#include "base/ascii.h"
#include "check.h"
#include "tnef/open.h"
#include "tnef/rtf.h"
#include "tnef/rtf_compressed.h"

namespace {

using namespace coi::tnef;

// Small, so that they are reached.
coi::Limits small_limits() {
  coi::Limits limits;
  limits.text = 2000;
  limits.mime_parts = 5;
  limits.nesting = 2;
  return limits;
}

void check_size(const Text& text, std::size_t most) {
  std::size_t size = 0;
  for (const auto& piece : text) {
    check(!piece.octets.empty());
    size += piece.octets.size();
  }
  check(size <= most);
}

void check_name(const Piece& name) {
  check(name.octets.size() <= 1000 && name.octets != "." && name.octets != "..");
  if (name.charset != "utf-8") return;
  check_text(name.octets);
  check(name.octets.find_first_of("/\\") == std::string::npos);
  check(std::ranges::none_of(name.octets, [](unsigned char c) { return c < ' ' || c == 0x7F; }));
}

void check_word(std::string_view word) {
  check(std::ranges::none_of(word, [](unsigned char c) { return c <= ' ' || c > '~'; }));
}

void check_calendar(const Text& calendar) {
  std::string all;
  for (const auto& piece : calendar) all += piece.octets;
  std::size_t lines = 0;
  for (const char c : all) lines += c == '\n' ? 1 : 0;
  check(lines <= 15);
}

void check_rtf(std::string_view octets, const coi::Limits& limits) {
  const auto content = read_rtf(octets, limits);
  check_size(content.text, limits.text);
  // Without \'hh nothing but \u and words comes of ASCII.
  if (!coi::is_ascii(octets) || octets.contains('\0') || octets.contains("\\'")) return;
  for (const auto& piece : content.text) check_text(piece.octets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto limits = small_limits();
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (!is_package(octets)) {
    check_rtf(octets, limits);
    if (const auto rtf = decompress_rtf(octets, limits.text * 8)) {
      check(rtf->octets.size() <= std::min(limits.text * 8, size * 9));
      check_rtf(rtf->octets, limits);
    }
    return 0;
  }
  const auto package = open(octets, limits).value();
  check_size(package.text, limits.text);
  check_size(package.html, limits.text);
  check_calendar(package.calendar);
  check_word(package.sender_address);
  check(package.files.size() <= limits.mime_parts);
  std::size_t all = 0;
  for (const auto& file : package.files) {
    check_name(file.name);
    check_word(file.media_type);
    check_word(file.content_id);
    all += file.octets.size();
  }
  check(all <= size);
  return 0;
}
