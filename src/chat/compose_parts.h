// What the mails of ours have in common: inside of the room only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/facts.h"
#include "mime/mail.h"

namespace coi::chat {

// C-05, C-06: what every mail of ours carries.
std::vector<mime::Header> common_fields(const AccountFacts& account, const std::vector<std::string>& to,
                                        std::string_view rfc_id, std::string subject, UnixMs now);

// What of the answered text is quoted.
std::string quote_of(const MessageFacts& original);

// D-15, D-16: what stands in the text part, below `quote`.
std::string body_text(std::string_view text, const std::string& quote);

// C-08: the first id of the conversation and the latest one. D-07: the first mail of a conversation names itself, so
// that replies stay recognisable even where the Message-ID is rewritten.
std::vector<std::string> references_of(const std::string& root, const std::string& latest);

// C-18.
mime::Part text_part(std::string_view text);

}  // namespace coi::chat
