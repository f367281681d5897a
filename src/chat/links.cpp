#include "chat/links.h"

#include <algorithm>

#include "base/ascii.h"
#include "chat/markdown.h"
#include "chat/markdown_inline.h"
#include "chat/word_edges.h"

namespace coi::chat {
namespace {

constexpr std::size_t most_links = 100;

bool leads_to_a_page(std::string_view url) {
  return ascii_istarts_with(url, "http://") || ascii_istarts_with(url, "https://");
}

void add(std::vector<Link>& links, Link link) {
  if (links.size() < most_links && std::ranges::find(links, link.url, &Link::url) == links.end())
    links.push_back(std::move(link));
}

void add_typed(std::string_view text, std::vector<Link>& links) {
  for (auto at = text.find("://"); at != std::string_view::npos && links.size() < most_links;
       at = text.find("://", at + 1)) {
    const std::size_t scheme = at >= 5 && ascii_istarts_with(text.substr(at - 5), "https") ? 5 : 4;
    if (at < scheme) continue;
    const auto begin = at - scheme;
    const auto rest = text.substr(begin);
    if (!leads_to_a_page(rest) || is_word_before(text, begin)) continue;
    auto url = rest.substr(0, link_length(rest));
    while (!url.empty() && std::string_view(".,;:!?*_~|").contains(url.back())) url.remove_suffix(1);
    if (url.size() <= scheme + 3) continue;
    add(links, {.url = std::string(url)});
    at = begin + url.size() - 1;  // what stands within it is no link of its own
  }
}

void add_marked(const Block& block, std::vector<Link>& links) {
  const auto& runs = block.runs;
  for (std::size_t i = 0; i < runs.size();) {
    if (runs[i].link.empty() || runs[i].mention) {
      if (!runs[i].mention) add_typed(runs[i].text, links);
      ++i;
      continue;
    }
    Link link{.url = runs[i].link};
    for (; i < runs.size() && runs[i].link == link.url; ++i) {
      link.text += runs[i].text;
      link.leads_to = runs[i].leads_to;
    }
    if (leads_to_a_page(link.url)) add(links, std::move(link));
  }
}

}  // namespace

std::vector<Link> links_in(std::string_view text, bool formatted) {
  std::vector<Link> links;
  if (!formatted) {
    add_typed(text, links);
    return links;
  }
  auto all = blocks(text);
  say_targets(all);
  for (const auto& block : all) add_marked(block, links);
  return links;
}

}  // namespace coi::chat
