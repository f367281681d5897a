// The content of a style attribute (CSS declaration list), as far as mail needs it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace coi::html {

struct Declaration {
  std::string name;   // lower case
  std::string value;  // trimmed, without "!important"
};

std::vector<Declaration> parse_style(std::string_view style);

// Whether a declaration may stand in sanitised HTML: it formats the text and can neither load, run, move nor cover
// anything.
bool is_safe(const Declaration& declaration);

// url(…), image-set(…) and the like: it would load something.
bool loads(const Declaration& declaration);

// What a <style> hides by a class or an id alone: ".preheader", "#top", with its dot or hash. At most 200 of them.
using HiddenNames = std::set<std::string, std::less<>>;
HiddenNames hidden_names(std::string_view sheet);

// display:none and the other ways to keep a text from being seen.
bool hides(std::string_view style);

}  // namespace coi::html
