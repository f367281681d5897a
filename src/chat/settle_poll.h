// What a poll came to, by all that was said about it. Pure, and independent of the order in which it came.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chat/model.h"

namespace coi::chat {

struct OptionState {
  std::uint32_t votes = 0;
  std::vector<std::string> voters;  // the addresses by which they voted, in the order in which they did
  friend bool operator==(const OptionState&, const OptionState&) = default;
};

struct PollState {
  std::vector<OptionState> options;  // as those of the poll
  std::uint32_t voters = 0;          // who have chosen something
  Choices own;                       // what we have chosen
  // When its author closed it. From then on `votes` and `voters` are what the author says, who chose what is what came
  // here.
  std::optional<UnixMs> closed_ms;
  std::string closed_by;  // Message-ID of the close that counts
  friend bool operator==(const PollState&, const PollState&) = default;
};

// P-22, P-24. Of the votes and closes among `said`, which are about this poll: one ballot for each person, the newest
// (where no vote may be changed the oldest that chooses something); of two at once that with the greater Message-ID. A
// vote does not count by who has no part in the chat, of options that there are not, of several where one may be
// chosen, or said after the poll was closed or ended. The first close by its author counts. `person_of`: as in
// settled_reactions(); `author`: what it gives for the poll's author.
PollState settle_poll(const Poll& poll, const std::vector<Remark>& said, const std::string& author,
                      const std::function<std::string(const Remark& remark)>& person_of);

// What was said about one poll, and by whom it counts.
struct PollSaid {
  std::vector<Remark> remarks;
  // Whoever takes part in the chat, or did: by each of their addresses a word for the person.
  std::map<std::string, std::string> persons;
  std::string person_with(const std::string& addr) const;  // '': it has no part
};

// `outgoing`: the poll is ours, whatever address it was sent `from`.
PollState settle_poll(const Poll& poll, const PollSaid& said, bool outgoing, const std::string& from);

}  // namespace coi::chat
