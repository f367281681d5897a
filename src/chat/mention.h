// Mentions of people in a text (C-79, C-80): @Name:addr, @"Name With Space":addr, and @all. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"

namespace coi::chat {

struct Mention {
  std::size_t start = 0, length = 0;  // in octets of the text: from the @ to the end of the address
  std::string name;                   // without @ and quotes; "all" if everybody is meant
  std::string addr;                   // as written; "" if everybody is meant
  friend bool operator==(const Mention&, const Mention&) = default;
};

// In order, none within another, the first 1000 at most; time grows with the length of the text. An @ behind a letter
// or digit begins none (a@b.c), neither does a name without an address that has a dot in its domain (@home:now). Names
// have at most 200 octets, and are without space unless they are quoted. `text`: UTF-8.
std::vector<Mention> find_mentions(std::string_view text);

// Whom a text mentions: canonical addresses, "all" for everybody, each once, in the order of their names.
std::vector<std::string> mentioned(std::string_view text);

// How a mention is written, so that find_mentions() gives back name and addr: in quotes where the name needs them.
// What no name may hold (quotes, control characters) becomes ' or a space. `addr`: mime::is_address(), with a dot in
// its domain; "" with any name gives @all.
std::string write_mention(std::string_view name, std::string_view addr);

// "@Name", as a mention is shown.
std::string shown_mention(const Mention& mention);

// The text with each mention as shown_mention().
std::string with_mentions_shown(std::string_view text);

// <a class="mention" href="mailto:addr">@Name</a>, escaped; @all is text.
std::string mention_html(const Mention& mention);

// Those of HTML, in order, the first 1000 at most; start and length are 0. Also @all where it is written in the text.
std::vector<Mention> mentions_in(const html::Node& document);

// The address that a mailto: URL leads to (RFC 6068), percent signs decoded; "" if it is none or leads to several.
std::string mailto_address(std::string_view url);
// The URL, with percent signs where a character could end or change it.
std::string mailto_url(std::string_view addr);

}  // namespace coi::chat
