// The largest things we accept from a peer. One value, handed to every parser; tests make it small.
#pragma once

#include <cstddef>

namespace coi::inline base {

struct Limits {
  std::size_t line = 64 * 1024;            // octets of one protocol line without its literals (IMAP, SMTP, HTTP)
  std::size_t literal = 64 * 1024 * 1024;  // octets of one IMAP literal
  std::size_t mail = 64 * 1024 * 1024;     // octets of one mail that is parsed as a whole
  std::size_t whole_mail = 256 * 1024;     // above this, structure and text come first and each file when asked for
  std::size_t mime_depth = 50;             // nested multiparts and message/rfc822 parts
  std::size_t mime_parts = 1000;           // parts of one mail, all levels together
  std::size_t header = 256 * 1024;         // octets of one mail's header block
  std::size_t text = 1024 * 1024;        // octets of text shown and indexed from one mail; the rest is "show original"
  std::size_t answer = 4 * 1024 * 1024;  // octets that an IMAP server says between two completed commands, FETCH and
                                         // SEARCH aside
  std::size_t responses = 1'000'000;     // that it gives in that time, of all kinds
  std::size_t unasked = 10'000;          // … beyond those that its mails account for (imap/answer_size.h)
  std::size_t flags = 16 * 1024 * 1024;  // octets of flags that wait to be delivered, while a mailbox is opened
  std::size_t words = 1000;              // of one kind that it names: capabilities, the flags of a mail, namespaces
  std::size_t alerts = 10;               // that it makes us show, over one connection
  std::size_t said = 1000;               // octets of a server's own words that are kept
  std::size_t nesting = 64;              // nested lists in an IMAP response, arrays in JSON, elements in HTML x 8
  std::size_t pixels = 40'000'000;       // of one picture that is decoded

  // What the daemon keeps for its clients.
  std::size_t clients = 200;                      // at once; the next one is told so
  std::size_t requests = 1000;                    // of a client that are not answered yet; also of one batch
  std::size_t request_octets = 16 * 1024 * 1024;  // … all together
  std::size_t answer_octets = 8 * 1024 * 1024;    // of a client's answers that it has not read; of one page
  std::size_t event_octets = 8 * 1024 * 1024;     // of a client's events; above it, a resync
  std::size_t logins = 8;                         // that wait for a server or the user at once
  std::size_t files = 25 * 1000 * 1000;           // octets of the files of one mail that is sent, before encoding
  std::size_t album = 100 * 1000 * 1000;          // … of all that are sent at once, in as many mails as they need
};

}  // namespace coi::inline base
