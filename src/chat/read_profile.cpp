#include "chat/read_profile.h"

#include <algorithm>

#include "base/utf8.h"
#include "chat/marked_part.h"
#include "chat/profile.h"
#include "mime/address.h"
#include "wire/content.h"

namespace coi::chat {

std::optional<PersonSaid> read_profile(const mime::Part& root, std::string_view addr) {
  const auto* part = marked_page(root, wire::Content::profile);
  if (part == nullptr) return std::nullopt;
  const auto cards = html::read_cards(part->body);
  if (cards.empty()) return std::nullopt;
  const auto& card = cards.front();
  if (std::ranges::none_of(card.emails, [&](const auto& one) { return mime::canonical(one) == addr; }))
    return std::nullopt;
  PersonSaid said{.status = std::string(utf8_front(card.status, html::most_name)),
                  .birthday = unfit_birthday(card.birthday) ? std::string() : card.birthday,
                  .picture = {}};
  if (card.photo) said.picture.base64 = card.photo->base64;
  said.told = told_of(audience_of(card));
  return said;
}

}  // namespace coi::chat
