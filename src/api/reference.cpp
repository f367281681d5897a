#include <algorithm>

#include <fmt/format.h>

#include "api/server.h"
#include "api/table.h"
#include "proto/event.h"

namespace coi::api {
namespace {

constexpr std::string_view introduction = R"(# The interface

Made from the table of methods by `coid --print-api`; a test compares the two.

JSON-RPC 2.0, one message a line, UTF-8: over the daemon's Unix socket, or over the standard input and output of
`coid --stdio` and `coi rpc`. A line to the daemon has at most 4 MB. Commands of a connection are carried out in their
order, replies come in any; batches and notifications work as the specification says. Params are objects; an unknown
member is passed over, so that an older daemon understands a newer client as far as it goes.

- **account** in params is an address or an id. Left out or empty it means the only account; of several the one that has
  the chat, message, attachment or contact which the request names; where several have it, or nothing is named, the one
  chosen by `use`; else the error is `ambiguous` and names the accounts. Lists are of all accounts then, and with "*"
  always. In objects it is always the id.
- **chat** in params is a chat's id, an address, or a name or part of a name of somebody whom the user knows (accepted,
  named, or written to). Whole words go before beginnings of words, these before other parts, and names that the user
  gave before all; case and accents do not count. Strangers are meant by id or address alone. The own address, "saved"
  and "self" are the chat with oneself. A name that may be several people's is the error `ambiguous`; `candidates` lists
  them.
- Times are RFC 3339 strings. Ids are numbers, good within one account on one device.
- **seq** counts the changes of an account. A reply carries the number that its content stands at; a client drops events
  up to it.
- An optional member that has no value is left out.

## Errors
`code` -32700, -32600, -32601 and -32602 as JSON-RPC says. Everything else is -32000 with `message` in words and
`data: {kind, hint}`: the kind is one of
)";

void print_members(std::string& out, const json::TypeDoc& type, bool with_default) {
  if (type.members.empty()) return;
  out += with_default ? "| member | type | default |\n|---|---|---|\n" : "| member | type |\n|---|---|\n";
  for (const auto& member : type.members) {
    out += fmt::format("| `{}` | {} |", member.name, member.type);
    if (with_default)
      out += member.required ? " required |" : member.fallback.empty() ? " |" : fmt::format(" `{}` |", member.fallback);
    out += '\n';
  }
}

void print_method(std::string& out, const Method& method) {
  out += fmt::format("\n### `{}`\n{}", method.name, method.doc);
  out += method.result == "Done" ? "\n\n" : fmt::format(" Result: `{}`.\n\n", method.result);
  print_members(out, method.params, true);
}

void add_types(std::vector<json::TypeDoc>& all, const std::vector<json::TypeDoc>& more) {
  for (const auto& type : more)
    if (type.tag.empty() && type.name != "Done" && std::ranges::find(all, type.name, &json::TypeDoc::name) == all.end())
      all.push_back(type);
}

}  // namespace

std::string reference() {
  std::string out(introduction);
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind)
    out += fmt::format("{}`{}`", kind == 0 ? "" : ", ", name(static_cast<ErrorKind>(kind)));
  out += ".\n\n## Methods\n";
  std::vector<json::TypeDoc> types;
  for (const auto& method : methods()) {
    print_method(out, method);
    add_types(types, method.types);
  }
  out += "\n## Notifications\n\n### `login_step`\nWhat a login is trying, to the connection that asked for it.\n\n";
  print_members(out, json::describe<proto::LoginStep>(), false);
  out += "\n### `event`\nTo connections that subscribed. `type` says which, and each carries the whole object.\n";
  const auto events = json::describe_all<proto::Event>();
  for (const auto& event : events) {
    if (event.tag.empty()) continue;
    out += fmt::format("\n#### `{}`\n", event.tag);
    print_members(out, event, false);
  }
  add_types(types, events);
  out += "\n## Objects\n";
  std::ranges::sort(types, {}, &json::TypeDoc::name);
  for (const auto& type : types) {
    out += fmt::format("\n### {}\n", type.name);
    print_members(out, type, false);
  }
  return out;
}

}  // namespace coi::api
