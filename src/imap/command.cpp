#include "imap/command.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "imap/command_writer.h"
#include "imap/date_time.h"

namespace coi::imap {
namespace {

Command make(std::string name, CommandWriter arguments = {}, Pace pace = Pace::free, Effect effect = Effect::none) {
  Command command;
  command.name = std::move(name);
  command.pieces = arguments.take();
  command.pace = pace;
  command.effect = effect;
  return command;
}

Command dispensable(std::string what, Command command) {
  command.dispensable = std::move(what);
  return command;
}

Command on_mailbox(std::string name, std::string_view mailbox) {
  return make(std::move(name), CommandWriter().mailbox(mailbox));
}

// fetch-att, with UID always
std::string print(const FetchItems& items) {
  std::string text = "(UID";
  if (items.flags) text += " FLAGS";
  if (items.internaldate) text += " INTERNALDATE";
  if (items.size) text += " RFC822.SIZE";
  if (items.structure) text += " BODYSTRUCTURE";
  if (items.modseq) text += " MODSEQ";
  for (const auto& [name, partial, binary] : items.sections) {
    text += fmt::format(" {}.PEEK[{}]", binary ? "BINARY" : "BODY", name);
    if (partial) text += fmt::format("<{}.{}>", partial->first, partial->second);
  }
  return text + ')';
}

bool is_ascii(const Piece& piece) {
  const auto* literal = std::get_if<Literal>(&piece);
  return literal == nullptr || std::ranges::all_of(literal->octets, [](char c) { return c >= 0; });
}

}  // namespace

Command capability() { return make("CAPABILITY"); }
Command noop() { return make("NOOP"); }
Command logout() { return make("LOGOUT", {}, Pace::alone); }

Command id(const std::vector<std::pair<std::string, std::string>>& fields) {
  CommandWriter arguments;
  if (fields.empty()) return dispensable("ID", make("ID", arguments.word("NIL")));
  arguments.open();
  for (const auto& [field, value] : fields) arguments.quoted(field).quoted(value);
  return dispensable("ID", make("ID", arguments.close()));
}

Command starttls() { return make("STARTTLS", {}, Pace::alone, Effect::starttls); }

Command login(std::string_view user, const Secret& password) {
  return make("LOGIN", CommandWriter().string(user).secret(password), Pace::alone, Effect::login);
}

Command authenticate(sasl::Exchange exchange) {
  auto command =
      make("AUTHENTICATE", CommandWriter().word(sasl::name(exchange.mechanism())), Pace::alone, Effect::login);
  command.sasl = std::move(exchange);
  return command;
}

Command enable(std::string_view extensions) {
  return dispensable("ENABLE", make("ENABLE", CommandWriter().word(extensions)));
}

Command compress() {
  return dispensable("COMPRESS=DEFLATE",
                     make("COMPRESS", CommandWriter().word("DEFLATE"), Pace::alone, Effect::compress));
}

Command namespace_() { return dispensable("NAMESPACE", make("NAMESPACE")); }

Command getquotaroot(std::string_view mailbox) {
  auto command = on_mailbox("GETQUOTAROOT", mailbox);
  command.pace = Pace::one_of_kind;
  return dispensable("QUOTA", std::move(command));
}

Command status(std::string_view mailbox, std::string_view items) {
  return make("STATUS", CommandWriter().mailbox(mailbox).open().word(items).close());
}

// ["(" selection ")" SP] reference SP pattern [SP "RETURN" SP "(" options ")"]
Command list(std::string_view pattern, const ListOptions& options) {
  CommandWriter arguments;
  const bool selects = options.extended && options.subscribed_only;
  const bool returns = options.extended && (options.special_use || options.subscribed || !options.status_items.empty());
  if (selects) arguments.word("(SUBSCRIBED)");
  arguments.quoted("").pattern(pattern);
  if (returns) {
    arguments.word("RETURN").open();
    if (options.special_use) arguments.word("SPECIAL-USE");
    if (options.subscribed) arguments.word("SUBSCRIBED");
    if (!options.status_items.empty()) arguments.word("STATUS").open().word(options.status_items).close();
    arguments.close();
  }
  auto command = make("LIST", std::move(arguments), Pace::one_of_kind);
  return selects || returns ? dispensable("LIST-EXTENDED", std::move(command)) : command;
}

Command create(std::string_view mailbox) { return dispensable("CREATE", on_mailbox("CREATE", mailbox)); }
Command subscribe(std::string_view mailbox) { return dispensable("SUBSCRIBE", on_mailbox("SUBSCRIBE", mailbox)); }

Command append(Append mail) {
  CommandWriter arguments;
  arguments.mailbox(mail.mailbox);
  if (!mail.flags.empty()) arguments.flags(mail.flags);
  if (mail.internaldate) arguments.quoted(print_date_time(*mail.internaldate));
  return make("APPEND", arguments.literal(std::move(mail.octets)));
}

// "GETMETADATA" [SP "(" options ")"] SP mailbox SP entries: the order of the grammar in RFC 5464 section 5.
Command getmetadata(std::string_view mailbox, std::string_view depth, const std::vector<std::string>& entries) {
  CommandWriter arguments;
  if (depth != "0") arguments.open().word("DEPTH").word(depth).close();
  arguments.mailbox(mailbox).open();
  for (const auto& entry : entries) arguments.string(entry);
  return dispensable("METADATA", make("GETMETADATA", arguments.close()));
}

Command setmetadata(std::string_view mailbox,
                    const std::vector<std::pair<std::string, std::optional<std::string>>>& entries) {
  CommandWriter arguments;
  arguments.mailbox(mailbox).open();
  for (const auto& [entry, value] : entries) {
    arguments.string(entry);
    if (value) {
      arguments.quoted(*value);
    } else {
      arguments.word("NIL");
    }
  }
  return make("SETMETADATA", arguments.close());
}

// "SET" [SP "STATUS"] SP "(" filter SP events ")" …
Command notify(const Notify& wanted) {
  constexpr std::string_view told = "MessageNew MessageExpunge FlagChange";
  CommandWriter arguments;
  arguments.word("SET");
  if (wanted.status_first) arguments.word("STATUS");
  arguments.open().word("SELECTED").open().word(told).close().close();
  arguments.open();
  if (wanted.mailboxes.empty()) {
    arguments.word("PERSONAL");
  } else {
    arguments.word("MAILBOXES").open();
    for (const auto& mailbox : wanted.mailboxes) arguments.mailbox(mailbox);
    arguments.close();
  }
  return dispensable("NOTIFY", make("NOTIFY", arguments.open().word(told).close().close()));
}

Command select(const Select& wanted) {
  CommandWriter arguments;
  arguments.mailbox(wanted.mailbox);
  if (wanted.qresync) {
    const auto& known = *wanted.qresync;
    arguments.open().word("QRESYNC").open().word(fmt::format("{} {}", known.uidvalidity, known.modseq));
    if (!known.known_uids.empty()) arguments.word(known.known_uids.text());
    arguments.close().close();
  } else if (wanted.condstore) {
    arguments.word("(CONDSTORE)");
  }
  auto command = make(wanted.read_only ? "EXAMINE" : "SELECT", std::move(arguments), Pace::alone, Effect::select);
  command.mailbox = wanted.mailbox;
  command.read_only = wanted.read_only;
  command.dispensable = wanted.qresync ? "QRESYNC" : wanted.condstore ? "CONDSTORE" : "";
  return command;
}

Command idle() { return dispensable("IDLE", make("IDLE", {}, Pace::alone, Effect::idle)); }

MessageSet MessageSet::from(std::uint32_t first) {
  MessageSet set{NumberSet()};
  set.open_from_ = std::max(first, 1U);
  return set;
}

std::string MessageSet::text() const { return open_from_ > 0 ? fmt::format("{}:*", open_from_) : numbers_.text(); }

Command uid_fetch(const MessageSet& uids, const FetchItems& items, const FetchModifiers& modifiers) {
  CommandWriter arguments;
  arguments.word(uids.text()).word(print(items));
  if (modifiers.changed_since > 0)
    arguments.word(fmt::format("(CHANGEDSINCE {}{})", modifiers.changed_since, modifiers.vanished ? " VANISHED" : ""));
  return make("UID FETCH", std::move(arguments));
}

Command uid_store(const MessageSet& uids, const Store& store) {
  CommandWriter arguments;
  arguments.word(uids.text());
  if (store.unchanged_since) arguments.word(fmt::format("(UNCHANGEDSINCE {})", *store.unchanged_since));
  const std::string sign = store.mode == StoreMode::add ? "+" : store.mode == StoreMode::remove ? "-" : "";
  arguments.word(sign + (store.silent ? "FLAGS.SILENT" : "FLAGS")).flags(store.flags);
  return make("UID STORE", std::move(arguments));
}

Command uid_copy(const MessageSet& uids, std::string_view mailbox) {
  return make("UID COPY", CommandWriter().word(uids.text()).mailbox(mailbox));
}

// Its COPYUID comes untagged.
Command uid_move(const MessageSet& uids, std::string_view mailbox) {
  return dispensable("MOVE", make("UID MOVE", CommandWriter().word(uids.text()).mailbox(mailbox), Pace::one_of_kind));
}

Command uid_expunge(const MessageSet& uids) { return make("UID EXPUNGE", CommandWriter().word(uids.text())); }
Command expunge() { return make("EXPUNGE"); }

Command uid_search(const SearchKey& key, SearchReturn wanted) {
  CommandWriter arguments;
  if (wanted == SearchReturn::all) arguments.word("RETURN (ALL)");
  if (!std::ranges::all_of(key.pieces(), is_ascii)) arguments.word("CHARSET UTF-8");
  auto command = make("UID SEARCH", arguments.pieces(key.pieces()), Pace::one_of_kind);
  return wanted == SearchReturn::all ? dispensable("ESEARCH", std::move(command)) : command;
}

}  // namespace coi::imap
