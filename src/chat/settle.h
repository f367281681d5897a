// What is said about a message is kept as it was said; these functions say what of it counts. Pure, and independent of
// the order in which it came.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chat/model.h"

namespace coi::chat {

// Of the receipts and bounces among `remarks` about one message: of each kind, about each recipient, the one that
// counts. A mail was read when the first receipt says so; of bounces the last one has the word. Sorted by recipient,
// then kind.
std::vector<Remark> settled_reports(std::vector<Remark> remarks);

// Of the reactions among `remarks` about one message: of each person the newest, unless it withdraws what came before
// (D-23), in the order in which they were said. `person_of`: a name for whoever an address belongs to, the same for all
// addresses of a person (and for all own ones); '' for who has no part in the chat, and whose reactions do not count.
std::vector<Remark> settled_reactions(std::vector<Remark> remarks,
                                      const std::function<std::string(const Remark& remark)>& person_of);

// The pin among `remarks` about one message that counts (D-26): the newest of all who take part in the chat, unless it
// takes the pin back or its time is over (C-83). `person_of` as above.
std::optional<Remark> settled_pin(std::vector<Remark> remarks,
                                  const std::function<std::string(const Remark& remark)>& person_of, UnixMs now);

// When a remark was made: the author's Date, but never later than its arrival (C-30).
UnixMs said_ms(const Remark& remark);

}  // namespace coi::chat
