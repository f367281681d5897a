#include "engine/original_view.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/ascii.h"
#include "hash/base64.h"
#include "html/html.h"
#include "html/sanitize.h"
#include "mime/mail.h"

namespace coi::engine {
namespace {

struct Found {
  std::vector<const mime::Part*> html;
  std::map<std::string, const mime::Part*, std::less<>> pictures;  // by Content-ID
};

void find(const mime::Part& part, Found& found) {
  if (part.type == "text/html" && part.is_text()) found.html.push_back(&part);
  constexpr std::array<std::string_view, 4> shown = {"image/png", "image/jpeg", "image/gif", "image/webp"};
  if (!part.content_id.empty() && std::ranges::find(shown, std::string_view(part.type)) != shown.end())
    found.pictures.emplace(part.content_id, &part);
  for (const auto& child : part.children) find(child, found);
}

class Embed {
 public:
  explicit Embed(const Found& found) : found_(found) {}

  void in(html::Node& node) {
    for (auto& attribute : node.attributes)
      if (attribute.name == "src" && ascii_istarts_with(attribute.value, "cid:")) attribute.value = source(attribute);
    for (auto& child : node.children) in(child);
  }

 private:
  // A picture that is named a thousand times is counted as often.
  std::string source(const html::Attribute& attribute) {
    const auto named = found_.pictures.find(ascii_undo_percent(std::string_view(attribute.value).substr(4)));
    if (named == found_.pictures.end() || named->second->body.size() > left_) return {};
    const auto& part = *named->second;
    left_ -= part.body.size();
    return fmt::format("data:{};base64,{}", part.type, hash::base64_encode(part.body));
  }

  const Found& found_;
  std::size_t left_ = 4 * 1024 * 1024;
};

}  // namespace

Result<OriginalView> original_view(std::string_view mail, const Limits& limits) {
  const auto parsed = COI_TRY(mime::parse(mail, limits));
  Found found;
  find(parsed.root, found);
  if (found.html.empty()) return fail(ErrorKind::not_found, "the mail has no HTML");
  OriginalView view;
  Embed embed(found);
  for (const auto* part : found.html) {
    auto document = COI_TRY(html::parse(part->body, limits));
    embed.in(document);
    auto safe = html::sanitize(document);
    view.html += safe.html;
    view.blocked += safe.blocked;
    if (view.html.size() > limits.answer_octets) return fail(ErrorKind::limit, "the mail is too large to be shown");
  }
  return view;
}

}  // namespace coi::engine
