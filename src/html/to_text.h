// HTML -> text that reads well on its own.
#pragma once

#include <string>

#include "html/html.h"

namespace coi::html {

// Blocks on lines of their own, lists with "• " or numbers, table rows on a line each, quotes with "> ", a link's
// target in <> behind a text that does not say it, a picture as its alternative text. What is hidden (display:none,
// preheaders) and tracking pixels give nothing. "\n" line ends, at most two blank lines, none at the ends.
std::string to_text(const Node& document);

struct ReplyText {
  std::string text;       // what is new
  std::string quote;      // the mail that is answered, without its attribution; no "> " for the first level
  std::string signature;  // if the program marked it as such
  friend bool operator==(const ReplyText&, const ReplyText&) = default;
};
// The same, taken apart by the marks that Gmail, Outlook, Apple Mail, Thunderbird, Yahoo and Proton leave. If nothing
// new is left, or answers stand between several quotes, everything is the text. A forwarded mail is no quote.
ReplyText split_reply(const Node& document);

}  // namespace coi::html
