#include "imap/capabilities.h"

namespace coi::imap {
namespace {

constexpr std::size_t longest = 255, most = 1000;

}  // namespace

void Capabilities::add(std::string_view word) {
  if (!word.empty() && word.size() <= longest && words_.size() < most) words_.emplace(word);
}

void Capabilities::remove(std::string_view word) {
  if (const auto found = words_.find(word); found != words_.end()) words_.erase(found);
}

Capabilities Capabilities::parse(std::string_view words) {
  Capabilities all;
  for (const auto word : ascii_split(words, ' ')) all.add(word);
  return all;
}

std::vector<std::string> Capabilities::mechanisms() const {
  constexpr std::string_view name = "AUTH=";
  std::vector<std::string> all;
  for (auto word = words_.lower_bound(name); word != words_.end() && ascii_istarts_with(*word, name); ++word)
    all.push_back(ascii_upper(std::string_view(*word).substr(name.size())));
  return all;
}

namespace {

// The number behind the word: "APPENDLIMIT=1000".
template <class Number, class Words>
std::optional<Number> number_of(const Words& words, std::string_view name) {
  const auto first = words.lower_bound(name);
  if (first == words.end() || !ascii_istarts_with(*first, name)) return std::nullopt;
  return ascii_number<Number>(std::string_view(*first).substr(name.size()));
}

}  // namespace

std::optional<std::uint64_t> Capabilities::append_limit() const {
  return number_of<std::uint64_t>(words_, "APPENDLIMIT=");
}

std::optional<std::uint32_t> Capabilities::message_limit() const {
  const auto limit = number_of<std::uint32_t>(words_, "MESSAGELIMIT=");
  return limit == 0U ? std::nullopt : limit;
}

}  // namespace coi::imap
