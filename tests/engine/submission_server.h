// A submission server in the test's hands.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "scripted_server.h"

namespace coi::engine::test {

// Greets, takes every login, and answers commands with OK; `reply` may say something else.
class SubmissionServer {
 public:
  // To what the client says, from its first word on; "connect" and "login" come before. Empty: the usual.
  using Reply = std::function<std::string(const std::string& said)>;

  explicit SubmissionServer(Reply reply = [](const std::string&) { return std::string(); })
      : reply_(std::move(reply)) {}

  std::uint16_t port() const { return server_.port(); }
  int connections() const { return server_.connections(); }
  void cut() { server_.cut(); }
  // That were said here, taken or not.
  std::vector<std::string> mails() const {
    std::lock_guard lock(mutex_);
    return mails_;
  }

 private:
  static std::string usual(const std::string& said) {
    if (said == "connect") return "220 here";
    if (said.starts_with("EHLO")) return "250-here\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 AUTH PLAIN";
    if (said.starts_with("AUTH")) return "235 2.7.0 welcome";
    return "250 2.0.0 ok";
  }
  void serve(Peer& peer) {
    // False: that was the last word.
    const auto answer = [&](const std::string& said) {
      auto text = reply_(said);
      if (text.empty()) text = usual(said);
      peer.send(text + "\r\n");
      return !text.starts_with("421") && !text.starts_with("5");
    };
    if (!answer("connect")) return;
    while (const auto line = peer.line()) {
      if (line->starts_with("BDAT")) {
        const auto mail = peer.octets(std::stoul(line->substr(5)));
        std::lock_guard lock(mutex_);
        mails_.push_back(mail);
      }
      if (!answer(*line)) return;
    }
  }

  const Reply reply_;
  mutable std::mutex mutex_;
  std::vector<std::string> mails_;
  ScriptedServer server_{[this](Peer& peer) { serve(peer); }};
};

}  // namespace coi::engine::test
