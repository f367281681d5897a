// Our own values to JSON and back:
//
//   C++                                    JSON
//   bool                                   true, false
//   integers                               number without fraction, in range
//   double                                 number (encoding one that is not finite gives null)
//   std::string                            string
//   enum (described)                       string: the enumerator's name
//   StrongId                               number
//   UnixMs                                 number, being an integer
//   Rfc3339                                string: a date-time of RFC 3339
//   Secret                                 string; the Value then holds it in the clear
//   std::optional<T>                       T, or null, or no member at all
//   std::vector<T>, std::map<string, T>    array, object
//   struct (described)                     object
//   std::variant of tagged structs         object whose member "type" says which
//   Value                                  anything
//
// json/describe.h shows how a type is described. Decoding an object: an unknown member is passed over; a member that is
// absent keeps what T{} gives it, unless T::required names it. So a peer that is older or newer is understood as far as
// it goes. Encoding writes all members in order, but leaves out empty optionals.
//
// A struct in a variant carries its tag: `static constexpr std::string_view type = "message_changed";`
#pragma once

#include "json/containers.h"
#include "json/json.h"
#include "json/scalars.h"
#include "json/structs.h"

namespace coi::json {

// `name` is what error texts call the whole value. Errors are `invalid`: "params.files[2].name: expected a string".
template <class T>
Result<T> decode(const Value& value, std::string_view name = {}) {
  return Codec<T>::read(value, Path(name));
}

// The JSON text, as print() writes it. There is no Value between: of a long list that is thousands of small pieces.
template <class T>
std::string encode(const T& value) {
  std::string text;
  Codec<T>::write(value, text);
  return text;
}

}  // namespace coi::json
