#include "history.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "chat/timer.h"

namespace coi::scenario {
namespace {

using namespace chat;

constexpr UnixMs minute = 60'000;
constexpr UnixMs start = 1'795'000'000'000;

const FolderId inbox{1}, chats{2}, sent{3};

struct Maker {
  Random& random;
  History history;
  std::map<FolderId, std::uint32_t> next_uid;
  std::uint64_t modseq = 1;
  int mails = 0;
  std::vector<std::string> ours, theirs;  // Message-IDs, for reports
  std::vector<std::string> groups;        // … of mails of groups
  std::vector<std::string> polls;         // … of polls
  std::vector<std::string> edits;
  // Where mails are deleted no two authors use one id: who of them a reaction was meant for, nobody could say.
  bool deletes = false, deletes_own = false;

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

  // Places, contacts, forwards, formatted text, voice notes. Of copies with other details one speaks, whatever the
  // order.
  void give_details(Letter& letter) {
    letter.details.forwarded = chance(30);
    letter.details.formatted = chance(30);
    if (letter.details.formatted) letter.text = "**" + letter.text + "**";
    switch (below(4)) {
      case 0:
        letter.kind = MessageKind::location;
        letter.details.position = Position{static_cast<double>(below(90)) + 0.25, -1.5};
        break;
      case 1:
        letter.kind = MessageKind::contact;
        letter.details.contact = SharedContact{"Dora", "dora@example.com"};
        break;
      case 2:
        letter.kind = MessageKind::voice;
        letter.details.duration_ms = 1000 + below(5);
        break;
      default:
        break;
    }
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
    if (content.chat && !content.disowned && chance(40)) content.timer = 60 * static_cast<std::uint32_t>(below(3));
    content.letter->asks_chat_receipt = chance(50);
    if (content.chat && chance(20)) give_details(*content.letter);
    if (chance(20)) content.letter->footer = fmt::format("Status {}", below(3));
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
    const auto rfc_id =
        !theirs.empty() && !deletes && chance(15) ? one_of(theirs) : fmt::format("m{}@example.net", theirs.size());
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

  // Of five ids, by anybody; the same id by two authors is two polls.
  void poll() {
    const std::vector<std::string> people = {"alice@example.org", "bob@example.net", "carol@example.com"};
    const auto author = one_of(people);
    auto content = mail_by("Poll", author, fmt::format("p{}@x", polls.size()));
    content.to = {{"", author == "alice@example.org" ? "bob@example.net" : "alice@example.org"}};
    content.disowned = author != "alice@example.org" && chance(10);
    auto& letter = *content.letter;
    letter.kind = MessageKind::poll;
    letter.details = {.poll = Poll{.id = fmt::format("Poll-of-the-test-{}", below(5)),
                                   .question = "Which?",
                                   .multiple = chance(50),
                                   .revote = chance(50),
                                   .options = {{.label = "one"}, {.label = "two"}}}};
    if (chance(30)) letter.details.poll->closes = start + static_cast<UnixMs>(below(1000)) * minute;
    letter.text = poll_text(*letter.details.poll);
    polls.push_back(content.rfc_id);
    (author == "alice@example.org" ? ours : theirs).push_back(content.rfc_id);
    put(at(content, author == "alice@example.org" ? sent : inbox));
    if (chance(20)) put(at(std::move(content), chats));
  }

  // A vote or a close, by its id, by the mail that it answers, or by both; early, late, wrong.
  void word_about_poll() {
    const std::vector<std::string> people = {"alice@example.org", "bob@example.net", "carol@example.com",
                                             "mallory@example.com"};
    const auto author = one_of(people);
    Content content{.rfc_id = fmt::format("w{}@x", history.events.size()),
                    .from = {"", author},
                    .date = start + static_cast<UnixMs>(below(1000)) * minute,
                    .chat = true};
    const std::vector<std::string> values = {"1", "2", "1,2", "3", ""};
    const auto answered = polls.empty() || chance(15) ? std::string("later@x") : one_of(polls);
    Remark said{.kind = chance(80) ? RemarkKind::vote : RemarkKind::poll_closed,
                .subject = answered,
                .author = author,
                .value = one_of(values),
                .date_ms = *content.date,
                .rfc_id = content.rfc_id};
    if (said.kind == RemarkKind::poll_closed) said.value = "3,4;5";
    if (chance(60)) {
      said.subject = fmt::format("Poll-of-the-test-{}", below(5));
      said.about = chance(80) ? answered : std::string();
    }
    content.remarks = {said};
    if (said.kind == RemarkKind::poll_closed) {
      content.letter = Letter{.text = "Poll closed: Which?"};
      content.letter->notice = {.code = "poll_closed", .params = {{"question", "Which?"}}};
      content.in_reply_to = answered;
      content.to = {{"", author == "alice@example.org" ? "bob@example.net" : "alice@example.org"}};
    }
    put(at(content, author == "alice@example.org" ? sent : inbox));
    if (chance(20)) put(at(std::move(content), chats));
  }

  // C-16, by anybody.
  void status() {
    auto content = mail_by("Bob", chance(80) ? "bob@example.net" : "mallory@example.com",
                           fmt::format("s{}@x", history.events.size()));
    content.letter.reset();
    content.status = fmt::format("Said {}", below(4));
    put(at(content, inbox));
  }

  // By the author or somebody else, of what is known, of another edit, of nothing, or of itself.
  void edit() {
    const bool by_us = chance(40);
    const std::string addr = by_us ? "alice@example.org" : chance(85) ? "bob@example.net" : "mallory@example.com";
    const auto& about = chance(80) == by_us ? ours : theirs;
    const auto rfc_id = fmt::format("v{}@x", history.events.size());
    auto content = mail_by(by_us ? "Alice" : "Bob", addr, rfc_id);
    content.chat = true;
    if (by_us) content.disowned = false;
    content.to = {{"", by_us ? "bob@example.net" : "alice@example.org"}};
    content.edits = about.empty() || chance(10) ? "later@x" : one_of(about);
    if (!edits.empty() && chance(40)) content.edits = one_of(edits);
    if (content.edits.starts_with("chat$") && deletes_own) content.edits = "later@x";
    edits.push_back(rfc_id);
    put(at(content, by_us ? sent : inbox));
    if (chance(20)) put(at(content, chats));
    (by_us ? ours : theirs).push_back(rfc_id);
  }

  // As above. What is sent from this device is left out: which jobs its deletion leaves hangs on how far it had got.
  void deletion() {
    const bool by_us = chance(40);
    const auto& about = chance(80) == by_us ? ours : theirs;
    Content content{.rfc_id = fmt::format("d{}@x", history.events.size()),
                    .from = {"", by_us        ? "alice@example.org"
                                 : chance(85) ? "bob@example.net"
                                              : "mallory@example.com"},
                    .date = start + static_cast<UnixMs>(below(1000)) * minute,
                    .chat = true};
    const auto subject = about.empty() || chance(10) ? "later@x" : one_of(about);
    if (subject.starts_with("chat$") || !deletes || (by_us && !deletes_own)) return;
    content.remarks = {{.kind = RemarkKind::deleted,
                        .subject = subject,
                        .author = content.from.addr,
                        .value = {},
                        .date_ms = *content.date,
                        .rfc_id = content.rfc_id}};
    put(at(content, by_us ? sent : inbox));
  }

  // Pinned and no longer; the pin shows.
  void pin() {
    const bool pinned = chance(60);
    auto content = mail_by("Bob", "bob@example.net", fmt::format("p{}@x", history.events.size()));
    content.chat = true;
    content.letter->attachments.clear();
    content.remarks = {{.kind = RemarkKind::pinned,
                        .subject = theirs.empty() ? "later@x" : one_of(theirs),
                        .author = content.from.addr,
                        .value = pinned ? "pinned" : "",
                        .date_ms = content.date.value_or(0),
                        .rfc_id = content.rfc_id}};
    if (content.disowned) content.remarks.clear();
    content.letter->notice.code = "message_pinned";
    if (!pinned) content.letter.reset();
    put(at(content, inbox));
  }

  // It tells of a timer, after some mail or other; it stays.
  void timer_notice() {
    const bool by_us = chance(40);
    auto content = mail_by(by_us ? "Alice" : "Bob", by_us ? "alice@example.org" : "bob@example.net",
                           fmt::format("t{}@x", history.events.size()));
    content.to = {{"", by_us ? "bob@example.net" : "alice@example.org"}};
    content.chat = true;
    content.disowned = false;
    content.timer = 60 * static_cast<std::uint32_t>(below(3));
    if (!ours.empty() && chance(50)) content.in_reply_to = one_of(ours);
    content.letter = Letter{.text = "The timer", .notice = chat::timer_notice(*content.timer)};
    (by_us ? ours : theirs).push_back(content.rfc_id);
    put(at(content, by_us ? sent : inbox));
  }

  // Of two groups with an id and one without, by members, past members and strangers; with times, with one change, or
  // by whom it names. What plain programs write answers other mails of the group, which may come later or never.
  void group_mail() {
    const std::vector<std::string> people = {"alice@example.org", "bob@example.net", "carol@example.com",
                                             "dora@example.com", "mallory@example.com"};
    const auto author = one_of(people);
    const bool program = chance(70);
    const auto which = below(3);
    Content content{.rfc_id = fmt::format("g{}@x", groups.size()),
                    .from = {"", author},
                    .date = start + static_cast<UnixMs>(below(400)) * minute,
                    .subject = fmt::format("{}Name {}", chance(50) ? "Re: " : "", below(4)),
                    .chat = program,
                    .evidence = program ? PeerClass::delta : PeerClass::plain};
    for (const auto& addr : people)
      if (addr != author && chance(60)) content.to.push_back({"", addr});
    if (!groups.empty() && chance(70)) content.in_reply_to = chance(10) ? "never@x" : one_of(groups);
    content.references = {fmt::format("root{}@x", which)};
    groups.push_back(content.rfc_id);
    auto& said = content.group;
    if (which < 2) said.id = fmt::format("Group-{}-of-the-test", which);
    said.by_reference = !program;
    if (program) {
      if (chance(50)) said.name = fmt::format("Name {}", below(4));
      said.renamed = chance(30);
      if (chance(50)) said.name_ms = start + static_cast<UnixMs>(below(400)) * minute;
      if (chance(20)) said.description = fmt::format("Description {}", below(4));
      if (chance(20)) said.added = one_of(people);
      if (chance(20)) said.removed = one_of(people);
      if (chance(50))
        for (const auto& to : content.to)
          said.joined.push_back({to.addr, start + static_cast<UnixMs>(below(400)) * minute});
      if (chance(30)) said.parted.push_back({one_of(people), start + static_cast<UnixMs>(below(400)) * minute});
    }
    if (program && chance(60)) content.timer = 60 * static_cast<std::uint32_t>(below(3));
    if (chance(90)) content.letter = Letter{.text = fmt::format("Words of {}", content.rfc_id)};
    content.disowned = author != "alice@example.org" && chance(5);
    put(at(content, author == "alice@example.org" ? sent : inbox));
    if (chance(20)) put(at(std::move(content), chats));
  }

  // D-34: of Bob's or of another own device, in any order, each of them several times or never; the same id with words
  // of its own, by somebody else, or denied is another message. What announces or brings something else counts less.
  void file_in_two_mails() {
    const bool by_us = chance(25);
    const std::string addr = by_us ? "alice@example.org" : chance(90) ? "bob@example.net" : "mallory@example.com";
    auto& known = by_us ? ours : theirs;
    const auto second = fmt::format("f{}@x", history.events.size());
    auto words = mail_by(by_us ? "Alice" : "Bob", addr, second);
    words.to = {{"", by_us ? "bob@example.net" : "alice@example.org"}};
    words.chat = true;
    words.disowned = false;
    words.letter->attachments = {
        {.name = "large.bin", .type = "application/octet-stream", .size = 300'000, .section = {}}};
    auto file = words;
    words.other_ids = {"first-" + second};
    words.half = Half::announcement;
    words.letter->attachments.front().width = static_cast<std::uint32_t>(below(3));
    file.half = Half::file;
    file.letter->text.clear();
    file.letter->footer.clear();
    file.letter->details = {};
    file.letter->attachments.front() = {
        .name = chance(70) ? "large.bin" : "other.bin", .type = "audio/ogg", .size = 10, .section = "2"};
    file.letter->kind = chance(30) ? MessageKind::voice : MessageKind::text;
    const auto folder = by_us ? sent : inbox;
    if (chance(85)) put(at(words, folder));
    if (chance(85)) put(at(file, chance(70) ? folder : chats));
    if (chance(20)) put(at(words, chats));
    if (chance(20)) {
      file.letter->attachments.front().name = "third.bin";
      put(at(file, folder));
    }
    if (chance(20)) {
      words.letter->text += " and more";
      put(at(words, folder));
    }
    if (chance(10)) put(at(mail_by(by_us ? "Alice" : "Bob", addr, second), folder));
    known.push_back(second);
    if (!deletes) known.push_back("first-" + second);
  }

  void other() {
    if (chance(30)) return status();
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
    const auto data = add(DataStarted{OutgoingId{1}, {"bob@example.net"}});
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
      // What tells of a change is read anew, too: that it is no news stands in its body.
      const bool has_words = again.content.letter && again.content.letter->notice.code.empty();
      if (again.content.remarks.empty() && has_words && !again.content.disowned && chance(50))
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
  Maker make{.random = random,
             .history = {},
             .next_uid = {},
             .ours = {},
             .theirs = {},
             .groups = {},
             .polls = {},
             .edits = {}};
  make.deletes = make.chance(70);
  make.deletes_own = make.deletes && make.chance(50);
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
    if (kind < 26)
      make.mail_of_people();
    else if (kind < 30)
      make.file_in_two_mails();
    else if (kind < 42)
      make.own_mail();
    else if (kind < 50)
      make.report();
    else if (kind < 56)
      make.reaction();
    else if (kind < 67)
      make.edit();
    else if (kind < 72)
      make.deletion();
    else if (kind < 76)
      make.pin();
    else if (kind < 79)
      make.poll();
    else if (kind < 85)
      make.word_about_poll();
    else if (kind < 88)
      make.timer_notice();
    else if (kind < 95)
      make.group_mail();
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
