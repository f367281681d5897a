#include "chat/subject.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::chat {
namespace {

// The words that mail programs of the world put before a subject when they answer or forward (facts; lower case).
constexpr std::array prefixes =
    std::to_array<std::string_view>({"aw",  "antw", "bls", "enc", "fs", "fw", "fwd", "i",  "odp", "pd", "r",  "re",
                                     "ref", "res",  "rif", "rv",  "sv", "tr", "vb",  "vl", "vs",  "wg", "ynt"});

// Length of one prefix at the front, with its colon and the spaces behind it; 0 if there is none.
std::size_t prefix_length(std::string_view subject) {
  const auto colon = subject.find(':');
  if (colon > 8) return 0;  // none at all, too
  auto word = ascii_trim(subject.substr(0, colon));
  if (const auto bracket = word.find_first_of("[("); bracket != std::string_view::npos) word = word.substr(0, bracket);
  if (std::ranges::find(prefixes, ascii_lower(ascii_trim(word))) == prefixes.end()) return 0;
  const auto rest = subject.find_first_not_of(" \t", colon + 1);
  return rest == std::string_view::npos ? subject.size() : rest;
}

}  // namespace

std::string_view strip_reply_prefix(std::string_view subject) {
  subject = ascii_trim(subject);
  for (int i = 0; i < 10; ++i) {
    const auto length = prefix_length(subject);
    if (length == 0) break;
    subject.remove_prefix(length);
  }
  return subject;
}

std::string first_subject(std::string_view text) {
  std::string words(text);
  std::ranges::replace_if(words, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  const auto duplicates = std::ranges::unique(words, [](char a, char b) { return a == ' ' && b == ' '; });
  words.erase(duplicates.begin(), duplicates.end());
  const auto all = ascii_trim(words);
  if (all.empty()) return "Chat";
  auto cut = utf8_front(all, 60);
  if (cut.size() == all.size()) return "Chat: " + std::string(all);
  if (const auto space = cut.rfind(' '); space != std::string_view::npos && space > 20) cut = cut.substr(0, space);
  return "Chat: " + std::string(ascii_trim(cut)) + "…";
}

std::string reply_subject(std::string_view subject) {
  const auto plain = strip_reply_prefix(subject);
  return "Re: " + (plain.empty() ? "Chat" : std::string(plain));
}

}  // namespace coi::chat
