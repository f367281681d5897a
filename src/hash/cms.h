// What an S/MIME message holds, without asking whose it is (CMS, RFC 5652).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coi::hash {

enum class CmsKind : std::uint8_t {
  unknown,      // no CMS, or one that is damaged
  signed_data,  // with what was signed: readable by everybody
  sealed,       // enveloped, encrypted or authenticated-enveloped: a key opens it
  other,        // certificates, a signature apart from what it signs, compressed data and the like
};

struct Cms {
  CmsKind kind = CmsKind::unknown;
  std::string content;  // of signed_data; the signature is NOT verified
};

// `octets`: DER, or BER with lengths of any form, at the front. Never fails; memory is linear in the size, nesting
// bounded.
Cms read_cms(std::string_view octets);

}  // namespace coi::hash
