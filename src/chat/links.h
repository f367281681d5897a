// The links in a message's text, for lists of them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coi::chat {

struct Link {
  std::string url;            // http or https, as typed
  std::string text = {};      // what stands for it in a formatted text; "": itself
  std::string leads_to = {};  // to be shown beside a text that names another host (html::unsaid_target); "": nothing
  friend bool operator==(const Link&, const Link&) = default;
};

// In the order of the text, each URL once, at most 100. A URL in the text begins at the edge of a word and ends before
// white space, quotes, angle brackets, a bracket that it does not open, and the punctuation of a sentence; one of more
// than 2000 octets is none. `formatted`: the text is Markdown (chat/markdown.h). Total; takes any octets.
std::vector<Link> links_in(std::string_view text, bool formatted);

}  // namespace coi::chat
