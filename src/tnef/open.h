// winmail.dat (application/ms-tnef): the text and the files that Outlook and Exchange pack into one (MS-OXTNEF). Pure.
//
// It is whatever a stranger wrote: HTML is to be sanitised, a name made safe once more when it is decoded (its octets
// may then be others), and what a file says it is need not be so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "tnef/text.h"

namespace coi::tnef {

// The type under which a mail within the package is given, as a file whose octets open() takes; the caller counts how
// deep they are nested.
inline constexpr std::string_view media_type = "application/ms-tnef";

struct File {
  Piece name;  // the long one if there is one; no directories, no controls; of a mail, its subject
  std::string octets;
  std::string media_type;  // "image/png", lower case; "" if the package does not say it
  std::string content_id;  // without <>; "" if there is none: HTML names it as cid:
  friend bool operator==(const File&, const File&) = default;
};

struct Package {
  std::string message_class;  // "IPM.Note", "IPM.Microsoft Mail.Note" …: what the mail is; printable ASCII, may be ""
  Piece subject;
  Piece sender;                // the name
  std::string sender_address;  // as SMTP has it; "" if it is not there
  std::optional<UnixMs> sent;
  // Each may be empty, and the mail around the package may say the same. Line ends as written; of RTF "\n".
  Text text;
  Text html;      // without a charset where the package names none: HTML may name it itself
  Text calendar;  // what a meeting's mail asks or answers (meeting.h), as iCalendar
  std::vector<File> files;
  bool is_cut = false;  // something was damaged, or was left out for a limit
};

// By the signature alone.
bool is_package(std::string_view octets);

// What can be read of it: the first Limits::mime_parts files; of each text Limits::text octets, RTF being unpacked to 8
// times as many at most (rtf.h: how it is read, where there is no HTML, or no other text). A file that is cut off, or
// whose octets lie elsewhere, is left out, as are contacts, tasks, recipients, and the meetings that depart from a
// series. No checksum is compared. Time is linear in the size; the memory is that of the files, and some times
// Limits::text. Errors: ErrorKind::invalid (no package), ErrorKind::limit (larger than Limits::mail), ErrorKind::full.
Result<Package> open(std::string_view octets, const Limits& limits);

}  // namespace coi::tnef
