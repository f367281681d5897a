// Whatever members of a group do at the same time, in the end all of them see the same group; and what one person sees
// on two devices does not depend on the order in which mails come, nor on those that never came.
//
// COI_HISTORIES is how many histories are tried, or which: "5000", or "5001-10000". ./check and ./check --long say what
// they want.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <deque>
#include <random>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "desk.h"
#include "post_office.h"

namespace coi::scenario {
namespace {

const std::vector<std::string> people = {"alice@example.org", "bob@example.net", "carol@example.com",
                                         "dora@example.com", "erik@example.net"};
constexpr std::size_t least_mails = 40;  // the last eight are those of the meeting
constexpr int parts = 2;                 // of the histories, so that two processors have work

// The databases, which serve one history after the other.
struct House {
  std::vector<std::unique_ptr<Desk>> desks;
  Desk observer{"observer@example.org"};
  std::vector<std::unique_ptr<Desk>> other_devices;  // of each person
  unsigned agreed = 0;                               // how often a member's view was compared with the observer's

  House() {
    for (const auto& addr : people) {
      desks.push_back(std::make_unique<Desk>(addr));
      other_devices.push_back(std::make_unique<Desk>(addr));
    }
  }
};

struct Sent {
  Mail mail;
  UnixMs at = 0;
};

class Club {
 public:
  Club(House& house, unsigned seed)
      : house_(house),
        random_(seed),
        count_(seed % 4 == 0 ? 5 : 4),
        waiting_(count_),
        heard_(count_),
        was_away_(count_) {
    for (std::size_t i = 0; i < count_; ++i) house.desks[i]->empty();
    auto& founder = *house.desks[0];
    post(founder.act(
        chat::CreateGroup{
            .id = fmt::format("Club-{:012}", seed), .name = "Club 0", .members = {people[1], people[2], people[3]}},
        now_));
    for (std::size_t i = 0; i < 4; ++i) {
      say(*house.desks[i], "Hello");
      now_ += second;
      some_hear(100);
    }
  }

  void run() {
    // Fewer mails where the group comes to an end.
    for (int round = 0; round < 100 && sent_.size() + 2 * count_ < least_mails; ++round) {
      now_ += static_cast<UnixMs>(below(3)) * second;
      for (int i = 0; i < 3; ++i) {
        const auto who = below(count_);
        act(*house_.desks[who]);
        note_absence(who);
      }
      some_hear(60);
      now_ += second;
    }
    // Everybody hears all, and says a word, so that each tells what they know.
    some_hear(100);
    for (int round = 0; round < 2; ++round)
      for (std::size_t i = 0; i < count_; ++i) {
        now_ += second;
        say(*house_.desks[i], "So be it");
        some_hear(100);
      }
  }

  const std::deque<Sent>& sent() const { return sent_; }
  UnixMs now() const { return now_; }
  std::size_t count() const { return count_; }
  bool heard_all(std::size_t who) const { return heard_[who].size() == sent_.size(); }
  bool was_away(std::size_t who) const { return was_away_[who]; }
  // The mails that one of them has got or written.
  std::vector<const Mail*> heard_by(const std::vector<std::string>& some) const {
    std::vector<const Mail*> mails;
    for (const auto& sent : sent_)
      for (std::size_t i = 0; i < count_; ++i)
        if (heard_[i].contains(&sent.mail) && std::ranges::find(some, people[i]) != some.end()) {
          mails.push_back(&sent.mail);
          break;
        }
    return mails;
  }
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  template <class T>
  void shuffle(std::vector<T>& list) {
    std::ranges::shuffle(list, random_);
  }

 private:
  void post(std::vector<Mail> mails) {
    for (auto& mail : mails) {
      sent_.push_back({std::move(mail), now_});
      const auto& put = sent_.back().mail;
      for (std::size_t i = 0; i < count_; ++i) {
        if (put.from == people[i]) heard_[i].insert(&put);
        if (std::ranges::find(put.to, people[i]) != put.to.end()) waiting_[i].push_back(&put);
      }
    }
  }

  // Those who are online take what waits for them, which may have come out of its order.
  void some_hear(int percent) {
    for (std::size_t i = 0; i < count_; ++i) {
      if (!chance(percent)) continue;
      auto mails = std::exchange(waiting_[i], {});
      if (chance(20)) shuffle(mails);
      house_.desks[i]->take(mails, now_);
      heard_[i].insert(mails.begin(), mails.end());
      note_absence(i);
    }
  }

  void note_absence(std::size_t who) {
    const auto row = house_.desks[who]->group();
    if (row && !row->is_member) was_away_[who] = true;
  }

  void say(Desk& desk, std::string text) {
    const auto row = desk.group();
    if (row && row->is_member && !row->members.empty())
      post(desk.act(chat::SendMessage{.chat = row->id, .text = std::move(text), .rfc_id = desk.new_id()}, now_));
  }

  // What somebody does who may: some of it is refused, as it would be on a screen.
  void act(Desk& desk) {
    const auto row = desk.group();
    if (!row || !row->is_member || row->members.empty()) return;  // what one says to oneself is mailed to nobody
    const auto kind = below(16);
    if (kind < 5) return say(desk, fmt::format("Words {}", ++words_));
    if (kind < 10) return remark(desk, kind);
    const auto& who = people[below(count_)];
    chat::ChangeGroup change{.chat = row->id};
    if (kind < 12)
      change.add = {who};
    else if (kind < 13)
      change.remove = {who};
    else if (kind < 15)
      change.name = fmt::format("Club {}", below(5));
    else
      change.description = fmt::format("Description {}", ++words_);
    change.rfc_ids = {desk.new_id()};
    post(desk.act(change, now_));
  }

  void remark(Desk& desk, std::size_t kind) {
    const auto rows = desk.messages(10);
    if (rows.empty()) return;
    const auto& row = rows[below(rows.size())];
    constexpr const char* emoji[] = {"👍", "🎉", ""};
    const auto id = desk.new_id();
    if (kind < 7)
      post(desk.act(chat::React{row.id, emoji[below(3)], true, id}, now_));
    else if (kind < 8)
      post(desk.act(chat::EditMessage{row.id, fmt::format("Other words {}", ++words_), true, id}, now_));
    else if (kind < 9)
      post(desk.act(chat::PinMessage{row.id, chance(70), 0, true, id}, now_));
    else if (row.outgoing)
      post(desk.act(chat::DeleteMessage{.message = row.id, .to_plain = true, .rfc_id = id}, now_));
  }

  House& house_;
  std::mt19937 random_;
  std::size_t count_;  // of the people: the fifth is none of those who were there first
  std::deque<Sent> sent_;
  std::vector<std::vector<const Mail*>> waiting_;  // for each person
  std::vector<std::set<const Mail*>> heard_;       // by each person, own ones too
  std::vector<bool> was_away_;                     // by their own view: left, or removed
  UnixMs now_ = 1'795'493'200'000;
  int words_ = 0;
};

std::vector<std::string> members(const store::ChatRow& row) {
  std::vector<std::string> in;
  if (row.is_member) in.push_back(row.self);
  for (const auto& member : row.members) in.push_back(member.addr);
  std::ranges::sort(in);
  return in;
}

// As somebody sees it: who is in it, and what it is called.
std::string group_of(Desk& desk, bool described = true) {
  const auto row = desk.group();
  if (!row) return "no group";
  return fmt::format("{} ({}): {}", row->name, described ? row->description : "", fmt::join(members(*row), ", "));
}

// All that is said in it, whoever looks.
std::string talk_of(Desk& desk) {
  std::string all;
  for (const auto& row : desk.messages(1000)) {
    if (row.notice.code == "group_described") continue;  // told to those alone whose programs show it
    all += fmt::format("{}: {}{}{}{}{} {}", row.from.addr, row.text, row.edited ? " edited" : "",
                       row.deleted ? " deleted" : "", row.pinned ? " pinned" : "", row.notice.code,
                       fmt::join(row.notice.params, ","));
    for (const auto& reaction : row.reactions) all += fmt::format(" {}{}", reaction.emoji, reaction.from);
    all += '\n';
  }
  return all;
}

// Each has an order by arrival of their own; an author's own mails stand at their Date.
std::vector<std::string_view> sorted(const std::string& talk) {
  auto lines = ascii_split(talk, '\n');
  std::ranges::sort(lines);
  return lines;
}

std::vector<const Mail*> all_mails(const Club& club) {
  std::vector<const Mail*> mails;
  for (const auto& sent : club.sent()) mails.push_back(&sent.mail);
  return mails;
}

// Members do not get the mails from before they came, nor those from while they were away. Whoever was removed and was
// added by somebody who had been removed, too, is no member, whatever they believe; and who did not hear that somebody
// was brought back does not believe to have been brought back by that one (docs/known-gaps.md, 49). So the judge is
// somebody who has every mail, of those who are in it by their own view too; and who heard all sees all that is said as
// that one does.
//
// Of a description that somebody set who was away at that time, whoever was away then too believes that it holds,
// unless they heard of both absences (docs/known-gaps.md, 49): each mail tells the name, and few the description.
//
// What no member has, none can tell the others: who leaves and has not heard of somebody who was just added says so to
// those alone who leave as well. So of who is in it the judge has what those who are in it have got, one or the other.
void members_agree(House& house, Club& club) {
  const auto judged_by = [&](std::vector<const Mail*> mails) {
    house.observer.empty();
    club.shuffle(mails);
    house.observer.take(mails, club.now());
    const auto row = house.observer.group();
    return row ? members(*row) : std::vector<std::string>();
  };
  const auto mails = all_mails(club);
  const auto in = judged_by(mails);
  ASSERT_TRUE(house.observer.group());
  if (in.size() < 2) return;  // nobody is there to tell the last one what was said while they were away
  const auto known = club.heard_by(in);
  if (known.size() < mails.size()) judged_by(known);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (std::ranges::find(in, people[i]) == in.end()) continue;
    if (const auto own = house.desks[i]->group(); own && !own->is_member && !club.heard_all(i)) continue;
    const bool knows = !club.was_away(i) || club.heard_all(i);
    ASSERT_EQ(group_of(*house.desks[i], knows), group_of(house.observer, knows)) << people[i];
    ++house.agreed;
    if (!club.heard_all(i)) continue;
    const auto own = talk_of(*house.desks[i]), judged = talk_of(house.observer);
    ASSERT_EQ(sorted(own), sorted(judged)) << people[i];
  }
}

// A tenth of the mails is lost; the devices of one person get the others in any order, some of them at once.
void devices_agree(House& house, Club& club) {
  const auto who = club.below(club.count());
  std::vector<const Mail*> mails;
  for (const auto* mail : all_mails(club)) {
    const bool theirs = mail->from == people[who] || std::ranges::find(mail->to, people[who]) != mail->to.end();
    if (theirs && !club.chance(10)) mails.push_back(mail);
  }
  std::vector<std::string> seen;
  for (auto* desk : {house.desks[who].get(), house.other_devices[who].get()}) {
    desk->empty();
    const auto half = mails.begin() + static_cast<std::ptrdiff_t>(club.below(mails.size() + 1));
    desk->take({mails.begin(), half}, club.now());
    desk->take({half, mails.end()}, club.now());
    seen.push_back(group_of(*desk) + "\n" + talk_of(*desk));
    club.shuffle(mails);
  }
  ASSERT_EQ(seen[0], seen[1]) << people[who];
}

// The first and the last of what COI_HISTORIES says; none (1, 0) where it says no number.
std::pair<unsigned, unsigned> seeds(std::string_view wanted) {
  const auto number = [](std::string_view digits) {
    unsigned value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  };
  const auto dash = wanted.find('-');
  if (dash == std::string_view::npos) return {1, number(wanted)};
  return {number(wanted.substr(0, dash)), number(wanted.substr(dash + 1))};
}

class Members : public testing::TestWithParam<int> {};

TEST_P(Members, SeeTheSameGroupInTheEnd) {
  const auto* wanted = std::getenv("COI_HISTORIES");
  const auto [first, last] = seeds(wanted == nullptr ? "60" : wanted);
  ASSERT_LE(first, last) << "COI_HISTORIES=" << wanted;
  House house;
  for (unsigned seed = first + static_cast<unsigned>(GetParam()); seed <= last; seed += parts) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Club club(house, seed);
    club.run();
    members_agree(house, club);
    if (HasFatalFailure()) return;
    devices_agree(house, club);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(house.agreed, (last - first + 1) / parts) << "most groups were not looked at";
}

INSTANTIATE_TEST_SUITE_P(Half, Members, testing::Range(0, parts));

}  // namespace
}  // namespace coi::scenario
