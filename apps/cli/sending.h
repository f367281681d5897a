// The end of every command that sends a message.
#pragma once

#include <string>
#include <vector>

#include "proto/chat.h"
#include "shell.h"
#include "who.h"

namespace coi::cli {

// When a message goes that waits: "in 5 s", "tomorrow…" as moment_text().
std::string going_text(UnixMs at, UnixMs now);

// The words with spaces between; a lone "-" stands for standard input, without its last line end.
std::string words_text(const std::vector<std::string>& words);

// What one wish sent, in its order: the first has the words.
std::vector<proto::Message> messages_of(proto::SentMessages sent);
// "Message 5", "Messages 5, 6 and 7".
std::string named(const std::vector<proto::Message>& messages);
// For people the sentence, for programs each of them.
void report(Output& out, const std::vector<proto::Message>& messages, const std::string& sentence);

// Sends it, under the token that it has, and says what became of it.
Result<> send_and_report(Shell& shell, const Whom& whom, proto::SendMessage params);

}  // namespace coi::cli
