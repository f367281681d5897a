#include "mime/pgp_text.h"

#include <algorithm>

#include "base/ascii.h"

namespace coi::mime {
namespace {

constexpr std::size_t shortest_of_many = 40;  // columns of a line of armour that others follow; programs write 64 or 76

// RFC 9580, 6.2.2 and 7.1, and RFC 4880.
bool is_field_of_armour(std::string_view line) {
  constexpr std::string_view names[] = {"Hash", "Version", "Comment", "Charset", "MessageID", "NotDashEscaped"};
  const auto name = line.substr(0, line.find(':'));
  return name.size() < line.size() &&
         std::ranges::any_of(names, [&](std::string_view one) { return ascii_iequal(one, name); });
}

bool is_base64(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return ascii_alnum(c) || c == '+' || c == '/' || c == '='; });
}

class ArmouredLines {
 public:
  explicit ArmouredLines(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view take() {  // with its line end
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end == std::string_view::npos ? end : end + 1);
    rest_.remove_prefix(line.size());
    return line;
  }
  // The armour's own header ("Hash: SHA256") and the empty line behind it. The text begins with any other line, even if
  // it looks like a field.
  void skip_header() {
    while (!at_end()) {
      const auto before = rest_;
      const auto line = ascii_trim(take());
      if (line.empty()) return;
      if (is_field_of_armour(line)) continue;
      rest_ = before;
      return;
    }
  }
  // Behind BEGIN: what is armour, up to and including the line that begins with `end`. False, with nothing skipped,
  // where the words of a text go on behind it: somebody wrote about armour.
  bool skip_armour(std::string_view end) {
    const auto before = rest_;
    skip_header();
    bool long_line = false;  // a word by itself looks like base64 too
    while (!at_end()) {
      const auto line_start = rest_;
      const auto line = ascii_trim(take());
      if (line.starts_with(end)) return true;
      if (line.empty() || is_base64(line)) {
        long_line |= line.size() >= shortest_of_many;
        continue;
      }
      rest_ = long_line ? line_start : before;
      return long_line;
    }
    return true;  // cut off
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
  for (ArmouredLines lines(text); !lines.at_end();) {
    auto line = lines.take();
    const auto begin = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    if (begin.starts_with("-----BEGIN PGP SIGNED MESSAGE-----")) {
      lines.skip_header();
      is_signed = true;
      indent = line.substr(0, line.size() - begin.size());
    } else if (begin.starts_with("-----BEGIN PGP SIGNATURE-----") && lines.skip_armour("-----END PGP SIGNATURE-----")) {
      is_signed = false;
    } else if (begin.starts_with("-----BEGIN PGP MESSAGE") && lines.skip_armour("-----END PGP MESSAGE")) {
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
