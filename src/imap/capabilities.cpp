#include "imap/capabilities.h"

#include "imap/reader.h"

namespace coi::imap {

Capabilities Capabilities::parse(std::string_view words) {
  Capabilities all;
  for (const auto word : ascii_split(words, ' '))
    if (!word.empty()) all.add(word);
  return all;
}

bool Capabilities::has_auth(std::string_view mechanism) const { return has("AUTH=" + std::string(mechanism)); }

bool Capabilities::names_mechanisms() const {
  const auto first = words_.lower_bound("AUTH=");
  return first != words_.end() && ascii_istarts_with(*first, "AUTH=");
}

std::optional<std::uint64_t> Capabilities::append_limit() const {
  constexpr std::string_view name = "APPENDLIMIT=";
  const auto first = words_.lower_bound(name);
  if (first == words_.end() || !ascii_istarts_with(*first, name)) return std::nullopt;
  return number64_of(std::string_view(*first).substr(name.size()));
}

}  // namespace coi::imap
