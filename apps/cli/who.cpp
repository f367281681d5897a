#include "who.h"

#include "message_view.h"
#include "proto/chat.h"
#include "text.h"

namespace coi::cli {

Result<Whom> find_whom(Shell& shell, const std::string& word) {
  auto found = shell.ask(proto::GetChat{.chat = {word}});
  if (found) {
    const auto& chat = found->chat;
    return Whom{.account = chat.account, .chat = std::to_string(chat.id.value), .text = whom(chat)};
  }
  if (found.error().kind() == ErrorKind::not_found && word.contains('@'))
    return Whom{.account = shell.globals().account, .chat = word, .text = one_line(word)};
  return std::unexpected(found.error());
}

}  // namespace coi::cli
