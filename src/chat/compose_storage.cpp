#include "chat/compose_storage.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "chat/compose_parts.h"
#include "chat/marked_part.h"
#include "chat/profile.h"
#include "chat/read_storage.h"
#include "html/escaped.h"
#include "html/microformats.h"
#include "mime/address.h"
#include "mime/message_id.h"
#include "wire/contact_hash.h"
#include "wire/message_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

mime::Header stored_field(std::string_view name, std::string value) { return {std::string(name), std::move(value)}; }

// C-50: the newest first.
std::vector<const KeptMail*> replaceable(const StorageFacts& facts) {
  std::vector<const KeptMail*> mails;
  for (const auto& kept : facts.mails)
    if (kept.mail.whole && kept.mail.group.empty() != is_group(facts.about)) mails.push_back(&kept);
  std::ranges::sort(mails, std::greater{}, [](const KeptMail* kept) {
    return std::tuple(kept->mail.date_ms, kept->place.uidvalidity, kept->place.uid);
  });
  return mails;
}

std::string_view name_of(std::string_view line) { return line.substr(0, line.find(':')); }

std::vector<std::string_view> lines_of(std::string_view fields) {
  auto lines = ascii_split(fields, '\n');
  std::erase(lines, std::string_view());
  return lines;
}

bool is_token_out(std::string_view line) { return ascii_iequal(name_of(line), wire::coi_token_out); }

// Of all mails, each once. Those that are of addresses which are made anew are no foreign ones any more.
std::vector<std::string_view> all_fields(const std::vector<const KeptMail*>& mails, const Chosen& chosen) {
  std::vector<std::string_view> all;
  bool has_token_out = false;
  for (const auto* kept : mails) {
    const auto lines = lines_of(kept->mail.fields);
    for (const auto line : lines) {
      if (is_token_out(line) && has_token_out) continue;
      const bool is_own_hash =
          ascii_iequal(name_of(line), wire::coi_from_hash) &&
          std::ranges::any_of(chosen.addrs, [&](const auto& addr) { return line.ends_with(wire::contact_hash(addr)); });
      if (!is_own_hash && std::ranges::find(all, line) == all.end()) all.push_back(line);
    }
    has_token_out = has_token_out || std::ranges::any_of(lines, is_token_out);
  }
  return all;
}

// Of choices the newest counts.
void forget_choices(std::vector<html::Property>& others) {
  std::erase_if(others, [](const html::Property& property) {
    return property.classes == draft_class || property.classes == folders_class || property.classes == times_class;
  });
}

std::optional<html::Card> card_in(const std::string& page) {
  auto cards = html::read_cards(page);
  if (cards.empty()) return std::nullopt;
  forget_choices(cards.front().others);
  return std::move(cards.front());
}

std::optional<html::Group> group_in(const std::string& page) {
  const auto document = html::parse(page, Limits{});
  if (!document) return std::nullopt;
  auto group = html::read_group(*document);
  if (!group) return std::nullopt;
  forget_choices(group->others);
  return *std::move(group);
}

template <class Value>
void fill(Value& member, const Value& other) {
  if (member == Value{}) member = other;
}

void fill_others(std::vector<html::Property>& others, const std::vector<html::Property>& older) {
  const auto known = others;
  for (const auto& property : older)
    if (std::ranges::find(known, property.classes, &html::Property::classes) == known.end()) others.push_back(property);
}

void fill(html::Card& card, const html::Card& older) {
  fill(card.nickname, older.nickname);
  fill(card.categories, older.categories);
  fill(card.status, older.status);
  fill(card.birthday, older.birthday);
  fill(card.photo, older.photo);
  fill(card.key, older.key);
  fill(card.notification, older.notification);
  fill_others(card.others, older.others);
}

void fill(html::Group& group, const html::Group& older) {
  fill(group.photo, older.photo);
  fill(group.notification, older.notification);
  fill_others(group.others, older.others);
}

// What the pages of all mails say together.
template <class Item>
Item merged(const std::vector<const KeptMail*>& mails, std::optional<Item> (*read)(const std::string&)) {
  std::optional<Item> all;
  for (const auto* kept : mails) {
    auto one = read(kept->mail.page);
    if (!one) continue;
    if (all)
      fill(*all, *one);
    else
      all = std::move(one);
  }
  return all.value_or(Item{});
}

// HTML makes one of several spaces, and none of those at an end.
std::string kept_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool alone = i > 0 && i + 1 < text.size() && text[i - 1] > ' ' && text[i + 1] > ' ';
    const auto c = static_cast<unsigned char>(text[i]);
    if (c > ' ' && c != '%' && c != 0x7F)
      out += text[i];
    else if (c == ' ' && alone)
      out += ' ';
    else
      out += fmt::format("%{:02X}", c);
  }
  return out;
}

void add_text(std::vector<html::Property>& others, std::string_view name, std::string_view text) {
  if (!text.empty()) others.push_back({.classes = std::string(name), .value = kept_text(text), .properties = {}});
}

void take_choices(const std::vector<Choice>& choices, std::optional<html::Notification>& notification,
                  std::vector<html::Property>& others) {
  // That a time of silence ends is more than other programs can read.
  if (const auto* muted = find_choice(choices, ChoiceKind::muted); muted != nullptr) {
    const bool enabled = muted->value != std::to_string(muted_for_good);
    if (notification || !enabled) {
      if (!notification) notification.emplace();
      notification->enabled = enabled;
    }
  }
  const auto tell_choice = [&](ChoiceKind kind, std::string_view name) {
    if (const auto* choice = find_choice(choices, kind); choice != nullptr) add_text(others, name, choice->value);
  };
  tell_choice(ChoiceKind::draft, draft_class);
  tell_choice(ChoiceKind::folders, folders_class);
}

std::string choices_text(const std::vector<Choice>& choices) {
  std::vector<std::string> pieces;
  for (const auto& choice : choices) {
    pieces.push_back(fmt::format("{}={}:{}", word(choice.kind), choice.at_ms,
                                 !is_kept_in_card(choice.kind) ? choice.value
                                 : choice.value.empty()        ? "none"
                                                               : "here"));
  }
  return fmt::format("{}", fmt::join(pieces, "; "));
}

UnixMs newest(const std::vector<Choice>& choices) {
  UnixMs at = 0;
  for (const auto& choice : choices) at = std::max(at, choice.at_ms);
  return at;
}

// What an h-group has no words for.
constexpr std::string_view joined_class = "x-coi-joined", named_class = "x-coi-named",
                           described_class = "x-coi-described";

html::Property time_property(std::string_view name, UnixMs at) {
  return {.classes = std::string(name), .value = std::to_string(at), .properties = {}};
}

UnixMs time_in(const std::vector<html::Property>& others, std::string_view name) {
  const auto found = std::ranges::find(others, name, &html::Property::classes);
  if (found == others.end()) return 0;
  const auto at = ascii_number<std::uint64_t>(found->value);
  return at && *at <= static_cast<std::uint64_t>(muted_for_good) ? static_cast<UnixMs>(*at) : 0;
}

struct Page {
  std::string kind, name, html = {};
  std::vector<Audience> further = {};  // parts of the own profile for some alone
};

html::Card person_card(const StorageFacts& facts, const std::vector<const KeptMail*>& mails) {
  auto card = merged<html::Card>(mails, card_in);
  const auto* given = find_choice(facts.chosen.choices, ChoiceKind::name);
  card.name = given != nullptr && !given->value.empty() ? given->value
              : facts.chosen.name.empty()               ? facts.chosen.addrs.front()
                                                        : facts.chosen.name;
  card.emails = facts.chosen.addrs;
  take_choices(facts.chosen.choices, card.notification, card.others);
  if (const auto* categories = find_choice(facts.chosen.choices, ChoiceKind::categories))
    card.categories = categories_of(categories->value);
  return card;
}

Page person_page(const StorageFacts& facts, const std::vector<const KeptMail*>& mails) {
  const auto card = person_card(facts, mails);
  return {"contact", card.name, html::write_card(card)};
}

// C-52: what everybody gets, with the choices about the chat with oneself; and what some get alone.
Page own_page(const StorageFacts& facts, const std::vector<const KeptMail*>& mails) {
  auto card = person_card(facts, mails);
  Page page{.kind = "profile", .name = card.name};
  if (const auto* profile = find_choice(facts.chosen.choices, ChoiceKind::profile)) {
    page.further = profile_of(profile->value);
    const auto* everybody = part_for(page.further, {});
    tell(everybody == nullptr ? Audience() : *everybody, card);
    add_text(card.others, times_class, times_text(page.further));
    std::erase_if(page.further,
                  [](const Audience& audience) { return audience.categories.empty() || audience.removed; });
  }
  page.html = html::write_card(card);
  return page;
}

Page group_page(const StorageFacts& facts, const std::vector<const KeptMail*>& mails) {
  auto page = merged<html::Group>(mails, group_in);
  const auto& group = *facts.chosen.group;
  page.id = group.id;
  page.name = group.name;
  page.description = group.description;
  page.members.clear();
  for (const auto& member : group.members)
    if (member.is_in())
      page.members.push_back(
          {.name = member.addr, .emails = {member.addr}, .others = {time_property(joined_class, member.joined_ms)}});
  std::erase_if(page.others, [](const html::Property& property) {
    return property.classes == named_class || property.classes == described_class;
  });
  if (group.name_ms > 0) page.others.push_back(time_property(named_class, group.name_ms));
  if (group.description_ms > 0) page.others.push_back(time_property(described_class, group.description_ms));
  take_choices(facts.chosen.choices, page.notification, page.others);
  return {"group", page.name.empty() ? "Group" : page.name, html::write_group(page)};
}

std::vector<mime::Header> fields_of(const StorageFacts& facts, const std::vector<const KeptMail*>& mails,
                                    const Page& page) {
  const auto& chosen = facts.chosen;
  std::vector<mime::Header> fields = {stored_field(wire::chat_content, page.kind)};
  if (!is_group(facts.about))
    for (const auto& addr : chosen.addrs) fields.push_back(stored_field(wire::coi_from_hash, wire::contact_hash(addr)));
  if (const auto* blocked = find_choice(chosen.choices, ChoiceKind::blocked);
      blocked != nullptr && blocked->value == "1")
    fields.push_back(stored_field(wire::coi_blocked, std::string(wire::coi_blocked_value)));
  fields.push_back(stored_field(wire::coi_choices, choices_text(chosen.choices)));
  std::set<std::string> replaced;
  for (const auto* kept : mails) replaced.insert(kept->rfc_id);
  if (!replaced.empty())
    fields.push_back(stored_field(wire::coi_replaces, mime::format_message_ids({replaced.begin(), replaced.end()})));
  for (const auto line : all_fields(mails, chosen)) {
    const auto name = name_of(line);
    fields.push_back(stored_field(name, std::string(ascii_trim(line.substr(name.size() + 1)))));
  }
  return fields;
}

// C-52.
std::vector<mime::Part> audience_parts(const Page& page, const AccountFacts& account) {
  std::vector<mime::Part> parts;
  for (const auto& audience : page.further)
    parts.push_back({.headers = {stored_field(
                         wire::chat_content,
                         mark_with("profile", "categories", fmt::format("{}", fmt::join(audience.categories, ","))))},
                     .type = "text/html",
                     .body = html::write_card(card_of(audience, account)) + "\r\n"});
  return parts;
}

// Of the older ones nothing is missing in the newer.
bool holds(const KeptMail& mail, const KeptMail& other, const StorageFacts& facts) {
  if (other.rfc_id == mail.rfc_id || std::ranges::find(mail.mail.replaces, other.rfc_id) != mail.mail.replaces.end())
    return true;
  const auto own = lines_of(mail.mail.fields);
  for (const auto line : all_fields({&mail, &other}, facts.chosen))
    if (std::ranges::find(own, line) == own.end()) return false;
  if (is_group(facts.about)) {
    const auto alone = merged<html::Group>({&mail}, group_in), both = merged<html::Group>({&mail, &other}, group_in);
    return alone.photo == both.photo && alone.others.size() == both.others.size();
  }
  auto alone = merged<html::Card>({&mail}, card_in), both = merged<html::Card>({&mail, &other}, card_in);
  return alone == both;
}

}  // namespace

const Choice* find_choice(const std::vector<Choice>& choices, ChoiceKind kind) {
  const auto found = std::ranges::find(choices, kind, &Choice::kind);
  return found == choices.end() ? nullptr : &*found;
}

std::vector<std::string> storage_keys(const ChatRef& about, const Chosen& chosen) {
  if (const auto* group = std::get_if<InGroup>(&about)) return {"group " + group->id};
  if (is_with_self(about)) return {std::string(own_storage_key)};
  std::vector<std::string> keys;
  for (const auto& addr : chosen.addrs) keys.push_back(wire::contact_hash(addr));
  return keys;
}

GroupSaid group_in_storage(const StorageMail& mail) {
  const auto group = group_in(mail.page);
  if (!group) return {};
  GroupSaid said{.id = mail.group, .name = group->name, .name_ms = time_in(group->others, named_class)};
  if (const auto since = time_in(group->others, described_class); since > 0) {
    said.description = group->description;
    said.description_ms = since;
  }
  for (const auto& member : group->members) {
    const auto at = time_in(member.others, joined_class);
    if (!member.emails.empty() && at > 0) said.joined.push_back({mime::canonical(member.emails.front()), at});
  }
  return said;
}

bool tells_of(const StorageMail& mail, const GroupFacts& group) {
  const auto said = group_in_storage(mail);
  if (said.name != group.name || said.description.value_or("") != group.description) return false;
  std::set<std::string> told, known;
  for (const auto& member : said.joined) told.insert(member.addr);
  for (const auto& member : group.members)
    if (member.is_in()) known.insert(member.addr);
  return told == known;
}

bool stands_for_all(const KeptMail& mail, const StorageFacts& facts) {
  for (const auto& choice : facts.chosen.choices) {
    const auto* told = find_choice(mail.mail.choices, choice.kind);
    // What stands in the card is told by its time: read back it may be another text.
    if (told == nullptr || (is_kept_in_card(choice.kind) ? told->at_ms < choice.at_ms : is_older(*told, choice)))
      return false;
    if (choice.kind == ChoiceKind::profile && !is_as_new(dated_profile(*told), dated_profile(choice))) return false;
  }
  if (!is_group(facts.about) && std::ranges::any_of(facts.chosen.addrs, [&](const auto& addr) {
        return std::ranges::find(mail.mail.addrs, addr) == mail.mail.addrs.end();
      }))
    return false;
  return std::ranges::all_of(replaceable(facts), [&](const KeptMail* other) { return holds(mail, *other, facts); });
}

ComposedStorage compose_storage(const StorageFacts& facts, const AccountFacts& account) {
  const auto mails = replaceable(facts);
  const auto page = is_group(facts.about)       ? group_page(facts, mails)
                    : is_with_self(facts.about) ? own_page(facts, mails)
                                                : person_page(facts, mails);
  const auto fields = fields_of(facts, mails, page);
  auto further = audience_parts(page, account);
  std::string all = page.html;
  for (const auto& part : further) all.append("\n").append(part.body);
  for (const auto& one : fields) all.append("\n").append(one.name).append(":").append(one.value);
  ComposedStorage composed{.rfc_id = wire::message_id_for(account.addr, all)};
  auto words = fmt::format("{}\n", page.name);
  if (!is_group(facts.about)) words += fmt::format("{}\n", fmt::join(facts.chosen.addrs, "\n"));
  mime::Part shown{.type = "multipart/alternative"};
  shown.children.push_back(text_part(words));
  shown.children.push_back({.type = "text/html", .body = page.html + "\r\n"});
  if (is_with_self(facts.about)) shown.children.back().headers = {stored_field(wire::chat_content, page.kind)};  // C-52
  if (further.empty()) {
    composed.tree = std::move(shown);
  } else {
    composed.tree.type = "multipart/mixed";
    composed.tree.children.push_back(std::move(shown));
    std::ranges::move(further, std::back_inserter(composed.tree.children));
  }
  const std::string subject = is_group(facts.about) ? "Group" : is_with_self(facts.about) ? "Profile" : "Contact";
  composed.tree.headers =
      common_fields(account, {account.addr}, composed.rfc_id, subject, newest(facts.chosen.choices));
  composed.tree.headers.insert(composed.tree.headers.end(), fields.begin(), fields.end());
  return composed;
}

}  // namespace coi::chat
