// What the user tells of himself, and to whom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"

namespace coi::proto {

struct ProfilePart {
  std::vector<std::string> categories;  // of contacts whom it is for; none: all who are in no other part
  std::string status;                   // one line
  std::string birthday;                 // "1998-12-24", or "--12-24" without the year
  std::string photo;                    // a JPEG in base64; empty: none
};
BOOST_DESCRIBE_STRUCT(ProfilePart, (), (categories, status, birthday, photo))

// The name that all see is the account's (change_settings).
struct Profile {
  std::int64_t seq = 0;
  std::vector<ProfilePart> parts;  // that for everybody first
};
BOOST_DESCRIBE_STRUCT(Profile, (), (seq, parts))

struct GetProfile {
  static constexpr std::string_view method = "profile";
  using Result = Profile;

  std::string account;
};
BOOST_DESCRIBE_STRUCT(GetProfile, (), (account))

// What is absent stays. A part that is new begins as a copy of that for everybody.
struct SetProfile {
  static constexpr std::string_view method = "set_profile";
  using Result = Profile;

  std::string account;
  std::vector<std::string> categories;  // whose part; empty: everybody's
  std::optional<std::string> status;    // "": none
  std::optional<std::string> birthday;  // "": none
  std::optional<std::string> file;      // absolute path of a picture, cut to a square of 512 pixels at most; "": none
  bool removed = false;                 // the part goes
};
BOOST_DESCRIBE_STRUCT(SetProfile, (), (account, categories, status, birthday, file, removed))

}  // namespace coi::proto
