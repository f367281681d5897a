// What a server says it can do (RFC 3501 section 7.2.1). Names compare without case.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"

namespace coi::imap {

class Capabilities {
 public:
  // Words between spaces: "IMAP4rev1 IDLE AUTH=PLAIN".
  static Capabilities parse(std::string_view words);

  // What is far longer than any capability, and what is beyond a thousand of them, is left out.
  void add(std::string_view word);
  void remove(std::string_view word);
  bool empty() const { return words_.empty(); }
  bool has(std::string_view word) const { return words_.contains(word); }
  // SASL mechanisms, announced as AUTH=<mechanism>; in upper case.
  std::vector<std::string> mechanisms() const;
  // Octets of the largest mail APPEND takes (RFC 7889), if the server told.
  std::optional<std::uint64_t> append_limit() const;
  // How many messages one command is done for (RFC 9738 MESSAGELIMIT); nullopt: all it names.
  std::optional<std::uint32_t> message_limit() const;
  const std::set<std::string, AsciiLess>& words() const { return words_; }

  friend bool operator==(const Capabilities&, const Capabilities&) = default;

 private:
  std::set<std::string, AsciiLess> words_;
};

}  // namespace coi::imap
