// decide() by subject: inside of the room only.
#pragma once

#include <vector>

#include "chat/facts.h"
#include "chat/filing.h"
#include "chat/input.h"
#include "chat/plan.h"

namespace coi::chat {

using Operations = std::vector<Operation>;

// decide_mail.cpp
void decide_mail(const MailArrived& mail, const Facts& facts, UnixMs now, Operations& out);
void decide_seen_again(const MailSeenAgain& mail, const Facts& facts, UnixMs now, Operations& out);
void file_copy_well(const Filed& filed, const Place& place, const AccountFacts& account, Operations& out);
void add_jobs(PutJob job, std::vector<Place> places, Operations& out);

// decide_mailbox.cpp: what happens on the server
void decide_flags(const FlagsChanged& change, const Facts& facts, Operations& out);
void decide_job(const JobDone& done, const Facts& facts, UnixMs now, Operations& out);

// decide_send.cpp
Plan decide_send(const SendMessage& send, const Facts& facts, UnixMs now);
Plan decide_retry(const RetryMessage& retry, const Facts& facts, UnixMs now);
void decide_result(const SendResult& result, const Facts& facts, UnixMs now, Operations& out);
void decide_data_started(const DataStarted& started, const Facts& facts, UnixMs now, Operations& out);
void decide_data_not_started(const DataNotStarted& held, const Facts& facts, UnixMs now, Operations& out);
void put_receipt(const MessageFacts& original, const Facts& facts, const JobDone& ids, UnixMs now, Operations& out);

// decide_user.cpp
Plan decide_seen(const MarkSeen& seen, const Facts& facts);
Plan decide_answer(const AnswerReceipt& answer, const Facts& facts);
Plan decide_chat(const ChangeChat& change, const Facts& facts);
Plan decide_alias(const SetAlias& alias, const Facts& facts);
Plan decide_filter(const SetFilter& filter, const Facts& facts);

}  // namespace coi::chat
