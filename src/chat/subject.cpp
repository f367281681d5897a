#include "chat/subject.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::chat {
namespace {

constexpr int most_prefixes = 10;

struct Prefix {
  std::string_view word;
  bool forward = false;
};

// The words that mail programs of the world put before a subject when they answer or forward (facts; lower case). "VS"
// is an answer in Finnish and a forward in Danish.
constexpr Prefix prefixes[] = {{"aw"},        {"antw"},     {"bls"},      {"enc", true}, {"fs", true}, {"fw", true},
                               {"fwd", true}, {"i", true},  {"odp"},      {"pd", true},  {"r"},        {"re"},
                               {"ref"},       {"res"},      {"rif"},      {"rv", true},  {"sv"},       {"tr", true},
                               {"vb", true},  {"vl", true}, {"vs", true}, {"wg", true},  {"ynt"}};

// Takes one prefix off the front, with its colon and the spaces behind it; nullptr if there is none.
const Prefix* take_prefix(std::string_view& subject) {
  const auto colon = subject.find(':');
  if (colon > 8) return nullptr;  // none at all, too
  auto word = ascii_trim(subject.substr(0, colon));
  if (const auto bracket = word.find_first_of("[("); bracket != std::string_view::npos) word = word.substr(0, bracket);
  const auto* found = std::ranges::find(prefixes, ascii_lower(ascii_trim(word)), &Prefix::word);
  if (found == std::end(prefixes)) return nullptr;
  subject.remove_prefix(std::min(subject.find_first_not_of(" \t", colon + 1), subject.size()));
  return found;
}

}  // namespace

std::string_view strip_reply_prefix(std::string_view subject) {
  subject = ascii_trim(subject);
  for (int i = 0; i < most_prefixes && take_prefix(subject) != nullptr; ++i) {
  }
  return subject;
}

bool is_forward_subject(std::string_view subject) {
  subject = ascii_trim(subject);
  for (int i = 0; i < most_prefixes; ++i) {
    const auto* prefix = take_prefix(subject);
    if (prefix == nullptr || prefix->forward) return prefix != nullptr;
  }
  return false;
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
