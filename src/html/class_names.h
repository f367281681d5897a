// The class names of COI's microformats, in lower case as they are compared (C-65). The header fields around them stand
// in wire/words.h, which this room does not see.
#pragma once

#include <string_view>

namespace coi::html {

// Items.
inline constexpr std::string_view card_class = "h-card";            // C-40
inline constexpr std::string_view group_class = "h-group";          // C-65
inline constexpr std::string_view geo_class = "h-geo";              // C-81
inline constexpr std::string_view poll_class = "h-poll";            // P-17
inline constexpr std::string_view poll_vote_class = "h-poll-vote";  // P-20

// Properties of cards and groups.
inline constexpr std::string_view name_class = "p-name";
inline constexpr std::string_view nickname_class = "p-nickname";
inline constexpr std::string_view email_class = "u-email";
inline constexpr std::string_view category_class = "p-category";
inline constexpr std::string_view status_class = "p-status";
inline constexpr std::string_view old_status_class = "x-coi-status";  // C-47: the draft's examples
inline constexpr std::string_view photo_class = "u-photo";
inline constexpr std::string_view birthday_class = "dt-bday";
inline constexpr std::string_view key_class = "u-key";
inline constexpr std::string_view old_key_class = "key";  // C-65: the draft's prose
inline constexpr std::string_view notification_class = "p-notification";
inline constexpr std::string_view hash_class = "p-hash";
inline constexpr std::string_view id_class = "p-id";
inline constexpr std::string_view description_class = "p-description";
inline constexpr std::string_view participants_class = "e-participants";
inline constexpr std::string_view other_participants_class = "p-participants";  // C-65: the draft's groupinfo

// Of a place.
inline constexpr std::string_view latitude_class = "p-latitude";
inline constexpr std::string_view longitude_class = "p-longitude";

// Of polls, votes and results; p-id, p-name and p-description too.
inline constexpr std::string_view background_class = "u-background";
inline constexpr std::string_view end_class = "dt-end";
inline constexpr std::string_view text_option_class = "p-poll-option";
inline constexpr std::string_view date_option_class = "dt-poll-option";
inline constexpr std::string_view medium_option_class = "u-poll-option";
inline constexpr std::string_view mode_class = "p-mode";
inline constexpr std::string_view revote_class = "p-revote";
inline constexpr std::string_view choice_class = "p-choice";
inline constexpr std::string_view votes_class = "p-votes";
inline constexpr std::string_view voters_class = "p-voters";

}  // namespace coi::html
