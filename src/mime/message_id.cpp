#include "mime/message_id.h"

#include <algorithm>

#include "mime/blank.h"
#include "mime/encoded_word.h"

namespace coi::mime {
namespace {

void add(std::vector<std::string>& ids, std::string_view id) {
  constexpr std::size_t longest = 998;  // it has to fit on a line
  if (!id.empty() && id.size() <= longest) ids.emplace_back(id);
}

// Behind "<", up to ">" or to what shows that it is missing. Takes what it reads off `rest`.
void bracketed(std::string_view& rest, std::vector<std::string>& ids) {
  const auto end = std::min(rest.find_first_of("<>"), rest.size());
  const bool closed = end < rest.size() && rest[end] == '>';
  const auto inside = rest.substr(0, end);
  rest.remove_prefix(closed ? end + 1 : end);
  if (closed && std::ranges::count(inside, '@') <= 1) {
    std::string id(inside);
    std::erase_if(id, is_space);  // an id that was folded
    add(ids, id);
    return;
  }
  // ">" is missing: the words count as bare ones.
  for (auto words = inside; !words.empty();) {
    words.remove_prefix(std::min(words.find_first_not_of(", \t\r\n"), words.size()));
    const auto word = words.substr(0, words.find_first_of(", \t\r\n"));
    if (word.find('@') != std::string_view::npos) add(ids, word);
    words.remove_prefix(word.size());
  }
}

// Whether what may be the first encoded word outside of "<>" is one.
bool has_encoded_ids(std::string_view value) {
  bool inside = false;
  for (std::size_t i = 0; i + 1 < value.size(); ++i) {
    if (value[i] == '<' || value[i] == '>') inside = value[i] == '<';
    if (!inside && value[i] == '=' && value[i + 1] == '?') return encoded_word_length(value.substr(i)) > 0;
  }
  return false;
}

}  // namespace

std::vector<std::string> parse_message_ids(std::string_view value) {
  std::vector<std::string> ids;
  bool comments_close = true;
  std::string decoded;
  if (has_encoded_ids(value)) value = decoded = decode_words(value);
  while (!value.empty()) {
    const char c = value.front();
    if (c == '<') {
      value.remove_prefix(1);
      bracketed(value, ids);
    } else if (c == '(' && comments_close) {
      const auto end = value.find(')');
      comments_close = end != std::string_view::npos;
      value.remove_prefix(comments_close ? end + 1 : 1);
    } else if (is_space(c) || std::string_view(",;>()").find(c) != std::string_view::npos) {
      value.remove_prefix(1);
    } else {
      const auto word = value.substr(0, value.find_first_of("<>,; \t\r\n"));
      if (word.find('@') != std::string_view::npos) add(ids, word);
      value.remove_prefix(word.size());
    }
  }
  return ids;
}

std::vector<std::string> message_ids(const std::function<std::string(std::string_view)>& field) {
  std::vector<std::string> ids;
  for (const auto* const name : {"X-Microsoft-Original-Message-ID", "Message-ID"})
    if (const auto found = parse_message_ids(field(name));
        !found.empty() && std::ranges::find(ids, found.front()) == ids.end())
      ids.push_back(found.front());
  return ids;
}

std::string format_message_ids(const std::vector<std::string>& ids) {
  std::string out;
  for (const auto& id : ids) {
    if (!out.empty()) out += ' ';
    out.append("<").append(id).append(">");
  }
  return out;
}

}  // namespace coi::mime
