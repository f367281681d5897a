// Addresses in header values (RFC 5322, section 3.4, with its obsolete forms; RFC 6532 for UTF-8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coi::mime {

struct Address {
  std::string name;  // display name, UTF-8: of a mail at most 1000 octets, all of them seen; "" when none
  std::string addr;  // local@domain as written, without <> and white space
  friend bool operator==(const Address&, const Address&) = default;
};

// Commas and semicolons separate; the members of a group are read as if they stood alone, so `"hidden": ;` gives none.
// What is no address is dropped; a word without one that a comma parts from a name belongs to it: `Lind, Mara <m@x>`. A
// name may also stand as a comment behind the address.
std::vector<Address> parse_addresses(std::string_view value);

// A header value in ASCII, but for an address that itself is not: `"Al B." <a@b.c>, d@e.f`.
std::string format_addresses(const std::vector<Address>& addresses);

// The form to compare, store and send by: trimmed, ASCII lower case, the domain in A-labels (RFC 5891), so that
// "Al@Bücher.example" and "al@xn--bcher-kva.example" are one person's. Letters outside ASCII before the @ are left
// alone, and so is a domain that IDNA does not know.
std::string canonical(std::string_view addr);

// What a person writes: the address alone, or as it is printed. "Bob Miller <bob@example.net>" is what stands in the
// last <>, whatever the name says. canonical(); is_address() says whether it is one.
std::string written_address(std::string_view text);

// local-part "@" domain, no white space outside quotes, no control characters nor any that turn the direction of text,
// at most 320 octets
bool is_address(std::string_view addr);

}  // namespace coi::mime
