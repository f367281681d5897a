// A set of numbers from 1 to 2^32-1 kept as ranges: IMAP UIDs and message numbers (RFC 3501 sequence-set, RFC 4731).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coi::inline base {

class NumberSet {
 public:
  struct Range {
    std::uint32_t first;
    std::uint32_t last;  // included
    friend bool operator==(const Range&, const Range&) = default;
  };

  NumberSet() = default;
  NumberSet(std::uint32_t first, std::uint32_t last) { add(first, last); }

  // "1:5,7,9:11", any order, overlaps allowed. nullopt for anything else, "*" included; "" is the empty set.
  static std::optional<NumberSet> parse(std::string_view text);
  // Ascending, without overlaps: "1:5,7".
  std::string text() const;

  void add(std::uint32_t first, std::uint32_t last);  // both included, in any order; 0 is left out
  void add(std::uint32_t number) { add(number, number); }
  void add(const NumberSet& other);
  void remove(std::uint32_t first, std::uint32_t last);
  void remove(const NumberSet& other);

  bool contains(std::uint32_t number) const;
  bool empty() const { return ranges_.empty(); }
  std::uint64_t size() const;  // how many numbers
  std::uint32_t max() const { return ranges_.empty() ? 0 : ranges_.back().last; }
  const std::vector<Range>& ranges() const { return ranges_; }  // ascending, apart by at least one number

  // Those that both have.
  NumberSet common(const NumberSet& other) const { return without(without(other)); }
  // Those of this set that `other` lacks.
  NumberSet without(const NumberSet& other) const;
  // The `count` greatest numbers, or all of them.
  NumberSet newest(std::uint64_t count) const;
  std::vector<std::uint32_t> numbers() const;

  friend bool operator==(const NumberSet&, const NumberSet&) = default;

 private:
  std::vector<Range> ranges_;
};

}  // namespace coi::inline base
