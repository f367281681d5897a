#include "output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

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

void Output::line(std::string_view text) {
  std::string whole(text);
  raw(whole += '\n');
}

void Output::raw(std::string_view octets) {
  const bool out = std::fwrite(octets.data(), 1, octets.size(), stdout) == octets.size() && std::fflush(stdout) == 0;
  if (!out && failure_ == 0) failure_ = errno;
}

Result<> Output::complete() const {
  if (failure_ == 0) return {};
  const auto* why = std::strerror(failure_);
  if (done_.empty()) return fail(ErrorKind::io, fmt::format("cannot write to standard output: {}", why));
  const std::string_view what(done_.data(), done_.size() - (done_.ends_with('.') ? 1 : 0));
  return fail(ErrorKind::io, fmt::format("{}, but that could not be printed: {}", what, why),
              "it need not be done again");
}

std::string Output::styled(Style style, std::string_view text) const {
  if (!colour_ || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\033[0m", sequence(style), text);
}

void to_stderr(std::string_view octets) {
  static_cast<void>(std::fwrite(octets.data(), 1, octets.size(), stderr));
  static_cast<void>(std::fflush(stderr));
}

void print_error(const Error& error, bool json) {
  const auto failure = proto::to_failure(error);
  if (json)
    to_stderr(fmt::format("{{\"error\":{}}}\n", json::encode(failure)));
  else
    to_stderr(fmt::format("coi: {}{}\n", one_line(failure.text),
                          failure.hint.empty() ? "" : fmt::format(" ({})", one_line(failure.hint))));
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
