// Chat-Content: what a mail or a part is for (C-14, C-15, D-05).
#pragma once

#include <cstdint>
#include <string_view>

namespace coi::wire {

enum class Content : std::uint8_t {
  none,     // no such field
  unknown,  // a word or reverse-domain value we do not know; the text is still shown
  ignore,
  status,
  edit,  // "edit" and "editrequest" (C-27)
  deleterequest,
  preview,
  contact,
  profile,  // "profile" and "contactinfo" (C-54)
  profilerequest,
  group,
  groupinfo,       // "groupinfo" and "groupprofile" (C-66)
  grouprequested,  // "grouprequested" and "groupprofilerequest" (C-77)
  groupleft,
  location,
  poll,
  pollvote,
  pollclose,
  typing,    // P-15: discarded silently
  presence,  // P-15
  message_pinned,
  message_unpinned,
  ephemeral_timer_changed,
  group_avatar_changed,
  location_streaming_enabled,
  sticker,
  call,
  call_accepted,
  call_ended,
  protection_enabled,
  protection_disabled,
};

// The field's value: case, parameters and a trailing ";" do not count. An absent field is a view with a null data
// pointer.
Content parse_content(std::string_view value);

}  // namespace coi::wire
