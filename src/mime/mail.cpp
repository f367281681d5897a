#include "mime/mail.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "mime/content.h"
#include "mime/other_text.h"
#include "mime/reader.h"
#include "mime/transfer.h"

namespace coi::mime {
namespace {

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
  const auto other_line_ends = with_usual_line_ends(bytes, limits);
  if (other_line_ends) bytes = *other_line_ends;
  Budget budget(bytes, limits);
  Mail mail{COI_TRY(Reader(bytes, limits, budget).mail())};
  mail.root.truncated |= budget.cut;
  read_other_text(mail.root, limits);
  return mail;
}

Result<std::string> decode_file(std::string_view header, std::string_view body, const Limits& limits) {
  if (body.size() > limits.mail) return fail(ErrorKind::limit, fmt::format("file of {} octets", body.size()));
  const auto described =
      COI_TRY(parse(fmt::format("{}\r\n\r\n", header.substr(0, header.find_last_not_of("\r\n") + 1)), limits));
  return decode_transfer(content_transfer(described.root), body).octets;
}

}  // namespace coi::mime
