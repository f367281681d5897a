// One mail to hand over, and what became of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "smtp/reply.h"

namespace coi::smtp {

// RFC 5321 2.3.1. Addresses are bare ("local@domain", quotes included where the local part needs them), domains in
// A-labels unless `smtputf8` is meant.
struct Envelope {
  std::string from;  // empty: the null reverse-path "<>"
  std::vector<std::string> to;
  // Told to servers that send delivery reports, which name it again (RFC 3461 4.4): printable ASCII; empty: none.
  std::string id{};
  // When the server is to send it (RFC 4865), in whole seconds of UTC as RFC 3339 writes them, and how far away that
  // is; empty: at once. A server that does not keep mails so long gets nothing of it.
  std::string hold_until{};
  std::uint64_t hold_seconds = 0;
  bool smtputf8 = false;   // the mail's header holds UTF-8 (RFC 6532); an address that does is seen without this
  bool eight_bit = false;  // the body holds octets above 127 (RFC 6152)
};

enum class Fate : std::uint8_t {
  accepted,    // the server has taken the mail for this recipient
  later,       // 4yz: the same may work later (RFC 5321 4.2.1)
  refused,     // 5yz, or impossible at this server: trying again is useless
  unsent,      // the connection ended before the server could take the mail, with a 421 or without: try again
  unanswered,  // it ended after that: the server has it or not; look for it before trying again
};

struct RecipientOutcome {
  std::string address;
  Fate fate = Fate::unsent;
  Reply reply{};  // that decided; code 0 when the server was not asked or did not answer
};

struct Outcome {
  std::vector<RecipientOutcome> recipients;  // the envelope's, in its order
  Reply reply{};  // to the mail as a whole: the acceptance, or the refusal of MAIL, DATA or the data; else code 0

  // The server does not keep mails until Envelope::hold_until: nobody has this one, and it can be sent without that
  // later.
  bool hold_refused = false;

  bool accepted_by_any() const;
};

}  // namespace coi::smtp
