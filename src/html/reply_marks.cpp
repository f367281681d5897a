#include "html/reply_marks.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace coi::html {
namespace {

// Outlook on the web puts "x_" before every id and class of a mail that it quotes.
std::string_view without_outlook_prefix(std::string_view name) {
  while (name.starts_with("x_")) name.remove_prefix(2);
  return name;
}

struct Mark {
  std::string_view name;  // of a class or an id
  ReplyMark mark;
};

constexpr Mark class_marks[] = {{"gmail_quote", ReplyMark::quote},
                                {"gmail_quote_container", ReplyMark::quote},
                                {"gmail_extra", ReplyMark::quote},
                                {"gmail_attr", ReplyMark::attribution},
                                {"moz-cite-prefix", ReplyMark::attribution},
                                {"yahoo_quoted", ReplyMark::quote},
                                {"protonmail_quote", ReplyMark::quote},
                                {"tutanota_quote", ReplyMark::quote},
                                {"zmail_extra", ReplyMark::quote},
                                {"gmail_signature", ReplyMark::signature},
                                {"gmail_signature_prefix", ReplyMark::signature},
                                {"moz-signature", ReplyMark::signature},
                                {"protonmail_signature_block", ReplyMark::signature}};

constexpr Mark id_marks[] = {{"appendonsend", ReplyMark::quote_from_here},
                             {"divRplyFwdMsg", ReplyMark::quote_from_here},
                             {"mail-editor-reference-message-container", ReplyMark::quote},
                             {"Signature", ReplyMark::signature},
                             {"ms-outlook-mobile-signature", ReplyMark::signature},
                             {"AppleMailSignature", ReplyMark::signature},
                             {"lineBreakAtBeginningOfSignature", ReplyMark::signature}};

template <std::size_t size>
ReplyMark find_mark(const Mark (&marks)[size], std::string_view name) {
  const auto found = std::ranges::find(marks, without_outlook_prefix(name), &Mark::name);
  return found == std::end(marks) ? ReplyMark::none : found->mark;
}

std::optional<std::string_view> first_text(const Node& node) {
  const auto text = ascii_trim(node.text);
  if (node.is_text() && !text.empty()) return text;
  for (const auto& child : node.children)
    if (const auto found = first_text(child)) return found;
  return std::nullopt;
}

// Outlook's desktop program only draws a line above the copied header.
bool is_outlook_line(const Node& element) {
  const auto style = ascii_lower(element.attribute("style"));
  return element.tag == "div" && (style.find("border-top:solid #e1e1e1 1.0pt") != std::string::npos ||
                                  style.find("border-top:solid #b5c4df 1.0pt") != std::string::npos);
}

}  // namespace

ReplyMark reply_mark(const Node& element) {
  if (const auto mark = find_mark(id_marks, element.attribute("id")); mark != ReplyMark::none) return mark;
  for (const auto name : ascii_split(element.attribute("class"), ' '))
    if (const auto mark = find_mark(class_marks, name); mark != ReplyMark::none) return mark;
  if (element.tag == "blockquote" && ascii_iequal(element.attribute("type"), "cite")) return ReplyMark::quote;
  return is_outlook_line(element) ? ReplyMark::quote_from_here : ReplyMark::none;
}

bool starts_with_forward_rule(const Node& element) {
  const auto text = first_text(element);
  return text && text->starts_with("-----");
}

}  // namespace coi::html
