#include "imap/response.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "imap/mailbox_name.h"
#include "imap/reader.h"

namespace coi::imap {
namespace {

// What the readers below share.
struct Context {
  const Limits& limits;
  bool garbled;      // the line as a whole
  bool odd = false;  // something of the response was passed over
};

using ReadResponse = Response (*)(Reader&, Context&);
using ReadNumbered = Response (*)(std::uint32_t, Reader&, Context&);

Response unreadable(std::string_view name, Context& context) {
  context.odd = true;
  return Unreadable{std::string(name)};
}

std::optional<std::string> mailbox(Reader value) {
  const auto name = value.astring();
  return name ? std::optional(mailbox_from_wire(*name)) : std::nullopt;
}

// DQUOTE QUOTED-CHAR DQUOTE / nil
char delimiter(Reader value, Context& context) {
  const auto text = value.nstring();
  if (!text) context.odd = true;
  return text && *text && !(*text)->empty() ? (*text)->front() : '\0';
}

Capabilities capability_words(Reader& in, Context& context) {
  Capabilities all;
  while (!in.at_end()) {
    const auto word = in.value().atom();
    if (word) all.add(*word);
    if (!word) context.odd = true;
    in.close_if();
  }
  return all;
}

Response capability(Reader& in, Context& context) { return capability_words(in, context); }

Response enabled(Reader& in, Context& context) { return Enabled{capability_words(in, context)}; }

Response flags(Reader& in, Context& context) {
  auto list = in.list();
  context.odd |= !list;
  return MailboxFlags{list ? list->words(context.limits.words) : std::vector<std::string>()};
}

// "(EARLIER)" SP known-uids / known-uids
Response vanished(Reader& in, Context& context) {
  Vanished gone;
  if (in.at(Token::Kind::open)) {
    auto word = in.list();
    gone.earlier = word && ascii_iequal(word->atom().value_or(""), "EARLIER");
    if (!gone.earlier) return unreadable("VANISHED", context);
  }
  const auto set = NumberSet::parse(in.atom().value_or(""));
  if (context.garbled || !set || set->empty() || !in.at_end()) return unreadable("VANISHED", context);
  gone.uids = *set;
  return gone;
}

constexpr auto special_use_names = std::to_array<std::pair<std::string_view, SpecialUse>>({
    {"\\All", SpecialUse::all},
    {"\\Archive", SpecialUse::archive},
    {"\\Drafts", SpecialUse::drafts},
    {"\\Flagged", SpecialUse::flagged},
    {"\\Important", SpecialUse::important},
    {"\\Junk", SpecialUse::junk},
    {"\\Sent", SpecialUse::sent},
    {"\\Trash", SpecialUse::trash},
});

// What a server says that does not escape its delimiter, a backslash: "\" "name". The name begins behind it.
std::optional<std::string> behind_bare_backslash(Reader& in) {
  std::string name;
  while (!in.at_end()) {
    const auto word = in.atom();
    if (!word) return std::nullopt;
    if (!name.empty()) name += ' ';
    name += *word;
  }
  if (!name.ends_with('"')) return std::nullopt;
  name.pop_back();
  return mailbox_from_wire(name);
}

// "(" *attribute ")" SP delimiter SP mailbox [SP extended]
Response list(Reader& in, Context& context) {
  List listed;
  auto attributes = in.list();
  if (!attributes) return unreadable("LIST", context);
  listed.attributes = attributes->words(context.limits.words);
  auto separator = in.value();
  std::optional<std::string> name;
  if (Reader(separator).string().value_or("") == "\" ") {
    listed.delimiter = '\\';
    name = behind_bare_backslash(in);
  } else {
    listed.delimiter = delimiter(separator, context);
    if (auto written = in.value().astring()) {
      name = mailbox_from_wire(*written);
      if (mailbox_to_wire(*name) != *written && *name != "INBOX") listed.wire = *std::move(written);
    }
    // Behind it only what RFC 5258 knows, a list; else the name was not told as one.
    if (!in.at_end() && !in.at(Token::Kind::open)) name.reset();
  }
  if (!name || name->empty()) return unreadable("LIST", context);
  listed.mailbox = *std::move(name);
  for (const auto& [word, use] : special_use_names)
    if (listed.has(word)) listed.special_uses.push_back(use);
  return listed;
}

// mailbox SP "(" *(status-att SP number) ")"
Response status(Reader& in, Context& context) {
  MailboxStatus status;
  auto name = mailbox(in.value());
  auto list = in.list();
  if (!name || !list) return unreadable("STATUS", context);
  status.mailbox = *std::move(name);
  const auto counts = std::to_array<std::pair<std::string_view, std::optional<std::uint32_t>*>>({
      {"MESSAGES", &status.messages},
      {"RECENT", &status.recent},
      {"UIDNEXT", &status.uidnext},
      {"UIDVALIDITY", &status.uidvalidity},
      {"UNSEEN", &status.unseen},
  });
  const auto take = [&](auto& into, auto read) {
    if (read) into = *read;
    context.odd |= !read;
  };
  while (!list->at_end()) {
    const auto item = list->value().atom().value_or("");
    auto value = list->value();
    const auto count = std::ranges::find_if(counts, [&](const auto& row) { return ascii_iequal(row.first, item); });
    if (count != counts.end()) {
      take(*count->second, value.number());
    } else if (ascii_iequal(item, "HIGHESTMODSEQ")) {
      take(status.highestmodseq, value.number64());
    } else if (ascii_iequal(item, "SIZE")) {
      take(status.size, value.number64());
    }
  }
  return status;
}

// *(SP number) [SP "(" "MODSEQ" SP mod-sequence-value ")"]
Response search(Reader& in, Context& context) {
  Search found;
  std::vector<std::uint32_t> numbers;
  while (!in.at_end()) {
    if (in.at(Token::Kind::open)) {
      auto list = in.list();
      if (!list) return unreadable("SEARCH", context);
      list->value();
      if (const auto modseq = list->number64()) found.modseq = *modseq;
    } else if (const auto number = in.number()) {
      numbers.push_back(*number);
    } else {
      return unreadable("SEARCH", context);
    }
  }
  if (context.garbled) return unreadable("SEARCH", context);
  std::ranges::sort(numbers);  // a set grows cheaply at its end only
  for (const auto number : numbers) found.all.add(number);
  return found;
}

// ["(" "TAG" SP string ")"] [SP "UID"] *(SP name SP value)
Response esearch(Reader& in, Context& context) {
  Search found;
  if (in.at(Token::Kind::open)) {
    auto list = in.list();
    if (!list) return unreadable("ESEARCH", context);
    list->value();
    found.tag = list->astring().value_or("");
  }
  bool whole = !context.garbled;
  const auto take = [&](auto& into, auto read) {
    if (read) into = *read;
    whole = whole && read;
  };
  while (!in.at_end() && whole) {
    const auto name = in.value().atom().value_or("");
    if (ascii_iequal(name, "UID")) {
      found.uid = true;
      continue;
    }
    auto value = in.value();
    if (ascii_iequal(name, "ALL")) {
      take(found.all, NumberSet::parse(value.atom().value_or("-")));
    } else if (ascii_iequal(name, "MIN")) {
      take(found.min, value.number());
    } else if (ascii_iequal(name, "MAX")) {
      take(found.max, value.number());
    } else if (ascii_iequal(name, "COUNT")) {
      take(found.count, value.number());
    } else if (ascii_iequal(name, "MODSEQ")) {
      take(found.modseq, value.number64());
    }
    whole = whole && !in.at(Token::Kind::close);
  }
  if (!whole) return unreadable("ESEARCH", context);
  return found;
}

// mailbox SP ("(" entry SP value *(SP entry SP value) ")" / entry *(SP entry))
Response metadata(Reader& in, Context& context) {
  Metadata data;
  auto name = mailbox(in.value());
  if (!name) return unreadable("METADATA", context);
  data.mailbox = *std::move(name);
  if (in.at(Token::Kind::open)) {
    auto list = in.list();
    context.odd |= !list;
    while (list && !list->at_end() && data.entries.size() < context.limits.words) {
      auto entry = list->value().astring();
      auto value = list->value().nstring();
      context.odd |= !entry || !value;
      if (entry && value) data.entries.insert_or_assign(ascii_lower(*entry), *std::move(value));
    }
    return data;
  }
  for (const auto& entry : in.words(context.limits.words)) data.changed.push_back(ascii_lower(entry));
  return data;
}

// astring SP "(" *(name SP usage SP limit) ")"
Response quota(Reader& in, Context& context) {
  Quota quota;
  quota.root = in.value().astring().value_or("");
  auto list = in.list();
  context.odd |= !list;
  while (list && !list->at_end() && quota.resources.size() < context.limits.words) {
    const auto resource = list->value().atom();
    const auto usage = list->value().number64(), limit = list->value().number64();
    if (resource && usage && limit) quota.resources.push_back({ascii_upper(*resource), *usage, *limit});
    context.odd |= !resource || !usage || !limit;
  }
  return quota;
}

Response quota_root(Reader& in, Context& context) {
  auto name = mailbox(in.value());
  if (!name) return unreadable("QUOTAROOT", context);
  return QuotaRoot{*std::move(name), in.words(context.limits.words)};
}

// "(" 1*("(" string SP delimiter *extension ")") ")" / nil
std::vector<Namespaces::Space> spaces(Reader& in, Context& context) {
  std::vector<Namespaces::Space> all;
  if (!in.at(Token::Kind::open)) {
    if (!in.at_nil()) context.odd = true;
    in.value();
    return all;
  }
  auto list = in.list();
  context.odd |= !list;
  while (list && !list->at_end() && all.size() < context.limits.words) {
    auto space = list->list();
    auto prefix = space ? mailbox(space->value()) : std::nullopt;
    context.odd |= !prefix;
    if (prefix) all.push_back({*std::move(prefix), delimiter(space->value(), context)});
  }
  return all;
}

Response namespaces(Reader& in, Context& context) {
  Namespaces all;
  all.personal = spaces(in, context);
  all.other_users = spaces(in, context);
  all.shared = spaces(in, context);
  return all;
}

// "(" *(string SP nstring) ")" / nil. RFC 2971 section 3.3: at most 30 fields.
Response id(Reader& in, Context& context) {
  constexpr std::size_t most_fields = 30;
  ServerId id;
  auto list = in.list();
  while (list && !list->at_end() && id.fields.size() < most_fields) {
    auto field = list->value().astring();
    auto value = list->value();
    auto text = value.at_nil() ? Result<std::string>("") : value.astring();
    context.odd |= !field || !text;
    if (field && text && field->size() + text->size() <= context.limits.said)
      id.fields.insert_or_assign(*std::move(field), *std::move(text));
  }
  return id;
}

template <Status::Kind kind>
Response untagged_status(Reader& in, Context& context) {
  return parse_status(kind, {}, in.text(), context.limits.said);
}

constexpr auto responses = std::to_array<std::pair<std::string_view, ReadResponse>>({
    {"OK", untagged_status<Status::Kind::ok>},
    {"NO", untagged_status<Status::Kind::no>},
    {"BAD", untagged_status<Status::Kind::bad>},
    {"BYE", untagged_status<Status::Kind::bye>},
    {"PREAUTH", untagged_status<Status::Kind::preauth>},
    {"CAPABILITY", capability},
    {"ENABLED", enabled},
    {"FLAGS", flags},
    {"VANISHED", vanished},
    {"LIST", list},
    {"STATUS", status},
    {"SEARCH", search},
    {"ESEARCH", esearch},
    {"METADATA", metadata},
    {"QUOTA", quota},
    {"QUOTAROOT", quota_root},
    {"NAMESPACE", namespaces},
    {"ID", id},
});

constexpr auto numbered_responses = std::to_array<std::pair<std::string_view, ReadNumbered>>({
    {"EXISTS", [](std::uint32_t n, Reader&, Context&) -> Response { return Exists{n}; }},
    {"EXPUNGE", [](std::uint32_t n, Reader&, Context&) -> Response { return Expunge{n}; }},
    {"FETCH",
     [](std::uint32_t n, Reader& in, Context& context) -> Response {
       return read_fetch(n, in, context.garbled, context.limits.words);
     }},
});

// Reads with the function that `table` has for `name`.
template <class Table, class... Arguments>
ParsedResponse read_with(const Table& table, std::string_view name, Context& context, Arguments&&... arguments) {
  const auto* known = std::ranges::find_if(table, [&](const auto& row) { return ascii_iequal(row.first, name); });
  if (known == table.end()) return {Skipped{ascii_upper(name.substr(0, context.limits.said))}, {}};
  ParsedResponse parsed{known->second(std::forward<Arguments>(arguments)..., context), {}};
  if (const auto* fetch = std::get_if<Fetch>(&parsed.response)) {
    for (const auto& item : fetch->unreadable)
      parsed.odd.push_back("FETCH " + item.substr(0, item.find_first_of("[<")));
    context.odd |= fetch->cut && parsed.odd.empty();
  }
  if (context.odd || (context.garbled && parsed.odd.empty())) parsed.odd.emplace_back(known->first);
  return parsed;
}

// tag SP ("OK" / "NO" / "BAD") SP resp-text
Status tagged(std::string tag, Reader& in, Context& context) {
  constexpr auto kinds = std::to_array<std::pair<std::string_view, Status::Kind>>({
      {"OK", Status::Kind::ok},
      {"NO", Status::Kind::no},
      {"BAD", Status::Kind::bad},
  });
  const auto word = in.atom().value_or("");
  const auto* kind = std::ranges::find_if(kinds, [&](const auto& row) { return ascii_iequal(row.first, word); });
  context.odd = kind == kinds.end();
  if (context.odd) return parse_status(Status::Kind::bad, std::move(tag), word, context.limits.said);
  return parse_status(kind->second, std::move(tag), in.text(), context.limits.said);
}

bool is_digits(std::string_view word) { return !word.empty() && std::ranges::all_of(word, ascii_digit); }

}  // namespace

bool List::has(std::string_view attribute) const { return has_flag(attributes, attribute); }

// response = "*" SP (number SP name / name) … / "+" SP text / tag SP status
ParsedResponse parse_response(Line line, const Limits& limits) {
  if (line.tokens.empty()) return {Skipped{}, {}};
  Reader in(line);
  Context context{.limits = limits, .garbled = line.garbled};
  const auto first = in.atom();
  if (!first) return {Unreadable{}, {"a line"}};
  // No tag begins so (RFC 3501 section 9, tag), and not every server leaves the blank behind it.
  if (first->starts_with('+')) return {Continuation{std::string(first->substr(1)) + std::string(in.text())}, {}};
  if (*first != "*") {
    auto status = tagged(std::string(*first), in, context);
    return {std::move(status), context.odd ? std::vector<std::string>{"a line"} : std::vector<std::string>{}};
  }
  const auto word = in.atom();
  if (!word) return {Skipped{}, {}};
  if (!is_digits(*word)) return read_with(responses, *word, context, in);
  const auto name = in.atom();
  if (!name) return {Skipped{}, {}};
  const auto number = ascii_number(*word);
  const auto* known =
      std::ranges::find_if(numbered_responses, [&](const auto& row) { return ascii_iequal(row.first, *name); });
  if (!number && known != numbered_responses.end())
    return {Unreadable{std::string(known->first)}, {std::string(known->first)}};
  return read_with(numbered_responses, *name, context, number.value_or(0), in);
}

}  // namespace coi::imap
