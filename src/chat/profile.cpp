#include "chat/profile.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "wire/message_id.h"

namespace coi::chat {
namespace {

constexpr std::size_t most_photo = 28'000;  // octets of base64, of a picture of 20 kB (image::avatar)

bool is_category(std::string_view word) {
  return !word.empty() && word.size() <= longest_category && std::ranges::all_of(word, [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || ascii_alnum(c) || c == '-' || c == '_' || c == ' ';
  });
}

std::string canonical_category(std::string_view word) { return ascii_single_spaced(ascii_lower(word)); }

}  // namespace

std::vector<std::string> categories_of(std::string_view text) {
  std::set<std::string> all;
  for (const auto word : ascii_split(text, ',')) {
    auto category = canonical_category(word);
    if (is_category(category) && all.size() < most_categories) all.insert(std::move(category));
  }
  return {all.begin(), all.end()};
}

Result<std::string> written_categories(const std::vector<std::string>& written) {
  std::set<std::string> all;
  for (const auto& list : written)
    for (const auto word : ascii_split(list, ',')) {
      auto category = canonical_category(word);
      if (category.empty()) continue;
      if (!is_category(category))
        return fail(ErrorKind::invalid, fmt::format("\"{}\" is no category", category),
                    "write words such as friend, family or work, apart by commas");
      all.insert(std::move(category));
    }
  if (all.size() > most_categories)
    return fail(ErrorKind::limit, fmt::format("{} categories at most", most_categories));
  return fmt::format("{}", fmt::join(all, ","));
}

// The year may be left out (C-46); of a leap year then.
std::optional<Error> unfit_birthday(std::string_view text) {
  const Error unfit(ErrorKind::invalid, fmt::format("\"{}\" is no birthday", text),
                    "write it as 1998-12-24, or 12-24 without the year");
  if (text.empty()) return std::nullopt;
  const bool has_year = !text.starts_with("--");
  if (text.size() != (has_year ? 10U : 7U) || (has_year && text[4] != '-') || text[text.size() - 3] != '-')
    return unfit;
  const auto year = has_year ? ascii_number<unsigned>(text.substr(0, 4)) : 2000U;
  const auto month = ascii_number<unsigned>(text.substr(text.size() - 5, 2));
  const auto day = ascii_number<unsigned>(text.substr(text.size() - 2));
  if (!year || !month || !day) return unfit;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  return date.ok() ? std::nullopt : std::optional(unfit);
}

Audience audience_of(const html::Card& card) {
  Audience audience{.categories = categories_of(fmt::format("{}", fmt::join(card.categories, ","))),
                    .status = std::string(utf8_front(card.status, longest_status)),
                    .birthday = unfit_birthday(card.birthday) ? std::string() : card.birthday,
                    .photo = {}};
  std::ranges::replace_if(
      audience.status, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  audience.status = ascii_trim(audience.status);
  if (card.photo && card.photo->type == "image/jpeg" && card.photo->base64.size() <= most_photo)
    audience.photo = card.photo->base64;
  return audience;
}

void tell(const Audience& audience, html::Card& card) {
  card.status = audience.status;
  card.birthday = audience.birthday;
  card.photo.reset();
  if (!audience.photo.empty()) card.photo = html::Data{.type = "image/jpeg", .base64 = audience.photo};
}

html::Card card_of(const Audience& audience, const AccountFacts& account) {
  html::Card card{.name = account.name.empty() ? account.addr : account.name, .emails = {account.addr}};
  tell(audience, card);
  return card;
}

namespace {

bool is_for_all(const Audience& audience) { return audience.categories.empty(); }

auto find_part(auto& audiences, const std::vector<std::string>& categories) {
  return std::ranges::find(audiences, categories, &Audience::categories);
}

std::string joined_categories(const Audience& audience) {
  return fmt::format("{}", fmt::join(audience.categories, ","));
}

UnixMs time_of(std::string_view digits) {
  const auto at = ascii_number<std::uint64_t>(digits);
  return at && *at <= static_cast<std::uint64_t>(muted_for_good) ? static_cast<UnixMs>(*at) : 0;
}

// A line for each part: whom it is for, the four times, and 1 where it was removed.
constexpr char column = '|';
constexpr std::size_t columns_of_times = 6;

}  // namespace

std::string times_text(const std::vector<Audience>& audiences) {
  std::string text;
  for (const auto& one : audiences)
    if (one.since != AudienceTimes())
      text += fmt::format("{}|{}|{}|{}|{}|{}\n", joined_categories(one), one.since.status_ms, one.since.birthday_ms,
                          one.since.photo_ms, one.since.removed_ms, int{one.removed});
  return text;
}

std::vector<Audience> with_times(std::vector<Audience> audiences, std::string_view times) {
  for (const auto line : ascii_split(times, '\n')) {
    const auto columns = ascii_split(line, column);
    if (columns.size() != columns_of_times) continue;
    const auto categories = categories_of(columns[0]);
    if (categories.empty() != columns[0].empty()) continue;
    auto part = find_part(audiences, categories);
    if (part == audiences.end()) {
      const bool removed = columns[5] == "1" && !categories.empty();
      if ((!removed && !categories.empty()) || audiences.size() >= most_known_audiences) continue;
      part = audiences.insert(part, Audience{.categories = categories, .removed = removed});
    }
    part->since = {time_of(columns[1]), time_of(columns[2]), time_of(columns[3]), time_of(columns[4])};
  }
  return audiences;
}

// The times, an empty line, and a card for each part that is there.
std::string profile_text(std::vector<Audience> audiences) {
  std::erase_if(audiences, [](const Audience& one) {
    return is_for_all(one) && one.says_nothing() && one.since == AudienceTimes();
  });
  std::ranges::sort(audiences, {}, &Audience::categories);
  auto text = times_text(audiences);
  if (!text.empty()) text += "\n";
  for (const auto& audience : audiences) {
    if (audience.removed || (is_for_all(audience) && audience.says_nothing())) continue;
    auto card = card_of(audience, {.addr = "me@localhost", .name = "Me"});
    card.categories = audience.categories;
    text.append(html::write_card(card)).append("\n");
  }
  return text;
}

namespace {

bool has_times(std::string_view text) { return !text.starts_with('<'); }

}  // namespace

std::vector<Audience> profile_of(std::string_view text) {
  const auto cards_at = !has_times(text) ? 0 : std::min(text.find("\n\n"), text.size());
  std::vector<Audience> audiences;
  for (const auto& card : html::read_cards(std::string(text.substr(cards_at)))) {
    auto audience = audience_of(card);
    if (find_part(audiences, audience.categories) == audiences.end() && audiences.size() < most_known_audiences)
      audiences.push_back(std::move(audience));
  }
  return with_times(std::move(audiences), text.substr(0, cards_at));
}

std::vector<Audience> without_removed(std::vector<Audience> audiences) {
  std::erase_if(audiences, [](const Audience& one) { return one.removed || (is_for_all(one) && one.says_nothing()); });
  return audiences;
}

std::string said_at(std::string_view text, UnixMs at) {
  auto audiences = profile_of(text);
  for (auto& one : audiences) one.since = {at, at, at, at};
  return profile_text(std::move(audiences));
}

std::string said_by(std::string_view text, UnixMs at) {
  auto audiences = profile_of(text);
  for (auto& one : audiences)
    for (auto* time : {&one.since.status_ms, &one.since.birthday_ms, &one.since.photo_ms, &one.since.removed_ms})
      *time = std::min(*time, at);
  return profile_text(std::move(audiences));
}

namespace {

// Of two at once an empty one counts: where a part was removed nothing of it comes back.
void take_newer(std::string& value, UnixMs& at, const std::string& other, UnixMs other_at) {
  const auto rank = [](const std::string& text, UnixMs time) { return std::tuple(time, text.empty(), text); };
  if (rank(value, at) >= rank(other, other_at)) return;
  value = other;
  at = other_at;
}

void take_newer(Audience& part, const Audience& other) {
  take_newer(part.status, part.since.status_ms, other.status, other.since.status_ms);
  take_newer(part.birthday, part.since.birthday_ms, other.birthday, other.since.birthday_ms);
  take_newer(part.photo, part.since.photo_ms, other.photo, other.since.photo_ms);
  std::tie(part.since.removed_ms, part.removed) =
      std::max(std::pair(part.since.removed_ms, part.removed), std::pair(other.since.removed_ms, other.removed));
}

// HTML has its own mind about spaces: what is chosen is what every device reads of the mail that keeps it.
std::string as_it_is_read(std::vector<Audience> audiences) {
  return profile_text(profile_of(profile_text(std::move(audiences))));
}

// What the user says last counts, also where a clock ran ahead.
UnixMs next_time(const AudienceTimes& since, UnixMs now) {
  return std::max(now, std::max({since.status_ms, since.birthday_ms, since.photo_ms, since.removed_ms}) + 1);
}

void tell(std::string& value, UnixMs& at, const std::string& said, UnixMs now) {
  if (value == said) return;
  value = said;
  at = now;
}

void copy(std::string& value, UnixMs& at, const std::string& other, UnixMs other_at) {
  tell(value, at, other, std::max(other_at, at == 0 ? 0 : at + 1));
}

}  // namespace

std::string joined_profile(std::string_view one, std::string_view other) {
  auto all = profile_of(one);
  for (auto& part : profile_of(other)) {
    const auto known = find_part(all, part.categories);
    if (known == all.end())
      all.push_back(std::move(part));
    else
      take_newer(*known, part);
  }
  return profile_text(std::move(all));
}

std::string dated_profile(const Choice& choice) {
  return has_times(choice.value) ? choice.value : said_at(choice.value, choice.at_ms);
}

bool is_as_new(std::string_view one, std::string_view other) {
  const auto all = profile_of(one);
  return std::ranges::all_of(profile_of(other), [&](const Audience& part) {
    const auto known = find_part(all, part.categories);
    return known != all.end() && known->since.status_ms >= part.since.status_ms &&
           known->since.birthday_ms >= part.since.birthday_ms && known->since.photo_ms >= part.since.photo_ms &&
           known->since.removed_ms >= part.since.removed_ms;
  });
}

Choice joined(const Choice& one, const Choice& other) {
  const auto& newer = is_older(one, other) ? other : one;
  if (newer.kind != ChoiceKind::profile) return newer;
  return {newer.kind, joined_profile(dated_profile(one), dated_profile(other)), newer.at_ms};
}

Result<std::string> changed_profile(std::vector<Audience> audiences, const SetProfile& wish, UnixMs now) {
  const auto categories = categories_of(COI_TRY(written_categories(wish.categories)));
  const auto there = without_removed(audiences);
  const bool is_new = find_part(there, categories) == there.end();
  if (wish.removed && is_new) return fail(ErrorKind::not_found, "the profile has no such part");
  if (is_new && there.size() >= most_audiences)
    return fail(ErrorKind::limit, fmt::format("a profile has at most {} parts", most_audiences));
  auto part = find_part(audiences, categories);
  if (part == audiences.end()) part = audiences.insert(part, Audience{.categories = categories});
  const auto at = next_time(part->since, now);
  if (wish.removed) {
    *part = {.categories = categories, .removed = !categories.empty(), .since = {at, at, at, at}};
    return as_it_is_read(std::move(audiences));
  }
  const auto before = *part;
  if (is_new) {
    const auto all = find_part(there, {});
    if (all != there.end()) {
      // Older than what another device says of such a part on purpose.
      copy(part->status, part->since.status_ms, all->status, all->since.status_ms);
      copy(part->birthday, part->since.birthday_ms, all->birthday, all->since.birthday_ms);
      copy(part->photo, part->since.photo_ms, all->photo, all->since.photo_ms);
    }
    part->removed = false;
  }
  if (wish.status) {
    if (wish.status->find_first_of("\r\n") != std::string::npos)
      return fail(ErrorKind::invalid, "a status has one line");
    if (wish.status->size() > longest_status)
      return fail(ErrorKind::limit, fmt::format("a status has at most {} octets", longest_status));
    tell(part->status, part->since.status_ms, std::string(ascii_trim(*wish.status)), at);
  }
  if (wish.birthday) {
    if (auto error = unfit_birthday(*wish.birthday)) return std::unexpected(*std::move(error));
    tell(part->birthday, part->since.birthday_ms, *wish.birthday, at);
  }
  if (wish.photo) tell(part->photo, part->since.photo_ms, *wish.photo, at);
  // Whoever removes the part at the same time is to be outvoted, if that was before.
  if (is_new || !(*part == before)) part->since.removed_ms = at;
  return as_it_is_read(std::move(audiences));
}

const Audience* part_for(const std::vector<Audience>& audiences, const std::vector<std::string>& categories) {
  const Audience* all = nullptr;
  for (const auto& audience : audiences) {
    if (audience.removed) continue;
    if (is_for_all(audience)) {
      all = &audience;
      continue;
    }
    const auto is_one = [&](const std::string& one) { return std::ranges::binary_search(categories, one); };
    if (std::ranges::any_of(audience.categories, is_one)) return &audience;
  }
  return all;
}

std::string told_of(const Audience& audience) {
  if (audience.says_nothing()) return {};
  return wire::local_message_id(fmt::format("{}\n{}\n{}", audience.status, audience.birthday, audience.photo));
}

std::optional<Audience> to_be_told(const OwnProfile& own, const std::vector<PeerFacts>& to, UnixMs now) {
  if (!own.is_told || to.empty()) return std::nullopt;
  static const Audience nothing;
  const auto part_of = [&](const PeerFacts& peer) -> const Audience& {
    const auto* part = part_for(own.audiences, peer.categories);
    return part == nullptr ? nothing : *part;
  };
  const auto& part = part_of(to.front());
  const auto may_know = [&](const PeerFacts& peer) {
    return peer.known && !peer.blocked && peer.peer_class == PeerClass::coi && is_chat_capable(peer, now) &&
           &part_of(peer) == &part;
  };
  const auto told = told_of(part);
  const auto misses = [&](const PeerFacts& peer) {
    return peer.told != told || (peer.requested_ms > peer.told_ms && !told.empty());
  };
  if (!std::ranges::all_of(to, may_know) || std::ranges::none_of(to, misses)) return std::nullopt;
  return part;
}

}  // namespace coi::chat
