// What COI puts into HTML for programs: people, groups and places (microformats2: h-card, h-group, h-geo). Polls:
// poll.h. Only a mail with Chat-Version may be read for them (P-07); what they say is the author's word.
//
// Class names are read in any case, values as items.h says; values are UTF-8 without control characters,
// cut to the lengths that are named. What is written is small and valid, holds nothing remote, and reads back the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "html/html.h"

namespace coi::html {

inline constexpr std::size_t most_members = 5000;            // of a group; cards of a document
inline constexpr std::size_t most_name = 1000;               // octets; also of a nickname, a status, a group's id
inline constexpr std::size_t most_description = 10'000;      // octets
inline constexpr std::size_t most_emails = 100;              // of a card; also of its categories
inline constexpr std::size_t most_photo = 256 * 1024;        // octets, decoded (C-56); also of a key
inline constexpr std::size_t most_other_octets = 64 * 1024;  // of all foreign properties of a card or group

// Octets in Base64 (RFC 4648, section 4), as a data: URI has them. Padded, without white space, so that
// hash::base64_decode() takes them unless their last digit has bits too many.
struct Data {
  std::string type;  // media type in lower case; of a key that stands there bare ""
  std::string base64;
  friend bool operator==(const Data&, const Data&) = default;
};

// A property that we do not know, or whose value makes no sense to us: a picture on a web server, a second name. It is
// kept, so that a rewritten mail still has it (C-49). Its value is kept as text, so markup within is not.
struct Property {
  std::string classes;               // in lower case, apart by a space: "p-role", "p-adr h-adr"
  std::string value;                 // with "\n"; "" if it is an item of its own that has properties
  std::vector<Property> properties;  // of that item
  friend bool operator==(const Property&, const Property&) = default;
};

// C-46: p-notification.
struct Notification {
  bool enabled = true;
  std::vector<std::string> types, sounds, filters;  // filters: none means every mail that a person wrote
  std::vector<std::string> others;                  // "key=value" of keys that we do not know
  friend bool operator==(const Notification&, const Notification&) = default;
};

// C-40, C-45 to C-47, C-54, and a group's member. A contact has a name and an address at least, a member an address or
// a hash; the reader gives what has any of the three.
struct Card {
  std::string name;
  std::string nickname;
  std::vector<std::string> emails;      // as written, each once, with an @ and without white space; 320 octets
  std::vector<std::string> categories;  // "friend", "family", "work", "partner" or any other
  std::string status;                   // with "\n"
  std::string birthday;                 // "YYYY-MM-DD" or "--MM-DD"; "" if not known
  std::optional<Data> photo;            // image/png, jpeg, gif or webp
  std::optional<Data> key;              // OpenPGP
  std::optional<Notification> notification;
  std::string hash;  // C-65: the address's wire::contact_hash(); as written
  std::vector<Property> others;
  friend bool operator==(const Card&, const Card&) = default;
};

// C-64, C-65.
struct Group {
  std::string id;  // as written: wire::is_group_id() says whether it is one. "" in a groupinfo
  std::string name;
  std::string description;  // with "\n"
  std::optional<Data> photo;
  std::optional<Notification> notification;
  std::vector<Card> members;
  std::vector<Property> others;
  friend bool operator==(const Group&, const Group&) = default;
};

// C-81: degrees, north and east positive.
struct Geo {
  double latitude = 0, longitude = 0;
  friend bool operator==(const Geo&, const Geo&) = default;
};

// In order, but those that are a property of something else (an h-card that is a p-org). A card that is a <p> and was
// ended by a block in it has what follows too. At most most_members.
std::vector<Card> read_cards(const Node& document);

// Of a page as a mail has it; none of one that cannot be parsed (html::parse()).
std::vector<Card> read_cards(std::string_view page);

// The first h-group. C-65: members count too where the draft's own nesting puts them behind it. ErrorKind::not_found:
// there is none; limit: more than most_members.
Result<Group> read_group(const Node& document);

// The first h-geo. ErrorKind::not_found: there is none; invalid: no numbers, or beyond ±90, ±180.
Result<Geo> read_geo(const Node& document);

// The fragments that stand in a body.
// Photo::hidden: for programs alone, of a mail to others, which filters would take for one of a picture and few words.
enum class Photo : std::uint8_t { shown, hidden };
std::string write_card(const Card& card, Photo photo = Photo::shown);
std::string write_group(const Group& group, Photo photo = Photo::shown);
// Degrees with up to seven digits behind the point, which is a centimetre.
std::string write_geo(const Geo& geo);
// Of a coordinate, as it is written: up to seven decimals, which is a centimetre.
std::string degrees(double value);

}  // namespace coi::html
