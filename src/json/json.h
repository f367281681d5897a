// JSON text (RFC 8259) and the value tree. Boost.JSON's value is this room's own vocabulary: other rooms take it from
// here and never include Boost.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/limits.h"
#include "base/result.h"

namespace coi::json {

// Members keep their order. A whole number of 64 bits is exact; any other number becomes a double whose last bit may be
// off (Boost.JSON 1.81 does not round exactly, and takes some below 1e-290 for 0).
// A name that comes twice in one object has its last value.
using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

// One JSON text with nothing but white space around it, in UTF-8. The caller has bounded its length. Fails with `limit`
// when arrays and objects nest deeper than limits.nesting, else with `invalid`, a number beyond double included; the
// text names the octet's offset, of a wrong word or number where it begins.
Result<Value> parse(std::string_view text, const Limits& limits);

// On one line, without white space, so that a line of a stream is one value. Strings have to be UTF-8.
std::string print(const Value& value);

}  // namespace coi::json
