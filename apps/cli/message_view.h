// Messages as people read them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "namesakes.h"
#include "output.h"
#include "proto/chat.h"
#include "proto/message.h"
#include "proto/view.h"

namespace coi::cli {

// Whom a chat is with, for certain, since whoever writes chooses a name: "Bob Miller <bob@example.org>", or the address
// alone where it stands for the name. "Saved messages" for oneself.
std::string whom(const proto::Chat& chat);
// Of a contact request, or where others bear its name, to stand below that: the address, whole. Empty where the name
// says it, and for others.
std::vector<std::string> address_lines(const Output& out, const proto::Chat& chat, std::size_t indent,
                                       const Namesakes& namesakes);
// Of a contact request: that it is one, and what can be done.
std::string request_text(const proto::Chat& chat);

// What the chat with oneself is called.
inline constexpr std::string_view name_of_self = "Saved messages (notes to yourself)";

// What a list shows of it, on one line: the text, else the subject, else the files.
std::string summary_of(const proto::Message& message);
std::string summary_of(const proto::Preview& message);
// The names of its files: "▪ a.jpg, b.jpg"; empty: it has none.
std::string files_of(const proto::Message& message);
// "…" waits, "✓" sent, "✓✓" read, "!" failed for some, "✗" failed; empty for incoming ones.
std::string mark_of(const Output& out, proto::MessageState state);

// The reactions to it and whose they are: "👍 Bob  ❤ You". Empty: there are none.
std::string reactions_of(const proto::Message& message, const proto::Chat& chat);

// Whose it is, ourselves apart.
std::vector<std::string> others_of(const proto::Reaction& reaction, const proto::Chat& chat);

// Does how it is shown depend on the members of its group?
inline bool speaks_of_members(const proto::Message& message) { return !message.outgoing || !message.reactions.empty(); }

// Who wrote it: in the chat with one person who is no stranger, as the user knows them, whatever the mail says.
std::string author_of(const proto::Message& message, const proto::Chat& chat);

// A conversation on the terminal: a heading for each day, then one block a message.
//
//     Tuesday, 24 November
//
//        12  14:32  Bob    Hello! Did you see the picture
//                          I sent?
//        13  14:33  You    Yes.  ✓✓
class Conversation {
 public:
  // Gives the text of a formatted message as it is shown; empty: it cannot, and marks are left out.
  using Blocks = std::function<std::vector<proto::TextBlock>(const proto::Message&)>;

  Conversation(const Output& out, UnixMs now, Blocks blocks = {}) : out_(out), now_(now), blocks_(std::move(blocks)) {}

  // Columns for names: the longest so far, within reason.
  void make_room(const std::vector<proto::Message>& messages, const proto::Chat& chat);
  // A line stands before this message, which is the first that is unread.
  void mark_unread(proto::MessageId first) { first_unread_ = first; }
  // Lines to print for the message of that chat; `more` stands behind the author's name.
  std::vector<std::string> lines(const proto::Message& message, const proto::Chat& chat, std::string_view more = {});

 private:
  std::vector<std::string> body(const proto::Message& message, const proto::Chat& chat, std::size_t width) const;

  const Output& out_;
  UnixMs now_;
  Blocks blocks_;
  std::size_t name_width_ = 3;
  std::string day_;
  std::optional<proto::MessageId> first_unread_;
};

}  // namespace coi::cli
