#include "wire/classify.h"

#include "base/ascii.h"
#include "wire/words.h"

namespace coi::wire {
namespace {

bool names_chat_id(std::string_view ids) {
  for (auto at = ids.find(chat_id_prefix); at != std::string_view::npos; at = ids.find(chat_id_prefix, at + 1))
    if (at == 0 || std::string_view(" \t\r\n<,").find(ids[at - 1]) != std::string_view::npos) return true;
  return false;
}

}  // namespace

bool is_chat_id(std::string_view message_id) {
  message_id = ascii_trim(message_id);
  if (message_id.starts_with('<')) message_id.remove_prefix(1);
  return message_id.starts_with(chat_id_prefix);
}

bool is_chat(const ClassifiedFields& fields) {
  return fields.chat_version.data() != nullptr || is_chat_id(fields.message_id) || is_chat_id(fields.references);
}

bool replies_to_chat(std::string_view references, std::string_view in_reply_to) {
  return names_chat_id(references) || names_chat_id(in_reply_to);
}

}  // namespace coi::wire
