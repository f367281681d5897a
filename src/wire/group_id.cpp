#include "wire/group_id.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/random.h"
#include "wire/message_id.h"
#include "wire/words.h"

namespace coi::wire {
namespace {

constexpr std::size_t shortest = 11;  // Delta Chat's
constexpr std::size_t longest = 128;  // W-21
constexpr std::size_t made = 24;
constexpr std::string_view derived_prefix = "thread-";

std::string_view without_brackets(std::string_view message_id) {
  message_id = ascii_trim(message_id);
  if (message_id.starts_with('<')) message_id.remove_prefix(1);
  if (message_id.ends_with('>')) message_id.remove_suffix(1);
  return ascii_trim(message_id);
}

}  // namespace

bool is_group_id(std::string_view text) {
  return text.size() >= shortest && text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return ascii_alnum(c) || c == '_' || c == '-'; });
}

std::string make_group_id() { return hash::random_token(made); }

std::string derived_group_id(std::string_view thread_root) {
  const auto digest = hash::base64url_encode(hash::sha256(without_brackets(thread_root)));
  return fmt::format("{}{}", derived_prefix, std::string_view(digest).substr(0, made));
}

bool is_derived_group_id(std::string_view id) {
  return id.starts_with(derived_prefix) && id.size() == derived_prefix.size() + made && is_group_id(id);
}

std::optional<std::string> group_id_of(std::string_view message_id) {
  message_id = without_brackets(message_id);
  for (const auto prefix : {group_message_id_prefix, delta_group_message_id_prefix}) {
    if (!message_id.starts_with(prefix)) continue;
    const auto behind = message_id.substr(prefix.size());
    const auto id = behind.substr(0, std::min(behind.find('.'), behind.size()));
    if (id.size() < behind.size() && is_group_id(id)) return std::string(id);
  }
  return std::nullopt;
}

std::string in_group(std::string_view chat_id, std::string_view group_id) {
  return fmt::format("{}{}.{}", group_message_id_prefix, group_id, chat_id.substr(chat_id_prefix.size()));
}

}  // namespace coi::wire
