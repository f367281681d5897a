#include "chat/keep.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "chat/profile.h"
#include "chat/read_storage.h"
#include "mime/address.h"

namespace coi::chat {
namespace {

constexpr UnixMs far_ahead = 24LL * 3600 * 1000;  // a clock that is wrong by more is not followed

// Nothing else was ever said.
bool is_default(const std::string& value) { return value.empty() || value == "0"; }

// For the queue: the same for all mails about one.
std::string name_of(const StorageFacts& facts) {
  const auto keys = storage_keys(facts.about, facts.chosen);
  return *std::ranges::min_element(keys);
}

std::vector<KeptMail> mails_with(std::vector<std::string> keys, Lookups& stored) {
  std::set<std::string> known(keys.begin(), keys.end());
  auto mails = stored.find(FindStorage{keys});
  // C-50: a mail may have keys that lead to further ones; chains are short.
  for (int round = 0; round < 10; ++round) {
    const auto before = known.size();
    for (const auto& kept : mails) known.insert(kept.mail.keys.begin(), kept.mail.keys.end());
    if (known.size() == before) break;
    mails = stored.find(FindStorage{{known.begin(), known.end()}});
  }
  return mails;
}

ChatRef about_of(const StorageMail& mail, const AccountFacts& account) {
  if (!mail.group.empty()) return InGroup{mail.group};
  if (mail.own) return WithSelf{};
  const auto other = std::ranges::find_if(mail.addrs, [&](const auto& addr) { return !is_own(account, addr); });
  return other == mail.addrs.end() ? ChatRef(WithSelf{}) : ChatRef(WithPerson{*other});
}

// Of what another program wrote, by its Date: a mistake would stay the newest for years. What the user says here is
// always newer than what is known (choose()).
std::vector<Choice> believed(std::vector<Choice> choices, UnixMs arrived) {
  for (auto& choice : choices) {
    choice.at_ms = std::min(choice.at_ms, arrived + far_ahead);
    if (choice.kind == ChoiceKind::profile) choice.value = said_by(choice.value, choice.at_ms);
  }
  return choices;
}

// C-50: its addresses are one person's.
void join_addresses(const StorageMail& mail, const AccountFacts& account, Lookups& stored, Chosen& chosen,
                    Operations& out) {
  for (const auto& addr : mail.addrs) {
    if (is_own(account, addr) || std::ranges::find(chosen.addrs, addr) != chosen.addrs.end()) continue;
    out.emplace_back(PutAlias{.alias = addr, .addr = chosen.addrs.front()});
    take_in(addr, stored, chosen);
  }
}

// A name that only stands there because a card has to have one.
std::string name_in(const StorageMail& mail) {
  const bool is_addr = std::ranges::find(mail.addrs, mime::canonical(mail.name)) != mail.addrs.end();
  return is_addr ? std::string() : mail.name;
}

// What other mails say of the group is still there, or this is all that is left of it: the same is said again, with its
// times, so that it changes nothing that is known.
void restore_group(const StorageMail& mail, const std::string& rfc_id, const AccountFacts& account, UnixMs arrived,
                   Operations& out) {
  const auto said = group_in_storage(mail);
  if (said.joined.empty()) return;
  out.emplace_back(PutGroup{.id = said.id,
                            .threads = {},
                            .plain_thread = {},
                            .author = account.addr,
                            .rfc_id = rfc_id,
                            .arrived_ms = arrived,
                            .said_ms = std::min(mail.date_ms, arrived),
                            .joined = said.joined,
                            .parted = {},
                            .listed = {},
                            .answers = {},
                            .subject = {},
                            .accepted = false,
                            .self = account.addr});
  const auto say = [&](RemarkKind kind, const std::string& value, UnixMs since) {
    if (since > 0)
      out.emplace_back(PutRemark{{.kind = kind,
                                  .subject = said.id,
                                  .author = account.addr,
                                  .value = value,
                                  .date_ms = since,
                                  .rfc_id = value,  // as of other mails
                                  .at_ms = arrived,
                                  .by_us = true}});
  };
  say(RemarkKind::group_name, said.name, said.name_ms);
  say(RemarkKind::group_description, said.description.value_or(""), said.description_ms);
}

void write(const StorageFacts& facts, const AccountFacts& account, Operations& out) {
  auto composed = compose_storage(facts, account);
  out.emplace_back(PutOutgoing{.kind = PutOutgoing::Kind::storage,
                               .key = {composed.rfc_id, account.addr},
                               .recipients = {},
                               .about = name_of(facts),
                               .file_in = FolderRole::contacts,
                               .tree = std::move(composed.tree)});
}

// What other programs wrote stays, whatever of it stands in ours.
bool may_go(const StorageMail& mail, const StorageMail& best) {
  return mail.ours && mail.whole && mail.group == best.group &&
         std::ranges::all_of(mail.addrs, [&](const std::string& addr) {
           return std::ranges::find(best.addrs, addr) != best.addrs.end();
         });
}

// Of a mail that names nobody, or several as its author, none would be read again.
bool is_nameable(const StorageFacts& facts) {
  return is_group(facts.about) || std::ranges::all_of(facts.chosen.addrs, [](const std::string& addr) {
           return mime::is_address(addr) && addr.find_first_of(" ,;<>\"") == std::string::npos;
         });
}

}  // namespace

void take_in(const std::string& addr, Lookups& stored, Chosen& chosen) {
  auto other = stored.find(FindChosen{WithPerson{addr}});
  if (other.addrs.empty()) other.addrs = {addr};
  for (auto& one : other.addrs)
    if (std::ranges::find(chosen.addrs, one) == chosen.addrs.end()) chosen.addrs.push_back(std::move(one));
  add_choices(other.choices, chosen.choices);
}

StorageFacts storage_facts(const ChatRef& about, const AccountFacts& account, Lookups& stored) {
  StorageFacts facts{.about = about, .chosen = stored.find(FindChosen{about}), .mails = {}};
  if (const auto* person = std::get_if<WithPerson>(&about); person != nullptr && facts.chosen.addrs.empty())
    facts.chosen.addrs = {person->addr};
  if (is_with_self(about)) {
    facts.chosen.addrs = {account.addr};
    facts.chosen.name = account.name;
  }
  find_mails(facts, stored);
  return facts;
}

void find_mails(StorageFacts& facts, Lookups& stored) {
  facts.mails = mails_with(storage_keys(facts.about, facts.chosen), stored);
}

void add_choices(const std::vector<Choice>& heard, std::vector<Choice>& choices) {
  for (const auto& choice : heard) {
    const auto known = std::ranges::find(choices, choice.kind, &Choice::kind);
    if (known == choices.end())
      choices.push_back(choice);
    else
      *known = joined(*known, choice);
  }
  std::ranges::sort(choices, {}, &Choice::kind);
}

void keep_group(const StorageFacts& facts, const AccountFacts& account, Operations& out) {
  if (!facts.chosen.group || facts.chosen.choices.empty() || facts.mails.empty()) return;
  const auto tells_of_it = [&](const KeptMail& kept) { return tells_of(kept.mail, *facts.chosen.group); };
  if (std::ranges::none_of(facts.mails, tells_of_it)) write(facts, account, out);
}

void keep(const StorageFacts& facts, const AccountFacts& account, Operations& out) {
  if (!account.keeps_contacts || facts.chosen.choices.empty()) return;
  if (is_group(facts.about) && !facts.chosen.group) return;
  if (!is_nameable(facts)) return;
  const KeptMail* best = nullptr;
  for (const auto& kept : facts.mails) {
    if (!kept.mail.whole || !stands_for_all(kept, facts)) continue;
    // Of two that say something else at one time that one stays whose words count.
    const auto rank = [&](const KeptMail& one) {
      const bool same = std::ranges::all_of(facts.chosen.choices, [&](const Choice& choice) {
        const auto* told = find_choice(one.mail.choices, choice.kind);
        return told != nullptr && told->value == choice.value;
      });
      return std::tuple(same, one.mail.date_ms, one.place);
    };
    if (best == nullptr || rank(*best) < rank(kept)) best = &kept;
  }
  if (best == nullptr) return write(facts, account, out);
  std::vector<Place> replaced;
  for (const auto& kept : facts.mails)
    if (&kept != best && may_go(kept.mail, best->mail)) replaced.push_back(kept.place);
  add_jobs({.kind = JobKind::remove_storage}, std::move(replaced), out);
}

void choose(StorageFacts facts, const Wishes& wishes, const AccountFacts& account, UnixMs now, Operations& out,
            Said said) {
  std::vector<Choice> choices;
  for (const auto& [kind, value] : wishes) {
    const auto* known = find_choice(facts.chosen.choices, kind);
    if (said == Said::once && (known != nullptr ? known->value == value : is_default(value))) continue;
    // Also where a clock ran ahead when that was said: what the user says last counts.
    const bool is_ahead = known != nullptr && known->at_ms >= now;
    choices.push_back({kind, value, is_ahead ? known->at_ms + 1 : now});
  }
  if (choices.empty()) return;
  out.emplace_back(PutChoices{.about = facts.about, .choices = choices});
  add_choices(choices, facts.chosen.choices);
  keep(facts, account, out);
}

Wishes wishes_of(const ChangeChat& change) {
  Wishes wishes;
  const auto wish = [&](ChoiceKind kind, const std::optional<bool>& value) {
    if (value) wishes.emplace_back(kind, *value ? "1" : "0");
  };
  wish(ChoiceKind::accepted, change.accepted);
  wish(ChoiceKind::blocked, change.blocked);
  wish(ChoiceKind::pinned, change.pinned);
  wish(ChoiceKind::archived, change.archived);
  if (change.muted_until) wishes.emplace_back(ChoiceKind::muted, std::to_string(*change.muted_until));
  return wishes;
}

void decide_storage(const MailArrived& mail, const AccountFacts& account, Lookups& stored, UnixMs now,
                    Operations& out) {
  const auto& content = mail.content;
  out.emplace_back(PutTombstone{mail.place, {}});
  if (!content.storage || !is_by_us(account, content)) return;
  const auto& read = *content.storage;
  auto facts = storage_facts(about_of(read, account), account, stored);
  out.emplace_back(PutStorage{.place = mail.place, .rfc_id = content.rfc_id, .mail = read});
  const auto arrived = mail.internaldate > 0 ? mail.internaldate : now;
  const auto choices = read.ours ? read.choices : believed(read.choices, arrived);
  if (is_group(facts.about)) restore_group(read, content.rfc_id, account, arrived, out);
  if (!is_group(facts.about) && !is_with_self(facts.about)) {
    // What its mails say of the name is newer, whatever that is.
    out.emplace_back(
        LearnAddress{.addr = facts.chosen.addrs.front(), .name = name_in(read), .at_ms = 1, .rfc_id = content.rfc_id});
    join_addresses(read, account, stored, facts.chosen, out);
  }
  out.emplace_back(PutChoices{.about = facts.about, .choices = choices});
  add_choices(choices, facts.chosen.choices);
  std::erase_if(facts.mails, [&](const KeptMail& kept) { return kept.place == mail.place; });
  for (auto& further : mails_with(read.keys, stored))
    if (further.place != mail.place &&
        std::ranges::find(facts.mails, further.place, &KeptMail::place) == facts.mails.end())
      facts.mails.push_back(std::move(further));
  facts.mails.push_back({.place = mail.place, .rfc_id = content.rfc_id, .mail = read});
  keep(facts, account, out);
}

}  // namespace coi::chat
