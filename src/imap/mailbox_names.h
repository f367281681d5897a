// How the server writes the names of its mailboxes, where that is not modified UTF-7 (RFC 3501 section 5.1.3): raw
// UTF-8, other octets, or a broken encoding. Such a name is shown as it can be read, and goes back exactly as it came.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "imap/search_key.h"

namespace coi::imap {

// Any thread.
class MailboxNames {
 public:
  // LIST named `wire`, which is shown as `name`. The first of two that look alike counts; beyond a thousand such names
  // nothing is kept.
  void learn(const std::string& name, const std::string& wire);
  // A command as the server takes it: with no NamedMailbox left in it.
  std::vector<Piece> resolve(std::vector<Piece> pieces) const;

 private:
  std::string wire(const std::string& name) const;

  Guarded<std::map<std::string, std::string>> wires_;
};

}  // namespace coi::imap
