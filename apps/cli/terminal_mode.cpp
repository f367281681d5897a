#include "terminal_mode.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace coi::cli {
namespace {

constexpr std::array handled = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT};

// What a signal handler needs.
const TerminalMode* current = nullptr;
termios settings_before;
ModeText text_now;
volatile std::sig_atomic_t entered = 0;  // how often

std::array<struct sigaction, handled.size()> actions_before;

void write_text(int descriptor, std::string_view text) {
  if (!text.empty()) static_cast<void>(!::write(descriptor, text.data(), text.size()));
}

void restore() {
  write_text(text_now.descriptor, text_now.farewell);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_before);
}

void restore_and_die(int signal) {
  restore();
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

void set_handler(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  ::sigaction(signal, &action, nullptr);
}

void go_on(int) {
  const int kept = errno;
  current->enter();
  errno = kept;
}

// The shell gets the terminal as it was, not as we have it.
void stop(int) {
  const int kept = errno;
  const auto before = entered;
  restore();
  set_handler(SIGTSTP, SIG_DFL, 0);
  ::raise(SIGTSTP);  // returns when the program goes on, or at once where no shell could continue it
  set_handler(SIGTSTP, stop, SA_RESTART | SA_NODEFER);
  if (entered == before) current->enter();  // no handler for SIGCONT did
  errno = kept;
}

}  // namespace

TerminalMode::TerminalMode(void (*change)(termios&), ModeText text) : text_(text) {
  for (std::size_t i = 0; i < handled.size(); ++i) ::sigaction(handled[i], nullptr, &actions_before[i]);
  // In the background this stops the program. What the terminal is like then is the shell's affair, so it is looked at
  // again when the program was continued.
  set_handler(SIGCONT, [](int) {}, 0);
  do {
    ::tcgetattr(STDIN_FILENO, &settings_before);
    settings_ = settings_before;
    change(settings_);
  } while (::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_) != 0 && errno == EINTR);
  text_now = text_;
  current = this;
  for (std::size_t i = 0; i < handled.size(); ++i) {
    if (actions_before[i].sa_handler == SIG_IGN && handled[i] != SIGCONT) continue;  // whoever started it wants that
    if (handled[i] == SIGTSTP)
      set_handler(SIGTSTP, stop, SA_RESTART | SA_NODEFER);
    else
      set_handler(handled[i], handled[i] == SIGCONT ? go_on : restore_and_die, SA_RESTART);
  }
  enter();
}

TerminalMode::~TerminalMode() {
  sigset_t set, before;
  ::sigemptyset(&set);
  for (const int signal : handled) ::sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, &before);
  restore();
  for (std::size_t i = 0; i < handled.size(); ++i) ::sigaction(handled[i], &actions_before[i], nullptr);
  current = nullptr;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

void TerminalMode::enter() const {
  entered = entered + 1;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
  write_text(text_.descriptor, text_.greeting);
}

void TerminalMode::suspend() {
  ::kill(0, SIGTSTP);  // all of a pipeline: that is what the shell waits for
}

}  // namespace coi::cli
