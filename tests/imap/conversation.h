// A session with the test as its server, and events as one line of text each.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "imap/session.h"

namespace coi::imap {

class Conversation {
 public:
  explicit Conversation(const Limits& limits = {}, Log log = {}) : session(limits, std::move(log)) {}

  // Feeds whole lines, CRLF added to each piece.
  template <class... Lines>
  void server(const Lines&... lines) {
    (session.feed(std::string(lines) + "\r\n"), ...);
  }
  std::string client() { return session.take_output(); }
  std::vector<Event> events() {
    std::vector<Event> all;
    while (auto event = session.next_event()) all.push_back(std::move(*event));
    return all;
  }
  // The last event of that type among those not taken yet; the others are dropped.
  template <class T>
  std::optional<T> last() {
    std::optional<T> found;
    for (auto& event : events())
      if (auto* value = std::get_if<T>(&event)) found = std::move(*value);
    return found;
  }

  Session session;
};

std::string describe(const Event& event);

inline std::string transcript(const std::string& name) {
  std::ifstream file(COI_TRANSCRIPTS "/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace coi::imap
