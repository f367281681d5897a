// Which form of a mail's words is shown (C-20, P-07, P-09). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coi::chat {

// The forms of one text that a mail offers, in whatever order; nullopt or blank: it has none. `plain` and `markdown`
// decoded to UTF-8 with "\n", as they came or cut down to what is new; `html` as mime::parse() decoded it.
struct Forms {
  std::optional<std::string_view> plain, markdown, html;
  bool chat = false;  // the mail has Chat-Version
};

enum class ShownForm : std::uint8_t { none, plain, markdown, html };

struct Shown {
  ShownForm form = ShownForm::none;
  std::string text;  // Markdown if `formatted`, else text as it is. Of html that is not ours: "", see html/lines.h
  bool formatted = false;  // `text` goes to blocks(); false: nothing in it is markup, whatever stands there
  friend bool operator==(const Shown&, const Shown&) = default;
};

// Of a chat mail: HTML if it is such as we write (markdown_from_html), else Markdown, else plain text, else any HTML.
// Of other mail: plain text if it says anything, else HTML; its Markdown is a file, nobody there typed it for a chat.
// Markdown that says the same as such HTML is taken as it was typed. Markdown without markup is not formatted.
// Whichever form is chosen says what its author made it say: that all are alike is not checked, so a text in search and
// notifications has to be made of this one.
Shown choose_form(const Forms& forms);

}  // namespace coi::chat
