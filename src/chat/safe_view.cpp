#include "chat/safe_view.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/limits.h"
#include "chat/markdown.h"
#include "html/html.h"

namespace coi::chat {
namespace {

bool says(const std::optional<std::string_view>& form) { return form && !ascii_trim(*form).empty(); }

Shown markdown_of(ShownForm form, std::string text) {
  const bool formatted = has_markup(text);
  return {.form = form, .text = std::move(text), .formatted = formatted};
}

// What is answered stands above the words, in all forms of a text; here it is marked (chat/compose_letter.h).
html::Node without_reply_quote(html::Node document) {
  for (auto& body : document.children) {
    if (body.tag != "body") continue;
    const auto first = std::ranges::find_if(body.children, [](const html::Node& node) { return !node.is_text(); });
    if (first != body.children.end() && first->tag == "blockquote" && first->attribute("type") == "cite")
      body.children.erase(first);
  }
  return document;
}

// HTML keeps no line ends and no blank lines. Markdown that says the same has them.
std::string as_typed(std::string ours, const std::optional<std::string_view>& markdown) {
  if (!says(markdown)) return ours;
  const auto again = html::parse(to_html(*markdown), Limits{});
  return again && markdown_from_html(*again) == ours ? std::string(*markdown) : ours;
}

}  // namespace

Shown choose_form(const Forms& forms) {
  if (forms.chat && says(forms.html)) {
    if (auto document = html::parse(*forms.html, Limits{}))
      if (auto ours = markdown_from_html(without_reply_quote(*std::move(document))))
        return markdown_of(ShownForm::html, as_typed(std::move(*ours), forms.markdown));
  }
  if (forms.chat && says(forms.markdown)) return markdown_of(ShownForm::markdown, std::string(*forms.markdown));
  if (says(forms.plain)) return {.form = ShownForm::plain, .text = std::string(*forms.plain)};
  if (says(forms.html)) return {.form = ShownForm::html};
  return {};
}

}  // namespace coi::chat
