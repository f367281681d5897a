// Standard output: text for people, or JSON Lines. Colour only where a person looks.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/codec.h"

namespace coi::cli {

enum class Style { plain, bold, dim, good, bad, accent };

class Output {
 public:
  // What the terminal is like is looked at once. NO_COLOR (no-color.org) is honoured.
  explicit Output(bool json);

  bool json() const { return json_; }
  // Columns of the terminal; 0 when it is none: then nothing is wrapped or cut.
  std::size_t width() const { return width_; }
  bool colour() const { return colour_; }
  // Lets tests and callers lay out for a terminal that changes its size.
  void measure();

  // One line; its LF is added, and it is out when this returns.
  void line(std::string_view text = {});
  // One JSON object on a line.
  template <class T>
  void object(const T& value) {
    line(json::encode(value));
  }
  // Octets as they are.
  void raw(std::string_view octets);
  // What the command changed, in words, before it is printed: where that fails the error says it, lest somebody takes
  // the change for failed and makes it again. The last one counts.
  void done(std::string what) { done_ = std::move(what); }
  // The change as the object that came of it, or as a sentence for a person.
  template <class T>
  void report(const T& value, const std::string& sentence) {
    done(sentence);
    json_ ? object(value) : line(sentence);
  }
  // The same of what was only asked for: nothing changed, so there is nothing to be said done.
  template <class T>
  void show(const T& value, const std::string& sentence) {
    json_ ? object(value) : line(sentence);
  }
  // Whether all of it was taken. Error: io, such as a full disk behind a redirection.
  Result<> complete() const;

  // The text in a style, or as it is where colour is not wanted.
  std::string styled(Style style, std::string_view text) const;

 private:
  bool json_;
  bool colour_ = false;
  std::size_t width_ = 0;
  std::string done_;
  int failure_ = 0;  // errno of the first write that failed
};

// Octets on standard error: errors, questions, progress. What it does not take is lost.
void to_stderr(std::string_view octets);
// One line, "coi: what failed: why (what to do)", or the JSON object; on standard error.
void print_error(const Error& error, bool json);
// CLI.md: 1 refused, 3 network, 4 login rejected, 5 encryption impossible, 70 our bug.
int exit_code(ErrorKind kind);
inline constexpr int usage_exit = 2;

}  // namespace coi::cli
