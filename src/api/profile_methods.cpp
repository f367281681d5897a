// The user's own profile.
#include <string>
#include <utility>

#include "api/methods.h"
#include "api/small_picture.h"

namespace coi::api {
namespace {

Result<proto::Profile> profile_of(const OpenAccount& open) {
  auto own = COI_TRY(open.reader->own_profile());
  proto::Profile profile{.seq = own.seq, .parts = {}};
  for (auto& part : own.value)
    profile.parts.push_back({.categories = std::move(part.categories),
                             .status = std::move(part.status),
                             .birthday = std::move(part.birthday),
                             .photo = std::move(part.photo)});
  return profile;
}

void change(const OpenAccount& open, chat::SetProfile wish, const Responder<proto::Profile>& responder) {
  act<proto::Profile>(open, std::move(wish), responder,
                      [](const OpenAccount& again, const store::Changes&) { return profile_of(again); });
}

}  // namespace

Result<proto::Profile> get_profile(const OpenAccount& open, const proto::GetProfile&) { return profile_of(open); }

void set_profile(const OpenAccount& open, const proto::SetProfile& params, const Responder<proto::Profile>& responder) {
  chat::SetProfile wish{.categories = params.categories,
                        .status = params.status,
                        .birthday = params.birthday,
                        .photo = {},
                        .removed = params.removed};
  if (!params.file) return change(open, std::move(wish), responder);
  if (params.file->empty()) {
    wish.photo = std::string();
    return change(open, std::move(wish), responder);
  }
  with_small_picture(open, *params.file, responder,
                     [wish = std::move(wish), responder](const OpenAccount& later, chat::Picture picture) mutable {
                       wish.photo = std::move(picture.base64);
                       change(later, std::move(wish), responder);
                     });
}

}  // namespace coi::api
