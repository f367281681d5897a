#include "mime/encoded_word.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/blank.h"
#include "mime/charset.h"
#include "mime/transfer.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_payload = 52;  // so that a word and a short field name fit into 78 columns

// encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
struct Word {
  std::string_view charset;
  bool base64;
  std::string_view text;
  std::size_t length;  // of the whole word
};

// Where the text of a word ends that was cut off, or lacks its "?=": at what a word cannot hold, and an address list
// has behind it. It has to look like encoded text, or it is none.
std::optional<Word> unclosed_word(std::string_view text, Word word) {
  const auto start = word.length;
  const auto end = std::min(text.find_first_of(" \t\r\n<>\",;", start), text.size());
  word.length = end;
  word.text = text.substr(start, end - start);
  if (word.text.ends_with('?')) word.text.remove_suffix(1);
  const auto escape = word.text.find('=');
  const auto in_base64 = [](char c) { return ascii_alnum(c) || c == '+' || c == '/' || c == '='; };
  const bool seems_encoded = word.base64
                                 ? word.text.size() >= 4 && std::ranges::all_of(word.text, in_base64)
                                 : escape != std::string_view::npos && ascii_hex_octet(word.text.substr(escape + 1));
  return seems_encoded ? std::optional(word) : std::nullopt;
}

std::optional<Word> word_at(std::string_view text) {
  constexpr std::size_t longest_charset = 60;
  constexpr std::size_t longest = 4096;  // RFC 2047 says 75; some write a whole subject into one word
  if (!text.starts_with("=?")) return std::nullopt;
  text = text.substr(0, longest);
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end == 2 || charset_end > longest_charset) return std::nullopt;
  auto charset = text.substr(2, charset_end - 2);
  if (charset.find_first_of(white_space) != std::string_view::npos) return std::nullopt;
  if (text.size() < charset_end + 5 || text[charset_end + 2] != '?') return std::nullopt;
  const char encoding = ascii_lower(text[charset_end + 1]);
  if (encoding != 'b' && encoding != 'q') return std::nullopt;
  charset = charset.substr(0, charset.find('*'));
  const auto start = charset_end + 3;
  const auto end = text.find("?=", start);
  const auto next = text.find(" =?", start);  // another word begins before this one ends
  if (end == std::string_view::npos || next < end) return unclosed_word(text, {charset, encoding == 'b', {}, start});
  return Word{charset, encoding == 'b', text.substr(start, end - start), end + 2};
}

// What is left of an escape that a program folded, from its "=" on: of its digits or, as in quoted-printable, of the
// line alone. 0: none. An "=" between blanks is the author's, unless half a character outside ASCII follows.
std::size_t folded_escape(std::string_view text, bool behind_blank, std::string& out) {
  std::string digits;
  std::size_t end = 1;
  for (; end < text.size() && digits.size() < 2; ++end) {
    if (is_space(text[end])) continue;
    digits += text[end];
    if (!ascii_hex_octet("0" + digits.substr(digits.size() - 1))) break;
  }
  const auto octet = ascii_hex_octet(digits);
  const bool has_blanks = end > 3 || (text.size() > 1 && is_space(text[1]));
  const bool is_outside_ascii = octet && static_cast<unsigned char>(*octet) >= 0x80 && digits == ascii_upper(digits);
  if (behind_blank && has_blanks && !is_outside_ascii) return 0;
  if (octet) {
    out += *octet;
    return end;
  }
  const auto behind = std::min(text.find_first_not_of(white_space, 1), text.size());
  return behind > 1 ? behind : 0;
}

// The "Q" encoding, RFC 2047, 4.2.
std::string decode_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool behind_blank = i > 0 && (text[i - 1] == '_' || is_space(text[i - 1]));
    if (const auto length = text[i] == '=' ? folded_escape(text.substr(i), behind_blank, out) : 0) {
      i += length - 1;
    } else {
      out += text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

// What may stand unencoded also within a display name (RFC 2047, 5 (3)).
bool stays_in_q(char c) { return ascii_alnum(c) || std::string_view("!*+-/").find(c) != std::string_view::npos; }

std::string encode_q(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    if (c == ' ')
      out += '_';
    else if (stays_in_q(c))
      out += c;
    else
      out += fmt::format("={:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::size_t q_length(std::string_view octets) {
  return octets.size() +
         2 * static_cast<std::size_t>(std::ranges::count_if(octets, [](char c) { return c != ' ' && !stays_in_q(c); }));
}

std::string encode_b(std::string_view octets) {
  std::string out = encode_base64(octets);
  std::erase_if(out, [](char c) { return c == '\r' || c == '\n'; });
  return out;
}

// `utf8` as encoded words, each of whole characters.
std::string encode_span(std::string_view utf8) {
  const bool base64 = q_length(utf8) > utf8.size() * 4 / 3;
  std::string out;
  while (!utf8.empty()) {
    std::size_t size = 0;
    while (size < utf8.size()) {
      const auto next = size + std::max<std::size_t>(1, utf8_sequence(utf8.substr(size)));
      const auto length = base64 ? (next + 2) / 3 * 4 : q_length(utf8.substr(0, next));
      if (size > 0 && length > longest_payload) break;
      size = next;
    }
    const auto piece = utf8.substr(0, size);
    if (!out.empty()) out += ' ';
    out += base64 ? fmt::format("=?utf-8?b?{}?=", encode_b(piece)) : fmt::format("=?utf-8?q?{}?=", encode_q(piece));
    utf8.remove_prefix(size);
  }
  return out;
}

bool must_be_encoded(std::string_view word) {
  constexpr std::size_t longest_word = 900;  // a line holds 998
  return word.size() > longest_word || word.find("=?") != std::string_view::npos ||
         !std::ranges::all_of(word, [](char c) { return c >= ' ' && c < 0x7F; });
}

}  // namespace

std::size_t encoded_word_length(std::string_view text) {
  const auto word = word_at(text);
  return word ? word->length : 0;
}

std::string decode_words(std::string_view raw) {
  const std::string valid = to_utf8(raw, "");
  std::string_view rest = valid;
  std::string out;
  std::string charset;  // of the octets that wait: a character may continue in the next word
  std::string octets;
  const auto flush = [&] {
    if (!octets.empty()) out += to_utf8(octets, charset);
    octets.clear();
  };
  bool behind_word = false;
  while (!rest.empty()) {
    if (const auto word = word_at(rest)) {
      if (!ascii_iequal(word->charset, charset)) flush();
      charset = word->charset;
      octets += word->base64 ? decode_transfer(Transfer::base64, word->text).octets : decode_q(word->text);
      rest.remove_prefix(word->length);
      behind_word = true;
      continue;
    }
    if (behind_word) {  // white space between two encoded words is not part of the text
      const auto gap = std::min(rest.find_first_not_of(white_space), rest.size());
      if (gap > 0 && word_at(rest.substr(gap))) {
        rest.remove_prefix(gap);
        continue;
      }
      flush();
      behind_word = false;
    }
    const auto next = std::min(rest.find("=?", 1), rest.size());
    out += rest.substr(0, next);
    rest.remove_prefix(next);
  }
  flush();
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  return out;
}

std::string encode_words(std::string_view utf8) {
  std::size_t first = std::string_view::npos;
  std::size_t last = 0;
  for (std::size_t at = 0; at <= utf8.size();) {
    const auto end = std::min(utf8.find(' ', at), utf8.size());
    if (must_be_encoded(utf8.substr(at, end - at))) {
      first = std::min(first, at);
      last = end;
    }
    at = end + 1;
  }
  if (first == std::string_view::npos) return std::string(utf8);
  std::string out(utf8.substr(0, first));
  out += encode_span(utf8.substr(first, last - first));
  return out += utf8.substr(last);
}

std::string encode_phrase(std::string_view utf8) {
  if (must_be_encoded(utf8)) return encode_span(utf8);
  std::string out = "\"";
  for (const char c : utf8) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace coi::mime
