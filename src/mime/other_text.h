// The words of a mail that has none in text/plain or text/html. The inside of parse().
#pragma once

#include "mime/mail.h"

namespace coi::mime {

// RFC 2046, 4.1.4: a text of a subtype that nobody knows is read as plain text. Makes text/plain, or text/html, of the
// first one without a name if no other part has words, unless it is something that programs open.
void read_other_text(Part& root, const Limits& limits);

}  // namespace coi::mime
