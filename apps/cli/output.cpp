#include "output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "proto/error.h"
#include "text.h"

namespace coi::cli {
namespace {

const char* sequence(Style style) {
  switch (style) {
    case Style::bold:
      return "\033[1m";
    case Style::dim:
      return "\033[2m";
    case Style::good:
      return "\033[32m";
    case Style::bad:
      return "\033[31m";
    case Style::accent:
      return "\033[36m";
    case Style::plain:
      break;
  }
  return "";
}

bool wants_colour(int descriptor) {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) != 0 && (refused == nullptr || *refused == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace

Output::Output(bool json) : json_(json), colour_(!json && wants_colour(STDOUT_FILENO)) { measure(); }

void Output::measure() {
  winsize size = {};
  width_ = 0;
  if (json_ || ::isatty(STDOUT_FILENO) == 0) return;
  constexpr std::size_t usual = 80;
  width_ = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

void Output::line(std::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void Output::raw(std::string_view octets) const {
  std::fwrite(octets.data(), 1, octets.size(), stdout);
  std::fflush(stdout);
}

std::string Output::styled(Style style, std::string_view text) const {
  if (!colour_ || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\033[0m", sequence(style), text);
}

void print_error(const Error& error, bool json) {
  const auto failure = proto::to_failure(error);
  if (json)
    fmt::print(stderr, "{}\n", json::print(json::Object{{"error", json::encode(failure)}}));
  else
    fmt::print(stderr, "coi: {}{}\n", one_line(failure.text),
               failure.hint.empty() ? "" : fmt::format(" ({})", one_line(failure.hint)));
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::network:
    case ErrorKind::tls:
    case ErrorKind::protocol:
      return 3;
    case ErrorKind::auth:
    case ErrorKind::needs_oauth:
      return 4;
    case ErrorKind::crypto:
      return 5;
    case ErrorKind::internal:
      return 70;
    default:
      return 1;
  }
}

}  // namespace coi::cli
