// decide() by subject: inside of the room only.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "chat/ask.h"
#include "chat/compose.h"
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
// It may be one of many that a program named: the error says which.
inline Error no_message(MessageId id) {
  return Error(ErrorKind::not_found, "there is no message " + std::to_string(id.value));
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
std::optional<Error> unsendable(const ChatFacts& chat, const AccountFacts& account);
Plan decide_send(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now);
void put_receipt(const MessageFacts& original, const AccountFacts& account, const JobDone& ids, UnixMs now,
                 Operations& out);

// Why what is sent cannot be sent, or not in this chat; nullopt: it can.
std::optional<Error> unfit(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now);
// The message as it stands in its chat, written at that time; and all that is to be sent and stored with it. `held`:
// the message that waited for this.
PutMessage message_of(const SendMessage& send, const AccountFacts& account, const SendFacts& facts,
                      const Composed& composed, UnixMs now);
UnixMs time_of_sending(const ChatFacts& chat, UnixMs now);
void say(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, std::optional<MessageId> held,
         UnixMs now, Operations& out);

// decide_later.cpp: messages that wait for a time.
// Why a message cannot wait until then; nullopt: it can, or does not.
std::optional<Error> unfit_time(UnixMs not_before, UnixMs now);
void hold(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs not_before, UnixMs now,
          Operations& out);
// The server does not keep it: it waits here.
void hold_here(const OutgoingFacts& mail, Operations& out);
// `album`: FindAlbum.
Plan decide_reschedule(const Reschedule& wish, const std::vector<MessageFacts>& album, UnixMs now);
Plan decide_take_back(const TakeBack& wish, const std::vector<MessageFacts>& album);
Plan decide_send_held(const SendHeld& due, const AccountFacts& account, const HeldFacts& held, UnixMs now);
Plan decide_held_failed(const HeldFailed& failed, const std::optional<MessageFacts>& message);

// What every message that we write here has.
PutMessage own_message(MessageKey key, const AccountFacts& account, const ChatFacts& chat, UnixMs at, UnixMs now);
// To whom a mail of ours that they read goes: people to whom we have written are no strangers, and what it says of its
// group is known here too.
void put_audience(const ChatFacts& chat, const AccountFacts& account, const std::string& rfc_id, UnixMs at,
                  Operations& out);

// decide_remark.cpp
Plan decide_react(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now);
// P-04: who of the chat gets a control mail.
std::vector<std::string> control_recipients(const ChatFacts& chat, bool to_plain, UnixMs now);
// Do some of the recipients get it as an ordinary mail? Then it has to show what it is about.
bool needs_quote(const std::vector<std::string>& recipients, const ChatFacts& chat, UnixMs now);
// P-05: its copy is filed for the own devices, whoever gets it. `at`: its Date.
void put_control(PutOutgoing mail, const ChatFacts& chat, const AccountFacts& account, UnixMs at, Operations& out);
// A Date of whole seconds: now, but behind `last`, so that of two within one second the later one counts everywhere.
// One more than a day ahead can only be a mistake, and is not followed.
UnixMs next_second(UnixMs now, UnixMs last);
// Of what we say now, behind all of `remarks` that are of this kind and ours, of pins behind all: of two within one
// second the later one counts everywhere. It is said now even where its Date has to be later, as it is heard elsewhere.
struct NextTimes {
  UnixMs date_ms = 0, at_ms = 0;  // as in Remark
};
NextTimes times_of_next(const std::vector<Remark>& remarks, RemarkKind kind, UnixMs now);

// Of those for which that holds; nullptr: there is none.
template <class Holds>
const Remark* newest_of(const std::vector<Remark>& remarks, Holds holds) {
  const Remark* newest = nullptr;
  for (const auto& remark : remarks)
    if (holds(remark) &&
        (newest == nullptr || std::tie(newest->date_ms, newest->rfc_id) < std::tie(remark.date_ms, remark.rfc_id)))
      newest = &remark;
  return newest;
}

// decide_amend.cpp: what the user does to messages that were sent.
Plan decide_edit(const EditMessage& edit, const AccountFacts& account, const AmendFacts& facts, UnixMs now);
Plan decide_delete(const DeleteMessage& gone, const AccountFacts& account, const AmendFacts& facts, UnixMs now);
Plan decide_pin(const PinMessage& pin, const AccountFacts& account, const AmendFacts& facts, UnixMs now);

// decide_timer.cpp
Plan decide_timer(const SetTimer& wished, const AccountFacts& account, const std::optional<ChatFacts>& chat,
                  UnixMs now);
void decide_expired(const std::vector<std::vector<MessageFacts>>& expired, Operations& out);
// Whether a copy of an expired message may be removed from the server: what this device wrote or put there, the own
// copy in Sent, and all else only where the user agreed for the chat.
bool may_remove_copy(const MessageFacts& message, const PlaceFacts& copy);

// decide_poll.cpp
Plan decide_vote(const Vote& vote, const AccountFacts& account, const PollFacts& facts, UnixMs now);
Plan decide_close(const ClosePoll& close, const AccountFacts& account, const PollFacts& facts, UnixMs now);
// Why this cannot be sent as a poll; nullopt: it can, or is none.
std::optional<Error> unfit_poll(const SendMessage& send, UnixMs now);

// decide_group.cpp
bool is_member(const GroupFacts& group, const std::string& addr);
// We described it, or asked others to, then.
void put_group_word(RemarkKind kind, const GroupFacts& group, const AccountFacts& account, UnixMs at, Operations& out);
// What a mail of ours with this id says of all members and of the names of its group.
void put_group(const GroupFacts& group, const AccountFacts& account, const std::string& rfc_id, UnixMs at,
               Operations& out);
Plan decide_create(const CreateGroup& create, const AccountFacts& account, UnixMs now);
Plan decide_group(const ChangeGroup& change, const AccountFacts& account, std::optional<ChatFacts> chat, UnixMs now);

// decide_result.cpp
Plan decide_retry(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now);
void decide_result(const SendResult& result, const AccountFacts& account, const OutgoingFacts& mail, UnixMs now,
                   Operations& out);
void decide_data_started(const DataStarted& started, const OutgoingFacts& mail, UnixMs now, Operations& out);
void decide_data_not_started(const DataNotStarted& held, const OutgoingFacts& mail, UnixMs now, Operations& out);

// decide_user.cpp
Plan decide_seen(const AccountFacts& account, const SeenFacts& facts);
Plan decide_answer(const AnswerReceipt& wish, const std::optional<MessageFacts>& message);
Plan decide_chat(const ChangeChat& change, const std::optional<ChatFacts>& chat);
// `joined`: the addresses of the person who has `alias.addr`.
Plan decide_alias(const SetAlias& alias, const AccountFacts& account, const std::vector<std::string>& joined);
// `in_inbox`: the copies of chat mails there.
Plan decide_filter(const SetFilter& filter, const AccountFacts& account, const std::vector<PlaceFacts>& in_inbox);

}  // namespace coi::chat
