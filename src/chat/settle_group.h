// Who is in a group, and what it is called, by all that is said about it. Pure, and independent of the order in which
// it came.
#pragma once

#include <string>
#include <vector>

#include "chat/facts.h"
#include "chat/model.h"

namespace coi::chat {

// One author says that somebody joined then, or left, and said so first at `said_ms`.
struct MembershipClaim {
  std::string author, member;
  bool parted = false;
  UnixMs at_ms = 0, said_ms = 0;
};

struct GroupClaims {
  std::string founder;  // author of the mail that arrived first; '': nobody
  std::vector<MembershipClaim> members;
  std::vector<Remark> names, descriptions, pictures;  // by any of the group's ids
};

struct GroupState {
  std::string name, description, picture;  // picture: Picture::id
  UnixMs name_ms = 0, description_ms = 0, picture_ms = 0;
  std::vector<Member> members;  // by address
};

// P-06: what a member said counts, and what nobody else. The author of the first mail is believed; from there on it is
// followed, in the order in which it was said, who was a member when. Within one second joining comes before leaving.
// What somebody did while they were away, as is known in the end, is not heeded: not all members hear of it in time,
// and who came later hears of it by what members tell of earlier leavings, also of those who are back; but whom
// somebody removed cannot void that by saying alone that they were away and came back. Who leaves says
// so at any time. Of names, descriptions and pictures the newest counts; of two at once the smaller name and the larger
// of the others (D-20).
GroupState settle_group(const GroupClaims& claims);

}  // namespace coi::chat
