// A part of a list, for whoever reads it a page at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace coi::store {

// Which part of a list is wanted: at most `most` entries that follow one another, in the list's order. At most one of
// the three is set; without any, the part begins at the list's end or at its beginning, as the list says.
template <class Place>
struct Page {
  std::optional<Place> before = {};  // what comes before it, without itself
  std::optional<Place> after = {};   // what comes behind it, without itself
  std::optional<Place> around = {};  // itself, and as much on either side as there is room for
  std::size_t most = 1000;
};

template <class Row>
struct Slice {
  std::vector<Row> rows = {};
  bool more_before = false;  // the list has more before the first row
  bool more_after = false;   // … and behind the last
};

enum class Edge : std::uint8_t { begin, end };

// Makes the part of entries by two questions. `before(place, count)` and `after(place, count)` give at most `count`
// entries on that side of the place, the nearest first; without a place those at the end, or at the beginning.
// `entry(place)` gives the entry that stands at it, or nullopt.
template <class Entry, class Place, class Before, class After, class At>
Slice<Entry> slice_of(const Page<Place>& page, Edge edge, Before before, After after, At entry) {
  const bool both = page.around.has_value();
  const bool earlier = both || page.before || (!page.after && edge == Edge::end);
  const bool later = both || !earlier;
  auto front = earlier ? before(both ? page.around : page.before, page.most + 1) : std::vector<Entry>();
  auto back = later ? after(both ? page.around : page.after, page.most + 1) : std::vector<Entry>();
  std::optional<Entry> middle;
  if (both) middle = entry(*page.around);
  // Each side gets half of what is left, and what the other one does not need.
  const auto room = page.most - std::min<std::size_t>(page.most, middle ? 1 : 0);
  const auto half = both ? room / 2 : room;
  const auto of_front = std::min(front.size(), std::max(half, room - std::min(room, back.size())));
  const auto of_back = std::min(back.size(), room - of_front);
  Slice<Entry> slice{.more_before = front.size() > of_front || page.after.has_value(),
                     .more_after = back.size() > of_back || page.before.has_value()};
  slice.rows.reserve(of_front + of_back + 1);
  std::move(front.rend() - static_cast<std::ptrdiff_t>(of_front), front.rend(), std::back_inserter(slice.rows));
  if (middle && page.most > 0) slice.rows.push_back(std::move(*middle));
  std::move(back.begin(), back.begin() + static_cast<std::ptrdiff_t>(of_back), std::back_inserter(slice.rows));
  return slice;
}

// Of a list that is whole here. `is_at(row, place)`.
template <class Row, class Place, class IsAt>
Slice<Row> slice_of(std::vector<Row> rows, const Page<Place>& page, IsAt is_at) {
  const auto index = [&](const std::optional<Place>& place) {
    const auto found =
        place ? std::ranges::find_if(rows, [&](const Row& row) { return is_at(row, *place); }) : rows.end();
    return static_cast<std::size_t>(found - rows.begin());
  };
  // Behind a place that is not there is nothing, and before it neither.
  using Indices = std::vector<std::size_t>;
  const auto slice = slice_of<std::size_t>(
      page, Edge::begin,
      [&](const std::optional<Place>& place, std::size_t count) {
        Indices found;
        const auto at = index(place);
        for (auto i = at == rows.size() ? 0 : at; i > 0 && found.size() < count; --i) found.push_back(i - 1);
        return found;
      },
      [&](const std::optional<Place>& place, std::size_t count) {
        Indices found;
        for (auto i = place ? std::min(index(place) + 1, rows.size()) : 0; i < rows.size() && found.size() < count; ++i)
          found.push_back(i);
        return found;
      },
      [&](const Place& place) {
        const auto at = index(place);
        return at < rows.size() ? std::optional(at) : std::nullopt;
      });
  Slice<Row> part{.more_before = slice.more_before, .more_after = slice.more_after};
  for (const auto i : slice.rows) part.rows.push_back(std::move(rows[i]));
  return part;
}

}  // namespace coi::store
