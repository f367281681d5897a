// text/enriched (RFC 1896) and text/richtext (RFC 1341, 7.1.3), of which only the words are kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coi::mime {

enum class Enriched : std::uint8_t { enriched, richtext };

// `text`: UTF-8 with "\n" line ends. What is no command stays. Time in proportion to `text`.
std::string without_commands(std::string_view text, Enriched format);

}  // namespace coi::mime
