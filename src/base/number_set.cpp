#include "base/number_set.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"

namespace coi::inline base {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
  const auto value = ascii_number(text);
  return value == 0U ? std::nullopt : value;
}

}  // namespace

std::optional<NumberSet> NumberSet::parse(std::string_view text) {
  std::vector<Range> ranges;
  if (text.empty()) return NumberSet();
  for (const auto piece : ascii_split(text, ',')) {
    const auto colon = piece.find(':');
    const auto first = parse_number(piece.substr(0, colon));
    const auto last = colon == std::string_view::npos ? first : parse_number(piece.substr(colon + 1));
    if (!first || !last) return std::nullopt;
    ranges.push_back({std::min(*first, *last), std::max(*first, *last)});
  }
  // A set grows cheaply at its end only, and the order is the peer's.
  if (!std::ranges::is_sorted(ranges, {}, &Range::first)) std::ranges::sort(ranges, {}, &Range::first);
  NumberSet set;
  for (const auto& [first, last] : ranges) set.add(first, last);
  return set;
}

std::string NumberSet::text() const {
  std::string out;
  for (const auto& [first, last] : ranges_) {
    if (!out.empty()) out += ',';
    out += std::to_string(first);
    if (last != first) out += ':' + std::to_string(last);
  }
  return out;
}

void NumberSet::add(std::uint32_t first, std::uint32_t last) {
  if (first > last) std::swap(first, last);
  first = std::max(first, 1U);
  if (last < first) return;
  if (ranges_.empty() || (ranges_.back().last < first && ranges_.back().last + 1 < first)) {
    ranges_.push_back({first, last});
    return;
  }
  // Ranges that touch the new one (next number included) melt into it.
  auto from = std::ranges::lower_bound(ranges_, first - 1, {}, &Range::last);
  auto to = from;
  while (to != ranges_.end() && (to->first <= last || to->first - 1 == last)) {
    first = std::min(first, to->first);
    last = std::max(last, to->last);
    ++to;
  }
  from = ranges_.erase(from, to);
  ranges_.insert(from, {first, last});
}

void NumberSet::add(const NumberSet& other) {
  std::vector<Range> both;
  both.reserve(ranges_.size() + other.ranges_.size());
  std::ranges::merge(ranges_, other.ranges_, std::back_inserter(both), {}, &Range::first, &Range::first);
  ranges_.clear();
  for (const auto& [first, last] : both) add(first, last);
}

void NumberSet::remove(std::uint32_t first, std::uint32_t last) {
  if (first > last) std::swap(first, last);
  auto from = std::ranges::lower_bound(ranges_, first, {}, &Range::last);
  const auto to = std::ranges::upper_bound(from, ranges_.end(), last, {}, &Range::first);
  if (from == to) return;
  const auto head = *from, tail = *std::prev(to);
  from = ranges_.erase(from, to);
  if (tail.last > last) from = ranges_.insert(from, {last + 1, tail.last});
  if (head.first < first) ranges_.insert(from, {head.first, first - 1});
}

void NumberSet::remove(const NumberSet& other) { *this = without(other); }

bool NumberSet::contains(std::uint32_t number) const {
  const auto range = std::ranges::lower_bound(ranges_, number, {}, &Range::last);
  return range != ranges_.end() && range->first <= number;
}

std::uint64_t NumberSet::size() const {
  std::uint64_t count = 0;
  for (const auto& [first, last] : ranges_) count += static_cast<std::uint64_t>(last) - first + 1;
  return count;
}

NumberSet NumberSet::without(const NumberSet& other) const {
  NumberSet rest;
  auto hole = other.ranges_.begin();
  for (auto [first, last] : ranges_) {
    while (hole != other.ranges_.end() && hole->last < first) ++hole;
    std::uint64_t next = first;  // 64 bits: last + 1 may pass 2^32-1
    for (auto h = hole; h != other.ranges_.end() && h->first <= last; ++h) {
      if (h->first > next) rest.ranges_.push_back({static_cast<std::uint32_t>(next), h->first - 1});
      next = static_cast<std::uint64_t>(h->last) + 1;
    }
    if (next <= last) rest.ranges_.push_back({static_cast<std::uint32_t>(next), last});
  }
  return rest;
}

NumberSet NumberSet::newest(std::uint64_t count) const {
  NumberSet set;
  for (auto range = ranges_.rbegin(); range != ranges_.rend() && count > 0; ++range) {
    const auto length = static_cast<std::uint64_t>(range->last) - range->first + 1;
    const auto taken = std::min(length, count);
    set.ranges_.insert(set.ranges_.begin(), {static_cast<std::uint32_t>(range->last - taken + 1), range->last});
    count -= taken;
  }
  return set;
}

std::vector<std::uint32_t> NumberSet::numbers() const {
  std::vector<std::uint32_t> all;
  all.reserve(size());
  for (const auto& [first, last] : ranges_)
    for (std::uint64_t n = first; n <= last; ++n) all.push_back(static_cast<std::uint32_t>(n));
  return all;
}

}  // namespace coi::inline base
