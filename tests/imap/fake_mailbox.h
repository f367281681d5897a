// One mailbox of a server in the test's hands, changed by the test and spoken to through a Session.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/number_set.h"
#include "imap/session.h"

namespace coi::imap {

class FakeMailbox {
 public:
  struct Message {
    std::uint32_t uid;
    std::string flags;
    std::uint64_t modseq;
    friend bool operator==(const Message&, const Message&) = default;
  };

  explicit FakeMailbox(std::string capabilities) : capabilities_(std::move(capabilities)) {}

  // ---- what others do to it ----
  void deliver(std::string flags) { messages_.push_back({uidnext_++, std::move(flags), ++modseq_}); }
  void set_flags(std::size_t place, std::string flags) {
    messages_[place].flags = std::move(flags);
    messages_[place].modseq = ++modseq_;
  }
  void expunge(std::size_t place) {
    gone_.emplace_back(messages_[place].uid, ++modseq_);
    messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(place));
  }
  void rebuild();  // a new UIDVALIDITY and new UIDs

  const std::vector<Message>& messages() const { return messages_; }

  // ---- as a server ----
  // Answers BAD to whatever it has not announced.
  void greet(Session& session);
  // Reads what the client says and answers it, until it says no more.
  void serve(Session& session);

 private:
  bool can(std::string_view word) const { return capabilities_.find(word) != std::string::npos; }
  bool understands(const std::string& line) const;
  std::string answer(const std::string& line);
  std::string select(const std::string& rest);
  std::string fetch(const std::string& set, std::uint64_t changed_since) const;
  std::string search(const std::string& tag, const std::string& rest) const;
  std::string news();

  std::string capabilities_;
  std::uint32_t uidvalidity_ = 1;
  std::uint32_t uidnext_ = 1;
  std::uint64_t modseq_ = 1;
  std::vector<Message> messages_;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> gone_;  // UID, MODSEQ
  std::vector<Message> shown_;                                 // the client's numbers
};

}  // namespace coi::imap
