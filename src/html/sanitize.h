// HTML of a stranger -> HTML that is safe to show (P-07).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "html/html.h"

namespace coi::html {

struct SafeHtml {
  std::string html;         // what stands in the body, well-formed, UTF-8
  std::size_t blocked = 0;  // remote things that were left out: images, styles, frames, media
};

// Keeps the elements, attributes and style properties of a list, and nothing else: no scripts, forms, frames, event
// handlers or ids. Nothing is loaded: pictures keep a source only as cid: or data:image/(png|jpeg|gif|webp), links lead
// to http, https, mailto, tel or xmpp. Elements that are not on the list give way to what they hold. Nothing turns the
// direction of text but `dir`, draws over what stands around the mail, or is of a size that no reader wants. A link
// whose text names another host than the one it leads to (html/link_text.h) says that one as well.
SafeHtml sanitize(const Node& document);

// Whether a link may be offered to the user; what the schemes above say.
bool is_safe_link(std::string_view url);

}  // namespace coi::html
