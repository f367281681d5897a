// How long a waiting connection is left alone, and how long it has to live. RFC 2177 asks for less than 29 minutes;
// home routers forget a silent connection after five, and every renewal shows whether the peer still lives.
#pragma once

#include <chrono>

namespace coi::engine {

// Tests make them short.
struct Times {
  std::chrono::milliseconds idle_renewal = std::chrono::minutes(4);
  std::chrono::milliseconds poll = std::chrono::minutes(5);       // what IDLE does not tell of
  std::chrono::milliseconds own_copy = std::chrono::seconds(10);  // after a sent message: what the server files itself
  std::chrono::milliseconds older_flags = std::chrono::seconds(10);     // between two looks at some of them
  std::chrono::milliseconds flags_again = std::chrono::hours(1);        // then all are looked at once more
  std::chrono::milliseconds dispensable_again = std::chrono::hours(1);  // what the server hung up at is tried once more
  std::chrono::milliseconds sweep = std::chrono::hours(24);  // between two looks for files that no message has any more
  std::chrono::milliseconds noop = std::chrono::seconds(10);      // without IDLE, for all folders: a chat waits for it
  std::chrono::milliseconds long_life = std::chrono::minutes(2);  // a connection that ends sooner was no good one
  std::chrono::milliseconds command = std::chrono::seconds(120);  // a server may think so long about a command …
  std::chrono::milliseconds renewal = std::chrono::seconds(20);   // … about DONE and NOOP, which cost it nothing …
  std::chrono::milliseconds doubted = std::chrono::seconds(20);   // … about a command, once the network changed or the
  std::chrono::milliseconds probe = std::chrono::seconds(5);      // user asked; about DONE and NOOP then
  std::chrono::milliseconds silence = std::chrono::seconds(5);    // after that it is said that the server is silent
  std::chrono::milliseconds long_answer = std::chrono::seconds(3);   // … that it says very much, and is not done
  std::chrono::milliseconds slow_answer = std::chrono::seconds(15);  // … that it says little, and is not done
  std::chrono::milliseconds clock =
      std::chrono::minutes(1);  // between two looks at it while something waits for a time
  std::chrono::milliseconds last_answer = std::chrono::seconds(3);  // at the end: for the answer to a whole mail
};

}  // namespace coi::engine
