#include "chat/poll.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"

namespace coi::chat {
namespace {

std::vector<std::uint32_t> numbers_in(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  if (text.empty()) return numbers;
  for (const auto part : ascii_split(text, ','))
    if (const auto number = ascii_number<std::uint32_t>(part)) numbers.push_back(*number);
  return numbers;
}

std::string_view first_line(std::string_view text) {
  text = ascii_trim(text);
  return ascii_trim(text.substr(0, text.find('\n')));
}

bool is_separator(char c) { return c == ' ' || c == '\t' || c == ',' || c == ';'; }

}  // namespace

std::string poll_text(const Poll& poll) {
  auto text = poll.question;
  if (!poll.description.empty()) text += "\n" + poll.description;
  std::size_t number = 0;
  for (const auto& option : poll.options) text += fmt::format("\n{}. {}", ++number, option.label);
  return text;
}

std::string choices_text(const Choices& choices) { return fmt::format("{}", fmt::join(choices, ",")); }

Choices choices_of(std::string_view value) { return numbers_in(value); }

std::string numbers_text(const PollNumbers& numbers) {
  auto text = fmt::format("{}", fmt::join(numbers.votes, ","));
  if (numbers.voters) text += fmt::format(";{}", *numbers.voters);
  return text;
}

PollNumbers numbers_of(std::string_view value) {
  const auto end = value.find(';');
  PollNumbers numbers{.votes = numbers_in(value.substr(0, end))};
  if (end != std::string_view::npos) numbers.voters = ascii_number<std::uint32_t>(value.substr(end + 1));
  return numbers;
}

//   line = number *(1*separator number);  number = 1*2DIGIT ["." / ")"]
std::optional<Choices> choices_in_words(std::string_view text) {
  constexpr std::size_t longest = 100;
  auto line = first_line(text);
  if (line.empty() || line.size() > longest) return std::nullopt;
  Choices choices;
  while (!line.empty()) {
    std::uint32_t number = 0;
    std::size_t digits = 0;
    for (; digits < line.size() && ascii_digit(line[digits]); ++digits)
      number = number * 10 + static_cast<std::uint32_t>(line[digits] - '0');
    if (digits == 0 || digits > 2) return std::nullopt;
    line.remove_prefix(digits);
    if (line.starts_with('.') || line.starts_with(')')) line.remove_prefix(1);
    if (!line.empty() && !is_separator(line.front())) return std::nullopt;
    while (!line.empty() && is_separator(line.front())) line.remove_prefix(1);
    choices.push_back(number);
  }
  std::ranges::sort(choices);
  const auto doubles = std::ranges::unique(choices);
  choices.erase(doubles.begin(), doubles.end());
  return choices;
}

}  // namespace coi::chat
