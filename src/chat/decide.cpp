#include "chat/decide.h"

#include "chat/decide_parts.h"

namespace coi::chat {
namespace {

template <class Decide>
Plan operations_of(Decide decide) {
  Plan plan;
  decide(plan.operations);
  return plan;
}

struct Decider {
  const AccountFacts& account;
  Lookups& stored;
  UnixMs now;

  // What happened on the server.
  Plan operator()(const MailArrived& mail) const {
    return operations_of([&](auto& out) { decide_mail(mail, account, facts_for(mail, account, stored), now, out); });
  }
  Plan operator()(const MailUnreadable& mail) const { return {{PutTombstone{mail.place, mail.reason}}, {}}; }
  Plan operator()(const MailSeenAgain& mail) const {
    return operations_of([&](auto& out) { decide_seen_again(mail, account, facts_for(mail, stored), now, out); });
  }
  Plan operator()(const FlagsChanged& change) const {
    return operations_of([&](auto& out) { decide_flags(change, account, stored.find(FindPlace{change.place}), out); });
  }
  Plan operator()(const Expunged& gone) const { return {{DropPlaces{gone.folder, gone.uidvalidity, gone.uids}}, {}}; }
  Plan operator()(const FoldersFound& found) const { return {{PutFolders{found.folders}}, {}}; }
  Plan operator()(const FolderReset& reset) const { return {{ResetFolder{reset.folder, reset.uidvalidity}}, {}}; }
  Plan operator()(const FolderRestored& back) const {
    return {{RestoreFolder{back.folder, back.uidvalidity, back.uidnext}}, {}};
  }
  Plan operator()(const RoundDone& round) const { return {{PutRound{round}}, {}}; }
  Plan operator()(const JobDone& done) const {
    return operations_of([&](auto& out) { decide_job(done, account, facts_for(done, stored), now, out); });
  }
  Plan operator()(const FileFetched& file) const { return {{PutFile{file}}, {}}; }

  // A mail on its way out; of one that is gone nothing follows.
  Plan operator()(const SendResult& result) const {
    return of_outgoing(result.outgoing, [&](const OutgoingFacts& mail, Operations& out) {
      decide_result(result, account, mail, now, out);
    });
  }
  Plan operator()(const DataStarted& started) const {
    return of_outgoing(started.outgoing,
                       [&](const OutgoingFacts& mail, Operations& out) { decide_data_started(mail, now, out); });
  }
  Plan operator()(const DataNotStarted& held) const {
    return of_outgoing(held.outgoing, [&](const OutgoingFacts& mail, Operations& out) {
      decide_data_not_started(held, mail, now, out);
    });
  }

  // What the user does.
  Plan operator()(const SendMessage& send) const {
    return decide_send(send, account, facts_for(send, account, stored), now);
  }
  Plan operator()(const RetryMessage& retry) const {
    return decide_retry(retry, account, facts_for(retry, stored), now);
  }
  Plan operator()(const MarkSeen& seen) const { return decide_seen(account, facts_for(seen, stored)); }
  Plan operator()(const AnswerReceipt& answer) const {
    return decide_answer(stored.find(FindMessageRow{answer.message}));
  }
  Plan operator()(const React& react) const { return decide_react(react, account, facts_for(react, stored), now); }
  Plan operator()(const ChangeChat& change) const { return decide_chat(change, facts_for(change, stored)); }
  Plan operator()(const NamePerson& person) const { return {{PatchPerson{person.addr, person.name}}, {}}; }
  Plan operator()(const SetAlias& alias) const {
    return decide_alias(alias, account, stored.find(FindAddresses{alias.addr}));
  }
  Plan operator()(const SetFilter& filter) const {
    return decide_filter(filter, account, stored.find(FindChatInInbox{}));
  }

 private:
  template <class Decide>
  Plan of_outgoing(OutgoingId id, Decide decide) const {
    const auto mail = stored.find(FindOutgoing{id});
    return operations_of([&](auto& out) {
      if (mail) decide(*mail, out);
    });
  }
};

}  // namespace

Plan decide(const Input& input, const AccountFacts& account, Lookups& stored, UnixMs now) {
  return std::visit(Decider{account, stored, now}, input);
}

}  // namespace coi::chat
