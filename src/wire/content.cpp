#include "wire/content.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace coi::wire {
namespace {

using enum Content;
constexpr std::array words = std::to_array<std::pair<std::string_view, Content>>({
    {"call", call},
    {"call-accepted", call_accepted},
    {"call-ended", call_ended},
    {"contact", contact},
    {"contactinfo", profile},
    {"deleterequest", deleterequest},
    {"edit", edit},
    {"editrequest", edit},
    {"ephemeral-timer-changed", ephemeral_timer_changed},
    {"group", group},
    {"group-avatar-changed", group_avatar_changed},
    {"groupinfo", groupinfo},
    {"groupleft", groupleft},
    {"groupprofile", groupinfo},
    {"groupprofilerequest", grouprequested},
    {"grouprequested", grouprequested},
    {"ignore", ignore},
    {"location", location},
    {"location-streaming-enabled", location_streaming_enabled},
    {"message-pinned", message_pinned},
    {"message-unpinned", message_unpinned},
    {"poll", poll},
    {"pollclose", pollclose},
    {"pollvote", pollvote},
    {"presence", presence},
    {"preview", preview},
    {"profile", profile},
    {"profilerequest", profilerequest},
    {"protection-disabled", protection_disabled},
    {"protection-enabled", protection_enabled},
    {"status", status},
    {"sticker", sticker},
    {"typing", typing},
});
static_assert(std::ranges::is_sorted(words, {}, &std::pair<std::string_view, Content>::first));

}  // namespace

Content parse_content(std::string_view value) {
  if (value.data() == nullptr) return none;
  const auto word = ascii_lower(ascii_trim(value.substr(0, value.find(';'))));
  const auto found =
      std::ranges::lower_bound(words, std::string_view(word), {}, &std::pair<std::string_view, Content>::first);
  return found != words.end() && found->first == word ? found->second : unknown;
}

}  // namespace coi::wire
