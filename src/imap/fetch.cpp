#include "imap/fetch.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "imap/date_time.h"

namespace coi::imap {
namespace {

using ReadItem = Result<> (*)(Reader, Fetch&, std::size_t most_flags);

Result<> flags(Reader value, Fetch& fetch, std::size_t most_flags) {
  auto list = value.list();
  if (!list) return fail(ErrorKind::protocol, "no list of flags");
  fetch.flags = list->words(most_flags);
  return {};
}

Result<> uid(Reader value, Fetch& fetch, std::size_t) {
  fetch.uid = COI_TRY(value.number());
  if (fetch.uid == 0) return fail(ErrorKind::protocol, "0 is no UID");
  return {};
}

// "(" mod-sequence-value ")"
Result<> modseq(Reader value, Fetch& fetch, std::size_t) {
  value.open_if();
  fetch.modseq = COI_TRY(value.number64());
  return {};
}

Result<> internaldate(Reader value, Fetch& fetch, std::size_t) {
  fetch.internaldate = parse_date_time(COI_TRY(value.nstring()).value_or(""));
  if (!fetch.internaldate) return fail(ErrorKind::protocol, "no date");
  return {};
}

Result<> size(Reader value, Fetch& fetch, std::size_t) {
  fetch.size = COI_TRY(value.number64());
  return {};
}

Result<> structure(Reader value, Fetch& fetch, std::size_t) {
  fetch.structure = COI_TRY(read_body_structure(value));
  return {};
}

template <const char* section>
Result<> whole(Reader value, Fetch& fetch, std::size_t) {
  fetch.sections.push_back({section, {}, false, COI_TRY(value.nstring())});
  return {};
}

constexpr char everything[] = "", header_only[] = "HEADER", text_only[] = "TEXT";

constexpr auto items = std::to_array<std::pair<std::string_view, ReadItem>>({
    {"FLAGS", flags},
    {"UID", uid},
    {"MODSEQ", modseq},
    {"INTERNALDATE", internaldate},
    {"RFC822.SIZE", size},
    {"BODYSTRUCTURE", structure},
    {"BODY", structure},
    {"RFC822", whole<everything>},
    {"RFC822.HEADER", whole<header_only>},
    {"RFC822.TEXT", whole<text_only>},
});

// ("BODY" / "BINARY") "[" section "]" ["<" number ">"] SP nstring
Result<> section(std::string_view item, Reader value, Fetch& fetch) {
  BodySection body;
  const auto bracket = item.find('[');
  body.binary = ascii_iequal(item.substr(0, std::min(bracket, item.find('.'))), "BINARY");
  const auto end = item.rfind(']');
  if (end == item.npos) return fail(ErrorKind::protocol, "section without end in a FETCH response");
  body.section = ascii_upper(item.substr(bracket + 1, end - bracket - 1));
  if (auto origin = item.substr(end + 1); origin.starts_with('<') && origin.ends_with('>'))
    body.origin = ascii_number(origin.substr(1, origin.size() - 2));
  body.octets = COI_TRY(value.nstring());
  fetch.sections.push_back(std::move(body));
  return {};
}

// With ".PEEK" too: it belongs to the question, and a server may repeat that.
bool is_section(std::string_view item) {
  constexpr auto names = std::to_array<std::string_view>({"BODY", "BINARY", "BODY.PEEK", "BINARY.PEEK"});
  const auto bracket = item.find('[');
  return bracket != item.npos &&
         std::ranges::any_of(names, [&](auto name) { return ascii_iequal(item.substr(0, bracket), name); });
}

auto find_item(std::string_view item) {
  return std::ranges::find_if(items, [&](const auto& row) { return ascii_iequal(row.first, item); });
}

// Stands behind the item then, or before the next one if that is all there is in its place.
void read_item(Reader& in, Fetch& fetch, std::size_t most_flags) {
  const auto item = in.peek_atom();
  in.value();
  const auto* known = find_item(item);
  const bool section_asked = is_section(item);
  if (known == items.end() && !section_asked) return;
  const auto next = in.peek_atom();
  const bool has_value = find_item(next) == items.end() && !is_section(next);
  Result<> read = fail(ErrorKind::protocol, "an item without value");
  if (has_value) {
    const auto value = in.value();
    read = section_asked ? section(item, value, fetch) : known->second(value, fetch, most_flags);
  }
  if (!read) fetch.unreadable.push_back(ascii_upper(item.substr(0, item.find('<'))));
}

}  // namespace

const BodySection* Fetch::find(std::string_view section) const {
  const auto found = std::ranges::find(sections, section, &BodySection::section);
  return found == sections.end() ? nullptr : &*found;
}

BodySection* Fetch::find(std::string_view section) {
  const auto found = std::ranges::find(sections, section, &BodySection::section);
  return found == sections.end() ? nullptr : &*found;
}

bool has_flag(const std::vector<std::string>& flags, std::string_view flag) {
  return std::ranges::any_of(flags, [&](const std::string& f) { return ascii_iequal(f, flag); });
}

bool Fetch::is_unreadable(std::string_view item) const {
  return std::ranges::any_of(unreadable, [&](const std::string& i) { return ascii_iequal(i, item); });
}

Fetch read_fetch(std::uint32_t message, Reader& in, bool garbled, std::size_t most_flags) {
  Fetch fetch;
  fetch.message = message;
  fetch.cut = garbled || !in.open_if();
  while (!in.at_end())
    if (!in.close_if()) read_item(in, fetch, most_flags);
  return fetch;
}

}  // namespace coi::imap
