#include "hash/cms.h"

#include <limits>
#include <memory>

#include <openssl/cms.h>
#include <openssl/err.h>

namespace coi::hash {
namespace {

struct Free {
  void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
};

CmsKind kind_of(const CMS_ContentInfo& cms) {
  switch (OBJ_obj2nid(CMS_get0_type(&cms))) {
    case NID_pkcs7_signed:
      return CmsKind::signed_data;
    case NID_pkcs7_enveloped:
    case NID_pkcs7_encrypted:
    case NID_pkcs7_signedAndEnveloped:
    case NID_id_smime_ct_authEnvelopedData:
      return CmsKind::sealed;
    default:
      return CmsKind::other;
  }
}

}  // namespace

Cms read_cms(std::string_view octets) {
  if (octets.empty() || octets.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  const auto* in = reinterpret_cast<const unsigned char*>(octets.data());
  const std::unique_ptr<CMS_ContentInfo, Free> cms(d2i_CMS_ContentInfo(nullptr, &in, static_cast<long>(octets.size())));
  Cms out;
  if (cms) {
    out.kind = kind_of(*cms);
    ASN1_OCTET_STRING** content = out.kind == CmsKind::signed_data ? CMS_get0_content(cms.get()) : nullptr;
    const bool holds_mail =
        content != nullptr && *content != nullptr && OBJ_obj2nid(CMS_get0_eContentType(cms.get())) == NID_pkcs7_data;
    if (holds_mail)
      out.content.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
                         static_cast<std::size_t>(ASN1_STRING_length(*content)));
    else if (out.kind == CmsKind::signed_data)
      out.kind = CmsKind::other;
  }
  ERR_clear_error();
  return out;
}

}  // namespace coi::hash
