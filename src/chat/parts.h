// What a walk over a mail's parts finds: words, files, and what is neither. Inside of the room only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mime/mail.h"

namespace coi::chat {

struct File {
  const mime::Part* part;
  std::string section;       // as Attachment::section
  std::string preview = {};  // as Attachment::preview
  bool related = false;      // belongs to the HTML beside it (RFC 2387)
};

// A text of the mail, or words of ours that stand for a part.
struct Words {
  const mime::Part* part = nullptr;
  std::string ours = {};
  // Other forms of the same text, of a mail with Chat-Version (P-09); nullptr: there is none.
  const mime::Part* markdown = nullptr;
  const mime::Part* html = nullptr;
};

struct Parts {
  std::vector<Words> words;                  // in order
  std::vector<File> files;                   // in order
  bool html = false;                         // an HTML form of the text exists
  const mime::Part* place = nullptr;         // D-32: message.kml of a mail with Chat-Version; it is no file
  bool track = false;                        // D-32: there is a location.kml
  std::string preview = {};                  // of the next file: its section,
  const mime::Part* preview_part = nullptr;  // … and itself
};

inline constexpr std::string_view encrypted_words = "🔒 Encrypted message. This version cannot open it.";

inline constexpr std::string_view nested_words =
    "✂ A part of this mail is nested too deep to be shown. Its original has it.";

// `says`: a text shows something to a reader; asked once of each part at most. Pointers into `mail`.
Parts find_parts(const mime::Mail& mail, const std::function<bool(const mime::Part&)>& says);

// A name for the `number`th file (from 1), which its sender may not have given.
std::string file_name(const mime::Part& part, std::size_t number);

}  // namespace coi::chat
