// What the user decides about people and chats, and the mails in Contacts that keep it for all devices (C-39 to C-50,
// C-64). Plain data, part of the model (chat/model.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/time.h"

namespace coi::chat {

// Of names the value is the name, '' for that which mails carry; of drafts the text; of `muted` until when (UnixMs);
// of categories "family,friend" (C-46), of folders likewise (chat/chat_folders.h); of the profile profile_text(), of
// the chat with oneself alone; of all else "0" or "1". Stored as number: only append.
enum class ChoiceKind : std::uint8_t {
  name,
  accepted,
  blocked,
  muted,
  pinned,
  archived,
  draft,
  categories,
  profile,
  profile_told,  // of the chat with oneself: the user has said what others are to be told (C-22)
  folders,
};

// The newest by (at_ms, value) counts, on whichever device it was made, so that the order in which they are heard of
// does not matter; of the profile the newest of each of its fields (joined()).
struct Choice {
  ChoiceKind kind = ChoiceKind::name;
  std::string value;
  UnixMs at_ms = 0;
  friend bool operator==(const Choice&, const Choice&) = default;
};

// In a storage mail the value stands in the card, for other programs.
inline bool is_kept_in_card(ChoiceKind kind) {
  return kind == ChoiceKind::name || kind == ChoiceKind::draft || kind == ChoiceKind::categories ||
         kind == ChoiceKind::profile || kind == ChoiceKind::folders;
}

// The newest counts.
inline bool is_older(const Choice& one, const Choice& other) {
  return std::tie(one.at_ms, one.value) < std::tie(other.at_ms, other.value);
}
// What both of one kind come to, in whichever order they are heard of: the newest; of profiles what is newest in each
// (chat/profile.h).
Choice joined(const Choice& one, const Choice& other);

inline constexpr UnixMs muted_for_good = 253'402'300'799'000;  // the end of the year 9999
inline constexpr std::string_view own_storage_key = "own";     // of mails of the own profile
inline constexpr std::size_t longest_draft = 16 * 1024;        // octets

// When each was said; 0: not known.
struct AudienceTimes {
  UnixMs status_ms = 0, birthday_ms = 0, photo_ms = 0;
  UnixMs removed_ms = 0;  // that the part is there, or is not any more
  friend bool operator==(const AudienceTimes&, const AudienceTimes&) = default;
};

// A part of the user's own profile (C-52).
struct Audience {
  std::vector<std::string> categories;  // of contacts, in lower case and sorted; none: for all who are in no other part
  std::string status;                   // one line
  std::string birthday;                 // "YYYY-MM-DD" or "--MM-DD"; '': not told
  std::string photo;                    // octets of a JPEG in base64; '': none
  bool removed = false;                 // known so that a device which has not heard of it does not bring it back
  AudienceTimes since = {};

  bool says_nothing() const { return status.empty() && birthday.empty() && photo.empty(); }
  friend bool operator==(const Audience&, const Audience&) = default;
};

// A mail in Contacts, as it was read: of a person, of a group, or the user's own profile.
struct StorageMail {
  std::vector<std::string> addrs;  // of the person, canonical; those that are there first
  std::string group;               // its id; '': it is of a person
  bool own = false;                // the own profile; as it came, is not kept
  std::string name;                // one line
  std::vector<std::string> keys;   // by which mails of one person or group are known (C-42, C-50)
  std::vector<Choice> choices;
  UnixMs date_ms = 0;  // of the last change by whichever program (C-43)
  // What a rewrite keeps (C-49): header fields that are not ours, a line "Name: value" each, and the card or group as
  // html::write_card() has it.
  std::string fields, page;
  // Message-IDs of the mails whose contents are in this one.
  std::vector<std::string> replaces;
  // All that it says is in here: a mail that says the same may take its place.
  bool whole = false;
  bool ours = false;  // written by this program, on whichever device, and by none since
  friend bool operator==(const StorageMail&, const StorageMail&) = default;
};

}  // namespace coi::chat
