// What front ends read: plain rows, complete in themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/model.h"

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
  enum class State : std::uint8_t { fresh, seen, pending, sent, partly, read, failed };

  chat::MessageId id;
  chat::ChatId chat;
  std::string rfc_id;
  chat::Address from;
  chat::PersonId person;  // of the author; 0: ourselves
  bool outgoing = false;
  State state = State::fresh;
  UnixMs sort_ms = 0, arrived_ms = 0, date_ms = 0;  // as in chat::PutMessage
  UnixMs shown_ms = 0;                              // chat::shown_time
  std::optional<UnixMs> odd_date_ms;                // chat::odd_date
  chat::MessageKind kind = chat::MessageKind::text;
  bool is_chat = false;
  bool automatic = false;
  std::string subject, text, quote, footer;
  bool html = false;
  bool forged = false;        // not to be taken for a mail of `from`
  bool on_server = false;     // lies in at least one folder
  bool asks_receipt = false;  // a plain program asks; answered only on demand
  std::optional<chat::MessageId> reply_to;
  std::vector<RecipientRow> recipients;
  std::vector<AttachmentRow> attachments;
  std::vector<ReactionRow> reactions;  // by how many say it, then by when the first did
};

struct ChatRow {
  chat::ChatId id;
  chat::ChatKind kind = chat::ChatKind::single;
  std::string name;
  chat::PersonId person;  // single
  std::string addr;       // single: where a message goes
  chat::PeerClass peer_class = chat::PeerClass::unknown;
  bool request = false;  // a stranger wrote, nobody accepted
  bool feed = false;     // only automatic mail so far
  bool blocked = false;
  bool archived = false;
  bool pinned = false;
  UnixMs muted_until = 0;
  std::int64_t unread = 0;
  std::optional<MessageRow> last;
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
  chat::ChatId chat;  // 0: none
};

struct QueueRow {
  std::int64_t outgoing = 0;  // mails with a recipient still open
  std::int64_t jobs = 0;
  std::int64_t sent_today = 0;  // recipients accepted in the last 24 hours
  std::int64_t messages = 0;
  std::int64_t unreadable = 0;  // mails that could not be read
};

}  // namespace coi::store
