#include "terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace coi::cli {
namespace {

constexpr std::string_view bracketed_paste = "\033[?2004h", no_bracketed_paste = "\033[?2004l";

void make_raw(termios& settings) {
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  settings.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
}

}  // namespace

Terminal::Terminal(Output& out) : out_(out) {
  if (out.json() || ::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return;
  raw_.emplace(make_raw, no_bracketed_paste);
  out_.raw(bracketed_paste);
}

Terminal::~Terminal() {
  if (raw_) wipe_prompt();
}

int Terminal::descriptor() const { return ended_ ? -1 : STDIN_FILENO; }

std::vector<std::string> Terminal::read_lines() {
  std::array<char, 4096> buffer;
  const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return {};
  ended_ = count <= 0;
  const std::string_view octets(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (raw_) {
    auto lines = editor_.feed(octets);
    ended_ = ended_ || editor_.ended();
    return lines;
  }
  std::vector<std::string> lines;
  unread_ += octets;
  for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n')) {
    lines.push_back(unread_.substr(0, end));
    unread_.erase(0, end + 1);
  }
  if (ended_ && !unread_.empty()) lines.push_back(std::exchange(unread_, {}));
  return lines;
}

void Terminal::print(const std::vector<std::string>& lines) {
  if (raw_) wipe_prompt();
  for (const auto& line : lines) out_.line(line);
  draw_prompt();
}

void Terminal::wipe_prompt() { out_.raw("\r\033[K"); }

void Terminal::draw_prompt() {
  if (!raw_ || ended_) return;
  out_.measure();
  constexpr std::size_t prompt_width = 2;
  const auto view = editor_.view(out_.width() - std::min(out_.width(), prompt_width + 1));
  out_.raw(
      fmt::format("\r\033[K{}{}\r\033[{}C", out_.styled(Style::accent, "› "), view.text, prompt_width + view.cursor));
}

}  // namespace coi::cli
