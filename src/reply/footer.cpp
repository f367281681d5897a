#include "reply/footer.h"

#include <algorithm>

#include "base/ascii.h"
#include "reply/device_footer.h"
#include "reply/list_footer.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

constexpr std::size_t most_signature_lines = 8;  // where the mark lost its space
constexpr std::size_t longest_signature_line = 100;

bool is_exact_mark(const Seen& line) { return line.kept == "-- " || line.kept == "--  " || line.kept == "--\xC2\xA0"; }

// "--" whose space was stripped, and what editors make of it: en dash twice, em dash, and PGP's "- -- ".
bool is_worn_mark(const Seen& line) {
  const auto text = line.text;
  return text == "--" || text == "- --" || text == "\xE2\x80\x94" || text == "\xE2\x80\x93" ||
         text == "\xE2\x80\x93\xE2\x80\x93" || text == "\xE2\x80\x94-" || text == "--=20";
}

// A few short lines, as a signature has them.
bool is_short(Lines lines) {
  std::size_t written = 0;
  for (const auto& line : lines) {
    if (line.text.size() > longest_signature_line) return false;
    written += line.blank() ? 0 : 1;
  }
  return written > 0 && written <= most_signature_lines;
}

std::size_t without_blank_end(Lines lines) {
  auto end = lines.size();
  while (end > 0 && lines[end - 1].blank()) --end;
  return end;
}

}  // namespace

std::size_t signature_begin(Lines lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (is_exact_mark(lines[i])) return i;
  // More than one of them are rules between passages.
  const auto worn = std::ranges::find_if(lines, is_worn_mark);
  if (worn == lines.end() || std::ranges::any_of(worn + 1, lines.end(), is_worn_mark)) return lines.size();
  const auto at = static_cast<std::size_t>(worn - lines.begin());
  const bool begins = at == 0 || lines[at - 1].blank();
  return begins && is_short(lines.subspan(at + 1)) && !lines[at + 1].blank() ? at : lines.size();
}

bool is_signature_mark(const Seen& line) { return is_exact_mark(line) || is_worn_mark(line); }

std::size_t footer_begin(Lines lines) {
  auto end = without_blank_end(lines);
  // Each may stand under another: a device under a signature under a list's footer.
  for (auto before = end + 1; end < before;) {
    before = end;
    end = without_blank_end(lines.first(list_footer_begin(lines.first(end))));
    end = without_blank_end(lines.first(device_footer_begin(lines.first(end))));
    end = without_blank_end(lines.first(signature_begin(lines.first(end))));
  }
  return end == without_blank_end(lines) ? lines.size() : end;
}

}  // namespace coi::reply
