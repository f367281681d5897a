#include "smtp/capabilities.h"

#include <algorithm>

#include "base/ascii.h"

namespace coi::smtp {
namespace {

constexpr std::size_t most_mechanisms = 50;

}  // namespace

//   ehlo-line = ehlo-keyword *( SP ehlo-param )   ; the first line of the reply is the server's name and greeting
Capabilities Capabilities::parse(const Reply& reply) {
  Capabilities offered;
  for (std::size_t i = 1; i < reply.lines.size(); ++i) {
    std::string line = ascii_upper(reply.lines[i]);
    if (line.starts_with("AUTH=")) line[4] = ' ';  // a form from before RFC 2554, still sent beside the right one
    const auto words = ascii_split(ascii_trim(line), ' ');
    const std::string_view keyword = words[0];
    if (keyword == "PIPELINING") offered.pipelining = true;
    if (keyword == "CHUNKING") offered.chunking = true;
    if (keyword == "8BITMIME") offered.eight_bit_mime = true;
    if (keyword == "SMTPUTF8") offered.smtp_utf8 = true;
    if (keyword == "STARTTLS") offered.starttls = true;
    if (keyword == "ENHANCEDSTATUSCODES") offered.enhanced_codes = true;
    if (keyword == "DSN") offered.dsn = true;
    if (keyword == "SIZE") {
      offered.size = true;
      if (words.size() > 1) offered.largest_mail = ascii_number<std::uint64_t>(words[1]).value_or(0);
    }
    // future-release-ehlo = "FUTURERELEASE" SP max-interval SP max-date-time     (RFC 4865 4; the two say the same)
    if (keyword == "FUTURERELEASE" && words.size() > 1)
      offered.longest_hold = ascii_number<std::uint32_t>(words[1]).value_or(0);
    for (std::size_t w = 1; w < words.size(); ++w) {
      if (keyword == "AUTH" && !words[w].empty() && offered.auth.size() < most_mechanisms && !offered.offers(words[w]))
        offered.auth.emplace_back(words[w]);
      if (keyword == "LIMITS" && words[w].starts_with("MAILMAX="))
        offered.most_mails = ascii_number(words[w].substr(8)).value_or(0);
    }
  }
  return offered;
}

bool Capabilities::offers(std::string_view mechanism) const { return std::ranges::find(auth, mechanism) != auth.end(); }

}  // namespace coi::smtp
