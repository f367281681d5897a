#include "json/path.h"

#include <fmt/format.h>

namespace coi::json {

std::string Path::text() const {
  if (parent_ == nullptr) return std::string(name_);
  auto all = parent_->text();
  if (index_ != no_index) return all + fmt::format("[{}]", index_);
  if (!all.empty()) all += '.';
  return all.append(name_);
}

std::unexpected<Error> Path::expected(std::string_view what) const { return wrong(fmt::format("expected {}", what)); }

std::unexpected<Error> Path::missing() const { return wrong("is missing"); }

std::unexpected<Error> Path::wrong(std::string what) const {
  Error error(ErrorKind::invalid, std::move(what));
  auto where = text();
  if (where.empty()) return std::unexpected(std::move(error));
  return std::unexpected(std::move(error).within(std::move(where)));
}

}  // namespace coi::json
