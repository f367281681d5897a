#include "terminal_mode.h"

#include <unistd.h>

#include <csignal>

namespace coi::cli {
namespace {

constexpr int deadly[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

// What a signal handler needs.
termios settings_before;
std::string_view last_words;

void restore() {
  if (!last_words.empty()) static_cast<void>(!::write(STDOUT_FILENO, last_words.data(), last_words.size()));
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_before);
}

void restore_and_die(int signal) {
  restore();
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

TerminalMode::TerminalMode(void (*change)(termios&), std::string_view greeting, std::string_view farewell)
    : greeting_(greeting) {
  ::tcgetattr(STDIN_FILENO, &settings_before);
  last_words = farewell;
  for (const int signal : deadly) std::signal(signal, restore_and_die);
  settings_ = settings_before;
  change(settings_);
  enter();
}

TerminalMode::~TerminalMode() {
  restore();
  for (const int signal : deadly) std::signal(signal, SIG_DFL);
}

void TerminalMode::enter() const {
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
  static_cast<void>(!::write(STDOUT_FILENO, greeting_.data(), greeting_.size()));
}

void TerminalMode::suspend() {
  restore();
  ::kill(0, SIGTSTP);  // all of a pipeline: that is what the shell waits for
  enter();
}

}  // namespace coi::cli
