// Text outside ASCII in header values (RFC 2047).
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// A header value as people read it: UTF-8 on one line, control characters as spaces. Tolerates what is common: spaces
// inside an encoded word, a character split over two words, words inside quotes or glued to text, words that were cut
// off or lack "?=", missing padding, raw 8-bit text.
std::string decode_words(std::string_view raw);

// The same text in ASCII: encoded words of at most 64 characters with one space between them; ASCII at both ends stays
// readable. Also encodes what only looks like an encoded word, so decode_words() gives back any one-line text.
std::string encode_words(std::string_view utf8);

// A display name for an address list (RFC 5322 phrase): a quoted string, or encoded words and nothing else.
std::string encode_phrase(std::string_view utf8);

// The length of the encoded word at the front of `text`; 0 if there is none.
std::size_t encoded_word_length(std::string_view text);

}  // namespace coi::mime
