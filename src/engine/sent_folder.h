// The folder for sent mail where neither SPECIAL-USE (RFC 6154) nor a name that we know tells it: by what lies in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/imap_link.h"

namespace coi::engine {

inline constexpr std::size_t most_looked_into = 20;  // folders

struct SentFolder {
  std::optional<std::string> found;
  std::vector<std::string> candidates;  // not found: the user has to say which of these it is; may be none
};

// Looks into these folders, the first `most_looked_into` of them: nearly all mails of the right one are by `own_addr`
// to somebody, and they are no drafts. Costs four commands each; closes the open mailbox. nullopt: the server refused
// to tell of one of them for now, so that another might only seem to be the one. Errors: network.
Result<std::optional<SentFolder>> seek_sent_folder(ImapLink& link, const std::vector<std::string>& folders,
                                                   const std::string& own_addr);

}  // namespace coi::engine
