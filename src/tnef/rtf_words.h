// What single words of RTF mean. For this room only.
#pragma once

#include <string>
#include <string_view>

namespace coi::tnef {

// The text of a word or symbol that stands for a character or ends a line, in UTF-8, as HTML where that is asked for
// (MS-OXRTFEX 2.1.3.1.4.2); "" for all others.
std::string_view text_of_word(std::string_view word, bool as_html);

// Begins a group that holds nothing to read.
bool is_passed_over(std::string_view word);

// Where `instruction`, of a field, leads; "" for what is no link, or holds other than printable ASCII.
std::string link_target(std::string_view instruction);

// `text` says where `target` leads.
bool says_target(std::string_view text, std::string_view target);

}  // namespace coi::tnef
