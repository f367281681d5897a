// A store that answers as the test says, and plans to be read: what of one sort a decision contains.
#pragma once

#include <string>
#include <vector>

#include "chat/ask.h"
#include "chat/decide.h"

namespace coi::chat {

inline constexpr UnixMs now = 1'795'493'202'345;  // Tue, 24 Nov 2026 04:06:42.345 UTC
inline constexpr UnixMs minute = 60'000;
inline constexpr UnixMs hour = 60 * minute;
inline constexpr UnixMs day = 24 * hour;

template <class Op>
std::vector<Op> all(const Plan& plan) {
  std::vector<Op> found;
  for (const auto& operation : plan.operations)
    if (const auto* one = std::get_if<Op>(&operation)) found.push_back(*one);
  return found;
}

// The only one of its sort; a default one, which no test expects, if there are more or none.
template <class Op>
Op only(const Plan& plan) {
  auto found = all<Op>(plan);
  return found.size() == 1 ? std::move(found.front()) : Op{};
}

inline std::vector<PutJob> jobs(const Plan& plan, JobKind kind) {
  auto found = all<PutJob>(plan);
  std::erase_if(found, [&](const PutJob& job) { return job.kind != kind; });
  return found;
}

inline std::string refusal(const Plan& plan) { return plan.refusal ? plan.refusal->text() : ""; }

inline const Place here{FolderId{1}, 77, 5};

inline AccountFacts alice(wire::Filter filter = wire::Filter::none) {
  return {.addr = "alice@example.org",
          .name = "Alice",
          .own = {"alice@example.org", "a.smith@example.org"},
          .filter = filter};
}

inline Content bobs_words(std::string text = "Hello") {
  return {.rfc_id = "chat$b1@example.net",
          .from = {"Bob", "bob@example.net"},
          .to = {{"", "alice@example.org"}},
          .date = now / 1000 * 1000 - minute,
          .subject = "Chat: Hello",
          .chat = true,
          .evidence = PeerClass::coi,
          .letter = Letter{.text = std::move(text), .asks_chat_receipt = true}};
}

inline Content own_words() {
  auto content = bobs_words("Mine");
  content.rfc_id = "chat$a1@example.org";
  content.from = {"Alice", "alice@example.org"};
  content.to = {{"", "bob@example.net"}};
  return content;
}

inline MailArrived arrived(Content content, Flags flags = {}) {
  return {.place = here,
          .role = FolderRole::inbox,
          .flags = flags,
          .internaldate = now / 1000 * 1000,
          .live = true,
          .content = std::move(content)};
}

inline PeerFacts bob(bool known = true) {
  return {.addr = "bob@example.net", .peer_class = PeerClass::coi, .chat_ms = now - day, .known = known};
}

// What is stored: one answer to each question, whatever it names.
struct Known final : Lookups {
  AccountFacts account;
  std::vector<MessageFacts> versions;
  std::vector<MessageFacts> namesakes, own_of_that_second, fresh;
  std::optional<MessageFacts> message;
  std::vector<MessageFacts> album;  // the others that one wish sent with it
  std::vector<Remark> remarks;
  PollSaid poll;
  std::optional<PeerFacts> peer;
  std::optional<bool> accepted;
  std::vector<std::string> addresses;
  std::optional<ChatFacts> chat;
  std::optional<ChatFacts> self;  // the chat with oneself
  std::optional<PlaceFacts> place;
  std::vector<PlaceFacts> in_inbox;
  std::optional<OutgoingFacts> outgoing;
  std::optional<JobFacts> job;
  std::vector<std::vector<MessageFacts>> expired;
  Chosen chosen;
  std::vector<KeptMail> storage;
  bool sent = false;

  std::vector<MessageFacts> find(const FindMessages&) override { return namesakes; }
  std::vector<MessageFacts> find(const FindOwnOf&) override { return own_of_that_second; }
  std::optional<MessageFacts> find(const FindMessageRow&) override { return message; }
  std::vector<MessageFacts> find(const FindVersions&) override { return versions; }
  std::vector<MessageFacts> find(const FindAlbum&) override {
    auto all = album;
    if (message) all.insert(all.begin(), *message);
    return all;
  }
  std::optional<OutgoingFacts> find(const FindOutgoing&) override { return outgoing; }
  std::optional<MessageFacts> find(const FindInChat&) override { return answered; }
  std::optional<MessageFacts> answered;
  bool find(const FindSent&) override { return sent; }
  std::vector<Remark> find(const FindRemarks&) override { return remarks; }
  PollSaid find(const FindPollSaid&) override { return poll; }
  std::optional<PeerFacts> find(const FindPeer&) override { return peer; }
  std::vector<std::string> find(const FindAddresses&) override { return addresses; }
  std::optional<ChatFacts> find(const FindChat&) override { return chat; }
  std::optional<ChatFacts> find(const FindChatOf& wanted) override { return is_with_self(wanted.chat) ? self : chat; }
  std::optional<bool> find(const FindAccepted&) override { return accepted; }
  std::vector<PlaceFacts> find(const FindChatInInbox&) override { return in_inbox; }
  std::vector<MessageFacts> find(const FindFresh&) override { return fresh; }
  std::optional<PlaceFacts> find(const FindPlace&) override { return place; }
  std::optional<JobFacts> find(const FindJob&) override { return job; }
  std::vector<std::vector<MessageFacts>> find(const FindExpired&) override { return expired; }
  Chosen find(const FindChosen&) override { return chosen; }
  std::vector<ChatRef> find(const FindAllChosen&) override { return {WithPerson{"bob@example.net"}}; }
  std::vector<KeptMail> find(const FindStorage&) override { return storage; }
};

inline Known facts(AccountFacts account = alice()) {
  Known known;
  known.account = std::move(account);
  known.peer = bob();
  return known;
}

inline Plan decide(const Input& input, Known known, UnixMs at) { return decide(input, known.account, known, at); }

inline ChatFacts chat_with(PeerFacts peer) { return {.id = ChatId{3}, .ref = WithPerson{peer.addr}, .peers = {peer}}; }

// What alice() knows of the chat with Bob.
inline Known with_chat(PeerFacts peer = bob()) {
  auto known = facts();
  known.chat = chat_with(std::move(peer));
  return known;
}

}  // namespace coi::chat
