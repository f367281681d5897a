// Message-ID, In-Reply-To, References, Content-ID (RFC 5322, section 3.6.4).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace coi::mime {

// The ids in order, without <>. Tolerates a missing "<" or ">", commas, comments, an id broken by folding, encoded
// words (as Python's library folds long ids), and the "Your message of …" sentences of old programs. A bare word counts
// if it holds an "@".
std::vector<std::string> parse_message_ids(std::string_view value);

// The ids of the mail whose fields `field` gives ("" for none): the one that its author gave it first. Outlook.com puts
// its own Message-ID in the place of that, and keeps it in X-Microsoft-Original-Message-ID. Empty: it has none.
std::vector<std::string> message_ids(const std::function<std::string(std::string_view)>& field);

// "<a@b> <c@d>"
std::string format_message_ids(const std::vector<std::string>& ids);

}  // namespace coi::mime
