// Writes mails: values in, a MIME tree out. Pure; ids and boundaries come in as arguments, mime::build() makes the
// bytes.
#pragma once

#include <string>
#include <vector>

#include "chat/ask.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "chat/plan.h"
#include "mime/mail.h"

namespace coi::chat {

// A written mail: the tree, and what our own store keeps of it.
struct Composed {
  mime::Part tree;
  std::string subject;
  std::string in_reply_to;
  std::string follows;
  std::string thread_root;
  std::string quote;
};

// Whom a mail of this chat is for; in the chat with oneself, the account.
std::vector<PeerFacts> recipients_of(const ChatFacts& chat, const AccountFacts& account);
std::vector<std::string> addresses_of(const std::vector<PeerFacts>& peers);

// C-01…C-13, C-18, D-15, D-16, D-28, P-01, P-02. `facts.chat` is there.
Composed compose_message(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now);

// The mail of `facts.message`, which is there and was sent before, written once more: the same id and words, a new
// Date.
mime::Part compose_again(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now);

// C-35, C-36: a read receipt for `original`, from the account to the mail's author. D-38: Auto-Submitted.
mime::Part compose_receipt(const MessageFacts& original, const AccountFacts& account, std::string_view rfc_id,
                           UnixMs now);

// D-23: a reaction to `facts.message`, which is there, as is its chat. Its To names all whom the chat is with, whoever
// of them gets it (P-05).
mime::Part compose_reaction(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now);

}  // namespace coi::chat
