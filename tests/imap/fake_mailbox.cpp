#include "fake_mailbox.h"

#include <algorithm>
#include <sstream>

#include "base/ascii.h"

namespace coi::imap {
namespace {

// "1:5,7" or "7:*", which always has the greatest UID.
bool in_set(const std::string& set, std::uint32_t uid, std::uint32_t greatest) {
  if (!set.ends_with(":*")) return NumberSet::parse(set).value().contains(uid);
  return uid == greatest || uid >= std::stoul(set);
}

// What stands between spaces and parentheses.
std::vector<std::string> words_in(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '(' || c == ')'; }, ' ');
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

void FakeMailbox::rebuild() {
  ++uidvalidity_;
  uidnext_ = 1;
  for (auto& message : messages_) message.uid = uidnext_++;
  gone_.clear();
}

void FakeMailbox::greet(Session& session) {
  session.feed("* PREAUTH [CAPABILITY IMAP4rev1 " + capabilities_ + "] hi\r\n");
}

void FakeMailbox::serve(Session& session) {
  for (auto said = session.take_output(); !said.empty(); said = session.take_output())
    for (const auto line : ascii_split(said, '\n'))
      if (!line.empty()) session.feed(answer(std::string(ascii_trim(line))));
}

std::string FakeMailbox::answer(const std::string& line) {
  const auto words = words_in(line);
  const auto& tag = words.at(0);
  const auto ok = tag + " OK done\r\n";
  if (!understands(line)) return tag + " BAD I have never heard of that\r\n";
  if (words.at(1) == "ENABLE") return "* ENABLED QRESYNC\r\n" + ok;
  if (words.at(1) == "SELECT") return select(line) + tag + " OK [READ-WRITE] selected\r\n";
  if (words.at(1) == "NOOP") return news() + ok;
  if (words.at(2) == "SEARCH") return search(tag, line) + ok;
  const auto since = std::ranges::find(words, "CHANGEDSINCE");
  return fetch(words.at(3), since == words.end() ? 0 : std::stoull(*std::next(since))) + ok;
}

// The words of each extension, to a server that has not announced it, are a mistake.
bool FakeMailbox::understands(const std::string& line) const {
  const auto says = [&](std::string_view word) { return line.find(word) != line.npos; };
  if (says("CHANGEDSINCE") || says("(CONDSTORE)")) return can("CONDSTORE");
  if (says("QRESYNC")) return can("ENABLE QRESYNC");
  if (says("ENABLE")) return can("ENABLE");
  return !says("RETURN") || can("ESEARCH");
}

std::string FakeMailbox::select(const std::string& line) {
  shown_ = messages_;
  auto text = fmt::format("* {} EXISTS\r\n* OK [UIDVALIDITY {}] x\r\n", messages_.size(), uidvalidity_);
  if (!can("NO-UIDNEXT")) text += fmt::format("* OK [UIDNEXT {}] x\r\n", uidnext_);
  if (can("CONDSTORE")) text += fmt::format("* OK [HIGHESTMODSEQ {}] x\r\n", modseq_);
  const auto words = words_in(line);
  const auto qresync = std::ranges::find(words, "QRESYNC");
  if (qresync == words.end() || std::stoul(qresync[1]) != uidvalidity_) return text;
  NumberSet vanished;
  for (const auto& [uid, modseq] : gone_)
    if (modseq > std::stoull(qresync[2]) && in_set(qresync[3], uid, 0)) vanished.add(uid);
  if (!vanished.empty()) text += "* VANISHED (EARLIER) " + vanished.text() + "\r\n";
  return text + fetch(qresync[3], std::stoull(qresync[2]));
}

std::string FakeMailbox::fetch(const std::string& set, std::uint64_t changed_since) const {
  std::string text;
  const auto greatest = shown_.empty() ? 0 : shown_.back().uid;
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    const auto now = std::ranges::find(messages_, shown_[i].uid, &Message::uid);
    if (now == messages_.end() || now->modseq <= changed_since || !in_set(set, now->uid, greatest)) continue;
    text += fmt::format("* {} FETCH (UID {} FLAGS ({}) MODSEQ ({}))\r\n", i + 1, now->uid, now->flags, now->modseq);
  }
  return text;
}

std::string FakeMailbox::search(const std::string& tag, const std::string& line) const {
  const auto words = words_in(line);
  NumberSet found;
  for (const auto& message : shown_)
    if (words.back() == "ALL" || in_set(words.back(), message.uid, shown_.back().uid)) found.add(message.uid);
  if (line.find("RETURN") != line.npos)
    return fmt::format("* ESEARCH (TAG \"{}\") UID{}{}\r\n", tag, found.empty() ? "" : " ALL ", found.text());
  std::string text = "* SEARCH";
  for (const auto uid : found.numbers()) text += fmt::format(" {}", uid);
  return text + "\r\n";
}

std::string FakeMailbox::news() {
  std::string text;
  for (auto i = shown_.size(); i-- > 0;) {
    if (std::ranges::find(messages_, shown_[i].uid, &Message::uid) != messages_.end()) continue;
    text += can("QRESYNC") ? fmt::format("* VANISHED {}\r\n", shown_[i].uid) : fmt::format("* {} EXPUNGE\r\n", i + 1);
    shown_.erase(shown_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    if (shown_[i] == messages_[i]) continue;
    shown_[i] = messages_[i];
    const auto uid = can("QRESYNC") ? fmt::format("UID {} ", shown_[i].uid) : "";
    text += fmt::format("* {} FETCH ({}FLAGS ({}))\r\n", i + 1, uid, shown_[i].flags);
  }
  if (shown_.size() != messages_.size()) text += fmt::format("* {} EXISTS\r\n", messages_.size());
  shown_ = messages_;
  return text;
}

}  // namespace coi::imap
