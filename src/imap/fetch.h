// The FETCH response (RFC 3501 section 7.4.2, RFC 7162, RFC 3516).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "imap/body_structure.h"
#include "imap/reader.h"

namespace coi::imap {

struct BodySection {
  std::string section;                  // between the brackets, upper case: "", "HEADER", "1.2", "HEADER.FIELDS (DATE)"
  std::optional<std::uint32_t> origin;  // of a partial fetch
  bool binary = false;                  // BINARY[…]: transfer encoding undone by the server
  std::optional<std::string> octets;    // nullopt: NIL, there is no such part
};

struct Fetch {
  std::uint32_t message = 0;  // number
  std::uint32_t uid = 0;      // 0: not told
  std::optional<std::vector<std::string>> flags;
  std::uint64_t modseq = 0;            // 0: not told
  std::optional<UnixMs> internaldate;  // nullopt: not told, or no date
  std::optional<std::uint64_t> size;   // RFC822.SIZE, octets
  std::vector<BodySection> sections;
  std::optional<BodyPart> structure;
  // Items whose value is not what it should be, in upper case: "BODYSTRUCTURE", "BODY[HEADER]". They are left out
  // above; what stands beside them is as the server said it.
  std::vector<std::string> unreadable;
  // The response ended amid something: more items may have been meant.
  bool cut = false;

  // Of an item that was asked for: it came, and could not be read.
  bool is_unreadable(std::string_view item) const;
  // The section of that name (upper case), if the server sent it; nullptr else.
  const BodySection* find(std::string_view section) const;
  BodySection* find(std::string_view section);
};

// Compares without case: has_flag(flags, "\\Seen").
bool has_flag(const std::vector<std::string>& flags, std::string_view flag);

// Reads the list of items, each inside of its own bounds. Unknown items are skipped. At most `most_flags` flags are
// taken.
Fetch read_fetch(std::uint32_t message, Reader& in, bool garbled, std::size_t most_flags);

}  // namespace coi::imap
