// The parts of a letter that hold its words and files (P-08 to P-10, C-81, D-31 to D-33); inside of the room only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/facts.h"
#include "chat/input.h"
#include "mime/mail.h"

namespace coi::chat {

// What is sent as the words of the message: `text` as it is stored, with a forward's head (D-14).
std::string sent_text(std::string_view text, const Details& details);

// The text without marks, where it has any: for subjects, quotes and the plain form.
std::string unmarked(std::string_view text, const Details& details);

// C-20, P-09: `plain` with its Markdown and HTML forms, in one flat multipart/alternative. `markdown`: as `plain` with
// marks; `quote`: what is answered, which stands above in all three.
mime::Part formatted_words(mime::Part plain, std::string_view markdown, std::string_view typed, std::string_view quote);

// What stands beside the words for programs, in the HTML form: who is in a group (C-66), or what the author tells of
// himself (C-54).
struct Annex {
  std::string_view word;  // of Chat-Content
  std::string html;
};
mime::Part with_annex(mime::Part text_part, std::string_view text, Annex annex);
// To the HTML form of formatted_words().
void add_annex(mime::Part& page, Annex annex);

// C-81: `plain`, which says the coordinates, with an HTML form that says them to programs.
mime::Part place_words(mime::Part plain, std::string_view typed, const Position& position);

// D-32: message.kml, for Delta Chat.
mime::Part place_file(const Position& position, UnixMs at);

// C-12, D-39, P-10: inline, with name and size; `number`: from 1, for the Content-ID that the pictures and films of the
// mail `rfc_id` have, and those of a poll's options.
mime::Part file_part(const OutgoingFile& file, std::size_t number, std::string_view rfc_id, bool in_poll = false);

// C-25: what a program shows of `file` before it is fetched; the file has one.
mime::Part preview_part(const OutgoingFile& file);

// P-10: what stands in place of words above files, for programs that show it.
std::string caption_of(const std::vector<OutgoingFile>& files, MessageKind kind, const Details& details);

// D-31: of a voice note, and of any sound or film.
std::vector<mime::Header> sound_fields(MessageKind kind, const Details& details);

}  // namespace coi::chat
