#include "imap/search_key.h"

#include <array>
#include <utility>

#include "base/ascii.h"
#include "imap/command_writer.h"

namespace coi::imap {
namespace {

// System flags have search words of their own.
constexpr auto flag_words = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"\\Answered", "ANSWERED"},
    {"\\Deleted", "DELETED"},
    {"\\Draft", "DRAFT"},
    {"\\Flagged", "FLAGGED"},
    {"\\Seen", "SEEN"},
});

std::vector<Piece> word(std::string_view text) { return CommandWriter().word(text).take(); }

}  // namespace

SearchKey SearchKey::all() { return SearchKey(word("ALL")); }

SearchKey SearchKey::uid(const NumberSet& uids) { return SearchKey(word("UID " + uids.text())); }

SearchKey SearchKey::header(std::string_view field, std::string_view value) {
  return SearchKey(CommandWriter().word("HEADER").string(field).quoted(value).take());
}

SearchKey SearchKey::flag(std::string_view flag) {
  for (const auto& [name, own_word] : flag_words)
    if (ascii_iequal(name, flag)) return SearchKey(word(own_word));
  if (!is_flag(flag) || flag.starts_with('\\')) return SearchKey(word("NOT ALL"));
  return SearchKey(word("KEYWORD " + std::string(flag)));
}

}  // namespace coi::imap
