// From a FETCH answer to an input for decide(): parse, read, put the files away. Runs in the mailbox workers.
#pragma once

#include <optional>
#include <vector>

#include "base/limits.h"
#include "chat/input.h"
#include "engine/blobs.h"
#include "imap/command.h"
#include "imap/fetch.h"
#include "mime/mail.h"
#include "store/database.h"

namespace coi::engine {

class MailReader {
 public:
  MailReader(const Limits& limits, Blobs blobs) : limits_(limits), blobs_(std::move(blobs)) {}

  // One answer holds the whole mail up to Limits::whole_mail octets, and the beginning of a larger one.
  imap::FetchItems items() const;
  // The mail itself, as far as Limits::mail: of a large one whose structure the server cannot tell.
  imap::FetchItems whole_items() const;
  // The structure tells of what the mail holds. Servers find no parts where a boundary is missing or wrong.
  bool describes(const imap::Fetch& structure) const;
  bool has_mail(const imap::Fetch& fetch) const { return fetch.find("") != nullptr; }
  bool is_whole(const imap::Fetch& fetch) const;
  // It came as nothing, as a header alone, or as clearly less than the server says it is. Servers whose sizes are
  // estimates are real, so that this says no more than that the mail is worth another question.
  bool is_odd(const imap::Fetch& fetch) const;

  // Ways to a single mail ask for its octets and nothing that a server may say wrongly beside them; what else items()
  // asks for was told before, or is asked for alone.
  // A mail in two pieces that are put together: header and text.
  imap::FetchItems halves() const;
  // False: one of them is missing.
  bool join_halves(imap::Fetch& fetch) const;

  // A whole mail. What cannot be read becomes MailUnreadable, with the reason.
  chat::Input read(imap::Fetch fetch, const store::Folder& folder, bool live) const;

  // Enough to know a mail again that is stored already. nullopt: it has no id, or nothing can be told from its header.
  imap::FetchItems id_items() const;
  // It answers id_items(), whether or not the mail has an id.
  bool has_id(const imap::Fetch& fetch) const;
  std::optional<chat::MailSeenAgain> read_id(const imap::Fetch& fetch, const store::Folder& folder) const;

  // A large one, in two steps: its structure and header, then the headers of its parts, its texts and what a report
  // says. Its files stay on the server.
  imap::FetchItems structure_items() const;
  imap::FetchItems part_items(const imap::Fetch& structure) const;  // no sections: nothing more is needed
  chat::Input read_large(const imap::Fetch& structure, const imap::Fetch& parts, const store::Folder& folder,
                         bool live) const;

 private:
  std::optional<chat::Picture> small(const chat::Picture& picture) const;
  void make_small(chat::Content& content) const;
  chat::Input input_of(const imap::Fetch& fetch, const store::Folder& folder, bool live, chat::Content content) const;

  Limits limits_;
  Blobs blobs_;
};

// What BODYSTRUCTURE says of a part, as a header says it, without an empty line; "" if it knows no such section.
std::string header_of(const imap::BodyPart& structure, std::string_view section);

chat::Flags flags_of(const std::vector<std::string>& flags);

}  // namespace coi::engine
