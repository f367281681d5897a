#include "chat/read_storage.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/chat_folders.h"
#include "chat/marked_part.h"
#include "chat/profile.h"
#include "html/microformats.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/date.h"
#include "mime/header_field.h"
#include "mime/message_id.h"
#include "mime/vcard.h"
#include "wire/contact_hash.h"
#include "wire/content.h"
#include "wire/group_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

constexpr std::array<std::string_view, 11> words = {"name",  "accepted",   "blocked", "muted", "pinned", "archived",
                                                    "draft", "categories", "profile", "told",  "folders"};
constexpr std::string_view kept_in_card = "here";
constexpr std::size_t most_keys = 200;

// C-43: what every storage mail has, and what we write anew.
bool is_written_anew(std::string_view name) {
  static constexpr std::array<std::string_view, 14> ours = {"From",
                                                            "To",
                                                            "Subject",
                                                            "Date",
                                                            "Message-ID",
                                                            "MIME-Version",
                                                            "References",
                                                            "In-Reply-To",
                                                            wire::chat_version,
                                                            wire::chat_content,
                                                            wire::coi_blocked,
                                                            wire::coi_choices,
                                                            wire::coi_replaces,
                                                            "Return-Path"};
  return ascii_istarts_with(name, "Content-") ||
         std::ranges::any_of(ours, [&](std::string_view one) { return ascii_iequal(one, name); });
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) { return ascii_hex_digit(c) >= 0; });
}

void add_key(std::string key, std::vector<std::string>& keys) {
  if (keys.size() < most_keys && std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
}

// C-49. False: there is more than is kept.
bool read_fields(const mime::Part& root, StorageMail& mail) {
  for (const auto& header : root.headers) {
    if (is_written_anew(header.name)) continue;
    if (ascii_iequal(header.name, wire::coi_from_hash)) {
      const auto hash = ascii_lower(ascii_trim(header.value));
      if (is_hash(hash)) add_key(hash, mail.keys);
      if (std::ranges::any_of(mail.addrs, [&](const auto& addr) { return wire::is_contact_hash_of(hash, addr); }))
        continue;  // made anew
    }
    if (mail.fields.size() + header.name.size() + header.value.size() > most_storage_fields) return false;
    // Octet by octet: tokens are opaque (C-44).
    const auto again = mime::format_field(header);
    if (!again || mime::parse_field(*again) != header) return false;
    mail.fields.append(header.name).append(": ").append(header.value).append("\n");
  }
  return true;
}

const mime::Part* part_of_type(const mime::Part& part, std::string_view type) {
  if (part.type == type && part.children.empty()) return &part;
  for (const auto& child : part.children)
    if (const auto* found = part_of_type(child, type)) return found;
  return nullptr;
}

// C-41: the HTML alone, or beside a plain text. Of what holds anything else a rewrite would lose that.
bool has_nothing_else(const mime::Part& root) {
  const auto is_whole_text = [](const mime::Part& part) {
    return part.is_text() && part.children.empty() && !part.truncated;
  };
  if (root.type == "text/html") return is_whole_text(root);
  // Of the own profile: the texts of its parts, the first of which may be an alternative of two.
  if (root.type == "multipart/mixed")
    return is_marked(root, wire::Content::profile) && !root.truncated &&
           std::ranges::all_of(root.children, [&](const mime::Part& part) {
             return is_whole_text(part) || (part.type == "multipart/alternative" && has_nothing_else(part));
           });
  return root.type == "multipart/alternative" && !root.truncated && root.children.size() <= 2 &&
         std::ranges::all_of(root.children, is_whole_text);
}

bool is_switch(ChoiceKind kind) {
  return kind == ChoiceKind::accepted || kind == ChoiceKind::blocked || kind == ChoiceKind::pinned ||
         kind == ChoiceKind::archived || kind == ChoiceKind::profile_told;
}

std::string text_in(const std::vector<html::Property>& others, std::string_view name) {
  const auto property = std::ranges::find(others, name, &html::Property::classes);
  return property == others.end() ? std::string() : mime::valid_utf8(ascii_undo_percent(property->value));
}

std::string draft_in(const std::vector<html::Property>& others) {
  return std::string(utf8_front(text_in(others, draft_class), longest_draft));
}

std::string folders_in(const std::vector<html::Property>& others) {
  return fmt::format("{}", fmt::join(folders_of(text_in(others, folders_class)), ","));
}

// What stands for people in the same mail.
struct InCard {
  std::string name, draft = {};
  std::optional<html::Notification> notification = {};
  std::string categories = {}, profile = {}, folders = {};  // as the choices have them
};

const std::string& in_card(ChoiceKind kind, const InCard& shown) {
  return kind == ChoiceKind::draft        ? shown.draft
         : kind == ChoiceKind::categories ? shown.categories
         : kind == ChoiceKind::profile    ? shown.profile
         : kind == ChoiceKind::folders    ? shown.folders
                                          : shown.name;
}

std::optional<Choice> choice_of(std::string_view text, const InCard& shown) {
  const auto equals = text.find('='), colon = text.find(':');
  if (equals == std::string_view::npos || colon == std::string_view::npos || colon < equals) return std::nullopt;
  const auto kind = std::ranges::find(words, ascii_trim(text.substr(0, equals)));
  const auto at = ascii_number<std::uint64_t>(ascii_trim(text.substr(equals + 1, colon - equals - 1)));
  if (kind == words.end() || !at || *at == 0 || *at > static_cast<std::uint64_t>(muted_for_good)) return std::nullopt;
  Choice choice{.kind = static_cast<ChoiceKind>(kind - words.begin()), .at_ms = static_cast<UnixMs>(*at)};
  const auto value = ascii_trim(text.substr(colon + 1));
  if (is_kept_in_card(choice.kind)) {
    if (value == kept_in_card) choice.value = in_card(choice.kind, shown);
    return choice;
  }
  const auto number = ascii_number<std::uint64_t>(value);
  if (!number || *number > static_cast<std::uint64_t>(is_switch(choice.kind) ? 1 : muted_for_good)) return std::nullopt;
  choice.value = std::to_string(*number);
  return choice;
}

void put(Choice choice, std::vector<Choice>& choices) {
  std::erase_if(choices, [&](const Choice& known) { return known.kind == choice.kind; });
  choices.push_back(std::move(choice));
}

// What other programs write too, as it was decided at the Date.
void read_common(const mime::Part& root, const InCard& shown, StorageMail& mail) {
  const auto say = [&](ChoiceKind kind, std::string value) {
    put({kind, std::move(value), mail.date_ms}, mail.choices);
  };
  if (shown.notification) say(ChoiceKind::muted, std::to_string(shown.notification->enabled ? 0 : muted_for_good));
  if (!mail.group.empty()) return;
  if (mail.own) return say(ChoiceKind::profile, said_at(shown.profile, mail.date_ms));
  say(ChoiceKind::categories, shown.categories);
  const bool blocked = root.header(wire::coi_blocked) != nullptr;  // C-48
  say(ChoiceKind::blocked, blocked ? "1" : "0");
  if (!blocked) say(ChoiceKind::accepted, "1");
  const bool is_named =
      !shown.name.empty() && std::ranges::find(mail.addrs, mime::canonical(shown.name)) == mail.addrs.end();
  say(ChoiceKind::name, is_named ? shown.name : std::string());
}

void read_choices(const mime::Part& root, const InCard& shown, StorageMail& mail) {
  UnixMs newest = 0;
  for (const auto piece : ascii_split(field_of(root, wire::coi_choices), ';'))
    if (auto choice = choice_of(piece, shown)) {
      newest = std::max(newest, choice->at_ms);
      put(*std::move(choice), mail.choices);
    }
  // Its Date is that of the newest choice, unless another program has written it since.
  mail.ours = newest > 0 && whole_seconds(newest) == mail.date_ms;
  if (!mail.ours && mail.date_ms > 0) read_common(root, shown, mail);
  std::ranges::sort(mail.choices, {}, &Choice::kind);
}

void take_addresses(const std::vector<std::string>& written, StorageMail& mail) {
  for (const auto& email : written) {
    auto addr = mime::canonical(email);
    if (!mime::is_address(addr) || std::ranges::find(mail.addrs, addr) != mail.addrs.end()) continue;
    add_key(wire::contact_hash(addr), mail.keys);
    mail.addrs.push_back(std::move(addr));
  }
}

// The h-card, or what a vCard says where there is none.
std::optional<InCard> read_person(const mime::Part& root, StorageMail& mail) {
  if (const auto* page = part_of_type(root, "text/html")) {
    const auto cards = html::read_cards(page->body);
    if (const auto card = std::ranges::find_if(cards, [](const auto& one) { return !one.emails.empty(); });
        card != cards.end()) {
      mail.page = html::write_card(*card);
      mail.whole = cards.size() == 1 && has_nothing_else(root);
      take_addresses(card->emails, mail);
      return InCard{.name = card->name,
                    .draft = draft_in(card->others),
                    .notification = card->notification,
                    .categories = fmt::format("{}", fmt::join(audience_of(*card).categories, ",")),
                    .folders = folders_in(card->others)};
    }
  }
  for (const auto type : {"text/vcard", "text/x-vcard"})
    if (const auto* part = part_of_type(root, type)) {
      const auto cards = mime::read_vcards(part->body, part->param("charset"));
      if (!cards || cards->empty()) continue;
      take_addresses(cards->front().addresses, mail);
      return InCard{.name = cards->front().name};
    }
  return std::nullopt;
}

// The own profile (C-52): whoever a part is for says its mark, or that of the alternative around it; what has none, or
// names nobody who could be meant, is for nobody.
struct OwnParts {
  std::vector<Audience> audiences;
  std::optional<html::Card> general;  // what everybody gets

  void add(const mime::Part& part, std::optional<std::string> mark) {
    if (is_marked(part, wire::Content::profile)) mark = std::string(field_of(part, wire::chat_content));
    if (part.is_multipart() && part.type != "multipart/alternative") mark.reset();
    for (const auto& child : part.children) add(child, mark);
    if (part.type != "text/html" || !part.is_text() || part.truncated || !mark) return;
    auto cards = html::read_cards(part.body);
    if (cards.empty()) return;
    auto audience = audience_of(cards.front());
    const auto named = mark_parameter(*mark, "categories");
    audience.categories = categories_of(named.value_or(""));
    if (named && audience.categories.empty()) return;
    const bool known = std::ranges::find(audiences, audience.categories, &Audience::categories) != audiences.end();
    if (known || audiences.size() >= most_known_audiences) return;
    if (audience.categories.empty()) general = std::move(cards.front());
    audiences.push_back(std::move(audience));
  }
};

std::optional<InCard> read_group_page(const mime::Part& root, StorageMail& mail) {
  const auto* page = part_of_type(root, "text/html");
  if (page == nullptr) return std::nullopt;
  const auto document = html::parse(page->body, Limits{});
  if (!document) return std::nullopt;
  const auto group = html::read_group(*document);
  if (!group || !wire::is_group_id(group->id)) return std::nullopt;
  mail.group = group->id;
  mail.page = html::write_group(*group);
  mail.whole = has_nothing_else(root);
  add_key("group " + group->id, mail.keys);
  return InCard{.name = group->name,
                .draft = draft_in(group->others),
                .notification = group->notification,
                .folders = folders_in(group->others)};
}

}  // namespace

std::string_view word(ChoiceKind kind) { return words[static_cast<std::size_t>(kind)]; }

std::optional<StorageMail> read_storage(const mime::Mail& mail) {
  const auto& root = mail.root;
  const auto content = content_of(root);
  using wire::Content;
  if (content != Content::contact && content != Content::profile && content != Content::group) return std::nullopt;
  // Own devices put theirs there themselves: what a server has received may be anybody's.
  if (root.header("Received") != nullptr) return std::nullopt;
  StorageMail read{.date_ms = mime::parse_date(field_of(root, "Date")).value_or(0)};
  auto shown = content == Content::group ? read_group_page(root, read) : read_person(root, read);
  if (!shown || (read.addrs.empty() && read.group.empty())) return std::nullopt;
  if (content == Content::profile) {
    OwnParts own;
    own.add(root, {});
    read.own = true;
    read.page = own.general ? html::write_card(*own.general) : std::string();
    const auto times = own.general ? text_in(own.general->others, times_class) : std::string();
    shown->profile = profile_text(with_times(std::move(own.audiences), times));
  }
  read.name = shown->name;
  if (!read_fields(root, read)) read.whole = false;
  if (read.own) read.keys = {std::string(own_storage_key)};
  read.replaces = mime::parse_message_ids(field_of(root, wire::coi_replaces));
  read_choices(root, *shown, read);
  return read;
}

}  // namespace coi::chat
