// A mail as a tree of parts (RFC 5322, RFC 2045, RFC 2046). Everything is decoded as far as a reader needs it and owned
// by the tree; nothing refers back to the bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace coi::mime {

struct Header {
  std::string name;   // as written
  std::string value;  // unfolded, trimmed; encoded words still encoded; valid UTF-8 (other octets: raw_header.h)
  friend bool operator==(const Header&, const Header&) = default;
};

struct Param {
  std::string name;   // lower case
  std::string value;  // UTF-8; RFC 2231 and (not allowed, but common) encoded words are decoded
  friend bool operator==(const Param&, const Param&) = default;
};

struct Part {  // every member has an initializer, so that Part{.type = …, .body = …} names only some
  std::vector<Header> headers = {};            // in order; of the root part: all the mail's headers
  std::string type = {};                       // "text/plain", lower case; "text/plain" when absent or invalid
  std::vector<Param> params = {};              // of Content-Type
  std::string disposition = {};                // lower case word of Content-Disposition, "" when absent
  std::vector<Param> disposition_params = {};  // of Content-Disposition
  std::string filename = {};                   // safe to create in a folder (params.h); "" when none
  std::string content_id = {};                 // without <>
  // Leaves only. The transfer encoding is undone. A text (is_text()) is UTF-8 with "\n" line ends, NUL as U+FFFD; all
  // else keeps its octets: files, and a message/rfc822, which is a leaf and whose body is the mail within (parse()).
  std::string body = {};
  std::uint64_t size = 0;  // octets of the body after the transfer decoding, before anything was left out
  bool truncated = false;  // text longer than Limits::text; of the root also: parts beyond Limits::mime_parts
  // multipart/*: the parts. Empty below Limits::mime_depth, where `body` holds the undecoded rest. Of an S/MIME part
  // that holds what was signed: that, as its only one; `body` keeps the octets. Of a text: the files that stood in it
  // in uuencode.
  std::vector<Part> children = {};

  // The first value, name in any case; nullptr if there is none.
  const std::string* header(std::string_view header_name) const;
  // The parameter of Content-Type, "" if there is none; `param_name` in lower case.
  std::string_view param(std::string_view param_name) const;
  bool is_multipart() const { return type.starts_with("multipart/"); }
  // Words of the mail, and no file: text/plain or text/html that is no `attachment`, nor has both a disposition and the
  // name of a file. A name alone makes no file: some programs give one to the words.
  bool is_text() const;

  friend bool operator==(const Part&, const Part&) = default;
};

struct Mail {
  Part root;
};

// Reads anything as well as it can be read: LF, CRLF or CR, missing or wrong boundaries (then the first line that looks
// like one counts), unknown charsets and encodings, 8-bit headers, NULs, no header at all. What was signed by S/MIME
// and is readable is read (smime.h). Errors are only ErrorKind::invalid (no octets) and ErrorKind::limit (Limits::mail,
// header). Parts beyond Limits::mime_parts are left out. Time and memory are linear in the size, whatever the nesting.
Result<Mail> parse(std::string_view bytes, const Limits& limits);

// The body of one part, undone by what its header says of its transfer encoding: the octets that its sender had,
// whatever the type. That is what is saved as a file. ErrorKind::limit: Limits::mail, header.
Result<std::string> decode_file(std::string_view header, std::string_view body, const Limits& limits);

}  // namespace coi::mime
