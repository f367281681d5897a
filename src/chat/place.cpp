#include "chat/place.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "html/escaped.h"
#include "html/html.h"
#include "html/microformats.h"
#include "mime/charset.h"

namespace coi::chat {
namespace {

std::optional<double> number(std::string_view text) {
  text = ascii_trim(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string text_within(const html::Node& node) {
  if (node.is_text()) return node.text;
  std::string text;
  for (const auto& child : node.children) text += text_within(child);
  return text;
}

// "longitude,latitude" or "longitude,latitude,altitude".
std::optional<Position> coordinates(std::string_view text) {
  const auto parts = ascii_split(text, ',');
  if (parts.size() < 2) return std::nullopt;
  const auto longitude = number(parts[0]), latitude = number(parts[1]);
  if (!longitude || !latitude) return std::nullopt;
  const Position position{*latitude, *longitude};
  return is_position(position) ? std::optional(position) : std::nullopt;
}

std::optional<Position> first_point(const html::Node& node, bool in_point) {
  if (in_point && node.tag == "coordinates") return coordinates(text_within(node));
  for (const auto& child : node.children)
    if (const auto found = first_point(child, in_point || node.tag == "point")) return found;
  return std::nullopt;
}

// Whether some Placemark tells where and when.
bool has_timed_point(const html::Node& node) {
  const std::function<bool(const html::Node&, std::string_view)> has = [&](const html::Node& one,
                                                                           std::string_view tag) {
    return one.tag == tag || std::ranges::any_of(one.children, [&](const auto& child) { return has(child, tag); });
  };
  if (node.tag == "placemark") return has(node, "when") && has(node, "point");
  return std::ranges::any_of(node.children, has_timed_point);
}

}  // namespace

bool is_position(const Position& position) {
  return std::isfinite(position.latitude) && std::isfinite(position.longitude) && std::abs(position.latitude) <= 90 &&
         std::abs(position.longitude) <= 180;
}

std::string position_text(const Position& position) {
  return fmt::format("{}, {}", html::degrees(position.latitude), html::degrees(position.longitude));
}

std::string text_with_place(std::string_view words, const Position& position) {
  const auto place = "📍 " + position_text(position);
  if (words == place || words.ends_with("\n" + place)) return std::string(words);
  return fmt::format("{}{}{}", words, words.empty() ? "" : "\n", place);
}

std::string html_with_place(std::string_view words, const Position& position) {
  std::string body;
  if (!words.empty()) {
    body = "<p>";
    for (std::string_view between; const auto line : ascii_split(words, '\n')) {
      body.append(between).append(html::escaped(line));
      between = "<br>";
    }
    body += "</p>";
  }
  return fmt::format("<!DOCTYPE html>\n<html><head><title></title></head><body>{}{}</body></html>\n", body,
                     html::write_geo({position.latitude, position.longitude}));
}

std::string write_kml(const Position& position, UnixMs at) {
  const auto when = fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(static_cast<std::time_t>(at / 1000)));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n"
      "<Placemark><Timestamp><when>{}</when></Timestamp><Point><coordinates>{},{}</coordinates></Point></Placemark>\n"
      "</Document>\n</kml>\n",
      when, html::degrees(position.longitude), html::degrees(position.latitude));
}

bool is_track_in_kml(std::string_view octets) {
  const auto document = html::parse(mime::valid_utf8(octets), Limits{});
  return document && has_timed_point(*document);
}

std::optional<Position> position_in_kml(std::string_view octets) {
  const auto document = html::parse(mime::valid_utf8(octets), Limits{});
  if (!document) return std::nullopt;
  return first_point(*document, false);
}

}  // namespace coi::chat
