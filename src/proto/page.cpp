#include "proto/page.h"

namespace coi::json {

Result<proto::Anchor> Codec<proto::Anchor>::read(const Value& value, const Path& path) {
  const auto* object = value.if_object();
  if (object == nullptr) return proto::Anchor{.id = COI_TRY(Codec<std::int64_t>::read(value, path))};
  const auto* account = object->if_contains("account");
  const auto* id = object->if_contains("id");
  if (id == nullptr) return path.member("id").missing();
  proto::Anchor anchor{.id = COI_TRY(Codec<std::int64_t>::read(*id, path.member("id")))};
  if (account != nullptr) anchor.account = COI_TRY(Codec<std::string>::read(*account, path.member("account")));
  return anchor;
}

void Codec<proto::Anchor>::write(const proto::Anchor& anchor, std::string& out) {
  if (anchor.account.empty()) return Codec<std::int64_t>::write(anchor.id, out);
  out += R"({"account":)";
  detail::write_string(anchor.account, out);
  out += R"(,"id":)";
  Codec<std::int64_t>::write(anchor.id, out);
  out += '}';
}

}  // namespace coi::json
