// How much a server says before it completes a command, held against what the mailbox gives it to say. What an honest
// server tells is bounded by its mails; one that goes on for ever is to fill nothing and to take nobody's time.
//
//   what                                    at most, between two completed commands
//   FETCH, EXPUNGE, VANISHED, EXISTS, RECENT     Limits.unasked, and 4 for each mail; Limits.responses in all
//   LIST                                    Limits.responses
//   all others                              Limits.unasked
//   octets of LIST and of all others        Limits.answer
//   octets of FETCH and SEARCH              Limits.answer, and 200 for each response that is allowed
//   octets of literals in FETCH             4 literals (Limits.literal), and 4 × Limits.whole_mail for each mail
//
// Of an open mailbox whose server does not say how many mails it has, any number may come.
// "4 for each mail": another program may mark all of them, and once more, before we ask for anything.
#pragma once

#include <cstdint>
#include <optional>

#include "base/limits.h"
#include "base/result.h"
#include "imap/response.h"

namespace coi::imap {

class AnswerSize {
 public:
  explicit AnswerSize(const Limits& limits) : limits_(limits) {}

  // A command is completed; `messages`: of the open mailbox. nullopt: not told.
  void begin(std::optional<std::uint32_t> messages);
  // The mailbox that is being opened has so many.
  void expect(std::uint32_t messages);
  // `literals`: octets in literals, the others not. Error: limit.
  Result<> count(const Response& response, std::size_t octets, std::size_t literals);

  // Since the last command was completed.
  std::uint64_t responses() const { return said_.of_mails + said_.lists + said_.others; }
  std::uint64_t octets() const { return said_.octets_of_mails + said_.octets_of_others + said_.literals; }
  bool has_literals() const { return said_.literals > 0; }  // in FETCH: mails come
  // Which answer it is: 1, 2, 3 …
  std::uint64_t number() const { return number_; }

 private:
  // Since the last command was completed.
  struct Said {
    std::uint64_t messages = 0;
    std::uint64_t of_mails = 0, lists = 0, others = 0;
    std::uint64_t octets_of_mails = 0, octets_of_others = 0, literals = 0;
  };
  bool fits() const;

  const Limits limits_;
  std::uint64_t number_ = 1;
  Said said_;
};

}  // namespace coi::imap
