#include "progress.h"

#include <unistd.h>

#include <array>

#include <fmt/format.h>

#include "output.h"
#include "text.h"

namespace coi::cli {
namespace {

constexpr std::chrono::seconds patience{1};
constexpr std::size_t bar_width = 24;
constexpr std::size_t most_columns = 78;

}  // namespace

Progress::Progress(std::string what, bool wanted)
    : what_(std::move(what)), wanted_(wanted && ::isatty(STDERR_FILENO) != 0) {}

void Progress::say(std::string what) {
  what_ = std::move(what);
  if (drawn_) draw();
}

void Progress::count(const proto::Progress& progress) {
  bar_.clear();
  if (!progress.finished && progress.total > 0) {
    const auto done = std::min(progress.done, progress.total);
    const auto full = static_cast<std::size_t>(done * bar_width / progress.total);
    for (std::size_t i = 0; i < bar_width; ++i) bar_ += i < full ? "━" : "─";
    bar_ += fmt::format(" {} of {} mails", done, progress.total);
  }
  if (drawn_) draw();
}

void Progress::tick() {
  if (wanted_ && std::chrono::steady_clock::now() - since_ >= patience) draw();
}

void Progress::draw() {
  constexpr std::array marks = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  turn_ = (turn_ + 1) % marks.size();
  const auto text = bar_.empty() ? what_ : fmt::format("{}  {}", what_, bar_);
  to_stderr(fmt::format("\r\033[K{} {}", marks.at(turn_), cut(one_line(text), most_columns)));
  drawn_ = true;
}

void Progress::clear() {
  if (drawn_) to_stderr("\r\033[K");
  drawn_ = false;
}

}  // namespace coi::cli
