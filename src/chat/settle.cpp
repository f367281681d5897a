#include "chat/settle.h"

#include <algorithm>
#include <tuple>

namespace coi::chat {

std::vector<Remark> settled_reports(std::vector<Remark> remarks) {
  // Of several at once the one with more to say.
  std::ranges::sort(remarks, [](const Remark& a, const Remark& b) {
    const auto place = [](const Remark& one) {
      const bool first_counts = one.kind == RemarkKind::displayed;
      return std::tuple(one.about, one.kind, first_counts ? one.at_ms : -one.at_ms);
    };
    return std::tuple(place(a), b.value, a.author, a.date_ms, a.rfc_id) <
           std::tuple(place(b), a.value, b.author, b.date_ms, b.rfc_id);
  });
  const auto same = [](const Remark& a, const Remark& b) { return a.about == b.about && a.kind == b.kind; };
  const auto rest = std::ranges::unique(remarks, same);
  remarks.erase(rest.begin(), rest.end());
  return remarks;
}

}  // namespace coi::chat
