#include "chat/amend.h"

#include "base/ascii.h"
#include "chat/marked_part.h"
#include "mime/date.h"
#include "mime/message_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

constexpr std::size_t most_parts = 20;  // that are looked at for a pin

std::string first_id(std::string_view value) {
  auto ids = mime::parse_message_ids(value);
  return ids.empty() ? std::string() : std::move(ids.front());
}

// Of the mail, or of its first part (D-21).
std::string edited_id(const mime::Part& root) {
  auto id = first_id(field_of(root, wire::chat_edit));
  if (id.empty() && root.type == "multipart/mixed" && !root.children.empty())
    id = first_id(field_of(root.children.front(), wire::chat_edit));
  return id;
}

// The example of C-82 has a date without quotes, in which blanks and a comma stand: all up to the end of the line.
UnixMs timeout_of(const mime::Part& part) {
  const auto value = field_of(part, "Content-Disposition");
  for (std::size_t at = 0; (at = value.find(';', at)) != std::string_view::npos;) {
    const auto begin = ++at;
    at = std::min(value.find_first_of("=;", begin), value.size());
    if (at == value.size()) return 0;
    if (value[at] == ';' || !ascii_iequal(ascii_trim(value.substr(begin, at - begin)), "timeout")) continue;
    auto date = ascii_trim(value.substr(at + 1));
    if (date.starts_with('"')) date = date.substr(1, date.find('"', 1) - 1);
    return mime::parse_date(date).value_or(0);
  }
  return 0;
}

const mime::Part* find_pinned(const mime::Part& part, std::size_t& left) {
  if (left == 0) return nullptr;
  --left;
  if (part.disposition == "pinned") return &part;
  for (const auto& child : part.children)
    if (const auto* found = find_pinned(child, left)) return found;
  return nullptr;
}

}  // namespace

std::optional<Amendment> read_amendment(const mime::Mail& mail, std::string_view in_reply_to) {
  using Kind = Amendment::Kind;
  const auto& root = mail.root;
  const auto word = content_of(root);
  const std::string answered(in_reply_to);
  auto edited = edited_id(root);
  if (word == wire::Content::edit && edited.empty()) edited = answered;
  if (!edited.empty() && word != wire::Content::deleterequest)
    return Amendment{.kind = Kind::edit, .subject = std::move(edited)};
  if (answered.empty()) return std::nullopt;
  if (word == wire::Content::deleterequest) return Amendment{.kind = Kind::deletion, .subject = answered};
  if (word == wire::Content::message_unpinned) return Amendment{.kind = Kind::unpin, .subject = answered};
  if (word == wire::Content::message_pinned)
    return Amendment{.kind = Kind::pin, .subject = answered, .until_ms = timeout_of(root)};
  return std::nullopt;
}

std::string edited_text(std::string_view text) {
  constexpr std::string_view bare_pencil = pencil.substr(0, 3), as_picture = pencil.substr(3);
  text = ascii_trim(text);
  if (!text.starts_with(bare_pencil)) return std::string(text);
  text.remove_prefix(bare_pencil.size());
  if (text.starts_with(as_picture)) text.remove_prefix(as_picture.size());
  return std::string(ascii_trim(text));
}

std::optional<UnixMs> read_pinned(const mime::Mail& mail) {
  auto left = most_parts;
  const auto* part = find_pinned(mail.root, left);
  return part == nullptr ? std::nullopt : std::optional(timeout_of(*part));
}

}  // namespace coi::chat
