#include "html/microformats.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "html/class_names.h"
#include "html/items.h"
#include "html/markup.h"
#include "html/properties.h"

namespace coi::html {
namespace {

constexpr std::size_t most_list = 10'000;  // octets of words with commas

// False: it has one already, or `value` says nothing.
bool set(std::string& member, std::string value) {
  if (!member.empty() || value.empty()) return false;
  member = std::move(value);
  return true;
}

template <class Value>
bool set(std::optional<Value>& member, std::optional<Value> value) {
  if (member || !value) return false;
  member = std::move(value);
  return true;
}

bool add_email(Card& card, std::string email) {
  if (email.empty()) return false;
  if (card.emails.size() < most_emails && std::ranges::find(card.emails, email) == card.emails.end())
    card.emails.push_back(std::move(email));
  return true;
}

bool add_categories(Card& card, std::string_view text) {
  if (text.size() > most_list) return false;
  for (auto& word : words_of(text))
    if (card.categories.size() < most_emails && std::ranges::find(card.categories, word) == card.categories.end())
      card.categories.push_back(std::move(word));
  return true;
}

std::optional<Notification> notification_if_any(std::string_view text) {
  if (text.size() > most_list || one_line(text, most_list).empty()) return std::nullopt;
  return notification_of(text);
}

// False: kept as it is, among the others.
bool take(Card& card, std::string_view property, std::string_view value) {
  if (property == name_class) return set(card.name, one_line(value, most_name));
  if (property == nickname_class) return set(card.nickname, one_line(value, most_name));
  if (property == email_class) return add_email(card, email_of(value));
  if (property == category_class) return add_categories(card, value);
  if (property == status_class || property == old_status_class) return set(card.status, lines(value, most_name));
  if (property == birthday_class) return set(card.birthday, birthday_of(value));
  if (property == photo_class) return set(card.photo, picture_of(value));
  if (property == key_class || property == old_key_class) return set(card.key, key_of(value));
  if (property == notification_class) return set(card.notification, notification_if_any(value));
  if (property == hash_class) return set(card.hash, one_line(value, most_name));
  return false;
}

bool take(Group& group, std::string_view property, std::string_view value) {
  if (property == id_class) return set(group.id, one_line(value, most_name));
  if (property == name_class) return set(group.name, one_line(value, most_name));
  if (property == description_class) return set(group.description, lines(value, most_description));
  if (property == photo_class) return set(group.photo, picture_of(value));
  if (property == notification_class) return set(group.notification, notification_if_any(value));
  return false;
}

// What one property is called in several ways, on one element.
std::string_view first_name(std::string_view property) {
  if (property == old_status_class) return status_class;
  return property == old_key_class ? key_class : property;
}

template <class Item>
void take_properties(Item& item, const Outline::Element& element, Others& others) {
  std::string_view before;
  Values values(*element.node);
  for (const auto& property : element.properties()) {
    if (property == participants_class || property == other_participants_class) continue;
    if (first_name(property) == before) continue;
    before = first_name(property);
    const auto value = values.of(property);
    if (!take(item, property, value)) others.add(property, value);
  }
}

bool is_card(const Outline::Element& element) {
  return element.has(card_class) && std::ranges::all_of(element.properties(), [](auto property) {
           return property == participants_class || property == other_participants_class;
         });
}

struct FoundCard {
  Card card;
  std::size_t end = 0;  // behind the last element that belongs to it
};

void read_card_range(const Outline& outline, Range range, Card& card, Others& others) {
  for (auto i = range.begin; i < range.end; ++i) {
    const auto& element = outline.elements[i];
    if (!element.is_item()) {
      take_properties(card, element, others);
      continue;
    }
    if (!is_card(element)) others.add_item(outline, i);
    i = element.end - 1;
  }
}

FoundCard read_card(const Outline& outline, std::size_t at) {
  FoundCard out;
  Others others;
  read_card_range(outline, outline.inside(at), out.card, others);
  out.end = outline.elements[at].end;
  if (outline.elements[at].node->tag == "p" && (out.card.name.empty() || out.card.emails.empty())) {
    const auto rest = outline.behind(at, card_class);
    read_card_range(outline, rest, out.card, others);
    out.end = rest.end;
  }
  out.card.others = std::move(others).take();
  return out;
}

bool says_who(const Card& card) { return !card.name.empty() || !card.emails.empty() || !card.hash.empty(); }

// A group or document under way.
struct Members {
  std::vector<Card> cards;
  std::size_t card_end = 0;  // behind the last card so far
  bool too_many = false;

  // False: the element at `at` belongs to no card. `at` becomes the last one of what has been read.
  bool take(const Outline& outline, std::size_t& at) {
    const auto& element = outline.elements[at];
    if (is_card(element)) {
      auto [card, end] = read_card(outline, at);
      card_end = std::max(card_end, end);
      too_many = too_many || (says_who(card) && cards.size() == most_members);
      if (says_who(card) && !too_many) cards.push_back(std::move(card));
      return true;
    }
    if (at >= card_end) return false;
    if (element.is_item()) at = element.end - 1;
    return true;
  }
};

void read_group_range(const Outline& outline, Range range, Group& group, Members& members, Others& others) {
  std::size_t participants_end = 0;
  for (auto i = range.begin; i < range.end; ++i) {
    const auto& element = outline.elements[i];
    if (element.has(group_class) && !is_card(element)) {
      i = element.end - 1;
    } else if (!members.take(outline, i)) {
      if (element.has(participants_class) || element.has(other_participants_class))
        participants_end = std::max(participants_end, element.end);
      if (element.is_item()) {
        others.add_item(outline, i);
        i = element.end - 1;
      } else if (i >= participants_end) {
        take_properties(group, element, others);
      }
    }
  }
}

bool has_members(const Outline& outline, Range range) {
  return outline.find(card_class, range) || outline.find(participants_class, range) ||
         outline.find(other_participants_class, range);
}

std::optional<double> number_of(std::string_view text) {
  text = ascii_trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string write_photo(const std::optional<Data>& data, Photo photo) {
  if (!data) return {};
  return photo == Photo::shown ? picture(photo_class, url_of(*data), "") : hidden(photo_class, url_of(*data));
}

std::string card_body(const Card& card, Photo photo) {
  // Of whom nothing but an address is known, that stands there once.
  const bool is_named = card.emails.empty() || card.emails.front() != card.name;
  std::string shown =
      element("b", is_named ? std::string(name_class) : fmt::format("{} {}", name_class, email_class), card.name);
  if (!card.nickname.empty()) shown += " (" + element("span", nickname_class, card.nickname) + ")";
  for (const auto& email : std::span(card.emails).subspan(is_named ? 0 : 1))
    shown += "<br>" + element("span", email_class, email);
  if (!card.status.empty())
    shown += "<br>" + element("span", fmt::format("{} {}", status_class, old_status_class), card.status);
  std::string out = fmt::format("{}<p>{}</p>", write_photo(card.photo, photo), shown);
  if (!card.categories.empty()) out += hidden(category_class, fmt::format("{}", fmt::join(card.categories, ", ")));
  if (!card.birthday.empty()) out += hidden(birthday_class, card.birthday);
  if (card.key) out += hidden(key_class, card.key->type.empty() ? card.key->base64 : url_of(*card.key));
  if (card.notification) out += hidden(notification_class, notification_text(*card.notification));
  if (!card.hash.empty()) out += hidden(hash_class, card.hash);
  return out + write_properties(card.others);
}

}  // namespace

std::vector<Card> read_cards(const Node& document) {
  const Outline outline(document);
  Members found;
  for (std::size_t i = 0; i < outline.elements.size(); ++i) {
    const auto& element = outline.elements[i];
    if (!found.take(outline, i) && element.has(card_class)) i = element.end - 1;
  }
  return std::move(found.cards);
}

std::vector<Card> read_cards(std::string_view page) {
  const auto document = parse(page, Limits{});
  return document ? read_cards(*document) : std::vector<Card>();
}

Result<Group> read_group(const Node& document) {
  const Outline outline(document);
  const auto at = outline.find(group_class, outline.all());
  if (!at) return fail(ErrorKind::not_found, "no h-group");
  const auto inside = outline.inside(*at);
  const bool broken = outline.elements[*at].node->tag == "p" || !has_members(outline, inside);
  Group group;
  Members members;
  Others others;
  read_group_range(outline, inside, group, members, others);
  if (broken) {
    const Range rest = {inside.end, outline.elements.size()};
    read_group_range(outline, {rest.begin, outline.find(group_class, rest).value_or(rest.end)}, group, members, others);
  }
  if (members.too_many) return fail(ErrorKind::limit, fmt::format("a group of more than {} members", most_members));
  group.members = std::move(members.cards);
  group.others = std::move(others).take();
  return group;
}

Result<Geo> read_geo(const Node& document) {
  const Outline outline(document);
  const auto at = outline.find(geo_class, outline.all());
  if (!at) return fail(ErrorKind::not_found, "no h-geo");
  const auto coordinate = [&](std::string_view property, double bound) -> std::optional<double> {
    const auto element = outline.find(property, outline.inside(*at));
    if (!element) return std::nullopt;
    const auto value = number_of(Values(*outline.elements[*element].node).of(property));
    return value && std::abs(*value) <= bound ? value : std::nullopt;
  };
  const auto latitude = coordinate(latitude_class, 90), longitude = coordinate(longitude_class, 180);
  if (!latitude || !longitude) return fail(ErrorKind::invalid, "a place without coordinates on earth");
  return Geo{*latitude, *longitude};
}

std::string write_card(const Card& card, Photo photo) {
  return fmt::format("<div class=\"{}\">{}</div>", card_class, card_body(card, photo));
}

std::string write_group(const Group& group, Photo photo) {
  std::string shown = element("b", name_class, group.name);
  if (!group.description.empty()) shown += "<br>" + element("span", description_class, group.description);
  std::string out = fmt::format("<div class=\"{}\">{}<p>{}</p>", group_class, write_photo(group.photo, photo), shown);
  if (!group.id.empty()) out += hidden(id_class, group.id);
  if (group.notification) out += hidden(notification_class, notification_text(*group.notification));
  out += write_properties(group.others);
  out += fmt::format("<ul class=\"{} {}\">", participants_class, other_participants_class);
  for (const auto& member : group.members)
    out += fmt::format("<li class=\"{}\">{}</li>", card_class, card_body(member, photo));
  return out + "</ul></div>";
}

std::string degrees(double value) {
  auto out = fmt::format("{:.7f}", value);
  while (out.ends_with('0')) out.pop_back();
  if (out.ends_with('.')) out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string write_geo(const Geo& geo) {
  return fmt::format("<p class=\"{}\">{}, {}</p>", geo_class, element("span", latitude_class, degrees(geo.latitude)),
                     element("span", longitude_class, degrees(geo.longitude)));
}

}  // namespace coi::html
