#include "store/details.h"

#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"
#include "store/poll_details.h"

namespace coi::store {
namespace {

// A line end within a value would begin another name.
std::string one_line(std::string_view value) {
  std::string line(value);
  for (char& c : line)
    if (c == '\n' || c == '\r') c = ' ';
  return line;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string details_text(const chat::Details& details) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    text.append(text.empty() ? "" : "\n").append(name).append("=").append(one_line(value));
  };
  if (details.formatted) add("formatted", "1");
  if (details.forwarded) add("forwarded", "1");
  if (details.duration_ms != 0) add("duration_ms", std::to_string(details.duration_ms));
  if (details.position) {
    add("latitude", fmt::format("{}", details.position->latitude));
    add("longitude", fmt::format("{}", details.position->longitude));
  }
  if (details.contact) {
    add("contact", details.contact->name);
    add("contact_addr", details.contact->addr);
  }
  if (details.poll) poll_lines(*details.poll, add);
  return text;
}

chat::Details details_of(std::string_view text) {
  chat::Details details;
  if (text.empty()) return details;
  std::optional<double> latitude, longitude;
  for (const auto line : ascii_split(text, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = line.substr(0, equals), value = line.substr(equals + 1);
    const auto contact = [&]() -> chat::SharedContact& {
      return details.contact ? *details.contact : details.contact.emplace();
    };
    if (name.starts_with("poll")) {
      take_poll_line(name, value, details.poll ? *details.poll : details.poll.emplace());
      continue;
    }
    if (name == "formatted") details.formatted = value == "1";
    if (name == "forwarded") details.forwarded = value == "1";
    if (name == "duration_ms") details.duration_ms = ascii_number<std::uint64_t>(value).value_or(0);
    if (name == "latitude") latitude = number(value);
    if (name == "longitude") longitude = number(value);
    if (name == "contact") contact().name = value;
    if (name == "contact_addr") contact().addr = value;
  }
  if (latitude && longitude) details.position = chat::Position{*latitude, *longitude};
  return details;
}

}  // namespace coi::store
