#include "chat/settle_group.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace coi::chat {
namespace {

// Before all that is told; a second, since headers tell whole ones.
constexpr UnixMs founded = 1000;

// With all the times that were heeded; of joining also by whose word.
struct Stay {
  Member member;
  std::map<UnixMs, std::set<std::string>> joined;
  std::set<UnixMs> parted;
};

using Stays = std::map<std::string, Stay>;

bool is_in(const Stays& stays, const std::string& addr) {
  const auto found = stays.find(addr);
  return found != stays.end() && found->second.member.is_in();
}

Stay& entry(Stays& stays, const std::string& addr) {
  auto& stay = stays[addr];
  stay.member.addr = addr;
  return stay;
}

void join_at(Stay& stay, UnixMs at, const std::string& by) {
  stay.member.joined_ms = std::max(stay.member.joined_ms, at);
  stay.joined[at].insert(by);
}

using Claims = std::vector<const MembershipClaim*>;

// Those that say when somebody joined, until none brings anybody else in: within one second who was added may add.
void join(Stays& stays, Claims claims) {
  for (bool again = true; again;) {
    again = false;
    std::erase_if(claims, [&](const MembershipClaim* claim) {
      if (!is_in(stays, claim->author)) return false;
      join_at(entry(stays, claim->member), claim->at_ms, claim->author);
      return again = true;
    });
  }
}

// Who leaves needs nobody's word, if they were ever in it.
void part(Stays& stays, Claims claims) {
  std::erase_if(claims, [&](const MembershipClaim* claim) {
    return claim->author == claim->member ? !stays.contains(claim->author) : !is_in(stays, claim->author);
  });
  for (const auto* claim : claims) {
    auto& stay = entry(stays, claim->member);
    stay.member.parted_ms = std::max(stay.member.parted_ms, claim->at_ms);
    stay.parted.insert(claim->at_ms);
  }
}

// When somebody was away: after `from`, and before `to`, when they came back by the word of some.
struct Absence {
  UnixMs from = 0, to = 0;
  std::set<std::string> back_by;
  friend bool operator==(const Absence&, const Absence&) = default;
};

using Absences = std::map<std::string, std::vector<Absence>>;  // in order

constexpr UnixMs never = std::numeric_limits<UnixMs>::max();

Absences absences_of(const Stays& stays) {
  Absences absences;
  for (const auto& [addr, stay] : stays) {
    std::vector<Absence> all;
    for (const auto from : stay.parted) {
      if (!all.empty() && from < all.back().to) continue;  // away already
      const auto back = stay.joined.lower_bound(from);
      if (back == stay.joined.end())
        all.push_back({from, never, {}});
      else if (from < back->first)
        all.push_back({from, back->first, back->second});
    }
    if (!all.empty()) absences.emplace(addr, std::move(all));
  }
  return absences;
}

// Those that both know of.
Absences common(const Absences& a, const Absences& b) {
  auto both = a;
  for (auto& [addr, list] : both) {
    const auto other = b.find(addr);
    std::erase_if(list, [&](const Absence& one) {
      return other == b.end() || std::ranges::find(other->second, one) == other->second.end();
    });
  }
  std::erase_if(both, [](const auto& one) { return one.second.empty(); });
  return both;
}

// `better`: whether of two texts that are equally old the first counts.
template <class Better>
void settle_text(const Remark& remark, std::string& text, UnixMs& since, Better better) {
  if (remark.date_ms < since || (remark.date_ms == since && since != 0 && !better(remark.value, text))) return;
  text = remark.value;
  since = remark.date_ms;
}

// What was said at one time.
struct Said {
  Claims joined, parted;
  std::vector<const Remark*> texts;
};

using Told = std::map<UnixMs, Said>;

struct Walk {
  Stays stays;
  std::vector<const Remark*> texts;  // by who was a member then
};

// `known`: who was away when, by an earlier walk. What somebody did while they were is not heeded; what they repeat of
// earlier times is. Whom somebody removed cannot void that by saying alone that they were away then and are back:
// nobody would miss them.
Walk walk(const Told& told, const std::string& founder, const Absences& known) {
  const auto was_away = [&](const std::string& author, UnixMs at, const std::string& removed = {}) {
    const auto found = known.find(author);
    return found != known.end() && std::ranges::any_of(found->second, [&](const Absence& one) {
             const bool by_removed_alone = one.back_by.size() == 1 && *one.back_by.begin() == removed;
             return one.from < at && at < one.to && !by_removed_alone;
           });
  };
  Walk walked;
  if (!founder.empty()) join_at(entry(walked.stays, founder), founded, founder);
  for (const auto& [at, said] : told) {
    auto joined = said.joined, parted = said.parted;
    std::erase_if(joined, [&](const auto* claim) { return was_away(claim->author, claim->at_ms); });
    std::erase_if(parted, [&](const auto* claim) {
      return claim->author != claim->member && was_away(claim->author, claim->at_ms, claim->member);
    });
    join(walked.stays, std::move(joined));
    for (const auto* text : said.texts)
      if (is_in(walked.stays, text->author) && !was_away(text->author, text->date_ms)) walked.texts.push_back(text);
    part(walked.stays, std::move(parted));
  }
  return walked;
}

// Whoever came later hears only then that somebody was away, perhaps the one who brought them: with that they go
// through all of it again, and who was away by what does not count then was not. Where that goes round in a circle,
// only the absences that are found each time say whom not to heed.
Walk settled_walk(const Told& told, const std::string& founder) {
  constexpr int most_walks = 12;
  Absences before, known;
  auto walked = walk(told, founder, known);
  for (int walks = 1; walks < most_walks; ++walks) {
    auto found = absences_of(walked.stays);
    if (found == known) return walked;
    const bool in_a_circle = walks > 1 && found == before;
    if (in_a_circle || walks + 1 == most_walks) return walk(told, founder, common(known, found));
    before = std::exchange(known, std::move(found));
    walked = walk(told, founder, known);
  }
  return walked;
}

}  // namespace

GroupState settle_group(const GroupClaims& claims) {
  Told told;
  for (const auto& claim : claims.members) {
    auto& said = told[claim.said_ms];
    (claim.parted ? said.parted : said.joined).push_back(&claim);
  }
  for (const auto* list : {&claims.names, &claims.descriptions, &claims.pictures})
    for (const auto& remark : *list) told[remark.at_ms].texts.push_back(&remark);

  auto walked = settled_walk(told, claims.founder);
  GroupState state;
  for (const auto* text : walked.texts) {
    if (text->kind == RemarkKind::group_name)
      settle_text(*text, state.name, state.name_ms, std::less());
    else if (text->kind == RemarkKind::group_description)
      settle_text(*text, state.description, state.description_ms, std::greater());
    else
      settle_text(*text, state.picture, state.picture_ms, std::greater());
  }
  for (auto& [addr, stay] : walked.stays) state.members.push_back(std::move(stay.member));
  return state;
}

}  // namespace coi::chat
