// A session and a scripted server. Every test runs twice: the server's words at once, and one octet at a time.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "smtp/session.h"

namespace coi::smtp::test {

class Conversation {
 public:
  Conversation(bool by_octets, SessionOptions options) : by_octets_(by_octets), session_(std::move(options)) {
    drive();
  }

  // The server says `lines`; what the client says then, all in all.
  std::string hears(std::string_view lines) {
    writes_.clear();
    if (by_octets_)
      for (const char c : lines) feed(std::string_view(&c, 1));
    else
      feed(lines);
    return said();
  }
  std::string submits(Envelope envelope, std::string mail) {
    writes_.clear();
    EXPECT_TRUE(session_.submit(std::move(envelope), std::move(mail)));
    drive();
    return said();
  }
  // After a call to session() itself.
  std::string drives() {
    writes_.clear();
    drive();
    return said();
  }

  Session& session() { return session_; }
  // What happened since the last call, in words.
  std::vector<std::string> events() { return std::exchange(events_, {}); }
  // The pieces of what the client said last.
  const std::vector<std::string>& writes() const { return writes_; }
  const Outcome& outcome() const { return outcome_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  void feed(std::string_view bytes) {
    session_.feed(bytes);
    drive();
  }
  void drive() {
    for (;;) {
      while (auto event = session_.next_event()) note(*event);
      std::string output = session_.take_output();
      if (output.empty()) return;
      writes_.push_back(std::move(output));
    }
  }
  std::string said() const {
    std::string all;
    for (const std::string& write : writes_) all += write;
    return all;
  }
  void note(Event& event) {
    if (std::holds_alternative<StartTls>(event)) events_.emplace_back("start TLS");
    if (std::holds_alternative<Ready>(event)) events_.emplace_back("ready");
    if (std::holds_alternative<DataStarted>(event)) events_.emplace_back("data started");
    if (auto* submitted = std::get_if<Submitted>(&event)) {
      outcome_ = std::move(submitted->outcome);
      events_.emplace_back("submitted");
    }
    if (auto* closed = std::get_if<Closed>(&event)) {
      error_ = std::move(closed->error);
      events_.push_back(error_ ? fmt::format("closed: {}", name(error_->kind())) : "closed");
    }
  }

  bool by_octets_;
  Session session_;
  std::vector<std::string> events_;
  std::vector<std::string> writes_;
  Outcome outcome_;
  std::optional<Error> error_;
};

// "bob@example.org accepted 250 2.0.0 ok"
inline std::vector<std::string> fates(const Outcome& outcome) {
  constexpr std::array<std::string_view, 5> words{"accepted", "later", "refused", "unsent", "unanswered"};
  std::vector<std::string> all;
  for (const RecipientOutcome& r : outcome.recipients)
    all.push_back(fmt::format("{} {} {}", r.address, words[static_cast<std::size_t>(r.fate)], r.reply.describe()));
  return all;
}

inline std::string how_fed(const testing::TestParamInfo<bool>& by_octets) {
  return by_octets.param ? "OctetByOctet" : "AtOnce";
}

class SessionTest : public testing::TestWithParam<bool> {
 protected:
  static Conversation talk(SessionOptions options = {}) { return {GetParam(), std::move(options)}; }
  // Greeted and ready, at a server with these extensions.
  static Conversation ready(const std::vector<std::string>& extensions, SessionOptions options = {}) {
    Conversation c = talk(std::move(options));
    c.hears("220 mail.example.org ESMTP\r\n");
    std::string answer = "250-mail.example.org\r\n";
    for (const std::string& extension : extensions) answer += "250-" + extension + "\r\n";
    c.hears(answer + "250 HELP\r\n");
    EXPECT_EQ(c.events(), std::vector<std::string>{"ready"});
    return c;
  }
};

}  // namespace coi::smtp::test
