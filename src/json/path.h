// Where in a value the decoder stands: "params.files[2].name".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::json {

// A link of a chain that lives on the stack while the decoder descends; text is made only when something is wrong.
class Path {
 public:
  // `name`: what the whole value is called, or empty.
  explicit Path(std::string_view name) : name_(name) {}

  // Both refer to this path and to `name`, which must outlive them.
  Path member(std::string_view name) const { return {this, name, no_index}; }
  Path element(std::size_t index) const { return {this, {}, index}; }

  std::string text() const;

  // `invalid`: "params.files[2].name: expected a string".
  std::unexpected<Error> expected(std::string_view what) const;
  std::unexpected<Error> missing() const;

 private:
  static constexpr auto no_index = static_cast<std::size_t>(-1);

  Path(const Path* parent, std::string_view name, std::size_t index) : parent_(parent), name_(name), index_(index) {}

  std::unexpected<Error> wrong(std::string what) const;

  const Path* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = no_index;
};

}  // namespace coi::json
