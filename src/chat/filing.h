// In which folder a mail belongs (C-51, C-87, C-89). One rule for mails that arrive, are read, or are sent.
#pragma once

#include <optional>
#include <vector>

#include "chat/facts.h"
#include "chat/plan.h"

namespace coi::chat {

// What the rule looks at.
struct Filed {
  FolderRole role = FolderRole::other;  // where the copy lies
  bool chat = false;
  bool outgoing = false;
  bool seen = false;
  bool blocked = false;  // its author is blocked
};

// The folder the copy has to be moved to; nullopt: it lies well.
std::optional<FolderRole> misfiled(const Filed& mail, const AccountFacts& account);

// Where the own copy of a sent mail belongs (C-89).
FolderRole home_of_sent(bool chat);

// One job a folder: all of a job's places lie in one.
std::vector<Operation> jobs_for(PutJob job, std::vector<Place> places);

}  // namespace coi::chat
