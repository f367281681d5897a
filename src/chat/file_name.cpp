#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/parts.h"
#include "mime/encoded_word.h"
#include "mime/header_field.h"
#include "mime/media_type.h"
#include "mime/params.h"

namespace coi::chat {
namespace {

bool is_mail(const mime::Part& part) {
  return part.type == "message/rfc822" || part.type == "message/global" || part.type == "message/news";
}

std::string name_of_mail(const mime::Part& part) {
  if (!part.filename.empty())
    return ascii_lower(part.filename).ends_with(".eml") ? part.filename : part.filename + ".eml";
  auto subject = mime::decode_words(mime::header_value(part.body, "Subject"));
  std::ranges::replace(subject, '/', '-');
  const auto name = mime::safe_filename(subject);
  return name.empty() ? "message.eml" : name + ".eml";
}

}  // namespace

std::string file_name(const mime::Part& part, std::size_t number) {
  if (is_mail(part)) return name_of_mail(part);
  if (!part.filename.empty()) return part.filename;
  if (part.type == "message/partial")
    return fmt::format("part-{}.eml", ascii_number<unsigned>(part.param("number")).value_or(1));
  if (part.type == "text/calendar") return "invite.ics";
  if (part.type.ends_with("/rfc822-headers") || part.type == "message/global-headers") return "header.txt";
  if (mime::extension_of(part.type) == ".p7m") return "smime.p7m";
  return fmt::format("file-{}{}", number, mime::extension_of(part.type));
}

}  // namespace coi::chat
