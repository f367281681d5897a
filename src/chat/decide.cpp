#include "chat/decide.h"

#include <fmt/format.h>

#include "base/size_text.h"
#include "chat/chat_folders.h"
#include "chat/decide_parts.h"
#include "chat/keep.h"
#include "chat/profile.h"

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
    return operations_of([&](auto& out) {
      if (mail.role == FolderRole::contacts) return decide_storage(mail, account, stored, now, out);
      decide_mail(mail, account, facts_for(mail, account, stored), now, out);
    });
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
    return of_outgoing(started.outgoing, [&](const OutgoingFacts& mail, Operations& out) {
      decide_data_started(started, mail, now, out);
    });
  }
  Plan operator()(const DataNotStarted& held) const {
    return of_outgoing(held.outgoing, [&](const OutgoingFacts& mail, Operations& out) {
      decide_data_not_started(held, mail, now, out);
    });
  }

  // What the user does.
  Plan operator()(const SendMessage& send) const {
    const auto facts = facts_for(send, account, stored);
    return spoken(decide_send(send, account, facts, now), facts.chat);
  }
  Plan operator()(const RetryMessage& retry) const {
    const auto facts = facts_for(retry, stored);
    // It was never sent: it goes now, with all that waits with it.
    if (facts.message && facts.message->outgoing_mail && facts.message->unsaid)
      return decide_reschedule({.message = retry.message}, stored.find(FindAlbum{retry.message}), now);
    return decide_retry(retry, account, facts, now);
  }
  Plan operator()(const Reschedule& wish) const {
    return decide_reschedule(wish, stored.find(FindAlbum{wish.message}), now);
  }
  Plan operator()(const TakeBack& wish) const { return decide_take_back(wish, stored.find(FindAlbum{wish.message})); }
  Plan operator()(const SendHeld& due) const {
    const auto facts = facts_for(due, stored);
    return spoken(decide_send_held(due, account, facts, now), facts.facts.chat);
  }
  Plan operator()(const HeldFailed& failed) const {
    return decide_held_failed(failed, stored.find(FindMessageRow{failed.message}));
  }
  Plan operator()(const Tick&) const {
    return operations_of([&](auto& out) { decide_expired(stored.find(FindExpired{.now = now}), out); });
  }
  Plan operator()(const MarkSeen& seen) const { return decide_seen(account, facts_for(seen, stored)); }
  Plan operator()(const AnswerReceipt& answer) const {
    return decide_answer(answer, stored.find(FindMessageRow{answer.message}));
  }
  Plan operator()(const React& react) const { return decide_react(react, account, facts_for(react, stored), now); }
  Plan operator()(const EditMessage& edit) const {
    return decide_edit(edit, account, facts_for_amending(edit.message, stored), now);
  }
  Plan operator()(const DeleteMessage& gone) const {
    return decide_delete(gone, account, facts_for_amending(gone.message, stored), now);
  }
  Plan operator()(const PinMessage& pin) const {
    return decide_pin(pin, account, facts_for_amending(pin.message, stored), now);
  }
  Plan operator()(const Vote& vote) const { return decide_vote(vote, account, facts_for_poll(vote.poll, stored), now); }
  Plan operator()(const ClosePoll& close) const {
    return decide_close(close, account, facts_for_poll(close.poll, stored), now);
  }
  Plan operator()(const SetTimer& wished) const {
    return decide_timer(wished, account, stored.find(FindChat{wished.chat}), now);
  }
  Plan operator()(const ChangeChat& change) const {
    const auto chat = facts_for(change, stored);
    auto plan = decide_chat(change, chat);
    if (plan.refusal) return plan;
    auto wishes = wishes_of(change);
    if (change.folders) {
      auto folders = written_folders(*change.folders);
      if (!folders) return refuse(std::move(folders).error());
      wishes.emplace_back(ChoiceKind::folders, *std::move(folders));
    }
    return chosen(std::move(plan), chat->ref, wishes);
  }
  Plan operator()(const CreateGroup& create) const { return decide_create(create, account, now); }
  Plan operator()(const ChangeGroup& change) const {
    return decide_group(change, account, stored.find(FindChat{change.chat}), now);
  }
  Plan operator()(const NamePerson& person) const {
    return chosen({{PatchPerson{person.addr, person.name}}, {}}, WithPerson{person.addr},
                  {{ChoiceKind::name, person.name}, {ChoiceKind::accepted, "1"}});
  }
  Plan operator()(const CategorizePerson& person) const {
    auto categories = written_categories(person.categories);
    if (!categories) return refuse(std::move(categories).error());
    return chosen({}, WithPerson{person.addr},
                  {{ChoiceKind::categories, *std::move(categories)}, {ChoiceKind::accepted, "1"}});
  }
  Plan operator()(const SetProfile& wish) const {
    auto text = changed_profile(own_profile(stored).audiences, wish, now);
    if (!text) return refuse(std::move(text).error());
    return chosen({}, WithSelf{}, {{ChoiceKind::profile, *std::move(text)}, {ChoiceKind::profile_told, "1"}});
  }
  Plan operator()(const SetAlias& alias) const {
    auto plan = decide_alias(alias, account, stored.find(FindAddresses{alias.addr}));
    if (plan.refusal || !alias.joined || plan.operations.empty()) return plan;
    auto facts = storage_facts(WithPerson{alias.addr}, account, stored);
    take_in(alias.alias, stored, facts.chosen);
    find_mails(facts, stored);
    choose(std::move(facts), {{ChoiceKind::accepted, "1"}}, account, now, plan.operations, Said::again);
    return plan;
  }
  Plan operator()(const SetDraft& draft) const {
    const auto chat = draft.chat           ? stored.find(FindChat{draft.chat})
                      : draft.addr.empty() ? stored.find(FindChatOf{WithSelf{}})
                                           : stored.find(FindChatOf{WithPerson{draft.addr}});
    if (!chat) return refuse(ErrorKind::not_found, "no such chat");
    if (draft.text.size() > longest_draft)
      return refuse(ErrorKind::limit, fmt::format("a draft has up to {}", size_text(longest_draft)));
    return chosen({}, chat->ref, {{ChoiceKind::draft, draft.text}});
  }
  Plan operator()(const KeepContacts& wish) const {
    Plan plan{{PutContactsKept{wish.kept}}, {}};
    auto agreed = account;
    agreed.keeps_contacts = wish.kept;
    if (!wish.kept) return plan;
    plan.operations.emplace_back(PutJob{.kind = JobKind::make_folder, .role = FolderRole::contacts});
    for (const auto& about : stored.find(FindAllChosen{}))
      keep(storage_facts(about, account, stored), agreed, plan.operations);
    return plan;
  }
  Plan operator()(const SetFilter& filter) const {
    return decide_filter(filter, account, stored.find(FindChatInInbox{}));
  }

 private:
  // Who writes in a chat wants to see it, and in a group belongs to it (C-75).
  Plan spoken(Plan plan, const std::optional<ChatFacts>& chat) const {
    if (plan.operations.empty() || !chat) return plan;
    Wishes wishes;
    if (chat->archived) wishes.emplace_back(ChoiceKind::archived, "0");
    if (!chat->group || !account.keeps_contacts) return chosen(std::move(plan), chat->ref, wishes);
    wishes.emplace_back(ChoiceKind::accepted, "1");
    auto kept = storage_facts(chat->ref, account, stored);
    keep_group(kept, account, plan.operations);
    choose(std::move(kept), wishes, account, now, plan.operations);
    return plan;
  }

  // With what the user decided about it.
  Plan chosen(Plan plan, const ChatRef& about, const Wishes& wishes) const {
    if (!wishes.empty()) choose(storage_facts(about, account, stored), wishes, account, now, plan.operations);
    return plan;
  }

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
