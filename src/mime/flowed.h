// Text whose paragraphs flow (RFC 3676): `text/plain; format=flowed`. All text here is UTF-8 with "\n" line ends.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// Paragraphs on one line each. A quoted line begins with one ">" per level and a space. The signature separator "-- "
// stays as it is and flows with nothing. `delsp`: the part's parameter is DelSp=yes (RFC 3676, 4.1).
std::string decode_flowed(std::string_view text, bool delsp);

// Lines of at most 78 characters, where a space allows it, stuffed where the format asks for it; DelSp is not used.
// A line that begins with ">" is a quote. White space at the end of a line is dropped, it would make the line flow.
// decode_flowed() gives back any text that has no such white space and writes its quotes as above.
std::string encode_flowed(std::string_view text);

}  // namespace coi::mime
