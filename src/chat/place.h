// Places (C-81, D-32): as words, as HTML and as KML. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "chat/details.h"

namespace coi::chat {

// Finite, and within ±90 and ±180 degrees.
bool is_position(const Position& position);

// "52.52, 13.405": latitude and longitude with up to seven digits behind the point, which is a centimetre.
std::string position_text(const Position& position);

// What the message says to whoever sees only its text: `words`, if any, and below them the coordinates, unless they
// stand there already.
std::string text_with_place(std::string_view words, const Position& position);

// The HTML form of that: a whole document, with the coordinates as h-geo.
std::string html_with_place(std::string_view words, const Position& position);

// KML 2.2 of one Point, as Delta Chat reads it from an attachment message.kml. `at`: whole seconds count.
std::string write_kml(const Position& position, UnixMs at);

// Whether it is a live track (D-32): a Placemark of it tells where somebody was when. Bounded as position_in_kml().
bool is_track_in_kml(std::string_view octets);

// The first Point in KML that has coordinates on the earth; nullopt: none. It is read with the HTML parser: time and
// memory are bounded as those of html::parse(), and what is beyond its limits is none.
std::optional<Position> position_in_kml(std::string_view octets);

}  // namespace coi::chat
