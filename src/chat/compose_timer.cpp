#include "chat/compose_timer.h"

#include <algorithm>
#include <iterator>

#include "chat/compose.h"
#include "chat/compose_group.h"
#include "chat/compose_parts.h"
#include "chat/subject.h"
#include "chat/timer.h"
#include "mime/message_id.h"
#include "wire/words.h"

namespace coi::chat {

TimerMail compose_timer(const std::string& rfc_id, std::uint32_t seconds, const AccountFacts& account,
                        const ChatFacts& chat, UnixMs now) {
  const auto words = timer_words(seconds);
  TimerMail mail{.subject = {}, .thread_root = rfc_id, .follows = {}};
  const auto* last = chat.last ? &*chat.last : nullptr;
  mail.subject = chat.group        ? group_subject(*chat.group)
                 : last != nullptr ? reply_subject(last->subject)
                                   : first_subject(words);
  // C-69: in a group of plain programs ours begins a thread of its own.
  if (last != nullptr && (!chat.group || last->is_chat)) {
    mail.thread_root = last->first_of_thread();
    mail.follows = last->key.rfc_id;
  }
  const auto to = addresses_of(recipients_of(chat, account));
  mail.tree = text_part(words);
  auto& fields = mail.tree.headers;
  fields = common_fields(account, to, rfc_id, mail.subject, now);
  fields.push_back({"References", mime::format_message_ids(references_of(mail.thread_root, mail.follows))});
  fields.push_back({std::string(wire::chat_content), "ephemeral-timer-changed"});
  fields.push_back({std::string(wire::ephemeral_timer), std::to_string(seconds)});
  if (chat.group) std::ranges::move(group_fields(*chat.group, account, to, now), std::back_inserter(fields));
  return mail;
}

}  // namespace coi::chat
