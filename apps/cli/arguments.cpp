#include "arguments.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "text.h"

namespace coi::cli {
namespace {

std::optional<std::int64_t> number_in(std::string_view word) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

}  // namespace

// Without allow_extra_args a positional takes words until it has as many as it expects: more than a command line holds.
CLI::Option* take_words(CLI::Option* positional) {
  constexpr int endless = 1 << 28;
  return positional->allow_extra_args(false)
      ->expected(endless, endless)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Validator not_empty() {
  return {[](std::string& word) { return word.empty() ? std::string("it is empty") : std::string(); }, ""};
}

// The second argument of a validator is what help would show of it: nothing.
CLI::Validator number_between(std::int64_t least, std::int64_t most) {
  return {[least, most](std::string& word) {
            const auto number = number_in(word);
            if (number && *number >= least && *number <= most) return std::string();
            return fmt::format("{} is no number from {} to {}", one_line(word), least, most);
          },
          ""};
}

CLI::Validator seconds_between(double least, double most) {
  return {[least, most](std::string& word) {
            double seconds = 0;
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
            const bool is_number = error == std::errc() && end == word.data() + word.size();
            if (is_number && seconds >= least && seconds <= most) return std::string();
            return fmt::format("{} is no number of seconds from {} to {}", one_line(word), least, most);
          },
          ""};
}

CLI::Validator option_number() {
  return {[](std::string& word) {
            const auto number = number_in(word);
            if (number && *number > 0 && *number <= std::numeric_limits<std::uint32_t>::max()) return std::string();
            return fmt::format("{} is no number that the poll shows", one_line(word));
          },
          ""};
}

CLI::Validator id_number() {
  return {[](std::string& word) {
            const auto number = number_in(word);
            if (number && *number > 0) return std::string();
            return fmt::format("{} is no number that coi read shows", one_line(word));
          },
          ""};
}

CLI::Validator existing_file() {
  return {[](std::string& word) {
            std::error_code error;
            const auto status = std::filesystem::status(word, error);
            if (std::filesystem::is_directory(status)) return fmt::format("{} is a folder", one_line(word));
            if (std::filesystem::exists(status)) return std::string();
            if (status.type() == std::filesystem::file_type::not_found)
              return fmt::format("there is no file {}", one_line(word));
            return fmt::format("cannot look at {}: {}", one_line(word), error.message());
          },
          ""};
}

CLI::Validator one_of(std::vector<std::string> words) {
  return {[words = std::move(words)](std::string& word) {
            if (std::ranges::find(words, word) != words.end()) return std::string();
            return fmt::format("{} is none of {}", one_line(word), fmt::join(words, ", "));
          },
          ""};
}

std::string choice_words(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, "|")); }

}  // namespace coi::cli
