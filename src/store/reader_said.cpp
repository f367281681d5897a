// What is said about messages, as front ends read it: reactions, and how far an own one got.
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "chat/settle.h"
#include "store/peer_column.h"
#include "store/polls.h"
#include "store/reader_impl.h"
#include "store/remarks.h"

namespace coi::store {

using namespace chat;

namespace {

// What is reported of one of those whom a mail went to, but for reading and failing.
struct Way {
  UnixMs bounced_ms = 0;  // reports up to then are history
  UnixMs delayed_ms = 0, delivered_ms = 0;
  std::string delay;
};

void fail(RecipientRow& recipient, const std::string& forwarded_to, const std::string& reason) {
  using State = RecipientRow::State;
  if (recipient.state != State::sent && recipient.state != State::read) return;
  recipient.state = State::failed;
  recipient.error = forwarded_to.empty() ? reason : forwarded_to + ": " + reason;
}

}  // namespace

// What is said about it, by any of its ids.
std::vector<Remark> Reader::Impl::remarks(const MessageRow& message) {
  static const std::string about_one =
      std::string(select_remarks) + "IN (SELECT ?1 UNION ALL SELECT rfc_id FROM also WHERE message = ?2)";
  std::vector<Remark> all;
  auto row = connection.query(about_one.c_str(), message.rfc_id, message.id);
  while (row.next()) all.push_back(remark_of(row));
  return all;
}

// Those of the person whom the chat is with.
std::vector<std::string> Reader::Impl::addresses(ChatId chat) {
  std::vector<std::string> addresses;
  auto row = connection.query("SELECT a.addr FROM address a JOIN chat c ON c.person = a.person WHERE c.id = ?1", chat);
  while (row.next()) addresses.push_back(row.text(0));
  return addresses;
}

// Only who takes part in the chat has a say.
std::function<std::string(const Remark&)> Reader::Impl::persons_of(ChatId chat) {
  if (!heard || heard->chat != chat) heard = std::make_shared<const Heard>(chat, persons_of_chat(connection, chat));
  return [all = heard](const Remark& remark) {
    if (remark.by_us) return std::string("we");
    const auto person = all->persons.find(remark.author);
    return person == all->persons.end() ? std::string() : person->second;
  };
}

std::vector<ReactionRow> Reader::Impl::reactions(const MessageRow& message, const std::vector<Remark>& remarks) {
  std::vector<ReactionRow> rows;
  if (std::ranges::find(remarks, RemarkKind::reaction, &Remark::kind) == remarks.end()) return rows;
  for (const auto& remark : settled_reactions(remarks, persons_of(message.chat))) {
    auto same = std::ranges::find(rows, remark.value, &ReactionRow::emoji);
    if (same == rows.end()) same = rows.insert(rows.end(), {.emoji = remark.value, .from = {}});
    same->from.push_back(remark.author);
    same->own |= remark.by_us;
  }
  const auto count = [](const ReactionRow& row) { return row.from.size(); };
  std::vector<ReactionRow> sorted;
  for (auto& row : rows)
    sorted.insert(std::ranges::upper_bound(sorted, count(row), std::greater(), count), std::move(row));
  return sorted;
}

// Whom a message went to that was not written here.
std::vector<std::string> Reader::Impl::others(const MessageRow& message, const std::string& peer) {
  if (!is_group(chat_named(peer, false))) return peer.empty() ? std::vector<std::string>() : std::vector{peer};
  std::vector<std::string> others;
  auto row = connection.query(
      "SELECT addr FROM member WHERE chat = ? AND joined_ms > 0 AND joined_ms >= parted_ms AND addr <> ? ORDER BY addr",
      message.chat, message.from.addr);
  while (row.next()) others.push_back(row.text(0));
  return others;
}

std::vector<RecipientRow> Reader::Impl::recipients(const MessageRow& message, const std::string& peer,
                                                   const std::vector<Remark>& remarks) {
  using State = RecipientRow::State;
  std::vector<RecipientRow> rows;
  std::vector<Way> ways;  // beside rows
  {
    auto row = connection.query(
        "SELECT r.addr, r.state, r.reply, r.bounced_ms FROM recipient r JOIN outgoing o ON o.id = r.outgoing "
        "WHERE o.message = ? ORDER BY r.addr",
        message.id);
    while (row.next()) {
      RecipientRow recipient{.addr = row.text(0), .error = {}};
      const auto state = row.word<RecipientState>(1);
      if (state == RecipientState::accepted) recipient.state = State::sent;
      if (state == RecipientState::failed) recipient.state = State::failed;
      if (state != RecipientState::accepted) recipient.error = row.text(2);
      rows.push_back(std::move(recipient));
      ways.push_back({.bounced_ms = row.number(3), .delay = {}});
    }
  }
  // Written on another device or in a mail program, which may have sent it to others as well.
  const bool written_here = !rows.empty();
  if (!written_here)
    for (auto& addr : others(message, peer)) {
      rows.push_back({.addr = std::move(addr), .state = State::sent, .error = {}});
      ways.emplace_back();
    }
  const auto known = rows.size();
  const auto reports = settled_reports(remarks);
  const auto persons = reports.empty() ? std::vector<std::string>() : addresses(message.chat);
  for (const auto& remark : reports) {
    const bool of_person = std::ranges::find(persons, remark.about) != persons.end();
    // A bounce may name nobody, or an address to which the only recipient's mail is forwarded.
    const bool forwarded = known == 1 && written_here;
    const auto concerns = [&](const RecipientRow& recipient) {
      return recipient.addr == remark.about || (known == 1 && of_person);
    };
    bool told = false;
    for (std::size_t i = 0; i < known; ++i) {
      // Only whom the mail went to can have read it.
      if (!concerns(rows[i]) && (remark.kind == RemarkKind::displayed || (!remark.about.empty() && !forwarded)))
        continue;
      told = true;
      if (remark.kind == RemarkKind::displayed && rows[i].state == State::sent) {
        rows[i].state = State::read;
        rows[i].read_ms = remark.at_ms;
      }
      if (remark.at_ms <= ways[i].bounced_ms) continue;
      if (remark.kind == RemarkKind::failed)
        fail(rows[i], remark.about.empty() || concerns(rows[i]) ? "" : remark.about, remark.value);
      if (remark.kind == RemarkKind::delivered) ways[i].delivered_ms = std::max(ways[i].delivered_ms, remark.at_ms);
      if (remark.kind == RemarkKind::delayed && remark.at_ms > ways[i].delayed_ms)
        ways[i] = {ways[i].bounced_ms, remark.at_ms, ways[i].delivered_ms, remark.value};
    }
    if (!told && remark.kind == RemarkKind::failed)
      rows.push_back({.addr = remark.about, .state = State::failed, .error = remark.value});
  }
  for (std::size_t i = 0; i < known; ++i)
    if (rows[i].state == State::sent && ways[i].delayed_ms > ways[i].delivered_ms)
      rows[i].error = "delayed: " + ways[i].delay;
  return rows;
}

MessageRow::State state_of(const MessageRow& message) {
  const auto state = outgoing_state(message.recipients);
  // That a server refused what it was to keep for later is known before its time.
  if (message.not_before_ms != 0 && state != MessageRow::State::failed) return MessageRow::State::scheduled;
  return state;
}

MessageRow::State outgoing_state(const std::vector<RecipientRow>& recipients) {
  using State = RecipientRow::State;
  const auto count = [&](State state) { return std::ranges::count(recipients, state, &RecipientRow::state); };
  const auto all = std::ranges::ssize(recipients);
  if (all == 0) return MessageRow::State::sent;  // to oneself
  if (count(State::failed) == all) return MessageRow::State::failed;
  if (count(State::pending) > 0) return MessageRow::State::pending;
  if (count(State::failed) > 0) return MessageRow::State::partly;
  return count(State::read) == all ? MessageRow::State::read : MessageRow::State::sent;
}

}  // namespace coi::store
