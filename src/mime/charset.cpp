#include "mime/charset.h"

#include <algorithm>
#include <cerrno>

#include <iconv.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::mime {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// What 0x80..0x9F mean in windows-1252; its five holes read as the C1 control of the same number.
constexpr char16_t windows_1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                       0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t from_windows_1252(unsigned char octet) { return octet < 0xA0 ? windows_1252[octet - 0x80] : octet; }

bool is_plain(char c) { return static_cast<signed char>(c) > 0; }  // ASCII, but no NUL

// The charset that is meant by a name: labels are used for their supersets everywhere (WHATWG Encoding, 4.2).
std::string meant_charset(std::string_view label) {
  static constexpr std::pair<std::string_view, std::string_view> meant[] = {{"iso-8859-1", "windows-1252"},
                                                                            {"iso8859-1", "windows-1252"},
                                                                            {"latin1", "windows-1252"},
                                                                            {"iso-8859-9", "windows-1254"},
                                                                            {"iso-8859-11", "cp874"},
                                                                            {"tis-620", "cp874"},
                                                                            {"gb2312", "gb18030"},
                                                                            {"gb_2312-80", "gb18030"},
                                                                            {"gbk", "gb18030"},
                                                                            {"x-gbk", "gb18030"},
                                                                            {"ks_c_5601-1987", "cp949"},
                                                                            {"ks_c_5601-1989", "cp949"},
                                                                            {"euc-kr", "cp949"},
                                                                            {"shift_jis", "cp932"},
                                                                            {"shift-jis", "cp932"},
                                                                            {"sjis", "cp932"},
                                                                            {"x-sjis", "cp932"},
                                                                            {"big5", "big5-hkscs"},
                                                                            {"iso-8859-8-i", "windows-1255"},
                                                                            {"iso-8859-8", "windows-1255"}};
  std::string name = ascii_lower(ascii_trim(label));
  for (const auto& [written, read] : meant)
    if (name == written) return std::string(read);
  if (name.starts_with("x-cp")) name.erase(0, 2);
  // iconv's own wide formats depend on this machine, and a '/' would start its options.
  const bool usable = name.size() < 40 && !name.empty() && name != "internal" && name != "wchar_t" && name != "char" &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:+()") == std::string::npos;
  return usable ? name : std::string();
}

class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (*this) iconv_close(handle_);
  }
  explicit operator bool() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  std::string convert(std::string_view octets) {
    std::string out;
    out.reserve(octets.size() + octets.size() / 2);
    char buffer[4096];
    auto* in = const_cast<char*>(octets.data());
    std::size_t left = octets.size();
    bool flushing = false;
    while (true) {
      char* to = buffer;
      std::size_t room = sizeof buffer;
      const auto done = iconv(handle_, flushing ? nullptr : &in, &left, &to, &room);
      const int error = errno;
      out.append(buffer, static_cast<std::size_t>(to - buffer));
      if (done != static_cast<std::size_t>(-1)) {
        if (flushing) return out;
        flushing = true;  // a stateful charset may still hold a character back
      } else if (error != E2BIG) {
        out += replacement;
        if (flushing || error == EINVAL || left <= 1) return out;  // EINVAL: the text ends inside a character
        ++in;
        --left;
      }
    }
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::string valid_utf8(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  while (!octets.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(octets, is_plain) - octets.begin());
    out.append(octets.substr(0, plain));
    octets.remove_prefix(plain);
    if (octets.empty()) break;
    if (octets.front() == '\0') {
      out += replacement;
      octets.remove_prefix(1);
    } else if (const auto length = utf8_sequence(octets)) {
      out.append(octets.substr(0, length));
      octets.remove_prefix(length);
    } else {
      utf8_append(out, from_windows_1252(static_cast<unsigned char>(octets.front())));
      octets.remove_prefix(1);
    }
  }
  return out;
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
  const std::string name = meant_charset(charset);
  if (name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii")
    return valid_utf8(octets);
  Converter converter(name);
  return converter ? valid_utf8(converter.convert(octets)) : valid_utf8(octets);
}

}  // namespace coi::mime
