#include "mime/reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "mime/blank.h"
#include "mime/boundary_guess.h"
#include "mime/charset.h"
#include "mime/content.h"
#include "mime/header_field.h"
#include "mime/smime.h"
#include "mime/transfer.h"
#include "mime/uuencoded.h"

namespace coi::mime {
namespace {

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool begins_blank(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }
// What mbox puts before a mail, and sometimes amid its header.
bool is_from_line(std::string_view line) { return line.starts_with("From ") || line.starts_with(">From "); }

std::string_view without_front(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
}

bool is_common_field(std::string_view line) {
  constexpr std::string_view fronts[] = {"Content-", "MIME-Version", "From:",       "To:",          "Cc:",
                                         "Subject:", "Date:",        "Message-ID:", "Received:",    "X-",
                                         "DKIM-",    "References:",  "Reply-To:",   "In-Reply-To:", "Return-Path:"};
  return std::ranges::any_of(fronts, [&](std::string_view front) { return ascii_istarts_with(line, front); });
}

// "X-Spam-Flag" that lost its colon: no words of a mail.
bool is_lone_name(std::string_view line) {
  line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
  return line.find('-') != std::string_view::npos && !line.starts_with('-') &&
         line.find_first_of(" \t.,!?") == std::string_view::npos;
}

bool has_author(std::string_view lines) {
  return std::ranges::any_of(ascii_split(lines, '\n'), [](std::string_view line) {
    return starts_field(line) && ascii_iequal(ascii_trim(line.substr(0, line.find(':'))), "From");
  });
}

// The header of a part says something about its content, or has at least names such as no sentence begins with.
bool is_header_of_part(const std::vector<Header>& headers) {
  return std::ranges::any_of(headers, [](const Header& header) { return header.name.find('-') != std::string::npos; });
}

}  // namespace

// The line with its line end.
std::string_view Reader::line_at(std::size_t at) const {
  if (at >= bytes_.size()) return {};
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

// A header that does not begin where it should: behind blank lines, behind a byte order mark. An empty line at the
// start of a part says that it has no header; but if fields about content follow, they were meant as one.
void Reader::skip_to_header(std::string_view default_type) {
  auto at = at_;
  if (is_root() && bytes_.substr(at).starts_with("\xEF\xBB\xBF")) at += 3;
  while (at < bytes_.size() && is_blank(line_at(at))) at += line_at(at).size();
  const auto line = line_at(at);
  if (at == at_ || !starts_field(line)) return;
  const bool meant = is_root() || (ascii_istarts_with(line, "Content-") && default_type != "message/rfc822");
  if (meant) at_ = at;
}

// Of the field that starts at `at`: with its folded lines. A blank line ends it unless more of the header follows.
std::size_t Reader::field_end(std::size_t at) const {
  auto end = at + line_at(at).size();
  while (end < bytes_.size() && begins_blank(bytes_.substr(end, 1))) {
    const auto line = line_at(end);
    if (is_empty(line)) break;
    const auto next = line_at(end + line.size());
    if (is_blank(line) && (is_empty(next) || !(begins_blank(next) || starts_field(next)))) break;
    end += line.size();
  }
  return end;
}

// A line that is no field is passed over if the header goes on behind it, and else begins the body: both happen when a
// program forgets to fold or to write the empty line. Before the first field of a mail stands what is left of a
// dialogue with a server, or a field whose name is damaged.
bool Reader::passes_over(const Part& part, std::string_view line, std::size_t next) const {
  constexpr int most = 5;
  const bool first = part.headers.empty();
  if (first && !is_root()) return false;
  if (first && (is_from_line(line) || (begins_blank(line) && starts_field(line_at(next))))) return true;
  if (line.starts_with("--")) return false;  // a delimiter, and the empty line is missing
  for (int count = 1; count <= most && next < bytes_.size(); ++count) {
    const auto follows = line_at(next);
    if (is_empty(follows)) return count == 1 && !first && (is_lone_name(line) || is_from_line(line));
    if (delimiter(follows)) return false;
    if (starts_field(follows)) return (count == 1 && !first) || is_common_field(follows);
    next += follows.size();
  }
  return false;
}

// Appends the field of these lines, and to `raw` its octets if they are not UTF-8. A NUL says that they are no text.
void Reader::keep(Part& part, std::string_view lines, std::vector<RawValue>& raw) {
  auto field = parse_raw_field(lines);
  if (!field) return;
  auto text = valid_utf8(field->value);
  if (text != field->value && !field->value.contains('\0'))
    raw.push_back({part.headers.size(), std::move(field->value)});
  part.headers.push_back({std::move(field->name), std::move(text)});
}

// Up to and including the empty line. Returns the values that are not UTF-8.
Result<std::vector<RawValue>> Reader::headers(Part& part, std::string_view default_type) {
  std::vector<RawValue> raw;
  const auto before = at_;
  skip_to_header(default_type);
  const auto start = at_;
  bool ended = false;
  while (at_ < bytes_.size()) {
    const auto line = line_at(at_);
    if (delimiter(line)) break;  // a part that ends within its header
    if (is_blank(line) && (is_empty(line) || !part.headers.empty())) {
      at_ += line.size();
      ended = true;
      break;
    }
    // The first field may stand behind white space.
    const auto field = part.headers.empty() && is_root() ? without_front(line) : line;
    auto end = at_ + line.size();
    if (starts_field(field)) {
      end = field_end(at_);
      if (end - start > limits_.header || end - at_ > budget_.header)
        return fail(ErrorKind::limit, fmt::format("header block longer than {} octets", limits_.header));
      budget_.header -= end - at_;
      at_ += line.size() - field.size();
      keep(part, bytes_.substr(at_, end - at_), raw);
    } else if (!passes_over(part, line, end)) {
      break;
    }
    at_ = end;
  }
  if (!is_root() && !ended && !part.headers.empty() && !is_header_of_part(part.headers)) {
    part.headers.clear();
    raw.clear();  // the words of a part that has neither header nor empty line: "Note: at eight"
    at_ = before;
  }
  return raw;
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
        budget_.looked_at += at_ - start;
        return without_line_end(bytes_.substr(start, line - start));
      }
    }
    const auto next = bytes_.find("\n--", line);
    line = next == std::string_view::npos ? next : next + 1;
  }
  at_ = bytes_.size();
  budget_.looked_at += at_ - start;
  return bytes_.substr(start);
}

void Reader::open(std::string_view boundary) {
  boundary = boundary.substr(0, boundary.find_last_not_of(" \t\r\n") + 1);
  if (!boundary.empty()) open_.push_back({std::string(boundary), std::hash<std::string_view>{}(boundary)});
}

// Goes back to `start` if another boundary than the named one takes `unread` apart.
bool Reader::finds_another_boundary(std::size_t start, std::string_view unread) {
  if (budget_.again < unread.size()) return false;
  budget_.again -= unread.size();
  budget_.looked_at += unread.size();
  const auto boundary = guess_boundary(unread);
  if (boundary.empty()) return false;
  open(boundary);
  at_ = start;
  static_cast<void>(body());
  return true;
}

Result<> Reader::multipart(Part& part, std::size_t depth) {
  const auto level = open_.size();
  const auto start = at_;
  open(part.param("boundary"));
  const auto unread = body();
  const bool named = open_.size() > level && last_ && last_->level == level;
  if (!named) {
    open_.resize(level);
    const auto end = at_;
    const auto ended_by = last_;
    if (!finds_another_boundary(start, unread)) {
      at_ = end;
      last_ = ended_by;
      return without_boundary(part, depth, unread);
    }
  }
  const auto default_type = part.type == "multipart/digest" ? "message/rfc822" : "text/plain";
  // Programs that add a part to a mail write it behind the end.
  const bool goes_on = std::none_of(open_.begin(), open_.end() - 1,
                                    [&](const Boundary& outer) { return outer.text == open_.back().text; });
  while (last_ && last_->level == level) {
    if (last_->closes && !goes_on) break;
    if (last_->closes || budget_.parts == 0) {  // the epilogue; what has been read is better than nothing
      budget_.cut |= !last_->closes;
      static_cast<void>(body());
    } else {
      part.children.push_back(COI_TRY(entity(depth + 1, default_type)));
    }
  }
  const bool closed = last_ && last_->level == level;
  open_.resize(level);
  if (closed) static_cast<void>(body());
  return {};
}

// Better the raw text than nothing; and some programs encode a multipart as a whole, which RFC 2045, 6.4 forbids.
Result<> Reader::without_boundary(Part& part, std::size_t depth, std::string_view unread) {
  if (is_blank(unread)) return {};
  const auto transfer = content_transfer(part);
  if (transfer == Transfer::identity || budget_.again < unread.size() || depth >= limits_.mime_depth) {
    if (budget_.parts > 0) --budget_.parts;
    Part text;
    text.type = "text/plain";
    fill(text, Transfer::identity, unread);
    part.children.push_back(std::move(text));
    return {};
  }
  budget_.again -= unread.size();
  const auto octets = decode_transfer(transfer, unread).octets;
  Reader inside(octets, limits_, budget_);
  inside.depth_ = depth + 1;
  auto plain = part;
  std::erase_if(plain.headers, [](const Header& one) { return ascii_iequal(one.name, "Content-Transfer-Encoding"); });
  COI_TRY(inside.multipart(plain, depth + 1));
  part.children = std::move(plain.children);
  return {};
}

// The files that stand in a text count as parts.
void Reader::fill(Part& part, Transfer transfer, std::string_view encoded) {
  fill_body(part, transfer, encoded, limits_, std::min(budget_.parts, most_uuencoded));
  budget_.parts -= part.children.size();
  budget_.cut |= !part.children.empty() && budget_.parts == 0;
}

// An opaque signature (RFC 8551, 3.5.2) holds the mail that was signed, which everybody may read. What cannot be read
// as one stays a file; so does what is signed once more than the budget allows.
void Reader::open_signed(Part& part, std::size_t depth) {
  const auto content = signed_content(part);
  if (content.empty() || budget_.again < content.size()) return;
  budget_.again -= content.size();
  if (budget_.parts == 0) {
    budget_.cut = true;
    return;
  }
  Reader inside(content, limits_, budget_);
  inside.depth_ = depth + 1;
  if (auto inner = inside.entity(depth + 1, "text/plain")) part.children.push_back(std::move(*inner));
}

// Some programs call a multipart text/html, and name its boundary all the same.
bool Reader::is_multipart_by_boundary(const Part& part) {
  const auto boundary = part.param("boundary");
  const auto rest = bytes_.substr(std::min(at_, bytes_.size()));
  if (boundary.empty() || !part.type.starts_with("text/") || budget_.again < rest.size()) return false;
  if (std::ranges::find(open_, boundary, &Boundary::text) != open_.end()) return false;
  const auto start = at_;
  const auto own = body();
  at_ = start;
  budget_.again -= own.size();
  const auto delimiter = fmt::format("\n--{}", boundary);
  return own.starts_with(std::string_view(delimiter).substr(1)) || own.find(delimiter) != std::string_view::npos;
}

Result<Part> Reader::entity(std::size_t depth, std::string_view default_type) {
  if (budget_.parts > 0) --budget_.parts;
  Part part;
  const auto raw = COI_TRY(headers(part, default_type));
  describe_content(part, default_type);
  if (charset_.empty() && (is_root() || part.type.starts_with("text/"))) charset_ = raw_charset(part);
  const bool deeper = depth < limits_.mime_depth;
  if (deeper && is_multipart_by_boundary(part)) part.type = "multipart/mixed";
  if (deeper && part.is_multipart()) {
    COI_TRY(multipart(part, depth));
    read_raw_values(part, raw, charset_);  // now that the texts are known
    return part;
  }
  read_raw_values(part, raw, charset_);
  fill(part, content_transfer(part), body());
  if (deeper) open_signed(part, depth);
  return part;
}

Result<Part> Reader::mail() { return entity(0, "text/plain"); }

std::optional<std::string> with_usual_line_ends(std::string_view bytes, const Limits& limits) {
  const bool no_lf = bytes.find('\n') == std::string_view::npos;
  const auto header = bytes.substr(0, std::min({bytes.find("\n\r\n"), bytes.find("\n\n"), limits.header}));
  const bool doubled = header.find("\r\r\n") != std::string_view::npos;
  int fields = 0;
  std::size_t first = std::string_view::npos;
  for (auto at = header.find('\r'); at != std::string_view::npos && fields < 2; at = header.find('\r', at + 1))
    if (starts_field(header.substr(at + 1, 300)) && fields++ == 0) first = at;
  // Servers that judge the author read whole lines: no author may come out of the inside of one. A second author that
  // comes out beside theirs is for the reader of the header to see.
  const bool whole = !header.contains('\n') || has_author(header.substr(0, first));
  const bool bare = (fields == 2 && whole) || (no_lf && bytes.find('\r') != std::string_view::npos);
  if (!doubled && !bare) return std::nullopt;
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto rest = bytes.substr(i, 3);
    if (doubled && rest == "\r\r\n") continue;
    out += bare && rest.starts_with('\r') && !rest.substr(1).starts_with('\n') ? '\n' : rest.front();
  }
  return out;
}

}  // namespace coi::mime
