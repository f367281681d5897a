// Words that mail programs write above an answered mail, in the languages in which they are sold. Private to this room.
#pragma once

#include <cstdint>
#include <string_view>

namespace coi::reply {

enum class Field : std::uint8_t { none, from, sent, to, subject, other };

struct FieldName {
  Field field = Field::none;
  std::uint64_t languages = 0;  // one bit for each that has it
};

// Of a copied header field: "From", "Gesendet", "发件人", in ASCII letters of any case. Field::other: known, and of no
// weight (Cc, Reply-To, Attachments).
FieldName field_of(std::string_view name);

// The words of "wrote" at the end of a text ("… a écrit", "… ha scritto"), or as a word of its own in it ("schrieb").
bool ends_with_verb(std::string_view text);
bool has_verb(std::string_view text);

// What an attribution begins with: "On", "Am", "Le", a day of the week, "---- On".
bool begins_attribution(std::string_view word);

// "Original Message": what stands between the rules above an answered mail.
bool is_original_message(std::string_view words);
// "Forwarded message": the same above what is passed on, and "Begin forwarded message".
bool is_forwarded_message(std::string_view words);

}  // namespace coi::reply
