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
  named, or written to); case and accents do not count. All whose name contains it may be meant; whom the user gave
  exactly that name (`name_contact`) is meant before the others. Strangers are meant by id or address alone. The own
  address, "saved" and "self" are the chat with oneself. A name that may be several people's is the error `ambiguous`;
  `candidates` lists them.
- Times are RFC 3339 strings. Ids are numbers, good within one account on one device.
- **seq** counts the changes of an account. A reply carries the number that its content stands at; a client drops events
  up to it.
- An optional member that has no value is left out.

## One of each
A request, and its result:
```
{"jsonrpc":"2.0","id":1,"method":"send_message","params":{"chat":"bob@example.net","text":"Hello","token":"4fQ9…"}}
{"jsonrpc":"2.0","id":1,"result":{"seq":8,"message":{"account":"01J…","id":1,"chat":1,"text":"Hello", …}}}
```
An error; and one of what was no request, or came before one, with the id null:
```
{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"there is no chat with Bo","data":{"kind":"not_found","hint":"…"}}}
{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"…","data":{"kind":"invalid"}}}
```
A notification to the daemon, which gets no reply; and a batch, whose replies come as one array, in any order:
```
{"jsonrpc":"2.0","method":"network_changed"}
[{"jsonrpc":"2.0","id":3,"method":"version"},{"jsonrpc":"2.0","id":4,"method":"chats","params":{"account":"*"}}]
[{"jsonrpc":"2.0","id":3,"result":{…}},{"jsonrpc":"2.0","id":4,"result":{"positions":[…],"chats":[…]}}]
```
Notifications from the daemon: an event, the event that says that too much happened (what is shown is to be read anew), and
a step of a login that this client asked for:
```
{"jsonrpc":"2.0","method":"event","params":{"type":"message_added","account":"01J…","seq":9,"message":{…},"notify":true,"blocked":false,"history":false}}
{"jsonrpc":"2.0","method":"event","params":{"type":"resync","account":"01J…","seq":300}}
{"jsonrpc":"2.0","method":"login_step","params":{"request":5,"step":"autoconfig", …}}
```

## Lists
Every list is read a page at a time, all in one way. `most` says how many entries at most (50, and no more than 1000), and
one of three which: `before` those that stand before an entry in the list's order, `after` those behind it, `around` the
entry itself and as much on either side as there is room for. Without any of them the page is the list's beginning; of
`messages`, which stand oldest first, it is the end. `more_before` and `more_after` say whether the list goes on beyond the
page. An entry is named by its id; where the list is of several accounts, as `{"account": ID, "id": NUMBER}`. What the list
goes by is the entry's place at the time of the request: in a list of chats one that moved meanwhile counts where it is now.

A chat with unread messages has the oldest of them as `first_unread`: `messages` around it begins where reading stopped. A
list of chats has the front of each last message as a Preview; `messages` gives it whole.

## Events
After `subscribe` all that happens is told. Its result has the position of each account: what has a greater `seq` comes as an
event. `message_added` is told of every message that is new here. With `history` it lay in the mailbox before this device
came to it (the first fetch of a mailbox, an import), and is shown without a word; without, it is news, and `notify` says
whether the user wants to hear of it: of what mentions the user, or all of a group, even in a chat that is muted. A reaction
to an own message comes as `message_changed` with `reacted`, where the user wants to hear of that. What somebody writes who is blocked comes with `blocked`: a front end passes it over, unless
the user looks at that very chat. A program that answers looks at `history` alone.

Who comes back after a while gives `subscribe` the positions that were reached, as `since`. What came meanwhile is told first,
in its order: the daemon remembers some 2000 events of each account, as long as it runs. Where it does not remember that
far, one `resync` comes instead, with the number that now counts; the messages since then are read with `messages`, chat by
chat from the list of `chats` (those with unread ones, or all). A number that was never reached, as after the account was
logged out and in again, is answered with a `resync` too. The position to keep is the `seq` of the last event whose work is
done.

## Notices
A message of kind `notice` tells of a change in place of words; its author did it, and `text` is how their program said it in
the mail. Codes with their parameters: `member_added` (`addr`), `member_removed` (`addr`), `member_left`, `group_renamed` (`name`,
`old_name`), `group_described` (`description`, its first 500 octets on one line), `group_pictured`, `group_unpictured`; `message_pinned` and `poll_closed` (`question`, `best`, `votes`, `voters`), of which
`reply_to` is what was pinned or closed; `timer_changed` (`seconds`); `call`, which cannot be taken here.

## Programs that answer
`docs/echo_bot.py` is one. It answers what is news (`history` is false), from others (`outgoing` is false), and no program's
(`automatic` is false, RFC 3834), and sends with `automatic: "replied"`, so that the mail says Auto-Submitted, asks for no
receipt, and no other program answers it. With a `token` made from the account and the id of what it answers, a request that
is repeated after the daemon or the program ended sends nothing twice. (Not from `rfc_id`: others choose that, and may choose
the same.)

## Bounds
A client may have 1000 requests open, and 16 MB of them; then its next ones are read when answers have gone out. Answers are
made while less than 8 MB of them wait to be read, and less than 64 MB of all clients together: a client that takes
nothing for 10 seconds while others wait for that room is hung up on. A batch has at most 1000 requests; the batches of a
client keep 8 MB of results until their last answer, and what finds no room is the error `limit`, as is all that is then
still to be read for the same batch (its commands are carried out). A client that hangs up
ends its reads and its login; commands that were received are carried out. The daemon serves 200 clients, and no more than
half as many as it may have file descriptors; the next one gets an error of kind `limit` with the id null, and is hung up
on. The files of one mail have 25 MB together, or less where the account's provider takes
less (its SIZE, which is known from the login on); what is too large is the error `limit`, before anything is stored.

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
  out += "Of a group, a `Chat` in here and in `chats` names the first five members alone, by address; `member_count`\n";
  out += "says how many there are, and `chat` and `messages` have all.\n";
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
