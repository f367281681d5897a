// The lines of a vCard (RFC 6350, section 3.3; RFC 2426; vCard 2.1, section 2). The inside of vcard.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mime/mail.h"

namespace coi::mime {

// [group "."] name *(";" param) ":" value
struct ContentLine {
  std::string group;          // as written, "" for none
  std::string name;           // upper case
  std::vector<Param> params;  // names in upper case, at most 50; values in UTF-8 without control characters, with their
                              // quotes. A bare word of 2.1 is the value of ENCODING if it names one, else of TYPE
  std::string value;          // octets as written

  // The first one's value without quotes, "" if there is none.
  std::string_view param(std::string_view param_name) const;
  // The words of TYPE, without quotes.
  std::vector<std::string_view> types() const;
  // Whether TYPE has this word, in any case and with others.
  bool has_type(std::string_view word) const;
  bool is_base64() const;
  bool is_quoted_printable() const;
};

// nullopt: no colon, or no name of letters, digits and "-".
std::optional<ContentLine> parse_content_line(std::string_view unfolded);

// Unfolds, one line at each call. Lines end with LF or CRLF; empty ones are left out.
class ContentLines {
 public:
  // A view, which has to outlive this.
  explicit ContentLines(std::string_view octets) : left_(octets) {}

  // In 2.1 a line is folded before white space that it has, later before one that is added.
  void set_version_21(bool is_21) { version_21_ = is_21; }
  bool is_version_21() const { return version_21_; }

  // nullopt at the end. What follows soft line breaks of quoted-printable, and Base64 that goes on without being
  // folded, belongs to the line.
  std::optional<std::string> next();

 private:
  std::string_view take();
  std::string_view peek() const;
  void unfold(std::string& line, bool quoted_printable, bool base64);

  std::string_view left_;
  bool version_21_ = false;
};

// "NAME:value" and CRLF, folded to 75 octets between two characters. `line`: UTF-8 without control characters.
std::string fold_content_line(std::string_view line);

// RFC 6350, section 3.4: "\n", "\,", "\;" and "\\"; another backslash stands for itself.
std::string unescape_value(std::string_view text);
std::string escape_value(std::string_view text);
// A value of 2.1, which has no other escape than "\;", with its other backslashes escaped.
std::string escape_value_of_21(std::string_view value);
// The pieces between the separators that are not escaped, still escaped.
std::vector<std::string_view> split_value(std::string_view text, char separator);

}  // namespace coi::mime
