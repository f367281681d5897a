// Mails about polls (P-16 to P-24); inside of the room only. Pure.
#pragma once

#include <string>
#include <string_view>

#include "chat/ask.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "mime/mail.h"

namespace coi::chat {

// P-19: the poll as words, with how to vote by a reply, and until when.
std::string asking_words(const Poll& poll);

// P-16: `plain`, which says it in words, with an HTML form that says it to programs. Files are named as those of the
// mail `rfc_id` are (file_part()).
mime::Part poll_words(mime::Part plain, const Poll& poll, std::string_view rfc_id);

// Of all three `facts` are those of a poll that is there, as is its chat. To names all whom the chat is with.
// P-20.
mime::Part compose_vote(const Vote& vote, const AccountFacts& account, const PollFacts& facts, UnixMs now);
// P-24: what stands in the mail, and the mail.
std::string result_words(const Poll& poll, const PollNumbers& numbers);
mime::Part compose_close(const ClosePoll& close, const PollNumbers& numbers, const AccountFacts& account,
                         const PollFacts& facts, UnixMs now);
// Of both.
std::string subject_about(const PollFacts& facts);

}  // namespace coi::chat
