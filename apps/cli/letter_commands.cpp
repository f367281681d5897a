// coi forward, location, card: what is sent besides words and files
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "arguments.h"
#include "commands.h"
#include "proto/chat.h"
#include "sending.h"
#include "text.h"
#include "token.h"

namespace coi::cli {
namespace {

struct ForwardOptions {
  std::int64_t message = 0;
  std::string chat;
  bool keep_place = false;
  bool wait = false;
};

Result<> forward(Shell& shell, const ForwardOptions& options) {
  const auto whom = COI_TRY(find_whom(shell, options.chat));
  return send_and_report(shell, whom,
                         {.account = whom.account,
                          .chat = {whom.chat},
                          .keep_place = options.keep_place,
                          .forward = proto::MessageId(options.message),
                          .token = random_token(),
                          .wait = options.wait});
}

struct LocationOptions {
  std::string chat, place;
  std::vector<std::string> words;
  bool wait = false;
};

// "52.52", "33.87S"; `negative`: the letter that stands for the minus.
std::optional<double> degrees(std::string_view text, char positive, char negative) {
  double sign = 1;
  if (!text.empty() && (text.back() == positive || text.back() == negative)) {
    if (text.back() == negative) sign = -1;
    text.remove_suffix(1);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // from_chars() reads "nan" and "inf" too.
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return sign * value;
}

std::optional<proto::Location> location_of(const std::string& text) {
  const auto comma = text.find(',');
  if (comma == std::string::npos) return std::nullopt;
  auto second = std::string_view(text).substr(comma + 1);
  while (second.starts_with(' ')) second.remove_prefix(1);
  const auto latitude = degrees(std::string_view(text).substr(0, comma), 'N', 'S'),
             longitude = degrees(second, 'E', 'W');
  if (!latitude || !longitude) return std::nullopt;
  return proto::Location{*latitude, *longitude};
}

Result<> send_location(Shell& shell, const LocationOptions& options) {
  const auto place = location_of(options.place);
  if (!place)
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no place", one_line(options.place)),
                "such as 52.52,13.405, or 33.87S,151.21E");
  const auto whom = COI_TRY(find_whom(shell, options.chat));
  std::string text;
  for (const auto& word : options.words) text += (text.empty() ? "" : " ") + word;
  return send_and_report(shell, whom,
                         {.account = whom.account,
                          .chat = {whom.chat},
                          .text = text,
                          .location = place,
                          .token = random_token(),
                          .wait = options.wait});
}

struct CardOptions {
  std::string chat, contact;
  bool wait = false;
};

Result<> card(Shell& shell, const CardOptions& options) {
  const auto whom = COI_TRY(find_whom(shell, options.chat));
  return send_and_report(shell, whom,
                         {.account = whom.account,
                          .chat = {whom.chat},
                          .card = proto::ChatName{options.contact},
                          .token = random_token(),
                          .wait = options.wait});
}

constexpr const char* whom_words = "Chat id, address, or part of the name";
constexpr const char* wait_words = "Return when the server has accepted it";

}  // namespace

void add_letter_commands(Commands& commands) {
  {
    auto options = std::make_shared<ForwardOptions>();
    auto& command = commands.add("forward", "Send a message once more, to somebody else", "Conversations");
    command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
    command.add_option("CHAT", options->chat, whom_words)->required();
    command.add_flag("--keep-place", options->keep_place, "Photos keep what they tell of where they were taken");
    command.add_flag("--wait", options->wait, wait_words);
    command.footer("Its files go with it. Who wrote it first is not told.");
    commands.on(command, [options](Shell& shell) { return forward(shell, *options); });
  }
  {
    auto options = std::make_shared<LocationOptions>();
    auto& command = commands.add("location", "Send a place", "Conversations");
    command.add_option("CHAT", options->chat, whom_words)->required();
    command.add_option("PLACE", options->place, "Latitude and longitude in degrees: 52.52,13.405 or 33.87S,151.21E")
        ->required();
    take_words(command.add_option("TEXT", options->words, "What is said of it"));
    command.add_flag("--wait", options->wait, wait_words);
    commands.on(command, [options](Shell& shell) { return send_location(shell, *options); });
  }
  {
    auto options = std::make_shared<CardOptions>();
    auto& command = commands.add("card", "Send somebody's name and addresses as a contact card", "Conversations");
    command.add_option("CHAT", options->chat, whom_words)->required();
    command.add_option("CONTACT", options->contact, "Whose: an address, or part of the name")->required();
    command.add_flag("--wait", options->wait, wait_words);
    commands.on(command, [options](Shell& shell) { return card(shell, *options); });
  }
}

}  // namespace coi::cli
