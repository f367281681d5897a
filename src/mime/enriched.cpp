#include "mime/enriched.h"

#include <algorithm>

#include "base/ascii.h"

namespace coi::mime {
namespace {

class EnrichedReader {
 public:
  explicit EnrichedReader(Enriched format) : format_(format) {}

  std::string read(std::string_view text) {
    while (!text.empty()) text.remove_prefix(step(text));
    return std::move(out_);
  }

 private:
  std::size_t step(std::string_view text);
  std::size_t line_ends(std::string_view text);
  void command(std::string_view name);
  void put(std::string_view words) {
    if (hidden_ == 0) out_ += words;
  }

  Enriched format_;
  int hidden_ = 0;    // parameters and comments that are open
  int verbatim_ = 0;  // line ends are what they are
  std::string out_;
};

// Returns how many octets it took.
std::size_t EnrichedReader::step(std::string_view text) {
  constexpr std::size_t longest_command = 60;  // RFC 1896, section 2
  if (text.front() == '\n') return line_ends(text);
  if (text.front() != '<') {
    const auto length = std::min(text.find_first_of("<\n"), text.size());
    put(text.substr(0, length));
    return length;
  }
  if (format_ == Enriched::enriched && text.starts_with("<<")) {
    put("<");
    return 2;
  }
  const auto end = text.substr(0, longest_command + 3).find_first_of("<> \n", 1);
  if (end == std::string_view::npos || text[end] != '>' || end == 1) {
    put("<");
    return 1;
  }
  command(text.substr(1, end - 1));
  return end + 1;
}

// RFC 1896, section 3: one is a blank, n of them are n - 1.
std::size_t EnrichedReader::line_ends(std::string_view text) {
  const auto count = std::min(text.find_first_not_of('\n'), text.size());
  if (verbatim_ > 0)
    put(text.substr(0, count));
  else if (format_ == Enriched::richtext || count == 1)
    put(" ");
  else
    put(text.substr(0, count - 1));
  return count;
}

void EnrichedReader::command(std::string_view written) {
  const auto name = ascii_lower(written);
  const auto open = [&](int& depth, std::string_view one) {
    if (name == one) ++depth;
    if (name.starts_with('/') && name.substr(1) == one) depth = std::max(0, depth - 1);
  };
  if (format_ == Enriched::enriched) {
    open(hidden_, "param");
    open(verbatim_, "nofill");
    return;
  }
  open(hidden_, "comment");
  if (name == "lt") put("<");
  if (name == "nl" || name == "np" || name == "/paragraph") put("\n");
}

}  // namespace

std::string without_commands(std::string_view text, Enriched format) { return EnrichedReader(format).read(text); }

}  // namespace coi::mime
