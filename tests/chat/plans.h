// Reading plans: what of one sort a decision contains.
#pragma once

#include <string>
#include <vector>

#include "chat/ask.h"
#include "chat/decide.h"

namespace coi::chat {

inline constexpr UnixMs now = 1'795'493'202'345;  // Tue, 24 Nov 2026 04:06:42.345 UTC
inline constexpr UnixMs minute = 60'000;
inline constexpr UnixMs day = 24 * 60 * minute;

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
          .asks_chat_receipt = true,
          .text = std::move(text)};
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

inline Facts facts(AccountFacts account = alice()) { return {.account = std::move(account), .peer = bob()}; }

inline ChatFacts chat_with(PeerFacts peer) {
  return {.id = ChatId{3}, .ref = {ChatKind::single, peer.addr}, .peer = std::move(peer)};
}

}  // namespace coi::chat
