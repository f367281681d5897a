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
constexpr std::string_view clear_screen = "\033[H\033[2J";
constexpr char control_c = 3;
constexpr int own_signals[] = {SIGWINCH, SIGCONT};

void make_raw(termios& settings) {
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  settings.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
}

// They come while wait() waits, and at no other time: nothing else is interrupted by them.
void hold_own_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : own_signals) {
    ::sigaction(signal, &action, nullptr);
    ::sigaddset(&set, signal);
  }
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

// Octets to write between two looks at the keyboard: whole lines where they are short enough, else whole characters.
std::size_t piece_of(std::string_view text) {
  constexpr std::size_t most = 4096, longest_character = 4;
  if (text.size() <= most) return text.size();
  if (const auto end = text.rfind('\n', most - 1); end != std::string_view::npos) return end + 1;
  auto end = most;
  while (end > most - longest_character && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

}  // namespace

Terminal::Terminal(Output& out) : out_(out) {
  if (out.json() || ::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return;
  raw_.emplace(make_raw, ModeText{STDOUT_FILENO, bracketed_paste, no_bracketed_paste});
  hold_own_signals();
}

Terminal::~Terminal() {
  if (raw_) wipe_prompt();
}

int Terminal::descriptor() const { return ended_ ? -1 : STDIN_FILENO; }

Result<> Terminal::wait(std::span<pollfd> descriptors, int timeout_ms) {
  const bool has_typed = !typed_ahead_.empty() && !ended_;
  const timespec time = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1'000'000L}, none = {};
  sigset_t open;
  ::sigprocmask(SIG_BLOCK, nullptr, &open);
  for (const int signal : own_signals) ::sigdelset(&open, signal);
  const int ready = ::ppoll(descriptors.data(), descriptors.size(),
                            has_typed         ? &none
                            : timeout_ms >= 0 ? &time
                                              : nullptr,
                            &open);
  if (ready < 0 && errno != EINTR) return fail(ErrorKind::io, "cannot wait for input");
  if (ready < 0) {
    for (auto& descriptor : descriptors) descriptor.revents = 0;
    if (raw_) raw_->enter();
    draw_prompt();
  }
  if (has_typed)
    for (auto& descriptor : descriptors)
      if (descriptor.fd == STDIN_FILENO) descriptor.revents |= POLLIN;
  return {};
}

std::vector<std::string> Terminal::read_lines() {
  if (!typed_ahead_.empty()) return type(std::exchange(typed_ahead_, {}));
  std::array<char, 65536> buffer;
  const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return {};
  ended_ = count <= 0;
  const std::string_view octets(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return raw_ ? type(octets) : split(octets);
}

std::vector<std::string> Terminal::type(std::string_view octets) {
  std::vector<std::string> lines;
  for (auto key = editor_.feed(octets); key != Key::none; key = editor_.feed(octets)) {
    if (key == Key::line) lines.push_back(editor_.taken_line());
    if (key == Key::redraw) redraw();
    if (key == Key::suspend) {
      wipe_prompt();
      raw_->suspend();
    }
    if (key == Key::leave) {
      ended_ = true;
      break;
    }
  }
  return lines;
}

std::vector<std::string> Terminal::split(std::string_view octets) {
  std::vector<std::string> lines;
  unread_ += octets;
  std::size_t begin = 0;
  for (auto end = unread_.find('\n', looked_at_); end != std::string::npos; end = unread_.find('\n', begin)) {
    lines.push_back(unread_.substr(begin, end - begin));
    begin = end + 1;
  }
  unread_.erase(0, begin);
  looked_at_ = unread_.size();
  if (ended_ && !unread_.empty()) lines.push_back(std::exchange(unread_, {}));
  return lines;
}

void Terminal::print(const std::vector<std::string>& lines) {
  if (raw_) wipe_prompt();
  std::string text;
  for (const auto& line : lines) (text += line) += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const auto piece = rest.substr(0, piece_of(rest));
    out_.raw(piece);
    rest.remove_prefix(piece.size());
    if (rest.empty() || !is_interrupted()) continue;
    if (!piece.ends_with('\n')) out_.line();
    out_.line(out_.styled(Style::dim, "… interrupted; coi read shows all of it"));
    break;
  }
  draw_prompt();
}

// What is typed meanwhile waits, up to ctrl-C, which takes it along as in a shell.
bool Terminal::is_interrupted() {
  if (!raw_ || ended_) return false;
  pollfd keyboard{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  std::array<char, 4096> buffer;
  while (::poll(&keyboard, 1, 0) > 0 && (keyboard.revents & POLLIN) != 0) {
    const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count <= 0) break;
    typed_ahead_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const auto interrupt = typed_ahead_.rfind(control_c);
  if (interrupt == std::string::npos) return false;
  typed_ahead_.erase(0, interrupt + 1);
  return true;
}

void Terminal::wipe_prompt() { out_.raw("\r\033[J"); }

void Terminal::redraw() {
  out_.raw(clear_screen);
  draw_prompt();
}

void Terminal::draw_prompt() {
  if (!raw_ || ended_) return;
  out_.measure();
  constexpr std::size_t prompt_width = 2;
  const auto view = editor_.view(out_.width() - std::min(out_.width(), prompt_width + 1));
  out_.raw(
      fmt::format("\r\033[J{}{}\r\033[{}C", out_.styled(Style::accent, "› "), view.text, prompt_width + view.cursor));
}

}  // namespace coi::cli
