// Bounces written for people only: what they have in common, so that a failed mail still shows as failed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mime/mail.h"
#include "mime/report.h"

namespace coi::mime {

// By the sender's name, an empty return path, or a header that only mail systems write.
bool comes_from_mail_system(const Part& root);

// Of a header that was copied into a text part; the author's id first, as mime/message_id.h.
std::vector<std::string> copied_message_ids(const Part& root);

// `text`: the readable part. No recipients: nothing in it looks like a failed address.
DeliveryReport read_bounce_text(const Part& root, std::string_view text);

// Where in such a mail's text the copy of the returned mail begins, with the line that announces it; npos if it has
// none.
std::size_t find_returned_mail(std::string_view text);

}  // namespace coi::mime
