// rooms: reply
// Whatever stands in a text, each of its letters is in exactly one of text, quote and footer, and in their order there.
#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "check.h"
#include "reply/reply.h"

namespace {

using namespace coi::reply;

std::array<std::size_t, 256> letters(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text)
    if (coi::ascii_alnum(c)) ++counts[static_cast<unsigned char>(c)];
  return counts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto lines = lines_of(input);
  for (const auto origin : {Origin::chat, Origin::mail})
    for (const bool forwarded : {false, true}) {
      const auto answer = read(lines, origin, forwarded);
      check(letters(answer.text + answer.quote + answer.footer) == letters(input));
      check(parts_of(lines, origin, forwarded).size() == lines.size());
    }
  // As HTML gives them: depths, containers and rules that say what they like.
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& text = lines[i].text;
    const auto what = text.empty() ? 0U : static_cast<unsigned>(static_cast<unsigned char>(text.back()));
    lines[i].depth = what % 3;
    lines[i].container = what % 5 == 0 ? 1 : 0;
    lines[i].cited = what % 2 == 0;
    lines[i].said = static_cast<Said>(what % 4);
  }
  const auto answer = read(lines, Origin::mail);
  check(letters(answer.text + answer.quote + answer.footer) == letters(input));
  static_cast<void>(escape_footer(input));
  return 0;
}
