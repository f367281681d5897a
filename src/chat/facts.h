// What decide() may know about what is stored already: values, as the store found them (chat/lookups.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/model.h"
#include "wire/filter.h"

namespace coi::chat {

// The account itself; held by the engine, the same for every input.
struct AccountFacts {
  std::string addr;                  // canonical
  std::string name;                  // display name, may be empty
  std::vector<std::string> own;      // all own addresses, `addr` included
  bool receipts = true;              // the user allows read receipts
  bool coi_server = false;           // the server announces COI, on or off: the filter is its business (C-87)
  bool server_files_copies = false;  // the provider stores sent mail by itself, as was seen
  std::uint64_t largest_mail = 0;    // octets that the submission server takes (RFC 1870); 0: no bound is known
  wire::Filter filter = wire::Filter::none;
};

struct PlaceFacts {
  Place place;
  FolderRole role = FolderRole::other;
  Flags flags;
  MessageId message;
  bool chat = false;  // the message is a chat mail
  bool outgoing = false;
  bool blocked = false;       // its author is
  bool seen_pending = false;  // our own \Seen is still on its way to the server
  bool appended = false;      // this device put it there (APPENDUID)
};

struct RecipientFacts {
  std::string addr;
  RecipientState state = RecipientState::queued;
  int attempts = 0;
  int unanswered = 0;     // of them: the server had the whole mail and never said what became of it
  UnixMs since_ms = 0;    // when it was queued, by the user's last wish
  UnixMs bounced_ms = 0;  // bounces up to this time (of the bounce) were answered by sending again
};

struct OutgoingFacts {
  OutgoingId id;
  MessageId message;  // 0: a control mail or a report
  bool chat = true;
  bool kept = true;    // the rendered mail is still here
  bool filed = false;  // an own copy was ordered, lies on the server, or is not wanted
  std::vector<RecipientFacts> recipients;
};

struct MessageFacts {
  MessageId id;
  MessageKey key;
  std::vector<std::string> other_ids;  // as in Content
  ChatId chat;
  UnixMs sort_ms = 0, arrived_ms = 0, received_ms = 0, date_ms = 0;  // as in PutMessage
  bool list = false, forged = false;
  std::uint64_t size = 0;
  bool outgoing = false;
  bool seen = false;
  bool seen_here = false;  // the user read it on this device
  bool is_chat = false;
  bool automatic = false;
  std::string thread_root;  // first id of its conversation
  std::string subject;
  std::string text, quote, footer;
  std::string in_reply_to, follows;
  std::vector<Attachment> attachments;
  std::string from_name;
  bool wants_chat_receipt = false;
  bool wants_plain_receipt = false;
  std::vector<PlaceFacts> places;
  std::optional<OutgoingFacts> outgoing_mail;  // written on this device
};

struct PeerFacts {
  std::string addr;
  PeerClass peer_class = PeerClass::unknown;  // by the newest mail
  UnixMs chat_ms = 0;                         // the newest mail that a chat program wrote; 0: none
  bool known = false;                         // accepted, or we have written to them
  bool blocked = false;
};

// The address can show chat mail as such: one of its last mails says so. The verdict is kept 90 days.
bool is_chat_capable(const PeerFacts& peer, UnixMs now);

struct ChatFacts {
  ChatId id;
  ChatRef ref;
  std::vector<PeerFacts> peers;      // whom a mail of the chat goes to, each at the address to write to; self: nobody
  std::optional<MessageFacts> last;  // its newest message
  bool archived = false;
};

struct JobFacts {
  JobId id;
  JobKind kind = JobKind::store_seen;
  FolderRole role = FolderRole::other;
  MessageId message;
  OutgoingId outgoing;  // file_copy: the mail
  std::vector<Place> places;
  int attempts = 0;
};

}  // namespace coi::chat
