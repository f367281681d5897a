#include "mime/uuencoded.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "mime/transfer.h"

namespace coi::mime {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "begin" SP mode SP name
std::string_view name_in_begin(std::string_view line) {
  constexpr std::string_view front = "begin ";
  if (!line.starts_with(front)) return {};
  line.remove_prefix(front.size());
  const auto mode = line.substr(0, line.find(' '));
  const bool is_mode = (mode.size() == 3 || mode.size() == 4) && mode.find_first_not_of("01234567") == mode.npos;
  return is_mode ? ascii_trim(line.substr(mode.size())) : std::string_view();
}

// A count of octets and that many of them; blanks at the end are zeros that got lost, a character more is a checksum.
bool is_data(std::string_view line) {
  if (line.empty() || std::ranges::any_of(line, [](char c) { return c < ' ' || c > '`'; })) return false;
  const auto octets = static_cast<std::size_t>(line.front() - ' ') % 64;
  return line.size() <= (octets + 2) / 3 * 4 + 2 && (octets == 0 || line.size() > 1);
}

// Of two blank lines around a file one is enough.
bool is_blank_at_end(std::string_view words) {
  return words.empty() || words.ends_with("\n\n") || words.ends_with("\n\r\n");
}

struct Block {
  std::string_view name;
  std::size_t length;  // of all lines
};

// The file at the front of `text`. Lines of data hold no small letters, so what is looked at twice is one line.
std::optional<Block> block_at(std::string_view text) {
  auto rest = text;
  const auto name = name_in_begin(take_line(rest));
  if (name.empty()) return std::nullopt;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (line == "end") return Block{name, text.size() - rest.size()};
    const bool last = line.empty() && rest.starts_with("end");  // the blank of the last line got lost
    if (!last && !is_data(line)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

UuencodedText split_uuencoded(std::string_view text, std::size_t most) {
  UuencodedText out;
  for (std::size_t from = 0; !text.empty();) {
    const auto begin = from == 0 && text.starts_with("begin ") ? 0 : text.find("\nbegin ", from);
    const auto at = begin == std::string_view::npos ? text.size() : begin + (text[begin] == '\n' ? 1 : 0);
    const auto block = out.files.size() < most ? block_at(text.substr(at)) : std::nullopt;
    if (block) {
      out.words += text.substr(0, at);
      const auto encoded = text.substr(at, block->length);
      out.files.push_back({std::string(block->name), decode_transfer(Transfer::uuencode, encoded).octets});
      text.remove_prefix(at + block->length);
      if (auto rest = text; is_blank_at_end(out.words) && take_line(rest).empty()) text = rest;
      from = 0;
    } else if (at == text.size() || out.files.size() == most) {
      out.words += text;
      break;
    } else {
      from = std::max<std::size_t>(at, 1);
    }
  }
  return out;
}

}  // namespace coi::mime
