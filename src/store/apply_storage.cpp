// What the user decided, and the mails in Contacts that keep it.
#include <algorithm>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

namespace {

std::string lines(const std::vector<std::string>& values) { return fmt::format("{}", fmt::join(values, "\n")); }

std::vector<std::string> values_of(const std::string& lines) {
  std::vector<std::string> values;
  for (const auto line : ascii_split(lines, '\n'))
    if (!line.empty()) values.emplace_back(line);
  return values;
}

UnixMs number_of(const std::string& value) {
  return static_cast<UnixMs>(ascii_number<std::uint64_t>(value).value_or(0));
}

}  // namespace

Database::Impl::About Database::Impl::make_about(const ChatRef& about) {
  if (const auto* person = std::get_if<WithPerson>(&about)) return {.person = person_of(person->addr)};
  return {.chat = chat_of(about)};
}

Database::Impl::About Database::Impl::stored_about(const ChatRef& about) {
  if (const auto* with = std::get_if<WithPerson>(&about)) {
    auto row = connection.query("SELECT person FROM address WHERE addr = ?", with->addr);
    return {.person = row.next() ? row.id<PersonId>(0) : PersonId{}};
  }
  return {.chat = stored_chat(about)};
}

std::vector<Choice> Database::Impl::choices_of(About about) {
  std::vector<Choice> choices;
  auto row = connection.query("SELECT kind, value, at_ms FROM choice WHERE person = ? AND chat = ? ORDER BY kind",
                              about.person, about.chat);
  while (row.next()) choices.push_back({row.word<ChoiceKind>(0), row.text(1), row.number(2)});
  return choices;
}

// Whether it is news.
bool Database::Impl::put_choice(About about, const Choice& choice) {
  auto all = choice;
  {
    auto row = connection.query("SELECT value, at_ms FROM choice WHERE person = ? AND chat = ? AND kind = ?",
                                about.person, about.chat, choice.kind);
    if (row.next()) {
      const Choice known{choice.kind, row.text(0), row.number(1)};
      all = joined(known, choice);
      if (all == known) return false;
    }
  }
  connection.run("INSERT OR REPLACE INTO choice(person, chat, kind, value, at_ms) VALUES (?, ?, ?, ?, ?)", about.person,
                 about.chat, all.kind, all.value, all.at_ms);
  return true;
}

void Database::Impl::apply(const PutChoices& put) {
  const auto about = make_about(put.about);
  for (const auto& choice : put.choices)
    if (put_choice(about, choice)) take_effect(about, choice);
}

void Database::Impl::take_effect(About about, const Choice& choice) {
  const auto chat = about.chat ? about.chat : chat_of_person(about.person);
  const bool is = choice.value == "1";
  switch (choice.kind) {
    case ChoiceKind::name:
      connection.run("UPDATE person SET name = ? WHERE id = ?", choice.value, about.person);
      break;
    case ChoiceKind::accepted:
      connection.run("UPDATE person SET known = ? WHERE id = ?", is, about.person);
      connection.run("UPDATE chat SET accepted = ? WHERE id = ? AND kind = 2", is, about.chat);
      break;
    case ChoiceKind::blocked:
      connection.run("UPDATE person SET blocked = ? WHERE id = ?", is, about.person);
      connection.run("UPDATE chat SET blocked = ? WHERE id = ? AND kind = 2", is, about.chat);
      break;
    case ChoiceKind::muted:
      connection.run("UPDATE chat SET muted_until = ? WHERE id = ?", number_of(choice.value), chat);
      break;
    case ChoiceKind::pinned:
      connection.run("UPDATE chat SET pinned = ? WHERE id = ?", is, chat);
      break;
    case ChoiceKind::archived:
      connection.run("UPDATE chat SET archived = ? WHERE id = ?", is, chat);
      break;
    case ChoiceKind::draft:
      // Read from here; but somebody may have begun to write to whom nothing was written yet.
      if (about.person && !chat && !choice.value.empty()) changes.chats.insert(make_chat(about.person));
      break;
    case ChoiceKind::categories:
    case ChoiceKind::profile:
    case ChoiceKind::profile_told:
    case ChoiceKind::folders:
      break;  // read from here
  }
  static_assert(static_cast<int>(ChatKind::group) == 2);
  if (about.person) changes.people.insert(about.person);
  if (chat) changes.chats.insert(chat);
}

void Database::Impl::take_effect(About about) {
  for (const auto& choice : choices_of(about)) take_effect(about, choice);
}

// Both are one from now on; of each kind the newest counts.
void Database::Impl::join_choices(About from, About to) {
  for (const auto& choice : choices_of(from)) put_choice(to, choice);
  connection.run("DELETE FROM choice WHERE person = ? AND chat = ?", from.person, from.chat);
  take_effect(to);
}

Chosen Database::Impl::find(const FindChosen& wanted) {
  const auto about = stored_about(wanted.about);
  Chosen chosen;
  if (!about.person && !about.chat) return chosen;
  chosen.choices = choices_of(about);
  if (about.chat) chosen.group = group_facts(about.chat);
  if (!about.person) return chosen;
  auto addr = connection.query("SELECT addr FROM address WHERE person = ? ORDER BY addr", about.person);
  while (addr.next()) chosen.addrs.push_back(addr.text(0));
  auto name = connection.query(
      "SELECT name FROM address WHERE person = ? AND name <> '' ORDER BY name_ms DESC, addr LIMIT 1", about.person);
  if (name.next()) chosen.name = name.text(0);
  return chosen;
}

std::vector<ChatRef> Database::Impl::find(const FindAllChosen&) {
  std::vector<ChatRef> all;
  auto row = connection.query(
      "SELECT DISTINCT coalesce((SELECT min(a.addr) FROM address a WHERE a.person = c.person), ''), coalesce((SELECT "
      "g.group_id FROM chat g WHERE g.id = c.chat), '') FROM choice c");
  while (row.next()) {
    if (!row.text(0).empty())
      all.emplace_back(WithPerson{row.text(0)});
    else if (!row.text(1).empty())
      all.emplace_back(InGroup{row.text(1)});
    else
      all.emplace_back(WithSelf{});
  }
  return all;
}

std::vector<KeptMail> Database::Impl::find(const FindStorage& wanted) {
  std::vector<Place> places;
  for (const auto& key : wanted.keys) {
    auto row = connection.query("SELECT folder, uidvalidity, uid FROM storage_key WHERE key = ?", key);
    while (row.next()) places.push_back({row.id<FolderId>(0), row.u32(1), row.u32(2)});
  }
  std::ranges::sort(places);
  const auto twice = std::ranges::unique(places);
  places.erase(twice.begin(), twice.end());
  std::vector<KeptMail> mails;
  for (const auto& place : places)
    if (auto kept = kept_mail(place)) mails.push_back(*std::move(kept));
  return mails;
}

std::optional<KeptMail> Database::Impl::kept_mail(const Place& place) {
  KeptMail kept{.place = place, .rfc_id = {}, .mail = {}};
  auto& mail = kept.mail;
  {
    auto row = connection.query(
        "SELECT rfc_id, date_ms, whole, group_id, addrs, name, fields, page, replaces, ours FROM storage_mail WHERE "
        "folder = "
        "? AND uidvalidity = ? AND uid = ?",
        place.folder, place.uidvalidity, place.uid);
    if (!row.next()) return std::nullopt;
    kept.rfc_id = row.text(0);
    mail = {.addrs = values_of(row.text(4)),
            .group = row.text(3),
            .name = row.text(5),
            .date_ms = row.number(1),
            .fields = row.text(6),
            .page = row.text(7),
            .replaces = values_of(row.text(8)),
            .whole = row.flag(2),
            .ours = row.flag(9)};
  }
  auto key = connection.query("SELECT key FROM storage_key WHERE folder = ? AND uidvalidity = ? AND uid = ?",
                              place.folder, place.uidvalidity, place.uid);
  while (key.next()) mail.keys.push_back(key.text(0));
  auto choice = connection.query(
      "SELECT kind, value, at_ms FROM storage_choice WHERE folder = ? AND uidvalidity = ? AND uid = ? ORDER BY kind",
      place.folder, place.uidvalidity, place.uid);
  while (choice.next()) mail.choices.push_back({choice.word<ChoiceKind>(0), choice.text(1), choice.number(2)});
  return kept;
}

void Database::Impl::apply(const PutStorage& put) {
  const auto& [place, rfc_id, mail] = put;
  if (is_void(place)) return;
  forget_storage(place.folder, place.uidvalidity, {place.uid, place.uid});
  connection.run(
      "INSERT INTO storage_mail(folder, uidvalidity, uid, rfc_id, date_ms, whole, group_id, addrs, name, fields, page, "
      "replaces, ours) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      place.folder, place.uidvalidity, place.uid, rfc_id, mail.date_ms, mail.whole, mail.group, lines(mail.addrs),
      mail.name, mail.fields, mail.page, lines(mail.replaces), mail.ours);
  for (const auto& key : mail.keys)
    connection.run("INSERT INTO storage_key(key, folder, uidvalidity, uid) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                   key, place.folder, place.uidvalidity, place.uid);
  for (const auto& choice : mail.choices)
    connection.run("INSERT INTO storage_choice(folder, uidvalidity, uid, kind, value, at_ms) VALUES (?, ?, ?, ?, ?, ?)",
                   place.folder, place.uidvalidity, place.uid, choice.kind, choice.value, choice.at_ms);
}

// What they said stays.
void Database::Impl::forget_storage(FolderId folder, std::uint32_t uidvalidity, NumberSet::Range uids) {
  connection.run("DELETE FROM storage_mail WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? AND ?", folder,
                 uidvalidity, uids.first, uids.last);
  connection.run("DELETE FROM storage_key WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? AND ?", folder,
                 uidvalidity, uids.first, uids.last);
  connection.run("DELETE FROM storage_choice WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? AND ?", folder,
                 uidvalidity, uids.first, uids.last);
}

void Database::Impl::apply(const PutContactsKept& put) {
  connection.run(
      "INSERT INTO setting(name, value) VALUES ('contacts', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      put.kept ? "on" : "off");
  changes.account = true;
  if (put.kept) return;
  connection.run("DELETE FROM job WHERE outgoing IN (SELECT id FROM outgoing WHERE about <> '')");
  connection.run("DELETE FROM outgoing WHERE about <> ''");
}

// An older one about the same that still waits says nothing that this one does not. False: this one waits already.
bool Database::Impl::replaces_waiting(const PutOutgoing& outgoing) {
  {
    auto row = connection.query("SELECT 1 FROM outgoing WHERE about = ? AND about <> '' AND rfc_id = ?", outgoing.about,
                                outgoing.key.rfc_id);
    if (row.next()) return false;
  }
  connection.run(
      "DELETE FROM job WHERE outgoing IN (SELECT id FROM outgoing WHERE about = ? AND about <> '') AND outgoing <> 0",
      outgoing.about);
  connection.run("DELETE FROM outgoing WHERE about = ? AND about <> ''", outgoing.about);
  return true;
}

Result<std::vector<Place>> Database::storage_places(const std::vector<Place>& places) {
  return walled("cannot read where a mail lies", [&] {
    std::vector<Place> found;
    for (const auto& place : places) {
      auto row = impl_->connection.query("SELECT 1 FROM storage_mail WHERE folder = ? AND uidvalidity = ? AND uid = ?",
                                         place.folder, place.uidvalidity, place.uid);
      if (row.next()) found.push_back(place);
    }
    return found;
  });
}

}  // namespace coi::store
