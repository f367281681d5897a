// JSON-RPC 2.0 (https://www.jsonrpc.org/specification): lines to requests, answers to lines.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/reply.h"
#include "base/limits.h"
#include "json/json.h"
#include "proto/event.h"
#include "proto/rpc.h"

namespace coi::api {

struct Request {
  std::optional<json::Value> id;  // absent: a notification, never answered
  std::string method;
  json::Value params;  // an object, or null when the request has none
};

// A request that is none (section 5: answered with the id if there is a sound one, else with null).
struct Malformed {
  json::Value id;
  proto::RpcError error;
};

struct Incoming {
  std::vector<std::expected<Request, Malformed>> requests;
  bool batch = false;  // section 6: the replies go out as one array
};

// Fails as a whole when the line is no JSON or an empty batch.
std::expected<Incoming, Malformed> parse_line(std::string_view line, const Limits& limits);

// Lines without their LF.
std::string reply_line(const json::Value& id, const Answer& answer);
std::string notification_line(std::string_view method, std::string_view params);  // JSON text
std::string event_line(const proto::Event& event);

}  // namespace coi::api
