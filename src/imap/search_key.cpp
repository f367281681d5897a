#include "imap/search_key.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "imap/command_writer.h"
#include "imap/date_time.h"

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

SearchKey SearchKey::uid_from(std::uint32_t first) { return SearchKey(word(fmt::format("UID {}:*", first))); }

SearchKey SearchKey::header(std::string_view field, std::string_view value) {
  return SearchKey(CommandWriter().word("HEADER").string(field).quoted(value).take());
}

SearchKey SearchKey::text(std::string_view words) {
  return SearchKey(CommandWriter().word("TEXT").quoted(words).take());
}

SearchKey SearchKey::since(UnixMs day) { return SearchKey(word("SINCE " + print_date(day))); }

SearchKey SearchKey::before(UnixMs day) { return SearchKey(word("BEFORE " + print_date(day))); }

SearchKey SearchKey::flag(std::string_view flag, bool set) {
  const std::string prefix = set ? "" : "UN";
  for (const auto& [name, own_word] : flag_words)
    if (ascii_iequal(name, flag)) return SearchKey(word(prefix + std::string(own_word)));
  if (!is_flag(flag) || flag.starts_with('\\')) return set ? no(all()) : all();
  return SearchKey(word(prefix + "KEYWORD " + std::string(flag)));
}

SearchKey SearchKey::modseq(std::uint64_t least) { return SearchKey(word(fmt::format("MODSEQ {}", least))); }

SearchKey SearchKey::larger(std::uint64_t octets) { return SearchKey(word(fmt::format("LARGER {}", octets))); }

SearchKey SearchKey::both(const SearchKey& a, const SearchKey& b) {
  return SearchKey(CommandWriter().open().pieces(a.pieces_).pieces(b.pieces_).close().take());
}

SearchKey SearchKey::either(const SearchKey& a, const SearchKey& b) {
  return SearchKey(CommandWriter().word("OR").pieces(a.pieces_).pieces(b.pieces_).take());
}

SearchKey SearchKey::no(const SearchKey& key) {
  return SearchKey(CommandWriter().word("NOT").pieces(key.pieces_).take());
}

}  // namespace coi::imap
