// Commands for a Session to send. Every builder chooses for each string the plainest form that is safe: atom, quoted,
// or literal; quoted never holds 8-bit octets, CR, LF or NUL. Mailbox names are UTF-8.
// Options say "= {}" so that a caller names only those it means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/number_set.h"
#include "base/secret.h"
#include "base/time.h"
#include "imap/search_key.h"
#include "sasl/sasl.h"

namespace coi::imap {

// What may be unanswered beside a command (RFC 3501 section 5.5).
enum class Pace : std::uint8_t {
  free,         // anything that is free itself
  one_of_kind,  // not one of the same name: the responses would not say which of the two they answer
  alone,        // nothing
};

// What the session has to do besides sending it.
enum class Effect : std::uint8_t { none, starttls, login, compress, select, idle };

// The value of a command. Built by the functions below, sent once.
struct Command {
  std::string name;  // "UID FETCH"; goes into logs
  // What is left out if servers hang up at it (imap/dispensable.h): the capability, or the command's own name. Empty:
  // it is never left out.
  std::string dispensable = {};
  std::vector<Piece> pieces;  // what follows the name
  Pace pace = Pace::free;
  Effect effect = Effect::none;
  std::string mailbox;                 // select: UTF-8
  bool read_only = false;              // select: it is EXAMINE
  std::optional<sasl::Exchange> sasl;  // AUTHENTICATE
};

// ---- any state ----
Command capability();
Command noop();
Command logout();
Command id(const std::vector<std::pair<std::string, std::string>>& fields);  // RFC 2971

// ---- before login ----
Command starttls();
Command login(std::string_view user, const Secret& password);
// With the first message in the command if the server has SASL-IR (RFC 4959).
Command authenticate(sasl::Exchange exchange);

// ---- after login ----
Command enable(std::string_view extensions);  // RFC 5161: "QRESYNC" or several with spaces
Command compress();                           // RFC 4978: COMPRESS DEFLATE
Command namespace_();                         // RFC 2342
Command getquotaroot(std::string_view mailbox);

// Words of STATUS: "MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ SIZE".
Command status(std::string_view mailbox, std::string_view items);

struct ListOptions {
  bool extended = false;          // the server has LIST-EXTENDED (RFC 5258); else nothing below is sent
  bool subscribed_only = false;   // selection
  bool special_use = false;       // RETURN (SPECIAL-USE), RFC 6154: the server has that word
  bool subscribed = false;        // RETURN (SUBSCRIBED)
  std::string status_items = {};  // RETURN (STATUS (…)), RFC 5819: the server has LIST-STATUS; empty: none
};
// `pattern`: "*" all, "%" one level; the rest of it is a mailbox name.
Command list(std::string_view pattern, const ListOptions& options = {});

Command create(std::string_view mailbox);
Command subscribe(std::string_view mailbox);

struct Append {
  std::string mailbox = {};
  std::vector<std::string> flags = {};
  std::optional<UnixMs> internaldate = {};
  std::string octets = {};  // with CRLF line ends, no NUL
};
Command append(Append mail);

// RFC 5464. Entries as "/private/…". `mailbox` "" is the server. `depth`: "0", "1", "infinity".
Command getmetadata(std::string_view mailbox, std::string_view depth, const std::vector<std::string>& entries);
// nullopt: NIL, removes the entry.
Command setmetadata(std::string_view mailbox,
                    const std::vector<std::pair<std::string, std::optional<std::string>>>& entries);

// RFC 5465. Events for the selected mailbox (all that IDLE tells) and for others.
struct Notify {
  std::vector<std::string> mailboxes = {};  // told of new mail, expunges and flags by STATUS; empty: all personal ones
  bool status_first = true;                 // STATUS of each of them at once
};
Command notify(const Notify& wanted);

// ---- selecting ----
struct Qresync {
  std::uint32_t uidvalidity;
  std::uint64_t modseq;
  NumberSet known_uids = {};  // empty: all
};
struct Select {
  std::string mailbox = {};
  bool read_only = false;
  bool condstore = false;               // RFC 7162 section 3.1.8
  std::optional<Qresync> qresync = {};  // RFC 7162 section 3.2.5; ENABLE QRESYNC came before
};
Command select(const Select& wanted);

// ---- selected ----
// Ends with any other command, or with Session::end_idle(). RFC 2177.
Command idle();

// UIDs, perhaps with an open end: "1:5,7" or "12:*". Not empty in a command.
class MessageSet {
 public:
  MessageSet(NumberSet numbers) : numbers_(std::move(numbers)) {}  // NOLINT: a set of numbers is one
  // `first` and all above it. The greatest message is always among them, even if it is below `first`.
  static MessageSet from(std::uint32_t first);
  std::string text() const;

 private:
  NumberSet numbers_;
  std::uint32_t open_from_ = 0;  // 0: no open end
};

struct Section {
  std::string name = {};  // "", "HEADER", "1.2", "HEADER.FIELDS (DATE FROM)"
  std::optional<std::pair<std::uint32_t, std::uint32_t>> partial = {};  // first octet, how many
  bool binary = false;                                                  // RFC 3516; for part numbers only
};
struct FetchItems {
  bool flags = false, internaldate = false, size = false, structure = false;
  bool modseq = false;                 // RFC 7162; not in a mailbox without mod-sequences
  std::vector<Section> sections = {};  // fetched without setting \Seen
};
struct FetchModifiers {
  std::uint64_t changed_since = 0;  // RFC 7162; 0: all
  bool vanished = false;            // RFC 7162, with UID FETCH, changed_since and QRESYNC enabled only
};
Command uid_fetch(const MessageSet& uids, const FetchItems& items, const FetchModifiers& modifiers = {});

enum class StoreMode : std::uint8_t { add, remove, replace };
struct Store {
  StoreMode mode = StoreMode::add;
  std::vector<std::string> flags = {};
  bool silent = true;
  std::optional<std::uint64_t> unchanged_since = {};  // RFC 7162
};
Command uid_store(const MessageSet& uids, const Store& store);

Command uid_copy(const MessageSet& uids, std::string_view mailbox);
Command uid_move(const MessageSet& uids, std::string_view mailbox);  // RFC 6851
Command uid_expunge(const MessageSet& uids);                         // RFC 4315
Command expunge();

enum class SearchReturn : std::uint8_t {
  plain,  // no RETURN: SEARCH
  all,    // RFC 4731
};
// Strings with 8-bit octets are announced as UTF-8.
Command uid_search(const SearchKey& key, SearchReturn wanted = SearchReturn::plain);

}  // namespace coi::imap
