// Header fields as they stand in a mail (RFC 5322, section 2.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mime/mail.h"

namespace coi::mime {

// One field with its continuation lines, line ends included; nullopt if it does not start with a name and a colon.
std::optional<Header> parse_field(std::string_view lines);
// The same with the octets of the value as they are.
std::optional<Header> parse_raw_field(std::string_view lines);

// Groups of fields, separated by blank lines, as in the machine-readable parts of reports. Other lines are passed over.
std::vector<std::vector<Header>> parse_field_blocks(std::string_view text);

// The first field of that name (in any case) of a mail, or of a copy of its header; "" if it has none.
std::string header_value(std::string_view mail, std::string_view name);

// field-name [WSP] ":"
bool starts_field(std::string_view line);

// Whether a field of that name holds a list of addresses.
bool holds_addresses(std::string_view name);

// "Name: value" with CRLF at its end. Lines are folded where a space stands, aiming at 78 columns. A value that is not
// ASCII becomes encoded words. ErrorKind::invalid: a bad name, a line end or NUL in the value (it would forge a
// field), or a word that makes a line longer than 998 octets.
Result<std::string> format_field(const Header& header);

}  // namespace coi::mime
