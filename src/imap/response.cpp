#include "imap/response.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "imap/mailbox_name.h"
#include "imap/reader.h"

namespace coi::imap {
namespace {

using ReadResponse = Result<Response> (*)(Reader&);
using ReadNumbered = Result<Response> (*)(std::uint32_t, Reader&);

std::unexpected<Error> garbled(std::string_view what) {
  return fail(ErrorKind::protocol, fmt::format("the server's {} response is garbled", what));
}

Result<std::string> mailbox(Reader& in) { return mailbox_from_wire(COI_TRY(in.astring())); }

// DQUOTE QUOTED-CHAR DQUOTE / nil
Result<char> delimiter(Reader& in) {
  const auto text = COI_TRY(in.nstring());
  return text && !text->empty() ? text->front() : '\0';
}

// sequence-set without "*"
Result<NumberSet> number_set(Reader& in, std::string_view what) {
  auto set = NumberSet::parse(COI_TRY(in.atom()));
  if (!set) return garbled(what);
  return std::move(*set);
}

Result<Response> capability(Reader& in) {
  Capabilities all;
  while (!in.at_end()) all.add(COI_TRY(in.atom()));
  return all;
}

Result<Response> enabled(Reader& in) {
  Enabled on;
  while (!in.at_end()) on.extensions.add(COI_TRY(in.atom()));
  return on;
}

Result<Response> flags(Reader& in) { return MailboxFlags{COI_TRY(in.words())}; }

// "(EARLIER)" SP known-uids / known-uids
Result<Response> vanished(Reader& in) {
  Vanished gone;
  if (in.open_if()) {
    gone.earlier = ascii_iequal(COI_TRY(in.atom()), "EARLIER");
    COI_TRY(in.close());
  }
  gone.uids = COI_TRY(number_set(in, "VANISHED"));
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

// "(" *attribute ")" SP delimiter SP mailbox [SP extended]
Result<Response> list(Reader& in) {
  List listed;
  listed.attributes = COI_TRY(in.words());
  listed.delimiter = COI_TRY(delimiter(in));
  listed.mailbox = COI_TRY(mailbox(in));
  for (const auto& [name, use] : special_use_names)
    if (listed.has(name)) listed.special_uses.push_back(use);
  return listed;
}

// mailbox SP "(" *(status-att SP number) ")"
Result<Response> status(Reader& in) {
  MailboxStatus status;
  status.mailbox = COI_TRY(mailbox(in));
  const auto counts = std::to_array<std::pair<std::string_view, std::optional<std::uint32_t>*>>({
      {"MESSAGES", &status.messages},
      {"RECENT", &status.recent},
      {"UIDNEXT", &status.uidnext},
      {"UIDVALIDITY", &status.uidvalidity},
      {"UNSEEN", &status.unseen},
  });
  COI_TRY(in.open());
  while (!in.close_if()) {
    const auto item = COI_TRY(in.atom());
    const auto count = std::ranges::find_if(counts, [&](const auto& row) { return ascii_iequal(row.first, item); });
    if (count != counts.end()) {
      *count->second = COI_TRY(in.number());
    } else if (ascii_iequal(item, "HIGHESTMODSEQ")) {
      status.highestmodseq = COI_TRY(in.number64());
    } else if (ascii_iequal(item, "SIZE")) {
      status.size = COI_TRY(in.number64());
    } else {
      COI_TRY(in.skip());
    }
  }
  return status;
}

// *(SP number) [SP "(" "MODSEQ" SP mod-sequence-value ")"]
Result<Response> search(Reader& in) {
  Search found;
  std::vector<std::uint32_t> numbers;
  while (!in.at_end()) {
    if (in.open_if()) {
      COI_TRY(in.skip());
      found.modseq = COI_TRY(in.number64());
      COI_TRY(in.close());
    } else {
      numbers.push_back(COI_TRY(in.number()));
    }
  }
  std::ranges::sort(numbers);  // a set grows cheaply at its end only
  for (const auto number : numbers) found.all.add(number);
  return found;
}

// ["(" "TAG" SP string ")"] [SP "UID"] *(SP name SP value)
Result<Response> esearch(Reader& in) {
  Search found;
  if (in.open_if()) {
    COI_TRY(in.atom());
    found.tag = COI_TRY(in.astring());
    COI_TRY(in.close());
  }
  while (!in.at_end()) {
    const auto name = COI_TRY(in.atom());
    if (ascii_iequal(name, "UID")) {
      found.uid = true;
    } else if (ascii_iequal(name, "ALL")) {
      found.all = COI_TRY(number_set(in, "ESEARCH"));
    } else if (ascii_iequal(name, "MIN")) {
      found.min = COI_TRY(in.number());
    } else if (ascii_iequal(name, "MAX")) {
      found.max = COI_TRY(in.number());
    } else if (ascii_iequal(name, "COUNT")) {
      found.count = COI_TRY(in.number());
    } else if (ascii_iequal(name, "MODSEQ")) {
      found.modseq = COI_TRY(in.number64());
    } else {
      COI_TRY(in.skip());
    }
  }
  return found;
}

// mailbox SP ("(" entry SP value *(SP entry SP value) ")" / entry *(SP entry))
Result<Response> metadata(Reader& in) {
  Metadata data;
  data.mailbox = COI_TRY(mailbox(in));
  if (in.open_if()) {
    while (!in.close_if()) {
      auto entry = ascii_lower(COI_TRY(in.astring()));
      data.entries.insert_or_assign(std::move(entry), COI_TRY(in.nstring()));
    }
  }
  while (!in.at_end()) data.changed.push_back(ascii_lower(COI_TRY(in.astring())));
  return data;
}

// astring SP "(" *(name SP usage SP limit) ")"
Result<Response> quota(Reader& in) {
  Quota quota;
  quota.root = COI_TRY(in.astring());
  COI_TRY(in.open());
  while (!in.close_if()) {
    Quota::Resource resource{.name = ascii_upper(COI_TRY(in.atom())), .usage = 0, .limit = 0};
    resource.usage = COI_TRY(in.number64());
    resource.limit = COI_TRY(in.number64());
    quota.resources.push_back(std::move(resource));
  }
  return quota;
}

Result<Response> quota_root(Reader& in) {
  QuotaRoot root;
  root.mailbox = COI_TRY(mailbox(in));
  while (!in.at_end()) root.roots.push_back(COI_TRY(in.astring()));
  return root;
}

// "(" 1*("(" string SP delimiter *extension ")") ")" / nil
Result<std::vector<Namespaces::Space>> spaces(Reader& in) {
  std::vector<Namespaces::Space> all;
  if (!in.open_if()) {
    COI_TRY(in.skip());
    return all;
  }
  while (!in.close_if()) {
    COI_TRY(in.open());
    auto prefix = mailbox_from_wire(COI_TRY(in.astring()));
    all.push_back({std::move(prefix), COI_TRY(delimiter(in))});
    while (!in.close_if()) COI_TRY(in.skip());
  }
  return all;
}

Result<Response> namespaces(Reader& in) {
  Namespaces all;
  all.personal = COI_TRY(spaces(in));
  all.other_users = COI_TRY(spaces(in));
  all.shared = COI_TRY(spaces(in));
  return all;
}

// "(" *(string SP nstring) ")" / nil
Result<Response> id(Reader& in) {
  ServerId id;
  if (!in.open_if()) return id;
  while (!in.close_if()) {
    auto field = COI_TRY(in.astring());
    id.fields.insert_or_assign(std::move(field), COI_TRY(in.nstring()).value_or(""));
  }
  return id;
}

template <Status::Kind kind>
Result<Response> untagged_status(Reader& in) {
  return parse_status(kind, {}, in.text());
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
    {"EXISTS", [](std::uint32_t n, Reader&) -> Result<Response> { return Exists{n}; }},
    {"EXPUNGE", [](std::uint32_t n, Reader&) -> Result<Response> { return Expunge{n}; }},
    {"FETCH", [](std::uint32_t n, Reader& in) -> Result<Response> { return COI_TRY(read_fetch(n, in)); }},
});

// Reads with the function that `table` has for `name`; without one, or when the line is garbled, decides what that
// means.
template <class Table, class... Arguments>
Result<Response> read_with(const Table& table, std::string_view name, bool is_garbled, Arguments&&... arguments) {
  const auto* known = std::ranges::find_if(table, [&](const auto& row) { return ascii_iequal(row.first, name); });
  if (known == table.end()) return Skipped{ascii_upper(name)};
  if (is_garbled) return garbled(known->first);
  auto response = known->second(std::forward<Arguments>(arguments)...);
  if (!response) return std::unexpected(std::move(response).error().within(fmt::format("{} response", known->first)));
  return response;
}

// tag SP ("OK" / "NO" / "BAD") SP resp-text
Result<Response> tagged(std::string tag, Reader& in) {
  constexpr auto kinds = std::to_array<std::pair<std::string_view, Status::Kind>>({
      {"OK", Status::Kind::ok},
      {"NO", Status::Kind::no},
      {"BAD", Status::Kind::bad},
  });
  const auto word = in.atom().value_or("");
  const auto* kind = std::ranges::find_if(kinds, [&](const auto& row) { return ascii_iequal(row.first, word); });
  if (kind == kinds.end()) return garbled("tagged");
  return parse_status(kind->second, std::move(tag), in.text());
}

}  // namespace

bool List::has(std::string_view attribute) const { return has_flag(attributes, attribute); }

// response = "*" SP (number SP name / name) … / "+" SP text / tag SP status
Result<Response> parse_response(Line line) {
  if (line.tokens.empty()) return Skipped{};
  Reader in(line);
  const auto first = in.atom();
  if (!first) return garbled("first word of a");
  if (*first == "+") return Continuation{std::string(in.text())};
  if (*first != "*") return line.garbled ? garbled("tagged") : tagged(std::string(*first), in);
  const auto word = in.atom();
  if (!word) return Skipped{};
  const auto number = ascii_number(*word);
  if (!number) return read_with(responses, *word, line.garbled, in);
  const auto name = in.atom();
  if (!name) return Skipped{};
  return read_with(numbered_responses, *name, line.garbled, *number, in);
}

}  // namespace coi::imap
