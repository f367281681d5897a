// Which mails are one message. A Message-ID alone does not tell: cameras, printers and web forms give all their mails
// the same one. Nor does one message have one id: Outlook.com gives it another.
#pragma once

#include <vector>

#include "chat/facts.h"
#include "chat/input.h"
#include "chat/plan.h"

namespace coi::chat {

// `stored` has the author and an id of `copy`. They are one message if Date, subject, text and files agree. A list may
// have added a tag to the subject and a footer to the text, and taken files away; a chat program that sends a message
// again gives it another Date; own words that were written on this device are known by their random id alone.
bool is_same_mail(const PutMessage& copy, const MessageFacts& stored);

// Subject, text and files agree, as above.
bool says_the_same(const PutMessage& copy, const MessageFacts& stored);

// Makes `copy` one with those of `namesakes` that it is a copy of, and these with each other.
void join_copies(PutMessage& copy, const std::vector<MessageFacts>& namesakes, std::vector<Operation>& out);

// An own chat mail whose Message-ID a server replaced without a trace, and the message with its id as we gave it: the
// same second, the same words, and only one of the two has an id as chat programs make it (C-07).
bool is_renamed(const PutMessage& copy, const MessageFacts& stored);

// Nothing in the header shows that it is another mail: an id of the message, and its Date.
bool may_be(const MailSeenAgain& copy, const MessageFacts& stored);

// The message of which this is surely a copy, by what the header alone tells; nullptr: the mail has to be read.
const MessageFacts* known_by_header(const MailSeenAgain& copy, const std::vector<MessageFacts>& namesakes);

}  // namespace coi::chat
