#include "imap/fetch.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "imap/date_time.h"

namespace coi::imap {
namespace {

using ReadItem = Result<> (*)(Reader&, Fetch&);

Result<> flags(Reader& in, Fetch& fetch) {
  fetch.flags = COI_TRY(in.words());
  return {};
}

Result<> uid(Reader& in, Fetch& fetch) {
  fetch.uid = COI_TRY(in.number());
  return {};
}

// "(" mod-sequence-value ")"
Result<> modseq(Reader& in, Fetch& fetch) {
  COI_TRY(in.open());
  fetch.modseq = COI_TRY(in.number64());
  return in.close();
}

Result<> internaldate(Reader& in, Fetch& fetch) {
  fetch.internaldate = parse_date_time(COI_TRY(in.nstring()).value_or(""));
  return {};
}

Result<> size(Reader& in, Fetch& fetch) {
  fetch.size = COI_TRY(in.number64());
  return {};
}

Result<> structure(Reader& in, Fetch& fetch) {
  fetch.structure = COI_TRY(read_body_structure(in));
  return {};
}

template <const char* section>
Result<> whole(Reader& in, Fetch& fetch) {
  fetch.sections.push_back({section, {}, false, COI_TRY(in.nstring())});
  return {};
}

constexpr char everything[] = "", header[] = "HEADER", text[] = "TEXT";

constexpr auto items = std::to_array<std::pair<std::string_view, ReadItem>>({
    {"FLAGS", flags},
    {"UID", uid},
    {"MODSEQ", modseq},
    {"INTERNALDATE", internaldate},
    {"RFC822.SIZE", size},
    {"BODYSTRUCTURE", structure},
    {"BODY", structure},
    {"RFC822", whole<everything>},
    {"RFC822.HEADER", whole<header>},
    {"RFC822.TEXT", whole<text>},
});

// ("BODY" / "BINARY") "[" section "]" ["<" number ">"] SP nstring
Result<> section(std::string_view item, std::size_t bracket, Reader& in, Fetch& fetch) {
  BodySection body;
  body.binary = ascii_iequal(item.substr(0, bracket), "BINARY");
  const auto end = item.rfind(']');
  if (end == item.npos || end < bracket) return fail(ErrorKind::protocol, "section without end in a FETCH response");
  body.section = ascii_upper(item.substr(bracket + 1, end - bracket - 1));
  if (auto origin = item.substr(end + 1); origin.starts_with('<') && origin.ends_with('>'))
    body.origin = ascii_number(origin.substr(1, origin.size() - 2));
  body.octets = COI_TRY(in.nstring());
  fetch.sections.push_back(std::move(body));
  return {};
}

Result<> read_item(Reader& in, Fetch& fetch) {
  const auto item = COI_TRY(in.atom());
  const auto* known = std::ranges::find_if(items, [&](const auto& row) { return ascii_iequal(row.first, item); });
  if (known != items.end()) return known->second(in, fetch);
  const auto bracket = item.find('[');
  const auto name = item.substr(0, bracket);
  if (bracket != item.npos && (ascii_iequal(name, "BODY") || ascii_iequal(name, "BINARY")))
    return section(item, bracket, in, fetch);
  return in.skip();
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

Result<Fetch> read_fetch(std::uint32_t message, Reader& in) {
  Fetch fetch;
  fetch.message = message;
  COI_TRY(in.open());
  while (!in.close_if()) COI_TRY(read_item(in, fetch));
  return fetch;
}

}  // namespace coi::imap
