#include "mime/build.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "mime/content.h"
#include "mime/header_field.h"
#include "mime/params.h"
#include "mime/transfer.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_mail_line = 998;

bool is_made_here(std::string_view name) {
  constexpr std::string_view names[] = {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
                                        "Content-ID", "MIME-Version"};
  return std::ranges::any_of(names, [&](std::string_view one) { return ascii_iequal(name, one); });
}

bool has(const std::vector<Param>& params, std::string_view name) {
  return std::ranges::find(params, name, &Param::name) != params.end();
}

void set(std::vector<Param>& params, std::string_view name, std::string value) {
  const auto found = std::ranges::find(params, name, &Param::name);
  if (found != params.end())
    found->value = std::move(value);
  else
    params.push_back({std::string(name), std::move(value)});
}

bool fits_7bit(std::string_view text) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    line = c == '\n' ? 0 : line + 1;
    const bool line_end = c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if (line > longest_mail_line || !(line_end || c == '\t' || (c >= ' ' && c < 0x7F))) return false;
  }
  return true;
}

// Mostly not ASCII: then base64 is the shorter one. Flowing text stays readable for those who look at the source.
bool suits_base64(const Part& part) {
  const auto escaped =
      std::ranges::count_if(part.body, [](char c) { return !(c >= ' ' && c < 0x7F) && c != '\n' && c != '\t'; });
  return part.param("format") != "flowed" && static_cast<std::size_t>(escaped) > part.body.size() / 3;
}

Result<> check_names(const std::vector<Param>& params) {
  for (const auto& param : params)
    if (!is_token(param.name)) return fail(ErrorKind::invalid, fmt::format("\"{}\" is no parameter", param.name));
  return {};
}

struct WrittenBody {
  std::string_view encoding;
  std::string body;
};

WrittenBody write_body(const Part& part, bool by_lines) {
  if (part.is_text()) {
    if (fits_7bit(part.body)) return {"7bit", with_crlf(part.body)};
    if (!suits_base64(part)) return {"quoted-printable", encode_quoted_printable(part.body)};
    return {"base64", encode_base64(with_crlf(part.body))};
  }
  if (by_lines && fits_7bit(part.body)) return {"7bit", with_crlf(part.body)};
  return {"base64", encode_base64(part.body)};
}

class Builder {
 public:
  explicit Builder(std::string_view seed) : seed_(seed) {}

  Result<std::string> mail(const Part& root) { return entity(root, "MIME-Version: 1.0\r\n", false); }

 private:
  Result<std::string> entity(const Part& part, std::string_view first_fields, bool by_lines);
  Result<std::string> multipart_body(const Part& part, std::string& boundary);

  std::string_view seed_;
  unsigned boundaries_ = 0;
};

// The parts are written first, so that a boundary can be chosen that does not occur in them.
Result<std::string> Builder::multipart_body(const Part& part, std::string& boundary) {
  const bool by_lines = part.type == "multipart/encrypted" || part.type == "multipart/signed";
  std::vector<std::string> written;
  for (const auto& child : part.children) written.push_back(COI_TRY(entity(child, "", by_lines)));
  do {
    boundary = fmt::format("=_{}_{}", seed_, ++boundaries_);  // "=_" is in no quoted-printable and no base64
  } while (std::ranges::any_of(written, [&](const auto& text) { return text.find("--" + boundary) != text.npos; }));
  std::string body;
  for (const auto& text : written) body.append("--").append(boundary).append("\r\n").append(text).append("\r\n");
  return body.append("--").append(boundary).append("--\r\n");
}

Result<std::string> Builder::entity(const Part& part, std::string_view first_fields, bool by_lines) {
  if (!part.disposition.empty() && !is_token(part.disposition))
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no disposition", part.disposition));
  COI_TRY(check_names(part.params));
  COI_TRY(check_names(part.disposition_params));
  auto params = part.params;
  std::string body;
  std::string_view encoding;
  if (part.is_multipart()) {
    std::string boundary;
    body = COI_TRY(multipart_body(part, boundary));
    set(params, "boundary", boundary);
  } else {
    if (part.is_text()) set(params, "charset", "utf-8");
    const bool lines = by_lines || part.type.starts_with("message/") || part.type.starts_with("application/pgp-");
    auto written = write_body(part, lines);
    body = std::move(written.body);
    encoding = written.encoding;
  }

  std::string out;
  for (const auto& header : part.headers)
    if (!is_made_here(header.name)) out += COI_TRY(format_field(header));
  out += first_fields;
  out += "Content-Type: " + (is_media_type(part.type) ? part.type : "text/plain") + format_params(params) + "\r\n";
  auto disposition_params = part.disposition_params;
  if (!part.filename.empty() && !has(disposition_params, "filename") && !has(params, "name"))
    disposition_params.insert(disposition_params.begin(), {"filename", part.filename});
  if (!part.disposition.empty() || !disposition_params.empty())
    out += "Content-Disposition: " + (part.disposition.empty() ? "attachment" : part.disposition) +
           format_params(disposition_params) + "\r\n";
  if (!part.content_id.empty()) out += COI_TRY(format_field({"Content-ID", "<" + part.content_id + ">"}));
  if (!encoding.empty() && encoding != "7bit")
    out.append("Content-Transfer-Encoding: ").append(encoding).append("\r\n");
  return out.append("\r\n").append(body);
}

}  // namespace

Result<std::string> build(const Part& root, std::string_view seed) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  if (seed.empty() || seed.size() > 40 || seed.find_first_not_of(allowed) != std::string_view::npos)
    return fail(ErrorKind::invalid, "a boundary seed of other than 1 to 40 letters and digits");
  return within(Builder(seed).mail(root), "cannot write the mail");
}

}  // namespace coi::mime
