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
  const Facts& facts;
  UnixMs now;

  Plan operator()(const MailArrived& mail) const {
    return operations_of([&](auto& out) { decide_mail(mail, facts, now, out); });
  }
  Plan operator()(const MailUnreadable& mail) const { return {{PutTombstone{mail.place, mail.reason}}, {}}; }
  Plan operator()(const MailSeenAgain& mail) const {
    return operations_of([&](auto& out) { decide_seen_again(mail, facts, now, out); });
  }
  Plan operator()(const FlagsChanged& change) const {
    return operations_of([&](auto& out) { decide_flags(change, facts, out); });
  }
  Plan operator()(const Expunged& gone) const { return {{DropPlaces{gone.folder, gone.uidvalidity, gone.uids}}, {}}; }
  Plan operator()(const FoldersFound& found) const { return {{PutFolders{found.folders}}, {}}; }
  Plan operator()(const FolderReset& reset) const { return {{ResetFolder{reset.folder, reset.uidvalidity}}, {}}; }
  Plan operator()(const FolderRestored& back) const {
    return {{RestoreFolder{back.folder, back.uidvalidity, back.uidnext}}, {}};
  }
  Plan operator()(const RoundDone& round) const { return {{PutRound{round}}, {}}; }
  Plan operator()(const SendResult& result) const {
    return operations_of([&](auto& out) { decide_result(result, facts, now, out); });
  }
  Plan operator()(const DataStarted& started) const {
    return operations_of([&](auto& out) { decide_data_started(started, facts, now, out); });
  }
  Plan operator()(const DataNotStarted& held) const {
    return operations_of([&](auto& out) { decide_data_not_started(held, facts, now, out); });
  }
  Plan operator()(const JobDone& done) const {
    return operations_of([&](auto& out) { decide_job(done, facts, now, out); });
  }
  Plan operator()(const FileFetched& file) const { return {{PutFile{file}}, {}}; }
  Plan operator()(const SendMessage& send) const { return decide_send(send, facts, now); }
  Plan operator()(const RetryMessage& retry) const { return decide_retry(retry, facts, now); }
  Plan operator()(const MarkSeen& seen) const { return decide_seen(seen, facts); }
  Plan operator()(const AnswerReceipt& answer) const { return decide_answer(answer, facts); }
  Plan operator()(const ChangeChat& change) const { return decide_chat(change, facts); }
  Plan operator()(const NamePerson& person) const { return {{PatchPerson{person.addr, person.name}}, {}}; }
  Plan operator()(const SetAlias& alias) const { return decide_alias(alias, facts); }
  Plan operator()(const SetFilter& filter) const { return decide_filter(filter, facts); }
};

}  // namespace

Plan decide(const Input& input, const Facts& facts, UnixMs now) { return std::visit(Decider{facts, now}, input); }

}  // namespace coi::chat
