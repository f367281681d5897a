// What front ends read: plain rows, complete in themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/links.h"
#include "chat/model.h"
#include "chat/settle_poll.h"

namespace coi::store {

// The chat with oneself has no person to name it by.
inline constexpr std::string_view name_of_self = "Saved messages";

struct RecipientRow {
  std::string addr;
  enum class State : std::uint8_t { pending, sent, read, failed } state = State::pending;
  std::string error;  // failed, or why the last try did not work
  UnixMs read_ms = 0;
};

struct AttachmentRow {
  chat::AttachmentId id;
  chat::Attachment file;
};

struct ReactionRow {
  std::string emoji;
  std::vector<std::string> from;  // addresses, in the order in which they said it
  bool own = false;               // we are one of them
};

struct MessageRow {
  // The states of CLI.md: incoming fresh or seen; outgoing the others.
  enum class State : std::uint8_t { fresh, seen, scheduled, pending, sent, partly, read, failed };

  chat::MessageId id;
  chat::ChatId chat;
  std::string rfc_id;
  chat::Address from;
  chat::PersonId person;  // of the author; 0: ourselves
  bool outgoing = false;
  State state = State::fresh;
  UnixMs sort_ms = 0, arrived_ms = 0, date_ms = 0;  // as in chat::PutMessage
  UnixMs not_before_ms = 0;                         // scheduled: when it goes
  bool at_server = false;                           // scheduled: the submission server keeps it until then
  bool can_take_back = false;                       // scheduled: it does not have it yet
  UnixMs shown_ms = 0;                              // chat::shown_time
  std::optional<UnixMs> odd_date_ms;                // chat::odd_date
  chat::MessageKind kind = chat::MessageKind::text;
  chat::Notice notice;
  bool is_chat = false;
  bool automatic = false;
  std::string subject, text, quote, footer;
  chat::Details details;
  std::string plain;                  // the text without marks, mentions as names; empty: the same as the text
  std::vector<std::string> mentions;  // canonical addresses, "all" for everybody; each once
  bool html = false;
  bool edited = false;   // other words than it had at first
  bool deleted = false;  // by its author, or us: nothing of it is left
  bool pinned = false;
  bool forged = false;        // not to be taken for a mail of `from`
  bool on_server = false;     // lies in at least one folder
  bool asks_receipt = false;  // a plain program asks; answered only on demand
  std::optional<chat::MessageId> reply_to;
  std::vector<RecipientRow> recipients;
  std::vector<AttachmentRow> attachments;
  std::optional<chat::PollState> poll;  // of details.poll
  std::uint32_t timer = 0;              // seconds that it stays when it was seen; 0: for good
  UnixMs expires_ms = 0;                // when it disappears; 0: not known yet, or never
  std::vector<ReactionRow> reactions;   // by how many say it, then by when the first did
};

// What a list of chats shows of a chat's newest message.
struct PreviewRow {
  chat::MessageId id;
  UnixMs sort_ms = 0, shown_ms = 0;
  chat::Address from;
  chat::PersonId person;  // of the author; 0: ourselves
  bool outgoing = false;
  MessageRow::State state = MessageRow::State::fresh;
  chat::MessageKind kind = chat::MessageKind::text;
  chat::Notice notice;
  // Its words without marks, a poll's question, a contact's name; without words the names of its files, else the
  // subject. At most longest_preview octets.
  std::string text;
  std::size_t files = 0;
  std::uint64_t duration_ms = 0;  // of its sound or film; 0: not told
  bool edited = false;
  bool deleted = false;
};
inline constexpr std::size_t longest_preview = 500;

// Whom of a group a chat names: a list shows a few, and a group may have thousands.
enum class Members : std::uint8_t { few, all };
inline constexpr std::size_t few_members = 5;

struct MemberRow {
  std::string addr;
  std::string name;
  chat::PersonId person;  // 0: the address alone is known
  chat::PeerClass peer_class = chat::PeerClass::unknown;
};

struct ChatRow {
  chat::ChatId id;
  chat::ChatKind kind = chat::ChatKind::single;
  std::string name;
  chat::PersonId person;  // single
  std::string addr;       // single: where a message goes
  chat::PeerClass peer_class = chat::PeerClass::unknown;
  std::string draft;                 // what is not yet sent
  std::vector<std::string> folders;  // into which the user sorted it, sorted
  bool request = false;              // a stranger wrote, nobody accepted
  bool feed = false;                 // only automatic mail so far
  bool blocked = false;
  bool archived = false;
  bool pinned = false;
  UnixMs muted_until = 0;
  std::uint32_t timer = 0;       // seconds that messages stay; 0: for good
  bool removes_expired = false;  // as in chat::ChatFacts
  bool unproven = false;         // single: the newest mail is (chat::Content)
  std::int64_t unread = 0;
  std::optional<chat::MessageId> first_unread;  // the oldest of them
  UnixMs list_ms = 0;                           // what lists of chats go by
  std::optional<PreviewRow> last;
  // Of a group.
  std::string group_id;
  std::string description;
  std::string picture;             // of the group or the person: chat::Picture::id; '': none
  std::string self;                // our own address in it
  std::vector<MemberRow> members;  // without ourselves, by address; the first few_members or all
  std::size_t member_count = 0;    // of all of them
  bool is_member = false;          // we are one
};

// A pinned message of a chat (C-83).
struct PinRow {
  MessageRow message;
  std::string by;  // whose address
  UnixMs since_ms = 0;
  UnixMs until_ms = 0;  // 0: for good
};

// A file of a chat's message.
struct FileRow {
  AttachmentRow file;
  chat::MessageId message;
  chat::Address from;
  chat::PersonId person;  // of the author; 0: ourselves
  bool outgoing = false;
  UnixMs shown_ms = 0;
};

// The links of a message, each once.
struct LinksRow {
  chat::MessageId message;
  chat::Address from;
  chat::PersonId person;  // of the author; 0: ourselves
  bool outgoing = false;
  UnixMs shown_ms = 0;
  std::vector<chat::Link> links;
};

// One of the words that a message had (C-31).
struct VersionRow {
  std::string rfc_id;
  std::string text;
  UnixMs shown_ms = 0;  // when it was written, as MessageRow::shown_ms
};

// Somebody whom a word of the user may mean.
struct NamedRow {
  chat::ChatId chat;  // 0: nothing was written yet
  std::string addr;   // where a message goes; empty: to oneself
  std::string name;
  bool blocked = false;
  bool given = false;  // the word is the whole name, and the user gave it
};

struct AddressRow {
  std::string addr;
  chat::PeerClass peer_class = chat::PeerClass::unknown;
};

struct PersonRow {
  chat::PersonId id;
  std::string name;
  bool known = false;
  bool blocked = false;
  std::vector<AddressRow> addresses;
  chat::ChatId chat;                    // 0: none
  std::string status;                   // what they last said of themselves (C-16, D-16)
  std::string picture;                  // chat::Picture::id; '': none
  std::string birthday;                 // chat::PersonSaid
  std::vector<std::string> categories;  // by the user (C-46), sorted
};

struct QueueRow {
  std::int64_t outgoing = 0;   // mails with a recipient still open
  std::int64_t scheduled = 0;  // mails that wait here for their time
  std::int64_t jobs = 0;
  std::int64_t sent_today = 0;  // recipients accepted in the last 24 hours
  std::int64_t messages = 0;
  std::int64_t unreadable = 0;  // mails that could not be read
};

}  // namespace coi::store
