#include "api/rpc.h"

#include <fmt/format.h>

namespace coi::api {
namespace {

proto::RpcError wrong(proto::RpcCode code, std::string text) {
  return {.code = code, .message = std::move(text), .data = proto::ErrorData{.kind = "invalid", .hint = {}}};
}

bool is_id(const json::Value& value) { return value.is_string() || value.is_number() || value.is_null(); }

std::expected<Request, Malformed> request_of(json::Value& value) {
  auto* object = value.if_object();
  const auto malformed = [&](std::string text) {
    const auto* id = object == nullptr ? nullptr : object->if_contains("id");
    return std::unexpected(Malformed{.id = id != nullptr && is_id(*id) ? *id : json::Value(),
                                     .error = wrong(proto::invalid_request, std::move(text))});
  };
  if (object == nullptr) return malformed("a request has to be an object");
  const auto* version = object->if_contains("jsonrpc");
  if (version == nullptr || *version != "2.0") return malformed("jsonrpc has to be \"2.0\"");
  Request request;
  if (const auto* id = object->if_contains("id")) {
    if (!is_id(*id)) return malformed("id has to be a string, a number or null");
    request.id = *id;
  }
  const auto* method = object->if_contains("method");
  if (method == nullptr || !method->is_string()) return malformed("method has to be a string");
  request.method = std::string(method->get_string());
  if (auto* params = object->if_contains("params")) {
    if (!params->is_object() && !params->is_array()) return malformed("params has to be an object or an array");
    request.params = std::move(*params);
  }
  return request;
}

}  // namespace

std::expected<Incoming, Malformed> parse_line(std::string_view line, const Limits& limits) {
  auto value = json::parse(line, limits);
  if (!value)
    return std::unexpected(Malformed{.id = nullptr, .error = wrong(proto::parse_error, value.error().text())});
  Incoming incoming;
  if (auto* array = value->if_array()) {
    if (array->empty())
      return std::unexpected(
          Malformed{.id = nullptr, .error = wrong(proto::invalid_request, "a batch may not be empty")});
    incoming.batch = true;
    for (auto& element : *array) incoming.requests.push_back(request_of(element));
  } else {
    incoming.requests.push_back(request_of(*value));
  }
  return incoming;
}

std::string reply_line(const json::Value& id, const Answer& answer) {
  auto line = fmt::format(R"({{"jsonrpc":"2.0","id":{},"{}":)", json::print(id), answer ? "result" : "error");
  if (!answer) return line.append(json::encode(answer.error())).append("}");
  line.reserve(line.size() + answer->size() + 1);  // a result may be large
  return line.append(*answer).append("}");
}

std::string notification_line(std::string_view method, std::string_view params) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":"{}","params":{}}})", method, params);
}

std::string event_line(const proto::Event& event) {
  return notification_line(proto::event_method, json::encode(event));
}

}  // namespace coi::api
