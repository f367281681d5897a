// Reactions to mails: RFC 9078 as chat programs write it (D-23), and the JSON of Gmail (D-24).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mime/mail.h"

namespace coi::chat {

struct Reaction {
  std::string emoji;  // one; '': what the author said before is withdrawn
  bool alone = true;  // the mail says nothing else: it is no message
  friend bool operator==(const Reaction&, const Reaction&) = default;
};

// nullopt: the mail is no reaction, or its words are none that a reaction may have; these are shown like any others.
std::optional<Reaction> read_reaction(const mime::Mail& mail);

// One emoji and nothing else (UTS #51): a character, a flag, a keycap, or a sequence of them joined into one picture.
bool is_emoji(std::string_view text);

// The part of an own reaction. `emoji`: '' withdraws; then a reader that knows no reactions finds a sentence, and the
// others an empty reaction, since they cut what stands below the line.
mime::Part reaction_part(std::string_view emoji);

// The same for people who read their mail at Gmail, which shows it below the message; another form of reaction_part().
// `emoji`: is_emoji(); Gmail knows no withdrawal.
mime::Part gmail_reaction_part(std::string_view emoji);
// Mailboxes at Gmail itself. Those of other domains cannot be told from their addresses.
bool is_at_gmail(std::string_view addr);

}  // namespace coi::chat
