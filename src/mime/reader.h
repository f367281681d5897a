// Takes a mail's structure apart, as views, before anything is decoded. The inside of parse().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "mime/mail.h"
#include "mime/raw_header.h"
#include "mime/transfer.h"

namespace coi::mime {

// What one mail may cost, what lies within it included.
struct Budget {
  // Many parts with small headers are normal, many large header blocks are not.
  Budget(std::string_view bytes, const Limits& limits)
      : parts(limits.mime_parts), header(limits.header * 8), again(bytes.size() * 4) {}

  std::size_t parts;
  std::size_t header;         // octets of all header blocks but the limit of one
  std::size_t again;          // octets that may be looked through once more, where a boundary is missing or wrong
  std::size_t looked_at = 0;  // octets that were searched for delimiters
  bool cut = false;           // parts were left out
};

class Reader {
 public:
  Reader(std::string_view bytes, const Limits& limits, Budget& budget)
      : bytes_(bytes), limits_(limits), budget_(budget) {}

  // The whole as one entity.
  Result<Part> mail();

 private:
  struct Boundary {
    std::string text;
    std::size_t hash;
  };
  struct Delimiter {
    std::size_t level;  // index into open_
    bool closes;
  };

  std::string_view line_at(std::size_t at) const;
  bool is_root() const { return depth_ == 0 && open_.empty(); }
  std::optional<Delimiter> delimiter(std::string_view line) const;
  Result<Part> entity(std::size_t depth, std::string_view default_type);
  void skip_to_header(std::string_view default_type);
  Result<std::vector<RawValue>> headers(Part& part, std::string_view default_type);
  static void keep(Part& part, std::string_view lines, std::vector<RawValue>& raw);
  std::size_t field_end(std::size_t at) const;
  bool passes_over(const Part& part, std::string_view line, std::size_t next) const;
  std::string_view body();
  void open(std::string_view boundary);
  Result<> multipart(Part& part, std::size_t depth);
  void fill(Part& part, Transfer transfer, std::string_view encoded);
  bool finds_another_boundary(std::size_t start, std::string_view unread);
  Result<> without_boundary(Part& part, std::size_t depth, std::string_view unread);
  bool is_multipart_by_boundary(const Part& part);
  void open_signed(Part& part, std::size_t depth);

  std::string_view bytes_;
  const Limits& limits_;
  Budget& budget_;
  std::size_t depth_ = 0;          // of bytes_ in the mail
  std::size_t at_ = 0;             // always the start of a line
  std::vector<Boundary> open_;     // outermost first
  std::string charset_;            // of what is no UTF-8 in headers: the first that the root or a text names
  std::optional<Delimiter> last_;  // the delimiter before at_ that ended the last body(), if one did
};

// The mail as if its lines ended in LF or CRLF, where its header's end in CR alone (old Macs) or in CR CR LF (written
// once too often through a stream of Windows); nullopt if they do not.
std::optional<std::string> with_usual_line_ends(std::string_view bytes, const Limits& limits);

}  // namespace coi::mime
