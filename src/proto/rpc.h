// The words of JSON-RPC 2.0 (https://www.jsonrpc.org/specification) as both sides of the interface use them. Over a
// stream each message is one line of UTF-8 that ends with LF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/codec.h"
#include "json/describe.h"

namespace coi::proto {

// Section 5.1. The first four say that the request was wrong; `refused` carries an Error of the house in `data`.
enum RpcCode : std::int64_t {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  refused = -32000,
};

struct ErrorData {
  std::string kind;
  std::string hint;
};
BOOST_DESCRIBE_STRUCT(ErrorData, (), (kind, hint))

struct RpcError {
  std::int64_t code = refused;
  std::string message;
  std::optional<ErrorData> data;
  static constexpr std::string_view required[] = {"code", "message"};
};
BOOST_DESCRIBE_STRUCT(RpcError, (), (code, message, data))

// What the daemon sends: a reply has an id, a notification a method.
struct RpcMessage {
  std::optional<json::Value> id;
  std::string method;
  json::Value params;
  json::Value result;
  std::optional<RpcError> error;
};
BOOST_DESCRIBE_STRUCT(RpcMessage, (), (id, method, params, result, error))

// Methods of the daemon's notifications.
inline constexpr std::string_view event_method = "event";            // params: Event
inline constexpr std::string_view login_step_method = "login_step";  // params: LoginStep

// The longest line that the daemon reads, in octets. A text that fills it is longer than any mail we send.
inline constexpr std::size_t longest_request = 4 * 1024 * 1024;

}  // namespace coi::proto
