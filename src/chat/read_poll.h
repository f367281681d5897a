// What mails say about polls (P-16 to P-24); inside of the room only. Only a mail with Chat-Version is a poll, a vote
// or the end of one, but any reply may vote in words.
#pragma once

#include <optional>
#include <vector>

#include "chat/model.h"
#include "chat/parts.h"
#include "mime/mail.h"

namespace coi::chat {

// nullopt: the mail is none, or it has no HTML that says one. `files`: those of the mail, in their order.
std::optional<Poll> read_poll(const mime::Mail& mail, const std::vector<File>& files);

// A vote, or the end of a poll. `remark` has kind, subject, about and value; no subject: it cannot be told which poll
// is meant.
struct SaidOfPoll {
  Remark remark;
  Notice notice;  // of an end
};

// nullopt: the mail is no vote, no HTML says what is voted for, or it says what no poll has. `in_reply_to`: '': the
// mail answers none.
std::optional<SaidOfPoll> read_vote(const mime::Mail& mail, const std::string& in_reply_to);
// nullopt: the mail is no end of a poll, or its results cannot be read.
std::optional<SaidOfPoll> read_close(const mime::Mail& mail, const std::string& in_reply_to);

// That a poll is over and what won: poll_closed (question, best, votes, voters). `labels`: of the options.
Notice closed_notice(const std::string& question, const std::vector<std::string>& labels, const PollNumbers& numbers);

}  // namespace coi::chat
