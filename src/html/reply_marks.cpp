#include "html/reply_marks.h"

#include <algorithm>

#include "base/ascii.h"
#include "html/style.h"

namespace coi::html {
namespace {

// What programs put before every id and class of a mail that they quote: "x_" of Outlook on the web, "ydp1a2b3c" of
// Yahoo.
std::string_view without_prefix(std::string_view name) {
  while (name.starts_with("x_")) name.remove_prefix(2);
  if (name.starts_with("ydp")) {
    auto end = std::size_t{3};
    while (end < name.size() && ascii_hex_digit(name[end]) >= 0) ++end;
    name.remove_prefix(std::min(end, name.size()));
  }
  return name;
}

struct Mark {
  std::string_view name;  // of a class or an id
  ReplyMark mark;
};

constexpr Mark class_marks[] = {
    {"gmail_quote", ReplyMark::quote},           {"gmail_quote_container", ReplyMark::quote},
    {"gmail_extra", ReplyMark::quote},           {"gmail_attr", ReplyMark::attribution},
    {"moz-cite-prefix", ReplyMark::attribution}, {"yahoo_quoted", ReplyMark::quote},
    {"protonmail_quote", ReplyMark::quote},      {"tutanota_quote", ReplyMark::quote},
    {"zmail_extra", ReplyMark::quote},           {"AppleOriginalContents", ReplyMark::quote}};

constexpr Mark id_marks[] = {
    {"appendonsend", ReplyMark::quote_from_here}, {"divRplyFwdMsg", ReplyMark::quote_from_here},
    {"reply-intro", ReplyMark::attribution},      {"mail-editor-reference-message-container", ReplyMark::quote},
    {"yahoo_quoted", ReplyMark::quote},           {"OLK_SRC_BODY_SECTION", ReplyMark::quote}};

template <std::size_t size>
ReplyMark find_mark(const Mark (&marks)[size], std::string_view name) {
  const auto found = std::ranges::find(marks, without_prefix(name), &Mark::name);
  return found == std::end(marks) ? ReplyMark::none : found->mark;
}

// "border:none; border-top:solid #E1E1E1 1.0pt; padding:3.0pt 0cm 0cm 0cm", as Outlook writes it or a browser rewrites
// it.
bool has_top_border(const Node& element) {
  if (element.tag != "div" || !element.attribute("style").contains("border-top")) return false;
  return std::ranges::any_of(parse_style(element.attribute("style")), [](const Declaration& one) {
    return one.name == "border-top" && ascii_lower(one.value).contains("solid");
  });
}

}  // namespace

ReplyMark reply_mark(const Node& element) {
  if (const auto id = element.attribute("id"); !id.empty())
    if (const auto mark = find_mark(id_marks, id); mark != ReplyMark::none) return mark;
  if (const auto classes = element.attribute("class"); !classes.empty())
    for (const auto name : ascii_split(classes, ' '))
      if (const auto mark = find_mark(class_marks, name); mark != ReplyMark::none) return mark;
  return has_top_border(element) ? ReplyMark::border : ReplyMark::none;
}

bool is_cite(const Node& blockquote) {
  return ascii_iequal(blockquote.attribute("type"), "cite") || blockquote.has_attribute("cite") ||
         reply_mark(blockquote) == ReplyMark::quote;
}

bool is_indentation(const Node& blockquote) {
  if (is_cite(blockquote)) return false;
  return std::ranges::any_of(parse_style(blockquote.attribute("style")), [](const Declaration& one) {
    return (one.name == "border" || one.name == "border-left") &&
           (one.value.starts_with("none") || one.value.starts_with("medium none") || one.value.starts_with('0'));
  });
}

}  // namespace coi::html
