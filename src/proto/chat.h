// Chats, and the requests that name one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/chat_name.h"
#include "proto/contact.h"
#include "proto/ids.h"
#include "proto/message.h"
#include "proto/page.h"
#include "proto/position.h"

namespace coi::proto {

enum class ChatKind : std::uint8_t { single, group, list, self };
BOOST_DESCRIBE_ENUM(ChatKind, single, group, list, self)

enum class Section : std::uint8_t {
  main,
  feed,  // nothing but automatic mail
};
BOOST_DESCRIBE_ENUM(Section, main, feed)

enum class Protection : std::uint8_t { none, encrypted, verified };
BOOST_DESCRIBE_ENUM(Protection, none, encrypted, verified)

struct Member {
  std::string addr;
  std::string name;
  std::optional<ContactId> person;
  Program program = Program::unknown;
};
BOOST_DESCRIBE_STRUCT(Member, (), (addr, name, person, program))

// What a list of chats shows of a chat's newest message.
struct Preview {
  MessageId id;
  std::int64_t sort = 0;
  Author from;
  bool outgoing = false;
  json::Rfc3339 time;
  MessageKind kind = MessageKind::text;
  std::optional<Notice> notice;
  MessageState state = MessageState::fresh;
  // At most 500 octets: its words without marks, a poll's question, a contact's name; without words the names of its
  // files, else the subject.
  std::string text;
  std::uint32_t files = 0;
  std::uint64_t duration = 0;  // as of Message
  bool edited = false;
  bool deleted = false;
};
BOOST_DESCRIBE_STRUCT(Preview, (),
                      (id, sort, from, outgoing, time, kind, notice, state, text, files, duration, edited, deleted))

struct Chat {
  std::string account;
  ChatId id;
  ChatKind kind = ChatKind::single;
  bool request = false;  // a stranger wrote, and nobody accepted yet
  Section section = Section::main;
  std::string name;
  // Without ourselves. In `chats` and in events a group names its first five, by address; elsewhere all.
  std::vector<Member> members;
  std::uint64_t member_count = 0;  // of all of them
  bool is_member = true;           // of a group: we are in it, and may write there
  std::string description;         // of a group
  std::string picture;             // of the group or person: says which, for the method `picture`; empty: it has none
  std::int64_t unread = 0;
  std::optional<MessageId> first_unread;  // the oldest of them: `messages` around it begins where reading stopped
  std::int64_t sort = 0;                  // lists go by it, behind what is pinned
  std::optional<Preview> last;
  bool muted = false;
  std::optional<json::Rfc3339> muted_until;  // absent while muted: for good
  bool pinned = false;
  bool archived = false;
  bool blocked = false;
  Protection protection = Protection::none;
  std::uint32_t timer = 0;           // seconds after which messages disappear; 0: they stay
  bool removes_copies = false;       // when their time is over, copies of what others wrote go from the mailbox too
  std::string draft;                 // what is not yet sent; may be empty
  std::vector<std::string> folders;  // into which the user sorted it, by name
  // With a person: nothing shows that the newest mail from there is theirs, so another may have written it in their
  // name, which is to be said before they are blocked.
  bool sender_unproven = false;
};
BOOST_DESCRIBE_STRUCT(Chat, (),
                      (account, id, kind, request, section, name, members, member_count, is_member, description,
                       picture, unread, first_unread, sort, last, muted, muted_until, pinned, archived, blocked,
                       protection, timer, removes_copies, draft, folders, sender_unproven))

struct OneChat {
  std::int64_t seq = 0;
  Chat chat;
};
BOOST_DESCRIBE_STRUCT(OneChat, (), (seq, chat))

struct ChatList {
  std::int64_t seq = 0;             // of the only account; 0 where there are several
  std::vector<Position> positions;  // of each account
  std::vector<Chat> chats;          // pinned ones first, then the newest
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(ChatList, (), (seq, positions, chats, more_before, more_after))

struct ListChats {
  static constexpr std::string_view method = "chats";
  using Result = ChatList;

  std::string account;  // "*": of all accounts
  bool archived = false;
  bool requests = false;
  std::string folder;  // of these those alone that are in it; empty: all
  std::optional<Anchor> before, after, around;
  std::uint32_t most = usual_page;
};
BOOST_DESCRIBE_STRUCT(ListChats, (), (account, archived, requests, folder, before, after, around, most))

// Of a list of chats, all of it. Blocked people's chats count nowhere.
struct ListCounts {
  std::int64_t chats = 0;
  std::int64_t unread_chats = 0;
  std::int64_t unread = 0;          // messages
  std::int64_t unread_unmuted = 0;  // those of chats that are not muted
};
BOOST_DESCRIBE_STRUCT(ListCounts, (), (chats, unread_chats, unread, unread_unmuted))

struct Counts {
  std::int64_t seq = 0;  // as in ChatList
  std::vector<Position> positions;
  ListCounts main, archived, requests;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (seq, positions, main, archived, requests))

struct GetCounts {
  static constexpr std::string_view method = "counts";
  using Result = Counts;

  std::string account;  // "*": of all accounts together
};
BOOST_DESCRIBE_STRUCT(GetCounts, (), (account))

struct GetChat {
  static constexpr std::string_view method = "chat";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(GetChat, (), (account, chat))

// Somebody whom a name may mean.
struct Candidate {
  std::string account;
  std::string account_addr;
  std::optional<ChatId> chat;  // absent: nothing was written yet
  ChatKind kind = ChatKind::single;
  std::string addr;  // where a message goes; empty: to a group, or to oneself
  std::string name;
  bool blocked = false;
};
BOOST_DESCRIBE_STRUCT(Candidate, (), (account, account_addr, chat, kind, addr, name, blocked))

struct CandidateList {
  std::vector<Candidate> candidates;
};
BOOST_DESCRIBE_STRUCT(CandidateList, (), (candidates))

struct ListCandidates {
  static constexpr std::string_view method = "candidates";
  using Result = CandidateList;

  std::string account;  // empty or "*": in all accounts
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListCandidates, (), (account, chat))

struct ChatMessages {
  std::int64_t seq = 0;
  Chat chat;
  std::vector<Message> messages;  // the oldest first
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(ChatMessages, (), (seq, chat, messages, more_before, more_after))

struct ListMessages {
  static constexpr std::string_view method = "messages";
  using Result = ChatMessages;

  std::string account;
  ChatName chat;
  std::optional<Anchor> before, after, around;
  std::uint32_t most = usual_page;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListMessages, (), (account, chat, before, after, around, most))

struct Pin {
  Message message;
  std::string by;  // the address of who pinned it
  json::Rfc3339 since;
  std::optional<json::Rfc3339> until;
};
BOOST_DESCRIBE_STRUCT(Pin, (), (message, by, since, until))

struct Pins {
  std::int64_t seq = 0;
  std::vector<Pin> pins;  // the one pinned last first
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(Pins, (), (seq, pins, more_before, more_after))

struct ListPins {
  static constexpr std::string_view method = "pins";
  using Result = Pins;

  std::string account;
  ChatName chat;
  std::optional<Anchor> before, after, around;  // messages
  std::uint32_t most = usual_page;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListPins, (), (account, chat, before, after, around, most))

struct FoundMessages {
  std::int64_t seq = 0;  // as in ChatList
  std::vector<Position> positions;
  std::vector<Message> messages;  // the newest first
  std::vector<Chat> chats;        // those that the messages are in, each once
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(FoundMessages, (), (seq, positions, messages, chats, more_before, more_after))

struct Search {
  static constexpr std::string_view method = "search";
  using Result = FoundMessages;

  std::string account;  // "*": of all accounts
  std::string words;
  ChatName chat;  // empty: everywhere
  std::optional<Anchor> before, after, around;
  std::uint32_t most = usual_page;
  static constexpr std::string_view required[] = {"words"};
};
BOOST_DESCRIBE_STRUCT(Search, (), (account, words, chat, before, after, around, most))

// How a message says that a program sent it (Auto-Submitted, RFC 3834 5).
enum class Automatic : std::uint8_t {
  no,
  generated,  // on its own
  replied,    // in answer; refused where what it answers was sent by a program itself
};
BOOST_DESCRIBE_ENUM(Automatic, no, generated, replied)

struct SendMessage {
  static constexpr std::string_view method = "send_message";
  static constexpr bool may_begin_chat = true;
  using Result = SentMessages;

  std::string account;
  ChatName chat;  // an address that nobody wrote from yet begins a chat
  std::string text;
  // Absolute paths on this machine; copied before the reply. Those that are too large for one mail go in several.
  std::vector<std::string> files;
  bool keep_place = false;           // photos go with what they tell of where and by whom they were taken; else without
  bool voice = false;                // the one file is a voice note
  bool sticker = false;              // the one file is a picture to be shown without a frame; no text goes with it
  std::uint64_t duration = 0;        // of a sound or film in milliseconds; 0: as its file tells
  std::optional<Location> location;  // a place; the text stands above it
  std::optional<ChatName> card;      // the contact whose card is sent
  std::optional<MessageId> forward;  // sent again, with its files: then nothing else is given
  std::optional<MessageId> reply_to;
  Automatic automatic = Automatic::no;
  // Random, chosen by the client, at most 256 octets: of several requests with one token the first sends, and all get
  // its message. So a request whose answer did not come can be repeated, whatever became of the daemon. For another
  // chat it is refused (invalid).
  std::string token;
  bool wait = false;  // the reply comes when the server accepted the message, or with its refusal; not with `at`
  std::optional<json::Rfc3339> at;  // sent then, within a year, and dated then; absent, or past: now
  // Seconds in which the message can be taken back before it is sent, at most 60; absent: as the settings of the
  // account say (undo_send), 0: at once.
  std::optional<std::uint64_t> delay;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(SendMessage, (),
                      (account, chat, text, files, keep_place, voice, sticker, duration, location, card, forward,
                       reply_to, automatic, token, wait, at, delay))

struct MarkSeen {
  static constexpr std::string_view method = "seen";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::optional<MessageId> from;   // the first that was on screen; absent: all before too
  std::optional<MessageId> up_to;  // the last; absent: all after too
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(MarkSeen, (), (account, chat, from, up_to))

struct ArchiveChat {
  static constexpr std::string_view method = "archive";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool archived = true;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ArchiveChat, (), (account, chat, archived))

struct PinChat {
  static constexpr std::string_view method = "pin";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool pinned = true;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(PinChat, (), (account, chat, pinned))

struct MuteChat {
  static constexpr std::string_view method = "mute";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool muted = true;
  std::optional<json::Rfc3339> until;  // absent: for good
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(MuteChat, (), (account, chat, muted, until))

// What is typed and not yet sent; other devices have it where contacts are kept in the mailbox.
struct SetDraft {
  static constexpr std::string_view method = "set_draft";
  static constexpr bool may_begin_chat = true;
  using Result = OneChat;

  std::string account;
  ChatName chat;     // an address to which nothing was written yet has a chat then
  std::string text;  // at most 16 kB; empty: there is none any more
  static constexpr std::string_view required[] = {"chat", "text"};
};
BOOST_DESCRIBE_STRUCT(SetDraft, (), (account, chat, text))

struct TimerSet {
  std::int64_t seq = 0;
  Chat chat;
  std::vector<std::string> kept_by;  // addresses not known to use a chat program: their copies stay
};
BOOST_DESCRIBE_STRUCT(TimerSet, (), (seq, chat, kept_by))

// D-27. At least one of the two is given.
struct SetTimer {
  static constexpr std::string_view method = "set_timer";
  using Result = TimerSet;

  std::string account;
  ChatName chat;
  std::optional<std::uint32_t> seconds;  // 0: messages stay from now on
  // Whether a timer of others removes copies of their messages from the mailbox too; refused for a chat that is a
  // request.
  std::optional<bool> remove_copies;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(SetTimer, (), (account, chat, seconds, remove_copies))

struct AcceptChat {
  static constexpr std::string_view method = "accept";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(AcceptChat, (), (account, chat))

struct BlockChat {
  static constexpr std::string_view method = "block";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool blocked = true;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(BlockChat, (), (account, chat, blocked))

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::Member>;
extern template struct StructCodec<proto::Preview>;
extern template struct StructCodec<proto::Chat>;
}  // namespace coi::json
