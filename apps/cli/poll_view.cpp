#include "poll_view.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "message_view.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

constexpr std::size_t longest_bar = 8, widest_label = 30;

std::string bar_of(std::uint32_t votes, std::uint32_t most) {
  if (votes == 0 || most == 0) return {};
  const auto length = std::max<std::uint64_t>(1, std::uint64_t{votes} * longest_bar / most);
  std::string bar;
  for (std::uint64_t i = 0; i < length; ++i) bar += "█";
  return bar;
}

std::string voters_of(const proto::PollOption& option, const proto::Chat& chat) {
  std::string names = option.own ? "You" : "";
  for (const auto& name : others_of({.emoji = {}, .from = option.from, .own = option.own}, chat))
    names += (names.empty() ? "" : ", ") + name;
  return names;
}

// Whether it is over, and what can be done.
std::string state_of(const proto::Message& message, UnixMs now) {
  const auto& poll = *message.poll;
  const bool has_voted = std::ranges::any_of(poll.options, &proto::PollOption::own);
  const bool has_ended = poll.ends && poll.ends->ms < now;
  auto text = poll.voters == 0   ? std::string("nobody has voted")
              : poll.voters == 1 ? std::string("1 person has voted")
                                 : fmt::format("{} people have voted", poll.voters);
  if (poll.closed) return text + " · closed";
  if (has_ended) return text + " · ended " + moment_text(poll.ends->ms, now);
  if (poll.ends) text += " · ends " + moment_text(poll.ends->ms, now);
  if (!poll.revote) text += " · a vote is final";
  if (poll.revote || !has_voted)
    text += fmt::format(" · coi vote {} {}", message.id.value, poll.single ? "NUMBER" : "NUMBER…");
  return text;
}

}  // namespace

std::string option_text(const proto::PollOption& option, UnixMs now) {
  if (option.date.empty()) return one_line(option.text);
  if (const auto at = from_rfc3339(option.date)) return short_day_text(*at, now) + ", " + clock_text(*at);
  // A day is the same one in every zone: its noon here.
  std::tm day{};
  const auto* end = ::strptime(option.date.c_str(), "%Y-%m-%d", &day);
  if (end == nullptr || *end != '\0') return one_line(option.text);
  day.tm_hour = 12, day.tm_isdst = -1;
  return short_day_text(UnixMs{std::mktime(&day)} * 1000, now);
}

std::vector<std::string> poll_lines(const Output& out, const proto::Message& message, const proto::Chat& chat,
                                    std::size_t width, UnixMs now) {
  const auto& poll = *message.poll;
  std::vector<std::string> lines;
  const auto add = [&](Style style, std::string_view text) {
    for (const auto& line : wrap(text, width)) lines.push_back(out.styled(style, line));
  };
  add(Style::bold, one_line(poll.question));
  if (!poll.description.empty()) add(Style::plain, printable(poll.description));
  std::uint32_t most = 0;
  std::size_t widest = 0;
  for (const auto& option : poll.options) {
    most = std::max(most, option.votes);
    widest = std::max(widest, std::min(columns(option_text(option, now)), widest_label));
  }
  std::size_t number = 0;
  for (const auto& option : poll.options) {
    const auto label = option_text(option, now);
    auto line = fmt::format("{:>{}} {} {}  {}  {}", ++number, poll.options.size() > 9 ? 2 : 1, option.own ? "●" : " ",
                            columns(label) > widest ? label : fit(label, widest),
                            fit(bar_of(option.votes, most), longest_bar), option.votes);
    if (const auto voters = voters_of(option, chat); !voters.empty()) line += "  " + voters;
    add(option.own ? Style::accent : Style::plain, line);
  }
  add(Style::dim, state_of(message, now));
  return lines;
}

}  // namespace coi::cli
