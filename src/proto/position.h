// Where an account's count of changes stands.
#pragma once

#include <cstdint>
#include <string>

#include "json/codec.h"
#include "json/describe.h"

namespace coi::proto {

struct Position {
  std::string account;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(Position, (), (account, seq))

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::Position>;
}  // namespace coi::json
