// rooms: json
// Any octets: parse() and decode() answer or refuse; what was read prints to text that reads back to the same value,
// and what was decoded encodes to a value that decodes to the same struct.
#include <algorithm>
#include <cmath>

#include "check.h"
#include "json/codec.h"

namespace {

using namespace coi;

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Leaf {
  static constexpr std::string_view type = "leaf";
  std::int8_t small = 0;
  std::uint64_t large = 0;
  double real = 0;
  Colour colour = Colour::red;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (small, large, real, colour))

struct Tree {
  static constexpr std::string_view type = "tree";
  static constexpr std::string_view required[] = {"name"};
  std::string name;
  std::optional<bool> flag;
  json::Rfc3339 time;
  std::vector<std::variant<Tree, Leaf>> children;
  std::map<std::string, std::optional<std::int64_t>> counts;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (name, flag, time, children, counts))

// Equal but for what json.h says of doubles.
bool same(const json::Value& a, const json::Value& b) {
  if (a.is_double() && b.is_double()) {
    const double x = a.get_double();
    return std::abs(x - b.get_double()) <= std::max(std::abs(x) * 1e-15, 1e-290);
  }
  if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), same);
  if (a.is_object() && b.is_object())
    return std::ranges::equal(a.get_object(), b.get_object(), [](const auto& x, const auto& y) {
      return x.key() == y.key() && same(x.value(), y.value());
    });
  return a == b;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, Limits{});
  if (!value) {
    check(!value.error().text().empty());
    return 0;
  }
  const auto text = json::print(*value);
  const auto again = json::parse(text, Limits{});
  check(again && same(*value, *again));

  if (const auto tree = json::decode<Tree>(*value, "params")) {
    const auto encoded = json::encode(*tree);
    const auto read = json::parse(encoded, Limits{});
    check(read.has_value());
    const auto once_more = json::parse(json::encode(json::decode<Tree>(*read).value()), Limits{});
    check(once_more && same(*read, *once_more));
  } else {
    check(tree.error().text().starts_with("params"));
  }
  return 0;
}
