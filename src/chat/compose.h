// Writes mails: values in, a MIME tree out. Pure; ids and boundaries come in as arguments, mime::build() makes the
// bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/ask.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "chat/plan.h"
#include "mime/mail.h"

namespace coi::chat {

// A written mail: the tree, and what our own store keeps of it.
struct Composed {
  mime::Part tree = {};
  std::string text;  // with the coordinates of a place
  Details details = {};
  std::string subject;
  std::string in_reply_to;
  std::string follows;
  std::string thread_root;
  std::string quote;
  std::string footer;                    // the account's signature, where the mail has it
  bool describes_group = false;          // C-66
  bool asks_about_group = false;         // C-77
  std::optional<std::string> told = {};  // C-53: PeerFacts::told from then on
};

// Whom a mail of this chat is for; in the chat with oneself, the account.
std::vector<PeerFacts> recipients_of(const ChatFacts& chat, const AccountFacts& account);
std::vector<std::string> addresses_of(const std::vector<PeerFacts>& peers);

// C-01…C-13, C-18, D-15, D-16, D-28, P-01, P-02. `facts.chat` is there.
Composed compose_message(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now);

// The mail of `facts.message`, which is there, as is its chat, and was sent before, written once more: the same id and
// words, a new Date.
mime::Part compose_again(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now);

// C-35, C-36: a read receipt for `original`, from the account to the mail's author. D-38: Auto-Submitted.
mime::Part compose_receipt(const MessageFacts& original, const AccountFacts& account, std::string_view rfc_id,
                           UnixMs now);

// D-23: a reaction to `facts.message`, which is there, as is its chat. Its To names all whom the chat is with, whoever
// of them gets it (P-05).
enum class ReactionForm : std::uint8_t {
  bare,
  // Beside a quote and the emoji in another form of it, for those to whom it is an ordinary mail: many programs make a
  // file of a part whose disposition they do not know (RFC 2183, 2.8).
  quoted,
  for_gmail,  // the same, with the part that Gmail reads (D-24)
};
mime::Part compose_reaction(const React& react, const AccountFacts& account, const ReactFacts& facts, ReactionForm form,
                            UnixMs now);

// Below, `facts.versions` has the message first, and its chat is there; To names all of the chat (P-05).
// `quoted`: below a quote of it, for those to whom this is an ordinary mail.
// D-21, C-27, C-30: other words for it; where it is quoted with a pencil.
const std::string& original_id_of(const MessageFacts& first);  // an edit of an original that is not here names it
inline constexpr std::string_view pinned_words = "A message was pinned.";
struct ComposedEdit {
  mime::Part tree;
  Details details;
  std::string subject, in_reply_to, thread_root;
};
ComposedEdit compose_edit(const EditMessage& edit, const AccountFacts& account, const AmendFacts& facts, UnixMs now,
                          bool quoted);
// C-28: that it is to be deleted.
mime::Part compose_deletion(const DeleteMessage& gone, const AccountFacts& account, const AmendFacts& facts,
                            UnixMs now);
// D-26: that it is pinned or no longer. Until when stands as the parameter `timeout` (C-82) of an inline part.
mime::Part compose_pin(const PinMessage& pin, const AccountFacts& account, const AmendFacts& facts, UnixMs now,
                       bool quoted);

}  // namespace coi::chat
