// Which folder of the account is what, and what the server says about COI (S-07…S-16, C-90).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chat/input.h"
#include "engine/imap_link.h"
#include "wire/filter.h"

namespace coi::engine {

// What a COI server stores for the user; read at every connect (S-15).
struct CoiConfig {
  bool announced = false;
  bool enabled = false;
  std::string root;  // mailbox-root; the default where the server has none
  wire::Filter filter = wire::Filter::none;
};

class Folders {
 public:
  // LIST and, on a COI server, GETMETADATA. Of the folders of others (RFC 2342) none has a role. `known`: those that
  // had one before, which they keep when the server refuses to list them. Errors: network, protocol, limit (it names
  // more folders than 50 000).
  static Result<Folders> find(ImapLink& link, const std::vector<chat::FoundFolder>& known);

  // For people: that the server refused to list them, or for now to say how COI is set up, in its words. Then what is
  // known is a part.
  const std::optional<std::string>& refusal() const { return refusal_; }
  const CoiConfig& coi() const { return coi_; }
  const std::vector<chat::FoundFolder>& found() const { return found_; }
  std::optional<std::string> name(chat::FolderRole role) const;
  // Makes and subscribes the folder unless it is there. False when the server refuses, for whatever reason: some say
  // a plain NO to a folder that exists, and the next LIST shows it. False too when nothing was listed: it may be there.
  Result<bool> ensure(ImapLink& link, chat::FolderRole role);
  // This folder has the role, instead of another. False: the server names no such folder of the user's.
  bool assign(chat::FolderRole role, const std::string& folder);
  // Folders of the user's that neither a use nor a name tells anything of.
  const std::vector<std::string>& unknown() const { return unknown_; }
  // Folders of the user's that are the one for sent mail with equal right; the first of them has the role. Empty: there
  // are no two of them.
  const std::vector<std::string>& rivals() const { return rivals_; }
  // It is gone from the server; ensure() makes it again.
  void forget(const std::string& folder);
  // S-13, S-21: `none` while COI is off stays off; any filter turns COI on. Error not_allowed when refused.
  Result<> set_filter(ImapLink& link, wire::Filter filter);

 private:
  // Where a folder that does not exist yet would be made.
  std::string proposed_name(chat::FolderRole role) const;
  Result<> read_coi(ImapLink& link);
  void take(const imap::Namespaces::Space& personal);
  void take(const imap::List& list);
  void forget_listed();
  std::string_view below_prefix(std::string_view folder) const;
  bool is_personal(std::string_view folder) const;

  struct Candidate {
    int rank;                        // the least is the best
    std::vector<std::string> names;  // as the server lists them
  };

  std::vector<chat::FoundFolder> found_;
  std::map<chat::FolderRole, Candidate> candidates_;    // while the folders are listed
  std::vector<std::string> listed_, unknown_, rivals_;  // those of the user
  imap::Namespaces namespaces_;
  std::string prefix_;  // of the personal namespace
  char delimiter_ = '/';
  CoiConfig coi_;
  std::optional<std::string> refusal_;
};

}  // namespace coi::engine
