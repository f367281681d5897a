#include "history.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

namespace coi::scenario {
namespace {

using namespace chat;

constexpr UnixMs start = 1'795'000'000'000;
constexpr UnixMs minute = 60'000;

const FolderId inbox{1}, chats{2}, sent{3};

struct Maker {
  Random& random;
  History history;
  std::map<FolderId, std::uint32_t> next_uid;
  std::uint64_t modseq = 1;
  int mails = 0;
  std::vector<std::string> ours, theirs;  // Message-IDs, for reports

  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  std::size_t add(Input input, std::vector<std::size_t> after = {}) {
    history.events.push_back({std::move(input), std::move(after)});
    return history.events.size() - 1;
  }

  Flags some_flags() {
    Flags flags;
    if (chance(40)) flags.bits |= Flags::seen;
    if (chance(20)) flags.bits |= Flags::flagged;
    if (chance(10)) flags.bits |= Flags::answered;
    return flags;
  }

  FolderRole role_of(FolderId folder) {
    return folder == inbox ? FolderRole::inbox : folder == chats ? FolderRole::chats : FolderRole::sent;
  }

  std::uint32_t uidvalidity_of(FolderId folder) { return folder == sent ? 7 : 5; }

  MailArrived at(Content content, FolderId folder) {
    MailArrived mail{.place = {folder, uidvalidity_of(folder), ++next_uid[folder]},
                     .role = role_of(folder),
                     .flags = some_flags(),
                     .modseq = ++modseq,
                     .internaldate = start + static_cast<UnixMs>(below(1000)) * minute,
                     .size = 100 + below(1000),
                     .live = chance(50),
                     .content = std::move(content)};
    // Delivered, or put there by a program; INTERNALDATE may be absurd, or the day of an import.
    if (chance(60)) mail.content.received = mail.internaldate - static_cast<UnixMs>(below(20)) * minute;
    if (chance(10)) mail.internaldate = chance(50) ? 0 : start + 400 * 24 * 60 * minute;
    return mail;
  }

  // A mail, then the life of its copy: flags change, it may vanish in the end.
  std::size_t put(MailArrived mail, std::vector<std::size_t> after = {}) {
    const auto place = mail.place;
    const auto role = mail.role;
    auto last = add(std::move(mail), std::move(after));
    const auto first = last;
    for (auto changes = below(3); changes > 0; --changes)
      last = add(FlagsChanged{.place = place, .role = role, .flags = some_flags(), .modseq = ++modseq}, {last});
    if (chance(25)) add(Expunged{place.folder, place.uidvalidity, NumberSet(place.uid, place.uid)}, {last});
    return first;
  }

  Content mail_by(const std::string& name, const std::string& addr, const std::string& rfc_id) {
    Content content{.rfc_id = rfc_id,
                    .from = {chance(30)   ? ""
                             : chance(50) ? name
                                          : name + " of Example",
                             addr},
                    .subject = fmt::format("Subject of {}", rfc_id)};
    content.letter = Letter{.text = fmt::format("Words of {} {}, {}", name, rfc_id, ++mails)};
    // A Date may be missing, or days off.
    if (!chance(15)) content.date = start + static_cast<UnixMs>(below(1000)) * minute;
    if (content.date && chance(15)) *content.date += (static_cast<UnixMs>(below(20)) - 10) * 24 * 60 * minute;
    if (chance(10)) content.disowned = true;
    // Two versions of one mail differ in their words, never in being chat: that hangs on the ids.
    content.chat = std::hash<std::string>{}(rfc_id) % 10 < 7;
    content.evidence = content.chat ? (chance(50) ? PeerClass::coi : PeerClass::delta) : PeerClass::plain;
    content.automatic = chance(10);
    if (content.automatic) content.evidence = PeerClass::unknown;
    content.letter->asks_chat_receipt = chance(50);
    if (!theirs.empty() && chance(40)) content.in_reply_to = one_of(theirs);
    if (chance(20))
      content.letter->attachments = {{.name = "file.pdf", .type = "application/pdf", .size = 10, .section = "2"}};
    return content;
  }

  // Copies to which a server has given another id, with and without a trace of the first.
  void put_renamed(Content content, FolderId folder) {
    const auto id = "new-" + content.rfc_id;
    content.other_ids = {id};
    put(at(content, folder));
    if (chance(50)) return;
    content.other_ids.clear();
    content.rfc_id = id;
    put(at(std::move(content), folder));
  }

  void mail_of_people() {
    const std::vector<std::pair<std::string, std::string>> people = {{"Bob", "bob@example.net"},
                                                                     {"Carol", "carol@example.com"},
                                                                     {"Mallory", "mallory@example.com"},
                                                                     {"", ""},
                                                                     {"", "bob@example.net, mallory@example.com"}};
    const auto& [name, addr] = one_of(people);
    // The same id by two authors is two messages.
    const auto rfc_id = !theirs.empty() && chance(15) ? one_of(theirs) : fmt::format("m{}@example.net", theirs.size());
    theirs.push_back(rfc_id);
    auto content = mail_by(name, addr, rfc_id);
    content.to = {{"", "alice@example.org"}};
    put(at(content, inbox));
    // A copy in another folder, or the list's version of the same mail.
    if (chance(25)) put(at(content, chats));
    if (chance(15)) put_renamed(content, inbox);
    for (int lists = chance(15) ? 1 + static_cast<int>(below(2)) : 0; lists > 0; --lists) {
      auto copy = content;
      copy.list = true;
      copy.letter.value().text += fmt::format("\n\nUnsubscribe from list {}", lists);
      copy.subject = fmt::format("[list {}] {}", lists, content.subject);
      copy.letter.value().attachments.clear();
      put(at(copy, inbox));
    }
  }

  void own_mail() {
    const auto rfc_id = fmt::format("own{}@example.org", ours.size());
    ours.push_back(rfc_id);
    auto content = mail_by("Alice", "alice@example.org", rfc_id);
    content.to = {{"", chance(60) ? "bob@example.net" : chance(50) ? "dora@example.com" : "alice@example.org"}};
    content.disowned = false;
    put(at(content, chance(40) ? inbox : chance(50) ? chats : sent));
    if (chance(25)) {
      put_renamed(content, sent);
      ours.push_back("new-" + rfc_id);
    }
    // Come back through a list, or forged under the same id. It stays where it is: a move that was ordered before the
    // copy vanished would be a job more, which finds nothing to do.
    if (chance(20)) {
      content.disowned = content.list = true;
      content.letter->text += "\n\nUnsubscribe here";
      add(at(content, inbox));
    }
  }

  void report() {
    const bool by_us = chance(30);
    Content content{.rfc_id = fmt::format("r{}@x", history.events.size()),
                    .from = {"", by_us ? "alice@example.org" : "bob@example.net"},
                    .chat = chance(70)};
    const auto& about = by_us ? theirs : ours;
    Remark report{.subject = about.empty() ? "unknown@x" : one_of(about),
                  .author = content.from.addr,
                  .about = content.from.addr,
                  .rfc_id = content.rfc_id};
    if (!by_us && chance(40)) {
      report.kind = chance(80) ? RemarkKind::failed : RemarkKind::delayed;
      report.value = fmt::format("reason {}", below(5));
      if (chance(30)) report.about = "";
      content.chat = false;  // as read() has it
      content.letter.emplace();
    }
    content.remarks = {report};
    put(at(content, inbox));
  }

  // By us or the other, about anything, early, late, and withdrawn; some with the clock of another time zone.
  void reaction() {
    const bool by_us = chance(40);
    const auto& about = chance(50) ? theirs : ours;
    Content content{.rfc_id = fmt::format("e{}@x", history.events.size()),
                    .from = {"", by_us        ? "alice@example.org"
                                 : chance(90) ? "bob@example.net"
                                              : "mallory@example.com"},
                    .date = start + static_cast<UnixMs>(below(1000)) * minute,
                    .chat = true};
    constexpr std::array emojis = {"👍", "🎉", ""};
    content.remarks = {{.kind = RemarkKind::reaction,
                        .subject = about.empty() || chance(10) ? "later@x" : one_of(about),
                        .author = content.from.addr,
                        .value = emojis.at(static_cast<std::size_t>(below(3))),
                        .date_ms = *content.date,
                        .rfc_id = content.rfc_id}};
    put(at(content, by_us ? sent : inbox));
  }

  void other() {
    if (chance(50)) {
      add(MailUnreadable{{inbox, 5, ++next_uid[inbox]}, "too many parts"});
    } else {
      auto content = mail_by("Bob", "bob@example.net", fmt::format("h{}@x", history.events.size()));
      content.letter.reset();
      put(at(content, inbox));
    }
  }

  // Sent from this device: DATA starts, and nobody answers; the own copy may turn up.
  void sending() {
    history.beginning.emplace_back(
        SendMessage{.addr = "bob@example.net", .text = "typed here", .rfc_id = "chat$sent@example.org"});
    ours.emplace_back("chat$sent@example.org");
    const auto data = add(DataStarted{OutgoingId{1}});
    const auto state = chance(50) ? RecipientState::sending : RecipientState::accepted;
    add(SendResult{OutgoingId{1}, {{.addr = "bob@example.net", .state = state}}}, {data});
    Content copy{.rfc_id = "chat$sent@example.org",
                 .from = {"Alice", "alice@example.org"},
                 .to = {{"", "bob@example.net"}},
                 .chat = true,
                 .evidence = PeerClass::coi,
                 .letter = Letter{.text = "typed here"}};
    put(at(copy, chance(50) ? chats : inbox), {data});
  }

  // INBOX is restored on the server: its mails come once more, under other UIDs. Who tells of it has told of the old
  // mails' changes before; another connection may still hand over an old mail later.
  void made_anew() {
    const auto before = history.events.size();
    std::vector<std::size_t> changes;
    for (std::size_t i = 0; i < before; ++i) {
      const auto& input = history.events[i].input;
      const auto* flags = std::get_if<FlagsChanged>(&input);
      const auto* gone = std::get_if<Expunged>(&input);
      if ((flags != nullptr && flags->place.folder == inbox) || (gone != nullptr && gone->folder == inbox))
        changes.push_back(i);
    }
    const auto reset = add(FolderReset{inbox, 6}, changes);
    for (std::size_t i = 0; i < before; ++i) {
      const auto* mail = std::get_if<MailArrived>(&history.events[i].input);
      if (mail == nullptr || mail->place.folder != inbox || !chance(30)) continue;
      auto again = *mail;
      again.place = {inbox, 6, ++next_uid[inbox]};
      again.flags = some_flags();
      again.modseq = ++modseq;
      // What was disowned is never taken for known: it is read again.
      history.bodies[again.place] = again;
      if (again.content.remarks.empty() && again.content.letter && !again.content.disowned && chance(50))
        add(MailSeenAgain{.place = again.place,
                          .key = {again.content.rfc_id, again.content.from.addr},
                          .flags = again.flags,
                          .modseq = again.modseq,
                          .role = again.role,
                          .size = again.size,
                          .internaldate = again.internaldate,
                          .date = again.content.date,
                          .received = again.content.received},
            {reset, i});
      else
        add(std::move(again), {reset});
    }
  }

  void rounds() {
    for (const auto folder : {inbox, chats, sent})
      add(RoundDone{folder, uidvalidity_of(folder), next_uid[folder] + 1, ++modseq,
                    NumberSet(1, std::max(next_uid[folder], 1U))});
  }
};

}  // namespace

History make_history(Random& random) {
  Maker make{.random = random, .history = {}, .next_uid = {}, .ours = {}, .theirs = {}};
  make.history.account = {.addr = "alice@example.org",
                          .name = "Alice",
                          .own = {"alice@example.org"},
                          .coi_server = make.chance(20),
                          .filter = static_cast<wire::Filter>(make.below(3))};
  make.history.beginning = {
      FoldersFound{{{"INBOX", FolderRole::inbox}, {"COI/Chats", FolderRole::chats}, {"Sent", FolderRole::sent}}},
      SendMessage{.addr = "mallory@example.com", .text = "Leave me alone", .rfc_id = "chat$first@example.org"},
      ChangeChat{.chat = ChatId{1}, .blocked = true}, NamePerson{"carol@example.com", "Carola"}};
  // The first mail on its way out is Mallory's; the second is row 2.
  if (make.chance(50)) {
    make.history.beginning.erase(make.history.beginning.begin() + 1, make.history.beginning.begin() + 3);
    make.sending();
  }
  while (make.history.events.size() < 55) {
    const auto kind = make.below(100);
    if (kind < 50)
      make.mail_of_people();
    else if (kind < 70)
      make.own_mail();
    else if (kind < 82)
      make.report();
    else if (kind < 90)
      make.reaction();
    else
      make.other();
  }
  make.rounds();
  if (make.chance(30)) make.made_anew();
  return std::move(make.history);
}

namespace {

// The event and all that has to come before it.
std::vector<bool> with_what_comes_before(const History& history, std::size_t event) {
  std::vector<bool> in(history.events.size(), false);
  std::vector<std::size_t> waiting = {event};
  while (!waiting.empty()) {
    const auto one = waiting.back();
    waiting.pop_back();
    in[one] = true;
    for (const auto before : history.events[one].after)
      if (!in[before]) waiting.push_back(before);
  }
  return in;
}

}  // namespace

// Each event has a rank by chance; of those that are possible the lowest comes next, so that some come very late. One
// of the later half comes as early as it can.
std::vector<const Input*> in_any_order(const History& history, Random& random) {
  const auto count = history.events.size();
  std::vector<std::size_t> ranked(count);
  std::iota(ranked.begin(), ranked.end(), std::size_t{0});
  std::ranges::shuffle(ranked, random);
  const auto hurried =
      with_what_comes_before(history, std::uniform_int_distribution<std::size_t>(count / 2, count - 1)(random));
  std::ranges::partition(ranked, [&](std::size_t event) { return hurried[event]; });
  std::vector<const Input*> order;
  std::vector<bool> done(count, false);
  while (order.size() < count) {
    const auto next = *std::ranges::find_if(ranked, [&](std::size_t event) {
      return !done[event] &&
             std::ranges::all_of(history.events[event].after, [&](std::size_t before) { return done[before]; });
    });
    done[next] = true;
    order.push_back(&history.events[next].input);
  }
  return order;
}

}  // namespace coi::scenario
