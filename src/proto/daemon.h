// Requests about the daemon itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/account.h"

namespace coi::proto {

struct Version {
  std::string version;
  std::int64_t pid = 0;
  std::string data;  // the data directory
};
BOOST_DESCRIBE_STRUCT(Version, (), (version, pid, data))

struct GetVersion {
  static constexpr std::string_view method = "version";
  using Result = Version;
};
BOOST_DESCRIBE_STRUCT(GetVersion, (), ())

struct NetworkChanged {
  static constexpr std::string_view method = "network_changed";
  using Result = Done;
};
BOOST_DESCRIBE_STRUCT(NetworkChanged, (), ())

struct Shutdown {
  static constexpr std::string_view method = "shutdown";
  using Result = Done;
};
BOOST_DESCRIBE_STRUCT(Shutdown, (), ())

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::Version>;
}  // namespace coi::json
