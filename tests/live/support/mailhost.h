// A private mail server for one test (tools/mailhost): started by the constructor, gone with the object.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "json/json.h"

namespace coi::live {

// Its two users.
inline const std::string alice_addr = "alice@example.org";
inline const std::string bob_addr = "bob@example.net";

class Mailhost {
 public:
  // `arguments` beside the two users alice@example.org and bob@example.net, password "secret". Fails the test program
  // when the server does not start.
  explicit Mailhost(std::vector<std::string> arguments = {});
  ~Mailhost();
  // Why this machine can have no such server, in a sentence; empty when it can.
  static std::string why_not(const std::string& argument);
  Mailhost(const Mailhost&) = delete;
  Mailhost& operator=(const Mailhost&) = delete;

  std::string imap_url() const { return "imaps://127.0.0.1:" + std::to_string(port("imaps")); }
  std::string smtp_url() const { return "smtps://127.0.0.1:" + std::to_string(port("submissions")); }
  std::string imap_starttls_url() const { return "imap://127.0.0.1:" + std::to_string(port("imap")); }
  std::string smtp_starttls_url() const { return "smtp://127.0.0.1:" + std::to_string(port("submission")); }
  std::string ca() const;
  std::string directory() const;  // with all its files
  int port(std::string_view service) const;

  // One command of tools/mailhost/README.md; its answer. Throws when it is refused.
  json::Object command(json::Object command);
  void deliver(std::string_view user, std::string_view mail);
  // What `doveadm` printed.
  std::string doveadm(json::Array arguments);
  // What the user's IMAP clients said since they connected.
  std::string rawlog(std::string_view user);

 private:
  std::string read_line();

  pid_t child_ = 0;
  int input_ = -1, output_ = -1;
  std::string buffer_;
  json::Object ready_;
};

}  // namespace coi::live
