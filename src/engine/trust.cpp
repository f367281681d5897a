#include "engine/trust.h"

#include <memory>
#include <optional>

#include "base/guarded.h"

namespace coi::engine {

TrustSource trust_source(const std::filesystem::path& extra_ca) {
  auto loaded = std::make_shared<Guarded<std::optional<net::Tls>>>();
  return [extra_ca, loaded] {
    return loaded->with([&](std::optional<net::Tls>& tls) -> Result<net::Tls> {
      if (!tls) tls = COI_TRY(net::Tls::load(extra_ca));
      return *tls;
    });
  };
}

}  // namespace coi::engine
