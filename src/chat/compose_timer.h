// The mail that tells of another timer (D-27, P-14); inside of the room only. Pure.
#pragma once

#include <string>

#include "chat/facts.h"
#include "mime/mail.h"

namespace coi::chat {

struct TimerMail {
  mime::Part tree = {};
  std::string subject, thread_root, follows;
};
// `seconds`: 0 for none any more; then the field says so in a number too.
TimerMail compose_timer(const std::string& rfc_id, std::uint32_t seconds, const AccountFacts& account,
                        const ChatFacts& chat, UnixMs now);

}  // namespace coi::chat
