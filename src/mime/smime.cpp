#include "mime/smime.h"

#include <algorithm>

#include "base/ascii.h"
#include "hash/cms.h"
#include "mime/transfer.h"
#include "mime/uuencoded.h"

namespace coi::mime {
namespace {

// Of a part that says no more than its name.
bool is_named(const Part& part, std::string_view name) {
  return part.type == "application/octet-stream" && ascii_iequal(part.filename, name);
}

bool is_signature(const Part& part) {
  return part.type == "application/pkcs7-signature" || part.type == "application/x-pkcs7-signature" ||
         is_named(part, "smime.p7s");
}

bool is_message(const Part& part) {
  return part.type == "application/pkcs7-mime" || part.type == "application/x-pkcs7-mime" ||
         is_named(part, "smime.p7m");
}

bool ends_as(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string_view without_ending(std::string_view name) { return name.substr(0, name.rfind('.')); }

// Whether the part says that it is a mail and no file; "letter.p7m" by itself may be either.
bool says_mail(const Part& part) {
  return part.filename.empty() || !part.param("smime-type").empty() ||
         ascii_iequal(without_ending(part.filename), "smime");
}

// A mail that was signed begins with its header.
bool begins_as_mail(std::string_view content) {
  return ascii_istarts_with(content, "Content-") || ascii_istarts_with(content, "MIME-Version:");
}

// Some programs leave the armour of PEM (RFC 7468) on, or do not say that the octets are in base64.
hash::Cms cms_of(std::string_view octets) {
  auto cms = hash::read_cms(octets);
  if (cms.kind != hash::CmsKind::unknown) return cms;
  auto text = ascii_trim(octets);
  if (text.starts_with("-----BEGIN ")) {
    text.remove_prefix(std::min(text.find('\n'), text.size()));
    text = text.substr(0, text.find("-----END "));
  } else if (!text.starts_with('M')) {  // 0x30, a sequence, in base64
    return cms;
  }
  return hash::read_cms(decode_transfer(Transfer::base64, text).octets);
}

Smime by_header(const Part& part) {
  const auto type = ascii_lower(part.param("smime-type"));
  const auto name = ascii_lower(part.filename);
  if (type.starts_with("enveloped") || type.starts_with("auth") || type.starts_with("encrypted")) return Smime::sealed;
  if (!type.empty() || name.ends_with(".p7c") || name.ends_with(".p7z")) return Smime::other;
  if (name.ends_with(".p7s")) return Smime::signature;
  return says_mail(part) ? Smime::sealed : Smime::other;
}

const Part* part_at(const Part& root, std::string_view section) {
  const auto* part = &root;
  if (!part->is_multipart()) return section == "1" ? part : nullptr;
  for (const auto number : ascii_split(section, '.')) {
    const auto index = ascii_number<std::size_t>(number);
    if (!index || *index == 0 || *index > part->children.size()) return nullptr;
    part = &part->children[*index - 1];
  }
  return part;
}

}  // namespace

bool is_pgp_signature(const Part& part) {
  return part.type == "application/pgp-signature" || part.type == "application/x-pgp-signature";
}

bool is_document(const Part& part) {
  if (part.filename.empty()) return false;
  const auto name = ascii_lower(part.filename);
  const auto stem = without_ending(name);
  if (is_pgp_signature(part))
    return ends_as(name, {".asc", ".sig", ".sign", ".gpg", ".pgp"}) && !stem.ends_with("signature") && stem != "pgp";
  if (is_signature(part) && !ends_as(name, {".p7s", ".p7m", ".p7", ".sig", ".sign"})) return false;
  return stem != "smime" && (is_signature(part) || stem.contains('.'));
}

Smime smime_of(const Part& part) {
  if (is_document(part)) return Smime::none;
  if (is_signature(part)) return Smime::signature;
  if (!is_message(part)) return Smime::none;
  if (!part.children.empty()) return Smime::opened;
  switch (cms_of(part.body).kind) {
    case hash::CmsKind::sealed:
      return says_mail(part) ? Smime::sealed : Smime::other;
    case hash::CmsKind::signed_data:
    case hash::CmsKind::other:
      return Smime::other;
    case hash::CmsKind::unknown:
      break;
  }
  return by_header(part);
}

std::string signed_content(const Part& part) {
  if (!is_message(part) || is_document(part)) return {};
  auto content = cms_of(part.body).content;
  return says_mail(part) || begins_as_mail(content) ? content : std::string();
}

Result<std::string> file_inside(std::string_view octets, std::string_view section, const Limits& limits) {
  const auto no_such_file = [] { return fail(ErrorKind::not_found, "the text does not hold that file"); };
  const auto number_in_text = [](std::string_view name) {
    return name.starts_with("uu") ? ascii_number<std::size_t>(name.substr(2)) : std::nullopt;
  };
  if (const auto number = number_in_text(section)) {
    auto files = split_uuencoded(octets).files;
    if (*number == 0 || *number > files.size()) return no_such_file();
    return std::move(files[*number - 1].octets);
  }
  const auto slash = section.find('/');
  const auto mail = COI_TRY(parse(cms_of(octets).content, limits));
  const auto* part = part_at(mail.root, section.substr(0, slash));
  if (part == nullptr) return fail(ErrorKind::not_found, "the signed part does not hold that file");
  if (slash == std::string_view::npos) return part->body;
  const auto rest = section.substr(slash + 1);
  if (const auto number = number_in_text(rest)) {  // parse() has taken it out of the text
    if (*number == 0 || *number > part->children.size()) return no_such_file();
    return part->children[*number - 1].body;
  }
  return file_inside(part->body, rest, limits);
}

}  // namespace coi::mime
