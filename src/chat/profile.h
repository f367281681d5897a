// What the user tells of himself, to whom, and what others tell of themselves (C-22, C-46, C-52 to C-56). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "chat/model.h"
#include "html/microformats.h"

namespace coi::chat {

inline constexpr std::size_t longest_status = 200;       // octets
inline constexpr std::size_t longest_category = 40;      // octets
inline constexpr std::size_t most_categories = 20;       // of a contact, or of a part of the profile
inline constexpr std::size_t most_audiences = 16;        // that a user may make; two devices at once may make more
inline constexpr std::size_t most_known_audiences = 64;  // with those, and those that were removed

// "Friend, family" as "family,friend": in lower case, each once, sorted. Error: one is too long or has other characters
// than letters, digits, space, "-" and "_", or there are too many.
Result<std::string> written_categories(const std::vector<std::string>& written);
std::vector<std::string> categories_of(std::string_view text);

// nullopt: a day of that form that exists, or "".
std::optional<Error> unfit_birthday(std::string_view text);

// As ChoiceKind::profile keeps it; the same text for the same parts in any order. What cannot be read is no part, nor
// is one for everybody that says nothing and never did.
std::string profile_text(std::vector<Audience> audiences);
// Those that were removed too.
std::vector<Audience> profile_of(std::string_view text);
std::vector<Audience> without_removed(std::vector<Audience> audiences);

// When all of it was said, and which parts were removed, as text for a storage mail; and the parts of such a mail with
// it. A part that is missing in a mail without having been removed is one that could not be read.
std::string times_text(const std::vector<Audience>& audiences);
std::vector<Audience> with_times(std::vector<Audience> audiences, std::string_view times);

// The profile_text() of the same parts, all said at one time, as another program does that does not tell times; or none
// of them later than that.
std::string said_at(std::string_view text, UnixMs at);
std::string said_by(std::string_view text, UnixMs at);

// Of each that two devices say the newest, so that what both change at once is not lost. In any order, as often as one
// likes.
std::string joined_profile(std::string_view one, std::string_view other);
// A text without times, as another version kept it, with that of the choice.
std::string dated_profile(const Choice& choice);
// Nothing of `other` is newer than what `one` says.
bool is_as_new(std::string_view one, std::string_view other);

// profile_text() with that change. Error: it cannot be told, there are too many parts, or there is none to remove.
Result<std::string> changed_profile(std::vector<Audience> audiences, const SetProfile& wish, UnixMs now);

// The part for those who are in one of its categories, else that for everybody; nullptr: there is none. Where several
// fit, the first.
const Audience* part_for(const std::vector<Audience>& audiences, const std::vector<std::string>& categories);

// What a card says of it, in place of what it said.
void tell(const Audience& audience, html::Card& card);
// C-54: with the name and address of the account.
html::Card card_of(const Audience& audience, const AccountFacts& account);
Audience audience_of(const html::Card& card);

// By which it is known what somebody was told; '': it says nothing.
std::string told_of(const Audience& audience);

// What a mail to these tells of the user: all are known and not blocked, get the same part and use a program that shows
// it, and one of them was told something else last, or asks (C-53, C-55). nullopt: nothing.
std::optional<Audience> to_be_told(const OwnProfile& own, const std::vector<PeerFacts>& to, UnixMs now);

}  // namespace coi::chat
