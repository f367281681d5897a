#include <algorithm>

#include "base/ascii.h"
#include "reply/fold.h"
#include "reply/footer.h"

namespace coi::reply {
namespace {

constexpr std::string_view escaped_dashes = "-\xE2\x80\x8B-";  // with U+200B between

constexpr unsigned most_marks = 30;  // deeper quotes are not shown by more

// Blank lines at both ends do not count, and where something was folded away one is enough.
class Text {
 public:
  void add(std::string_view line, unsigned marks) {
    if (line.empty() && marks == 0) {
      ++blanks_;
      return;
    }
    if (!out_.empty()) out_.append(gap_ ? 2 : blanks_ + 1, '\n');
    blanks_ = 0;
    gap_ = false;
    marks = std::min(marks, most_marks);
    for (unsigned i = 0; i < marks; ++i) out_ += i + 1 < marks || !line.empty() ? "> " : ">";
    out_ += line;
  }
  void gap() { gap_ = true; }
  std::string take() && { return std::move(out_); }

 private:
  std::string out_;
  std::size_t blanks_ = 0;
  bool gap_ = false;
};

// D-16 undone.
std::string unescaped(std::string_view line) {
  if (!line.starts_with(escaped_dashes)) return std::string(line);
  return "-" + std::string(line.substr(escaped_dashes.size() - 1));
}

}  // namespace

std::vector<Part> parts_of(std::span<const Line> lines, Origin origin, bool forwarded) {
  return fold(seen(lines), origin, forwarded).parts;
}

Answer read(std::span<const Line> lines, Origin origin, bool forwarded) {
  const auto all = seen(lines);
  const auto [parts, forward] = fold(all, origin, forwarded);
  Text text, quote, footer;
  bool in_footer = false;  // behind its first written line, which may be "-- "
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& line = all[i];
    const std::string_view kept = line.blank() ? "" : line.kept;
    // What Apple Mail passes on is marked as a quote.
    const unsigned less = i >= forward ? 1 : 0;
    if (parts[i] == Part::text)
      text.add(unescaped(kept), line.depth - std::min(line.depth, less));
    else
      text.gap();
    if (parts[i] == Part::quote) quote.add(kept, line.depth - std::min(line.depth, 1U));
    if (parts[i] == Part::footer) {
      if (in_footer || !is_signature_mark(line)) footer.add(kept, line.depth);
      in_footer = in_footer || !line.blank();
    } else {
      in_footer = false;
    }
  }
  return {.text = std::move(text).take(),
          .quote = std::move(quote).take(),
          .footer = std::move(footer).take(),
          .forward = forward < all.size()};
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  lines.reserve(text.size() / 32 + 1);
  while (true) {
    const auto end = text.find('\n');
    lines.push_back({.text = text.substr(0, end)});
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string escape_footer(std::string_view text) {
  std::string out;
  for (auto line : ascii_split(text, '\n')) {
    if (line.data() != text.data()) out += '\n';
    if (line.starts_with("-- ") || line == "--") {
      out += escaped_dashes;
      line.remove_prefix(2);
    }
    out += line;
  }
  return out;
}

}  // namespace coi::reply
