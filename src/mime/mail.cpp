#include "mime/mail.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "mime/content.h"
#include "mime/header_field.h"
#include "mime/transfer.h"

namespace coi::mime {
namespace {

// What one mail may cost.
struct Budget {
  std::size_t parts;
  std::size_t header;  // octets of all header blocks but the limit of one
};

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Takes the structure apart in one pass, as views, before anything is decoded. docs/architecture.md says why no library
// does it.
class Reader {
 public:
  // Many parts with small headers are normal, many large header blocks are not.
  Reader(std::string_view bytes, const Limits& limits)
      : bytes_(bytes), limits_(limits), budget_{limits.mime_parts, limits.header * 8} {}

  Result<std::string> file();
  Result<Part> entity(std::size_t depth, std::string_view default_type);

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
  std::optional<Delimiter> delimiter(std::string_view line) const;
  Result<> headers(Part& part);
  std::string_view body();
  Result<> multipart(Part& part, std::size_t depth);

  std::string_view bytes_;
  const Limits& limits_;
  Budget budget_;
  std::size_t at_ = 0;             // always the start of a line
  std::vector<Boundary> open_;     // outermost first
  std::optional<Delimiter> last_;  // the delimiter before at_ that ended the last body(), if one did
};

// The line with its line end.
std::string_view Reader::line_at(std::size_t at) const {
  const auto end = bytes_.find('\n', at);
  return bytes_.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

// RFC 2046, 5.1.1: delimiter := CRLF "--" boundary; close-delimiter := delimiter "--"; both with white space behind.
// An inner part that was never closed ends at the delimiter of an outer one.
std::optional<Reader::Delimiter> Reader::delimiter(std::string_view line) const {
  if (!line.starts_with("--") || open_.empty()) return std::nullopt;
  line.remove_prefix(2);
  line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
  const bool may_close = line.ends_with("--");
  const auto closed = may_close ? line.substr(0, line.size() - 2) : std::string_view();
  const auto hash = std::hash<std::string_view>{}(line);
  const auto closed_hash = std::hash<std::string_view>{}(closed);
  for (std::size_t level = open_.size(); level-- > 0;) {
    if (open_[level].hash == hash && open_[level].text == line) return Delimiter{level, false};
    if (may_close && open_[level].hash == closed_hash && open_[level].text == closed) return Delimiter{level, true};
  }
  return std::nullopt;
}

// Up to and including the empty line. A line that is no field is passed over if another field follows it, and else
// begins the body: both happen when a program forgets to fold or to write the empty line.
Result<> Reader::headers(Part& part) {
  const auto start = at_;
  while (at_ < bytes_.size()) {
    const auto line = line_at(at_);
    if (delimiter(line)) break;  // a part that ends within its header
    if (without_line_end(line).empty()) {
      at_ += line.size();
      break;
    }
    auto end = at_ + line.size();
    if (starts_field(line)) {
      while (end < bytes_.size() && (bytes_[end] == ' ' || bytes_[end] == '\t') &&
             !without_line_end(line_at(end)).empty())
        end += line_at(end).size();
      if (end - start > limits_.header || end - at_ > budget_.header)
        return fail(ErrorKind::limit, fmt::format("header block longer than {} octets", limits_.header));
      budget_.header -= end - at_;
      if (auto field = parse_field(bytes_.substr(at_, end - at_))) part.headers.push_back(std::move(*field));
    } else {
      const bool from_line = part.headers.empty() && (line.starts_with("From ") || line.starts_with(">From "));
      if (!from_line && (part.headers.empty() || !starts_field(line_at(end)))) break;
    }
    at_ = end;
  }
  return {};
}

// Up to the next delimiter of an open boundary, the line end before it not included, or up to the end.
std::string_view Reader::body() {
  const auto start = at_;
  last_.reset();
  for (auto line = open_.empty() ? std::string_view::npos : at_; line < bytes_.size();) {
    if (bytes_.substr(line, 2) == "--") {
      const auto text = line_at(line);
      if ((last_ = delimiter(text))) {
        at_ = line + text.size();
        return without_line_end(bytes_.substr(start, line - start));
      }
    }
    const auto next = bytes_.find("\n--", line);
    line = next == std::string_view::npos ? next : next + 1;
  }
  at_ = bytes_.size();
  return bytes_.substr(start);
}

Result<> Reader::multipart(Part& part, std::size_t depth) {
  const auto level = open_.size();
  std::string boundary(part.param("boundary"));
  boundary.erase(boundary.find_last_not_of(" \t\r\n") + 1);
  if (!boundary.empty()) {
    const auto hash = std::hash<std::string_view>{}(boundary);
    open_.push_back({std::move(boundary), hash});
  }
  const auto preamble = body();
  bool found = false;
  const auto default_type = part.type == "multipart/digest" ? "message/rfc822" : "text/plain";
  while (last_ && last_->level == level && !last_->closes) {
    found = true;
    part.children.push_back(COI_TRY(entity(depth + 1, default_type)));
  }
  const bool closed = last_ && last_->level == level;
  open_.resize(level);
  if (closed) static_cast<void>(body());  // the epilogue
  if (!found && !closed && preamble.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    // No boundary, or one that never comes: better the raw text than nothing.
    Part text;
    text.type = "text/plain";
    fill_body(text, Transfer::identity, preamble, limits_);
    part.children.push_back(std::move(text));
  }
  return {};
}

Result<Part> Reader::entity(std::size_t depth, std::string_view default_type) {
  if (budget_.parts == 0) return fail(ErrorKind::limit, fmt::format("more than {} parts", limits_.mime_parts));
  --budget_.parts;
  Part part;
  COI_TRY(headers(part));
  describe_content(part, default_type);
  if (depth < limits_.mime_depth && part.is_multipart()) {
    COI_TRY(multipart(part, depth));
  } else {
    fill_body(part, content_transfer(part), body(), limits_);
  }
  return part;
}

Result<std::string> Reader::file() {
  Part part;
  COI_TRY(headers(part));
  return decode_transfer(content_transfer(part), body()).octets;
}

Result<> check_size(std::string_view bytes, const Limits& limits) {
  if (bytes.empty()) return fail(ErrorKind::invalid, "an empty mail");
  if (bytes.size() > limits.mail) return fail(ErrorKind::limit, fmt::format("mail of {} octets", bytes.size()));
  return {};
}

}  // namespace

const std::string* Part::header(std::string_view header_name) const {
  const auto found = std::ranges::find_if(headers, [&](const Header& h) { return ascii_iequal(h.name, header_name); });
  return found == headers.end() ? nullptr : &found->value;
}

std::string_view Part::param(std::string_view param_name) const {
  const auto found = std::ranges::find(params, param_name, &Param::name);
  return found == params.end() ? std::string_view() : found->value;
}

bool Part::is_text() const {
  return (type == "text/plain" || type == "text/html") && disposition != "attachment" &&
         (filename.empty() || disposition.empty());
}

Result<Mail> parse(std::string_view bytes, const Limits& limits) {
  COI_TRY(check_size(bytes, limits));
  return Mail{COI_TRY(Reader(bytes, limits).entity(0, "text/plain"))};
}

Result<std::string> decode_file(std::string_view part, const Limits& limits) {
  COI_TRY(check_size(part, limits));
  return Reader(part, limits).file();
}

}  // namespace coi::mime
