// decide() by subject: inside of the room only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/ask.h"
#include "chat/facts.h"
#include "chat/filing.h"
#include "chat/input.h"
#include "chat/plan.h"

namespace coi::chat {

using Operations = std::vector<Operation>;

inline Plan refuse(Error error) { return {.operations = {}, .refusal = std::move(error)}; }
inline Plan refuse(ErrorKind kind, std::string text, std::string hint = {}) {
  return refuse(Error(kind, std::move(text), std::move(hint)));
}

// decide_mail.cpp
void decide_mail(const MailArrived& mail, const AccountFacts& account, const MailFacts& facts, UnixMs now,
                 Operations& out);
void decide_seen_again(const MailSeenAgain& mail, const AccountFacts& account, const MailFacts& facts, UnixMs now,
                       Operations& out);
void file_copy_well(const Filed& filed, const Place& place, const AccountFacts& account, Operations& out);
void add_jobs(PutJob job, std::vector<Place> places, Operations& out);

// decide_mailbox.cpp: what happens on the server. `known`: what lies at the place of the change.
void decide_flags(const FlagsChanged& change, const AccountFacts& account, const std::optional<PlaceFacts>& known,
                  Operations& out);
void decide_job(const JobDone& done, const AccountFacts& account, const JobDoneFacts& facts, UnixMs now,
                Operations& out);

// decide_send.cpp
// Why nothing can be sent to the people of the chat; nullopt: it can.
std::optional<Error> unsendable(const ChatFacts& chat);
Plan decide_send(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now);
Plan decide_retry(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now);
void decide_result(const SendResult& result, const AccountFacts& account, const OutgoingFacts& mail, UnixMs now,
                   Operations& out);
void decide_data_started(const OutgoingFacts& mail, UnixMs now, Operations& out);
void decide_data_not_started(const DataNotStarted& held, const OutgoingFacts& mail, UnixMs now, Operations& out);
void put_receipt(const MessageFacts& original, const AccountFacts& account, const JobDone& ids, UnixMs now,
                 Operations& out);

// decide_remark.cpp
Plan decide_react(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now);

// decide_user.cpp
Plan decide_seen(const AccountFacts& account, const SeenFacts& facts);
Plan decide_answer(const std::optional<MessageFacts>& message);
Plan decide_chat(const ChangeChat& change, const std::optional<ChatFacts>& chat);
// `joined`: the addresses of the person who has `alias.addr`.
Plan decide_alias(const SetAlias& alias, const AccountFacts& account, const std::vector<std::string>& joined);
// `in_inbox`: the copies of chat mails there.
Plan decide_filter(const SetFilter& filter, const AccountFacts& account, const std::vector<PlaceFacts>& in_inbox);

}  // namespace coi::chat
