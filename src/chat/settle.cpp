#include "chat/settle.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>

namespace coi::chat {

std::vector<Remark> settled_reports(std::vector<Remark> remarks) {
  std::erase_if(remarks,
                [](const Remark& one) { return !is_of_delivery(one.kind) && one.kind != RemarkKind::displayed; });
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

UnixMs said_ms(const Remark& remark) {
  return remark.date_ms == 0 ? remark.at_ms : std::min(remark.date_ms, remark.at_ms);
}

std::vector<Remark> settled_reactions(std::vector<Remark> remarks,
                                      const std::function<std::string(const Remark& remark)>& person_of) {
  std::erase_if(remarks, [](const Remark& one) { return one.kind != RemarkKind::reaction; });
  // Of several that arrived within one second the Date tells which is newer.
  const auto said = [](const Remark& one) { return std::tuple(said_ms(one), one.date_ms, one.rfc_id, one.value); };
  std::ranges::sort(remarks, {}, said);
  std::map<std::string, Remark> newest;
  for (auto& remark : remarks)
    if (auto person = person_of(remark); !person.empty()) newest[std::move(person)] = std::move(remark);
  std::vector<Remark> standing;
  for (auto& [person, remark] : newest)
    if (!remark.value.empty()) standing.push_back(std::move(remark));
  std::ranges::sort(standing, {}, said);
  return standing;
}

std::optional<Remark> settled_pin(std::vector<Remark> remarks,
                                  const std::function<std::string(const Remark& remark)>& person_of, UnixMs now) {
  std::erase_if(remarks, [&](const Remark& one) { return one.kind != RemarkKind::pinned || person_of(one).empty(); });
  const auto said = [](const Remark& one) { return std::tuple(said_ms(one), one.date_ms, one.rfc_id, one.value); };
  const auto newest = std::ranges::max_element(remarks, {}, said);
  if (newest == remarks.end() || newest->value.empty()) return std::nullopt;
  const auto until = std::strtoll(newest->value.c_str(), nullptr, 10);  // 0: it is a word
  return until != 0 && until <= now ? std::nullopt : std::optional(std::move(*newest));
}

}  // namespace coi::chat
