#include "base/error.h"

#include <array>
#include <utility>

namespace coi::inline base {
namespace {

constexpr std::array names = {"invalid",     "not_found", "not_allowed", "network",   "tls",     "auth",
                              "needs_oauth", "protocol",  "io",          "full",      "locked",  "corrupt",
                              "limit",       "cancelled", "crypto",      "ambiguous", "internal"};
static_assert(names.size() == static_cast<std::size_t>(ErrorKind::internal) + 1);

}  // namespace

std::string_view name(ErrorKind kind) { return names.at(static_cast<std::size_t>(kind)); }

Error::Error(ErrorKind kind, std::string text, std::string hint)
    : kind_(kind), chain_{std::move(text)}, hint_(std::move(hint)) {}

std::string Error::text() const {
  std::string all;
  for (auto link = chain_.rbegin(); link != chain_.rend(); ++link) {
    if (!all.empty()) all += ": ";
    all += *link;
  }
  return all;
}

Error&& Error::within(std::string what) && {
  chain_.push_back(std::move(what));
  return std::move(*this);
}

Error&& Error::with_hint(std::string hint) && {
  hint_ = std::move(hint);
  return std::move(*this);
}

}  // namespace coi::inline base
