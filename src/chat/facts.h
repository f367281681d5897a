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
  std::string signature;             // stands below our texts; may be empty
  bool receipts = true;              // the user allows read receipts
  bool coi_server = false;           // the server announces COI, on or off: the filter is its business (C-87)
  bool server_files_copies = false;  // the provider stores sent mail by itself, as was seen
  bool keeps_contacts = false;       // the user agreed that contacts are written into the mailbox (C-39)
  std::uint64_t largest_mail = 0;    // octets that the submission server takes (RFC 1870); 0: no bound is known
  UnixMs undo_send_ms = 0;           // every message waits so long in which it can be taken back; 0: none does
  UnixMs longest_hold_ms = 0;        // the server keeps mails so long for later (RFC 4865), as the user wants; 0: not
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
  UnixMs not_before_ms = 0;  // held until then; 0: it is not, or no longer
  UnixMs hold_until_ms = 0;  // the submission server is to keep it until then (RFC 4865); 0: not
};

struct MessageFacts {
  MessageId id;
  MessageKey key;
  std::vector<std::string> other_ids;  // as in Content
  Half half = Half::whole;             // which of its mails are here
  ChatId chat;
  UnixMs sort_ms = 0, arrived_ms = 0, received_ms = 0, date_ms = 0;  // as in PutMessage
  bool list = false, forged = false;
  std::uint64_t size = 0;
  bool outgoing = false;
  bool unsaid = false;  // ours, and written as a mail when its time comes: until then nobody knows of it
  bool seen = false;
  bool seen_here = false;  // the user read it on this device
  bool is_chat = false;
  bool automatic = false;
  std::string thread_root;  // first id of its conversation
  std::string subject;
  std::string text, quote, footer;
  MessageKind kind = MessageKind::text;
  Details details = {};
  std::string in_reply_to, follows;
  std::vector<Attachment> attachments;
  std::string from_name;
  std::string edits;           // as in PutMessage
  bool deleted = false;        // by its author or by us: nothing of it is left but its ids and its Date
  bool removed = false;        // by us, for ourselves alone (RemoveMessages)
  std::uint32_t timer = 0;     // D-27: seconds; 0: none
  bool copies_may_go = false;  // ChatFacts::removes_expired of its chat, which is no request and not blocked
  bool expired = false;        // removed because its time was over (RemoveMessages)
  // The mail whose words it shows, where these are not its own (C-31).
  struct Version {
    std::string rfc_id;
    std::string text;
    Details details = {};
    UnixMs date_ms = 0;
  };
  std::optional<Version> newest;
  const std::string& first_of_thread() const { return thread_root.empty() ? key.rfc_id : thread_root; }
  const std::string& shown_text() const { return newest ? newest->text : text; }
  const Details& shown_details() const { return newest ? newest->details : details; }
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
  std::vector<std::string> categories;  // of the person (C-46), sorted
  std::string told;                     // what our mails told last of us there (told_of()); '': nothing
  // When that was, and when a mail from there asked for it (C-53, C-55); 0: never.
  UnixMs told_ms = 0, requested_ms = 0;
};

// The own profile (C-52).
struct OwnProfile {
  std::vector<Audience> audiences;
  bool is_told = false;  // the user said on one of his devices that it is to be
};

// The address can show chat mail as such: one of its last mails says so. The verdict is kept 90 days.
bool is_chat_capable(const PeerFacts& peer, UnixMs now);

struct Member {
  std::string addr;
  UnixMs joined_ms = 0, parted_ms = 0;  // the last time each; 0: never

  bool is_in() const { return joined_ms != 0 && joined_ms >= parted_ms; }  // D-18
  friend bool operator==(const Member&, const Member&) = default;
};

// Of a group, as settled (chat/settle_group.h).
struct GroupFacts {
  std::string id;    // that its mails carry
  std::string self;  // our own address in it
  std::string name, description;
  UnixMs name_ms = 0, description_ms = 0, picture_ms = 0;  // since when; 0: nobody said
  std::vector<Member> members;                             // past ones too, by address
  Picture picture = {};
  bool begun = true;                          // others may have heard of it: it has, or had, a message
  bool founded = false;                       // by us
  UnixMs described_ms = 0, requested_ms = 0;  // when a member last described it, and another asked for that; 0: never
  bool asked = false;                         // we did
};

struct ChatFacts {
  ChatId id;
  ChatRef ref;
  std::vector<PeerFacts> peers;  // whom a mail of the chat goes to, each at the address to write to; self: nobody
  std::optional<GroupFacts> group;
  bool accepted = true;              // no request, and not blocked
  std::optional<MessageFacts> last;  // its newest message
  bool archived = false;
  // D-27, as settled from its mails: seconds, 0 for none, and since when; 0: nobody said.
  std::uint32_t timer = 0;
  UnixMs timer_ms = 0;
  // The user agrees that a peer's timer removes copies on the server.
  bool removes_expired = false;
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

// What the user decided about a person, a group or the chat with oneself, and what a mail that keeps it shows.
struct Chosen {
  std::vector<std::string> addrs;  // of a person: all, canonical
  std::string name;                // that mails carry, of a person
  std::vector<Choice> choices;     // by kind
  std::optional<GroupFacts> group;
};

struct KeptMail {
  Place place;
  std::string rfc_id;
  StorageMail mail;
};

}  // namespace coi::chat
