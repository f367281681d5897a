#include <algorithm>

#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/reacted.h"
#include "api/send_letter.h"
#include "base/ascii.h"

namespace coi::api {
namespace {

// As it is read again: without spaces at the ends, one in the place of several.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (is_space && (out.empty() || out.back() == ' ')) continue;
    out += is_space ? ' ' : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// "2026-11-30", or "2026-11-30T18:00:00Z" as "2026-11-30 18:00" and what stands for the zone.
Result<chat::PollOption> date_option(const std::string& written) {
  constexpr std::size_t day = 10, minute = 16, second = 19;
  const bool is_day = written.size() == day && from_rfc3339(written + "T00:00:00Z").has_value();
  if (!is_day && !from_rfc3339(written))
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no date", written),
                "such as 2026-11-30, or 2026-11-30T18:00:00+01:00");
  chat::PollOption option{.kind = chat::PollOption::Kind::date, .label = written, .value = written};
  if (!is_day) {
    auto zone = written.substr(second);
    zone.erase(0, zone.find_first_of("Zz+-"));
    option.label = written.substr(0, day) + " " + written.substr(day + 1, minute - day - 1) +
                   (ascii_iequal(zone, "Z") ? " UTC" : " " + zone);
  }
  return option;
}

Result<chat::SendMessage> action_of(const OpenAccount& open, const proto::CreatePoll& params) {
  if (!params.files.empty() && (params.dates || params.files.size() != params.options.size()))
    return fail(ErrorKind::invalid, "each option has one file, or none has any");
  auto destination = COI_TRY(find_destination(open, params.chat));
  chat::Poll poll{.id = {},
                  .question = squeezed(params.question),
                  .description = std::string(ascii_trim(params.description)),
                  .multiple = !params.single,
                  .revote = params.revote};
  if (params.ends) poll.closes = params.ends->ms;
  std::uint32_t number = 0;
  for (const auto& option : params.options) {
    ++number;
    if (params.dates)
      poll.options.push_back(COI_TRY(date_option(option)));
    else
      poll.options.push_back({.label = squeezed(option)});
    if (params.files.empty()) continue;
    poll.options.back().kind = chat::PollOption::Kind::file;
    poll.options.back().file = number;
  }
  chat::SendMessage action{.chat = destination.chat,
                           .addr = std::move(destination.addr),
                           .text = chat::poll_text(poll),
                           .kind = chat::MessageKind::poll,
                           .token = params.token};
  const std::vector<std::filesystem::path> files(params.files.begin(), params.files.end());
  for (const auto& file : files)
    if (!file.is_absolute())
      return fail(ErrorKind::invalid, fmt::format("the path of a file has to be absolute: {}", file.string()));
  action.files = COI_TRY(open.account->add_files(files, {.one_mail = true}));
  action.details.poll = std::move(poll);
  return action;
}

}  // namespace

void create_poll(const OpenAccount& open, const proto::CreatePoll& params,
                 const Responder<proto::OneMessage>& responder) {
  send_letter(
      open, {.chat = params.chat, .token = params.token, .wait = params.wait}, [&] { return action_of(open, params); },
      [responder](const Result<proto::SentMessages>& sent) {
        if (!sent) return responder(std::unexpected(sent.error()));
        responder(proto::OneMessage{.seq = sent->seq, .message = sent->message});
      });
}

void vote(const OpenAccount& open, const proto::Vote& params, const Responder<proto::Reacted>& responder) {
  const chat::MessageId id(params.message.value);
  act_on_message(open, id, chat::Vote{.poll = id, .choices = params.choices}, Reach::chat_programs_and_author,
                 responder);
}

void close_poll(const OpenAccount& open, const proto::ClosePoll& params,
                const Responder<proto::OneMessage>& responder) {
  const chat::MessageId id(params.message.value);
  if (const auto found = one_message(open, id); !found) return responder(std::unexpected(found.error()));
  act<proto::OneMessage>(open, chat::ClosePoll{.poll = id}, responder,
                         [id](const OpenAccount& again, const store::Changes&) { return one_message(again, id); });
}

}  // namespace coi::api
