#include "html/properties.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "html/class_names.h"
#include "html/markup.h"

namespace coi::html {
namespace {

constexpr std::string_view data_scheme = "data:";
constexpr std::size_t most_data_head = 200;  // octets of a media type with its parameters
constexpr std::size_t item_octets = 50;      // what a property costs beside its text
constexpr std::size_t most_address = 320;    // RFC 3696

// Padded Base64 of at most most_photo octets; "" if it is none.
std::string base64_of(std::string_view text) {
  auto digits = without_space(text);
  while (digits.ends_with('=')) digits.pop_back();
  const auto is_digit = [](char c) { return ascii_alnum(c) || c == '+' || c == '/'; };
  if (digits.empty() || digits.size() % 4 == 1 || digits.size() / 4 * 3 > most_photo) return {};
  if (!std::ranges::all_of(digits, is_digit)) return {};
  while (digits.size() % 4 != 0) digits += '=';
  return digits;
}

// RFC 2397.
std::optional<Data> data_of(std::string_view url) {
  url = ascii_trim(url);
  if (!ascii_istarts_with(url, data_scheme)) return std::nullopt;
  url.remove_prefix(data_scheme.size());
  const auto comma = url.substr(0, most_data_head).find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto words = ascii_split(url.substr(0, comma), ';');
  if (words.size() < 2 || !ascii_iequal(ascii_trim(words.back()), "base64")) return std::nullopt;
  Data out{ascii_lower(ascii_trim(words.front())), base64_of(url.substr(comma + 1))};
  if (out.base64.empty()) return std::nullopt;
  return out;
}

bool is_media_type(std::string_view text) {
  return std::ranges::count(text, '/') == 1 && !text.starts_with('/') && !text.ends_with('/') &&
         std::ranges::all_of(text, [](char c) {
           return ascii_alnum(c) || std::string_view("/.+-_").find(c) != std::string_view::npos;
         });
}

bool is_day(std::string_view month_and_day) {
  const auto month = ascii_number(month_and_day.substr(0, 2)), day = ascii_number(month_and_day.substr(3));
  return month_and_day[2] == '-' && month && *month >= 1 && *month <= 12 && day && *day >= 1 && *day <= 31;
}

}  // namespace

std::optional<Data> picture_of(std::string_view url) {
  constexpr std::string_view kinds[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};
  auto data = data_of(url);
  if (!data) return std::nullopt;
  if (data->type == "image/jpg") data->type = "image/jpeg";
  return std::ranges::find(kinds, data->type) == std::end(kinds) ? std::nullopt : data;
}

std::optional<Data> key_of(std::string_view text) {
  if (auto data = data_of(text)) return is_media_type(data->type) ? data : std::nullopt;
  Data bare{"", base64_of(text)};
  if (bare.base64.empty()) return std::nullopt;
  return bare;
}

std::string url_of(const Data& data) { return fmt::format("data:{};base64,{}", data.type, data.base64); }

std::string email_of(std::string_view text) {
  constexpr std::string_view scheme = "mailto:";
  if (text.size() > most_name) return {};
  auto out = one_line(text, most_name);
  if (ascii_istarts_with(out, scheme)) {
    const auto addr = ascii_undo_percent(std::string_view(out).substr(0, out.find('?')).substr(scheme.size()));
    out = one_line(addr, most_name);
    if (out != addr) return {};  // line ends, or no UTF-8
  }
  const auto at = out.rfind('@');
  const bool valid = at != std::string::npos && at > 0 && at + 1 < out.size() && out.size() <= most_address &&
                     out.find_first_of(" <>,;") == std::string::npos;
  return valid ? out : std::string();
}

std::string birthday_of(std::string_view text) {
  const auto out = one_line(text, most_name);
  if (out.size() == 7 && out.starts_with("--") && is_day(std::string_view(out).substr(2))) return out;
  const bool whole = out.size() == 10 && std::ranges::all_of(out.substr(0, 4), ascii_digit) && out[4] == '-' &&
                     is_day(std::string_view(out).substr(5));
  return whole ? out : std::string();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (const auto piece : ascii_split(text, ',')) {
    auto word = one_line(piece, most_name);
    if (out.size() < most_emails && !word.empty() && std::ranges::find(out, word) == out.end())
      out.push_back(std::move(word));
  }
  return out;
}

Notification notification_of(std::string_view text) {
  Notification out;
  for (const auto piece : ascii_split(text, ';')) {
    const auto setting = one_line(piece, most_name);
    const auto equals = std::min(setting.find('='), setting.size());
    const auto key = ascii_trim(std::string_view(setting).substr(0, equals));
    const auto value = ascii_trim(std::string_view(setting).substr(std::min(equals + 1, setting.size())));
    if (ascii_iequal(key, "enabled")) {
      out.enabled = !ascii_iequal(value, "false") && !ascii_iequal(value, "no");
    } else if (ascii_iequal(key, "types")) {
      out.types = words_of(value);
    } else if (ascii_iequal(key, "sounds")) {
      out.sounds = words_of(value);
    } else if (ascii_iequal(key, "filters")) {
      out.filters = words_of(value);
    } else if (!key.empty() && out.others.size() < most_emails) {
      out.others.push_back(fmt::format("{}={}", key, value));
    }
  }
  return out;
}

std::string notification_text(const Notification& notification) {
  std::string out = notification.enabled ? "enabled=true" : "enabled=false";
  const auto add = [&](std::string_view key, const std::vector<std::string>& words) {
    if (!words.empty()) out += fmt::format(";{}={}", key, fmt::join(words, ","));
  };
  add("types", notification.types);
  add("sounds", notification.sounds);
  add("filters", notification.filters);
  for (const auto& other : notification.others) out += ";" + other;
  return out;
}

bool Others::fits(std::size_t octets) {
  if (octets + item_octets > most_other_octets - octets_) return false;
  octets_ += octets + item_octets;
  return true;
}

void Others::add(std::string_view property, std::string_view value) {
  if (value.empty() || !fits(property.size() + value.size())) return;  // as written: cleaning it costs too
  auto shown = lines(value, most_other_octets);
  if (!shown.empty()) properties_.push_back({std::string(property), std::move(shown), {}});
}

void Others::add_item(const Outline& outline, std::size_t element, std::size_t most_depth) {
  auto names = outline.elements[element].properties();
  const auto property = names.empty() ? std::string_view() : names.front();
  for (const auto& name : outline.elements[element].items()) names.push_back(name);
  auto classes = fmt::format("{}", fmt::join(names, " "));
  if (most_depth == 0 || !fits(classes.size())) return;
  auto inside = item(outline, element, most_depth - 1);
  if (!inside.empty()) {
    properties_.push_back({std::move(classes), "", std::move(inside)});
  } else if (!property.empty()) {
    Values values(*outline.elements[element].node);  // <b class="p-org h-card">Mill</b>: its name is implied
    add(classes, values.of(property));
  }
}

std::vector<Property> Others::item(const Outline& outline, std::size_t element, std::size_t most_depth) {
  Others inside;
  inside.octets_ = octets_;
  const auto range = outline.inside(element);
  for (auto i = range.begin; i < range.end; ++i) {
    const auto& child = outline.elements[i];
    if (child.is_item()) {
      inside.add_item(outline, i, most_depth);
      i = child.end - 1;
    } else {
      Values values(*child.node);
      for (const auto& property : child.properties()) inside.add(property, values.of(property));
    }
  }
  octets_ = inside.octets_;
  return std::move(inside).take();
}

std::string write_properties(const std::vector<Property>& properties) {
  std::string out;
  for (const auto& [classes, value, inside] : properties) {
    const bool plain = std::ranges::all_of(
        classes, [](char c) { return (c >= 'a' && c <= 'z') || ascii_digit(c) || c == '-' || c == ' '; });
    if (!plain) continue;
    if (inside.empty()) {
      out += hidden(classes, value);
    } else {
      out += fmt::format("<div class=\"{}\">{}</div>", classes, write_properties(inside));
    }
  }
  return out;
}

}  // namespace coi::html
