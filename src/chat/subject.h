// Subjects that read well in any mail program (P-02).
#pragma once

#include <string>
#include <string_view>

namespace coi::chat {

// Without the reply and forward prefixes of the world's mail programs ("Re: AW: SV[2]: x" -> "x"): a known word, an
// optional counter in brackets, a colon; at most ten of them.
std::string_view strip_reply_prefix(std::string_view subject);

// Whether one of those prefixes says that a mail is passed on.
bool is_forward_subject(std::string_view subject);

// "Chat: " and the first words of the text, at most 60 characters, never cut inside a word or character if it can be
// helped.
std::string first_subject(std::string_view text);

// "Re: " and the same subject, so that mail programs keep the thread together. Falls back to "Re: Chat".
std::string reply_subject(std::string_view subject);

}  // namespace coi::chat
