// OK, NO, BAD, BYE and PREAUTH with their response codes (RFC 3501 section 7.1, RFC 5530 and the extensions named
// below).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/number_set.h"
#include "imap/capabilities.h"

namespace coi::imap {

// Codes that are a word and nothing more.
enum class CodeWord : std::uint8_t {
  alert,                 // the text must be shown to the user
  parse,                 //
  read_only,             //
  read_write,            //
  trycreate,             //
  alreadyexists,         // RFC 5530 from here
  authenticationfailed,  //
  authorizationfailed,   //
  cannot,                //
  clientbug,             //
  contactadmin,          //
  corruption,            //
  expired,               //
  expungeissued,         //
  inuse,                 //
  limit,                 //
  nonexistent,           //
  noperm,                //
  overquota,             //
  privacyrequired,       //
  serverbug,             //
  unavailable,           //
  closed,                // RFC 7162: what comes next is about the mailbox being selected
  nomodseq,              // RFC 7162
  uidnotsticky,          // RFC 4315
  compressionactive,     // RFC 4978
  notificationoverflow,  // RFC 5465: NOTIFY is off now, look for yourself
  metadata_toomany,      // RFC 5464
  metadata_noprivate,    // RFC 5464
  has_children,          // RFC 5530 HASCHILDREN
  unknown_cte,           // RFC 3516
};

struct UidValidity {
  std::uint32_t value;
};
struct UidNext {
  std::uint32_t value;
};
struct HighestModseq {
  std::uint64_t value;
};
struct AppendUid {
  std::uint32_t uidvalidity;
  std::uint32_t uid;
};
// Which UID became which, in the target mailbox; at most 100 000 pairs, more are no CopyUid.
struct CopyUid {
  std::uint32_t uidvalidity;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> uids;
};
// RFC 7162: not stored, because they had changed. UIDs after UID STORE, else message numbers.
struct Modified {
  NumberSet messages;
};
struct PermanentFlags {
  std::vector<std::string> flags;  // "\*": new keywords can be made
};
// RFC 5464: octets of the largest value (MAXSIZE), or of the value left out for its length (LONGENTRIES).
struct MetadataMaxSize {
  std::uint64_t octets;
};
struct MetadataLongEntries {
  std::uint64_t octets;
};
// RFC 9738: the command was done for so many messages only, from the newest down. Both 0 when not told.
struct MessageLimit {
  std::uint32_t messages;
  std::uint32_t lowest_uid;  // of those it was done for
};
// A code we do not know, or a known one with arguments that make no sense.
struct OtherCode {
  std::string word;
  std::string arguments;
};

using Code =
    std::variant<std::monostate, CodeWord, Capabilities, UidValidity, UidNext, HighestModseq, AppendUid, CopyUid,
                 Modified, MessageLimit, PermanentFlags, MetadataMaxSize, MetadataLongEntries, OtherCode>;

struct Status {
  enum class Kind : std::uint8_t { ok, no, bad, bye, preauth };

  Kind kind = Kind::ok;
  std::string tag;  // of the command it completes; empty: untagged
  Code code;
  std::string text;  // for people, in no known language; UTF-8 without control characters

  bool ok() const { return kind == Kind::ok || kind == Kind::preauth; }
  // A refusal that is a matter of time (RFC 5530).
  bool may_pass() const { return is(CodeWord::unavailable) || is(CodeWord::inuse); }
  // RFC 9738 MESSAGELIMIT: done for some of the messages only, whatever `kind` says.
  bool cut_short() const { return std::holds_alternative<MessageLimit>(code); }
  // What was done then: this UID and those above it; 0: not told.
  std::uint32_t done_down_to() const {
    const auto* limit = std::get_if<MessageLimit>(&code);
    return limit == nullptr ? 0 : limit->lowest_uid;
  }
  bool is(CodeWord word) const {
    const auto* own = std::get_if<CodeWord>(&code);
    return own != nullptr && *own == word;
  }
};

// resp-text = ["[" resp-text-code "]" SP] text. Of the text, and of the arguments of an unknown code, `longest` octets
// are kept.
Status parse_status(Status::Kind kind, std::string tag, std::string_view resp_text, std::size_t longest = 1000);

// "ok", "no" …
std::string_view name(Status::Kind kind);

// A refusal as an error to act on: the kind by the code, the server's words as text, what was tried around it.
//   auth         AUTHENTICATIONFAILED AUTHORIZATIONFAILED EXPIRED      network   UNAVAILABLE INUSE SERVERBUG, BYE
//   not_allowed  PRIVACYREQUIRED NOPERM CANNOT CONTACTADMIN, plain NO   full      OVERQUOTA
//   not_found    NONEXISTENT TRYCREATE                                 invalid   ALREADYEXISTS
//   protocol     BAD, CLIENTBUG                                        corrupt   CORRUPTION
//   limit        LIMIT
Error to_error(const Status& status, std::string_view tried);

}  // namespace coi::imap
