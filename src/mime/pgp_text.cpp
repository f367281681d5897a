#include "mime/pgp_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "mime/header_field.h"

namespace coi::mime {
namespace {

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view take() {  // with its line end
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end == std::string_view::npos ? end : end + 1);
    rest_.remove_prefix(line.size());
    return line;
  }
  // Up to and including the line that begins so, or all.
  void skip_behind(std::string_view front) {
    while (!at_end() && !ascii_trim(take()).starts_with(front)) {
    }
  }
  // The armour's own header ("Hash: SHA256") and the empty line behind it.
  void skip_header() {
    while (!at_end()) {
      const auto before = rest_;
      const auto line = take();
      if (ascii_trim(line).empty()) return;
      if (starts_field(ascii_trim(line))) continue;
      rest_ = before;
      return;
    }
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string without_armour(std::string_view text, std::string_view sealed) {
  if (text.find("-----BEGIN PGP ") == std::string_view::npos) return std::string(text);
  std::string out;
  bool is_signed = false;
  std::string_view indent;  // of the signed text: some programs move all of it to the right
  for (Lines lines(text); !lines.at_end();) {
    auto line = lines.take();
    const auto begin = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    if (begin.starts_with("-----BEGIN PGP SIGNED MESSAGE-----")) {
      lines.skip_header();
      is_signed = true;
      indent = line.substr(0, line.size() - begin.size());
    } else if (begin.starts_with("-----BEGIN PGP SIGNATURE-----")) {
      lines.skip_behind("-----END PGP SIGNATURE-----");
      is_signed = false;
    } else if (begin.starts_with("-----BEGIN PGP MESSAGE")) {
      lines.skip_behind("-----END PGP MESSAGE");
      out.append(sealed).append("\n");
    } else {
      if (is_signed && line.starts_with(indent)) line.remove_prefix(indent.size());
      if (is_signed && line.starts_with("- ")) line.remove_prefix(2);
      out += line;
    }
  }
  return out;
}

}  // namespace coi::mime
