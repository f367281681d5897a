// The values of Content-Type and Content-Disposition: a word and its parameters (RFC 2045 5.1, RFC 2183, RFC 2231).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mime/mail.h"

namespace coi::mime {

struct WordWithParams {
  std::string word;           // lower case: "text/plain", "attachment"; as much as stands before the first ';'
  std::vector<Param> params;  // names in lower case, each once, without the marks of RFC 2231; values in UTF-8
};
// Never fails; what makes no sense costs itself and no other parameter. At most the first 32 kB and 1000 parameters are
// read, in time in proportion to them. `value` is unfolded.
// Read as meant: no quotes, quotes that never end, a missing ";", comments, backslashes that escape nothing, pieces of
// RFC 2231 in any order, encoded words (RFC 2047) in any value but a boundary, octets outside ASCII.
// Of several forms of one parameter the pieces count, then name*, then name; of several alike the first. An empty one
// gives way to one that says something.
WordWithParams parse_params(std::string_view value);

// The names have to be tokens, the values may be any UTF-8. `; name=value`, quoted or encoded by RFC 2231 (in pieces if
// long) as needed, each on a line of its own.
std::string format_params(const std::vector<Param>& params);

// token (RFC 2045, 5.1): what a parameter's name and a disposition have to be.
bool is_token(std::string_view text);

// token "/" token
bool is_media_type(std::string_view word);

// What is left of a name that a stranger chose, to be created in a folder: no directories, control characters or
// marks that reverse the direction of reading, at most 200 octets with the extension kept. "" if nothing is left.
std::string safe_filename(std::string_view name);

}  // namespace coi::mime
