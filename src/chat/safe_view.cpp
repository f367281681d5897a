#include "chat/safe_view.h"

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

}  // namespace

Shown choose_form(const Forms& forms) {
  if (forms.chat && says(forms.html)) {
    if (const auto document = html::parse(*forms.html, Limits{}))
      if (auto ours = markdown_from_html(*document)) return markdown_of(ShownForm::html, std::move(*ours));
  }
  if (forms.chat && says(forms.markdown)) return markdown_of(ShownForm::markdown, std::string(*forms.markdown));
  if (says(forms.plain)) return {.form = ShownForm::plain, .text = std::string(*forms.plain)};
  if (says(forms.html)) return {.form = ShownForm::html};
  return {};
}

}  // namespace coi::chat
