#include "html/style.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace coi::html {
namespace {

constexpr std::string_view safe_properties[] = {"background",
                                                "background-color",
                                                "border",
                                                "border-bottom",
                                                "border-bottom-color",
                                                "border-bottom-style",
                                                "border-bottom-width",
                                                "border-collapse",
                                                "border-color",
                                                "border-left",
                                                "border-left-color",
                                                "border-left-style",
                                                "border-left-width",
                                                "border-radius",
                                                "border-right",
                                                "border-right-color",
                                                "border-right-style",
                                                "border-right-width",
                                                "border-spacing",
                                                "border-style",
                                                "border-top",
                                                "border-top-color",
                                                "border-top-style",
                                                "border-top-width",
                                                "border-width",
                                                "color",
                                                "font-family",
                                                "font-size",
                                                "font-style",
                                                "font-variant",
                                                "font-weight",
                                                "height",
                                                "letter-spacing",
                                                "line-height",
                                                "list-style-type",
                                                "margin",
                                                "margin-bottom",
                                                "margin-left",
                                                "margin-right",
                                                "margin-top",
                                                "max-width",
                                                "padding",
                                                "padding-bottom",
                                                "padding-left",
                                                "padding-right",
                                                "padding-top",
                                                "text-align",
                                                "text-decoration",
                                                "text-indent",
                                                "text-transform",
                                                "vertical-align",
                                                "white-space",
                                                "width",
                                                "word-break",
                                                "word-spacing",
                                                "word-wrap"};
static_assert(std::ranges::is_sorted(safe_properties));

// Every "(" belongs to a colour function.
bool has_only_colour_functions(std::string_view value) {
  for (auto at = value.find('('); at != std::string_view::npos; at = value.find('(', at + 1)) {
    auto start = at;
    while (start > 0 && value[start - 1] >= 'a' && value[start - 1] <= 'z') --start;
    const auto name = value.substr(start, at - start);
    if (name != "rgb" && name != "rgba" && name != "hsl" && name != "hsla") return false;
  }
  return true;
}

// About how many pixels that is. `unit`: what follows the number.
double in_pixels(std::string_view name, double number, std::string_view unit) {
  constexpr double letter = 16;   // high, in most programs
  constexpr double column = 800;  // wide
  constexpr std::string_view of_letters[] = {"font-size", "letter-spacing", "line-height", "vertical-align",
                                             "word-spacing"};
  if (unit.starts_with('%')) return number * (std::ranges::binary_search(of_letters, name) ? letter : column) / 100;
  if (unit.starts_with("px") || unit.empty() || unit.front() == ' ' || unit.front() == ',') return number;
  if (unit.starts_with("pt")) return number * 96 / 72;
  if (unit.starts_with("mm")) return number * 96 / 25.4;
  if (unit.starts_with("cm")) return number * 96 / 2.54;
  if (unit.starts_with("q")) return number * 96 / 101.6;
  if (unit.starts_with("in")) return number * 96;
  return number * letter;  // em, rem, ch, vw and the like
}

// No length in it leads out of the mail: a negative one would draw over what stands around it, and lines or letters
// closer than they are high over each other; a huge one moves the mail where nobody sees it.
bool is_of_modest_size(std::string_view name, std::string_view value) {
  constexpr double most = 1000, widest = 4000, largest_letter = 200, closest = -5, lowest_line = 5;
  if (name == "font-family" || name.ends_with("color") || name == "background") return true;
  if (name == "border-radius") return true;  // stays within its box, however large it is
  for (std::size_t at = 0; at < value.size();) {
    const char c = value[at];
    if (c == '#') {  // a colour
      at = std::min(value.find(' ', at), value.size());
      continue;
    }
    const bool begins = at == 0 || !(ascii_alnum(value[at - 1]) || value[at - 1] == '-');
    const bool sign = c == '-' && begins;
    const auto start = sign ? at + 1 : at;
    double number = 0;
    const auto [end, error] =
        std::from_chars(value.data() + start, value.data() + value.size(), number, std::chars_format::fixed);
    if (error == std::errc::result_out_of_range) return false;
    if (!begins || error != std::errc{}) {
      if (sign) return false;
      ++at;
      continue;
    }
    const auto unit = value.substr(static_cast<std::size_t>(end - value.data()));
    // "1e9" is another number, and "0-9px" two (CSS Syntax, 4.3.3 and 4.3.9).
    if (unit.size() > 1 && (unit.front() == 'e' || unit.front() == '-') &&
        (ascii_digit(unit[1]) || unit[1] == '-' || unit[1] == '.'))
      return false;
    const double pixels = in_pixels(name, number, unit);
    if (sign && (name != "letter-spacing" || -pixels < closest)) return false;
    if (name == "font-size" && pixels > largest_letter) return false;
    if (name == "line-height") {
      const bool factor = unit.empty();
      if ((factor ? number * 16 : pixels) < lowest_line || (factor && number > 10)) return false;
    }
    const bool wide = name == "width" || name == "max-width" || name == "height";
    if (pixels > (wide ? widest : name == "font-weight" ? widest : most)) return false;
    at = value.size() - unit.size();
  }
  return true;
}

bool is_zero(std::string_view value) {
  return value.starts_with('0') && value.find_first_of("123456789") == std::string_view::npos;
}

constexpr std::size_t most_hidden_names = 200;

// ".name" and "#name" alone or behind a tag; "" for what depends on more.
std::string_view simple_name(std::string_view selector) {
  selector = ascii_trim(selector);
  const auto at = selector.find_first_of(".#");
  if (at == std::string_view::npos || selector.find_first_of(" >+~:[.#", at + 1) != std::string_view::npos) return {};
  if (!std::ranges::all_of(selector.substr(0, at), ascii_alnum)) return {};
  return selector.substr(at);
}

}  // namespace

std::vector<Declaration> parse_style(std::string_view style) {
  std::vector<Declaration> out;
  while (!style.empty()) {
    // The ";" that ends the declaration stands outside of quotes and brackets.
    std::size_t end = 0;
    int brackets = 0;
    for (char quote = 0; end < style.size() && (style[end] != ';' || quote != 0 || brackets > 0); ++end) {
      const char c = style[end];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '(') {
        ++brackets;
      } else if (c == ')' && brackets > 0) {
        --brackets;
      }
    }
    const auto text = style.substr(0, end);
    style.remove_prefix(std::min(end + 1, style.size()));
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) continue;
    auto value = text.substr(colon + 1);
    value = ascii_trim(value.substr(0, value.find('!')));
    out.push_back({ascii_lower(ascii_trim(text.substr(0, colon))), std::string(value)});
  }
  return out;
}

bool is_safe(const Declaration& declaration) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789 #%.,()'\"-";
  const auto value = ascii_lower(declaration.value);
  if (value.empty() || value.size() > 200 || !std::ranges::binary_search(safe_properties, declaration.name))
    return false;
  if (value.find_first_not_of(allowed) != std::string::npos || !has_only_colour_functions(value)) return false;
  if (std::ranges::count(value, '(') != std::ranges::count(value, ')')) return false;
  if (std::ranges::count(value, '\'') % 2 != 0 || std::ranges::count(value, '"') % 2 != 0) return false;
  return is_of_modest_size(declaration.name, value);
}

bool loads(const Declaration& declaration) {
  const auto value = ascii_lower(declaration.value);
  return value.find("url(") != std::string::npos || value.find("image-set(") != std::string::npos ||
         value.find("image(") != std::string::npos || value.find("//") != std::string::npos;
}

bool hides(std::string_view style) {
  for (const auto& [name, raw] : parse_style(style)) {
    const auto value = ascii_lower(raw);
    if ((name == "display" && value == "none") || (name == "visibility" && value == "hidden") ||
        (name == "mso-hide" && value == "all"))
      return true;
    if ((name == "font-size" || name == "max-height" || name == "opacity") && is_zero(value)) return true;
    if (name == "font-size" && (value == "1px" || value == "1pt")) return true;
  }
  return false;
}

HiddenNames hidden_names(std::string_view sheet) {
  HiddenNames names;
  int depth = 0;  // of blocks; a rule within @media is for some screens alone
  std::size_t begin = 0;
  for (std::size_t at = 0; at < sheet.size(); ++at) {
    if (sheet.substr(at).starts_with("/*")) {
      const auto end = sheet.find("*/", at + 2);
      if (end == std::string_view::npos) break;
      at = end + 1;
      if (depth == 0) begin = at + 1;
    } else if (sheet[at] == '{') {
      const auto selectors = sheet.substr(begin, at - begin);
      const auto end = sheet.find_first_of("{}", at + 1);
      if (++depth == 1 && end != std::string_view::npos && sheet[end] == '}' &&
          hides(sheet.substr(at + 1, end - at - 1)))
        for (const auto selector : ascii_split(selectors, ','))
          if (const auto name = simple_name(selector); !name.empty() && names.size() < most_hidden_names)
            names.emplace(name);
    } else if (sheet[at] == '}') {
      depth = std::max(depth - 1, 0);
      if (depth == 0) begin = at + 1;
    }
  }
  return names;
}

}  // namespace coi::html
