// Two people who use this program, as most scenarios have them.
#pragma once

#include <string>

#include "post_office.h"

namespace coi::scenario {

inline const std::string alice_addr = "alice@example.org";
inline const std::string bob_addr = "bob@example.net";
inline const std::string carol_addr = "carol@example.com";
inline const std::string dora_addr = "dora@example.com";

struct TwoPeople {
  PostOffice office;
  Device alice{office, alice_addr, "Alice"};
  Device bob{office, bob_addr, "Bob"};

  // Both have written, so neither is a stranger and each knows the other's program.
  void meet() {
    alice.say(bob_addr, "Hello Bob");
    office.carry();
    bob.say(alice_addr, "Hello Alice");
    office.carry();
    alice.look_at(bob_addr);
    bob.look_at(alice_addr);
    office.carry();
  }
};

struct Friends : TwoPeople {
  Friends() { meet(); }
};

}  // namespace coi::scenario
