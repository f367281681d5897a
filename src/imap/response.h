// One response of the server as a value (RFC 3501 section 7 and the extensions named below).
//
// A response that cannot be read concerns itself alone. What becomes of it:
//   FETCH                   each item by itself: Fetch::unreadable
//   tagged OK, NO, BAD      always an answer; another word behind a tag is BAD
//   SEARCH, ESEARCH, VANISHED, EXISTS, EXPUNGE   Unreadable as a whole: half of them must not be believed
//   LIST                    Unreadable, that mailbox alone is not listed
//   STATUS                  the counts that can be read; without a name Unreadable
//   METADATA                the entries that can be read; without a mailbox Unreadable
//   QUOTA, NAMESPACE, ID, CAPABILITY, ENABLED, FLAGS   what can be read of them
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/ascii.h"
#include "base/number_set.h"
#include "base/result.h"
#include "imap/capabilities.h"
#include "imap/command_id.h"
#include "imap/fetch.h"
#include "imap/lexer.h"
#include "imap/status.h"

namespace coi::imap {

// "+": the server waits for more of a command.
struct Continuation {
  std::string text;
};

struct MailboxFlags {
  std::vector<std::string> flags;
};
struct Exists {
  std::uint32_t messages;
};
struct Expunge {
  std::uint32_t message;  // number, before it goes; all above it move down by one
};
// RFC 7162. `earlier`: expunged before now and not counted in EXISTS any more.
struct Vanished {
  bool earlier = false;
  NumberSet uids;
};

// RFC 6154, RFC 8457.
enum class SpecialUse : std::uint8_t { all, archive, drafts, flagged, important, junk, sent, trash };

struct List {
  std::vector<std::string> attributes;  // "\Noselect", "\HasChildren", "\Subscribed" … as sent
  std::vector<SpecialUse> special_uses;
  char delimiter = '\0';  // 0: flat
  std::string mailbox;    // UTF-8
  std::string wire;       // as the server writes it, where that is not modified UTF-7; "" else

  bool has(std::string_view attribute) const;  // without case
};

struct MailboxStatus {
  std::string mailbox;  // UTF-8
  std::optional<std::uint32_t> messages, recent, uidnext, uidvalidity, unseen;
  std::optional<std::uint64_t> highestmodseq;  // RFC 7162; 0: the mailbox has none
  std::optional<std::uint64_t> size;           // RFC 8438, octets

  friend bool operator==(const MailboxStatus&, const MailboxStatus&) = default;
};

// SEARCH and ESEARCH (RFC 4731). A plain SEARCH fills `all` only and has no tag.
struct Search {
  CommandId command;  // filled in by the session
  std::string tag;
  bool uid = false;  // ESEARCH says so itself; of a plain SEARCH the caller knows
  NumberSet all;
  std::optional<std::uint32_t> min, max, count;
  std::optional<std::uint64_t> modseq;
};

// RFC 5464. Entry names are in lower case.
struct Metadata {
  std::string mailbox;                                        // "": the server
  std::map<std::string, std::optional<std::string>> entries;  // nullopt: NIL, there is none
  std::vector<std::string> changed;                           // told unasked, without values
};

// RFC 9208. Units: STORAGE in 1024 octets, MESSAGE in mails.
struct Quota {
  struct Resource {
    std::string name;
    std::uint64_t usage, limit;
  };
  std::string root;
  std::vector<Resource> resources;
};
struct QuotaRoot {
  std::string mailbox;
  std::vector<std::string> roots;
};

// RFC 2342.
struct Namespaces {
  struct Space {
    std::string prefix;  // UTF-8, delimiter included: "Public/"
    char delimiter = '\0';
  };
  std::vector<Space> personal, other_users, shared;
};

// RFC 2971.
struct ServerId {
  std::map<std::string, std::string, AsciiLess> fields;
};

// RFC 5161: what is on now.
struct Enabled {
  Capabilities extensions;
};

// A response that we have no use for.
struct Skipped {
  std::string name;
};
// One that we have use for, and that cannot be read.
struct Unreadable {
  std::string name;  // "VANISHED"; "" when not even that is known
};

using Response =
    std::variant<Skipped, Unreadable, Continuation, Status, Capabilities, MailboxFlags, Exists, Expunge, Vanished,
                 Fetch, List, MailboxStatus, Search, Metadata, Quota, QuotaRoot, Namespaces, ServerId, Enabled>;

struct ParsedResponse {
  Response response;
  // What could not be read of it, for the log: "LIST", "FETCH BODYSTRUCTURE"; mostly empty. Of a fixed set of words.
  std::vector<std::string> odd;
};

// Unknown responses are Skipped. Limits.words and Limits.said bound what is kept of the server's words.
ParsedResponse parse_response(Line line, const Limits& limits = {});

}  // namespace coi::imap
