// What of a mail's text its author just said, and what is the answered mail or a footer.
//
// The laws: reading depends on this text alone. Folded away is only what is sure to be somebody else's: marked lines
// and block quotes; what stands below an attribution ("On …, Bob wrote:") or a copied header ("From: … Sent: … Subject:
// …"); what stands behind "-- " (RFC 3676, 4.3); footers whose whole lines are known. What a program's tags say is
// evidence for these, never enough alone. In doubt a line is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coi::reply {

// What the tags around a line say of it; nothing, in plain text.
// below_rule: the first line below one that is no line of its own.
enum class Said : std::uint8_t { nothing, attribution, rule, below_rule };

// A line as a reader sees it. `text` is UTF-8 without a line end; a blank line is one, too. Views are the caller's.
struct Line {
  std::string_view text = {};  // with the ">" that stand in it
  unsigned depth = 0;          // of quotes that tags make around it; the ">" of the text count in addition
  unsigned container = 0;      // the number of what the author's program marks as the answered mail; 0 for none
  bool cited = true;           // false: those quotes may be indentation
  Said said = Said::nothing;
};

// Chat programs write a reply's quote before the text and never an attribution (D-15); elsewhere it stands anywhere.
enum class Origin : std::uint8_t { chat, mail };

enum class Part : std::uint8_t { text, quote, footer };

struct Answer {
  std::string text;      // without blank lines at both ends; quotes that are shown have "> " for each level
  std::string quote;     // the answered mail below its attribution or header, with one level of marks less
  std::string footer;    // signature, device, list; without "-- "
  bool forward = false;  // the text holds a mail that somebody passes on
  friend bool operator==(const Answer&, const Answer&) = default;
};

// In which of the three each line stands: exactly one for each. If nothing would be left to show, the quote is the
// text: a forwarded mail, or a quote alone, is the message. `forwarded`: the Subject says "Fwd:", so a copied header
// begins what is passed on. Linear in the lines.
std::vector<Part> parts_of(std::span<const Line> lines, Origin origin, bool forwarded = false);

// The same as texts.
Answer read(std::span<const Line> lines, Origin origin, bool forwarded = false);

// The lines of a plain text, as views into it.
std::vector<Line> lines_of(std::string_view text);

// D-16, for text that is sent: a line that begins with "-- " gets U+200B behind the first dash. read() takes it out.
std::string escape_footer(std::string_view text);

}  // namespace coi::reply
