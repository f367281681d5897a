#include "store/poll_details.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::store {
namespace {

constexpr std::string_view plain = "\\\n\r\t", letters = "\\nrt";

// On one line, and without the tabs between the values of an option.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto at = plain.find(c);
    if (at != std::string_view::npos) out += '\\';
    out += at == std::string_view::npos ? c : letters[at];
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = text[i] == '\\' && i + 1 < text.size() ? letters.find(text[i + 1]) : std::string_view::npos;
    out += at == std::string_view::npos ? text[i] : plain[at];
    if (at != std::string_view::npos) ++i;
  }
  return out;
}

// "kind \t file \t value \t label"
std::optional<chat::PollOption> option_of(std::string_view line) {
  const auto parts = ascii_split(line, '\t');
  if (parts.size() != 4) return std::nullopt;
  const auto kind = ascii_number<std::uint32_t>(parts[0]), file = ascii_number<std::uint32_t>(parts[1]);
  if (!kind || !file || *kind > static_cast<std::uint32_t>(chat::PollOption::Kind::file)) return std::nullopt;
  return chat::PollOption{.kind = static_cast<chat::PollOption::Kind>(*kind),
                          .label = unescaped(parts[3]),
                          .value = unescaped(parts[2]),
                          .file = *file};
}

}  // namespace

void poll_lines(const chat::Poll& poll, const std::function<void(std::string_view name, std::string_view value)>& add) {
  add("poll", poll.id);
  add("poll_question", escaped(poll.question));
  if (!poll.description.empty()) add("poll_description", escaped(poll.description));
  if (poll.closes) add("poll_closes_ms", std::to_string(std::max<UnixMs>(*poll.closes, 0)));
  if (!poll.multiple) add("poll_mode", "single");
  if (!poll.revote) add("poll_revote", "no");
  for (const auto& option : poll.options)
    add("poll_option", fmt::format("{}\t{}\t{}\t{}", static_cast<int>(option.kind), option.file, escaped(option.value),
                                   escaped(option.label)));
}

void take_poll_line(std::string_view name, std::string_view value, chat::Poll& poll) {
  if (name == "poll")
    poll.id = value;
  else if (name == "poll_question")
    poll.question = unescaped(value);
  else if (name == "poll_description")
    poll.description = unescaped(value);
  else if (const auto closes = ascii_number<std::uint64_t>(value); name == "poll_closes_ms" && closes)
    poll.closes = static_cast<UnixMs>(*closes);
  else if (name == "poll_mode")
    poll.multiple = value != "single";
  else if (name == "poll_revote")
    poll.revote = value != "no";
  else if (name == "poll_option") {
    if (auto option = option_of(value)) poll.options.push_back(*std::move(option));
  }
}

}  // namespace coi::store
