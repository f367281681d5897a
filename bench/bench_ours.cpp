// What our engines do.
#include <algorithm>

#include <fmt/format.h>

#include "bench.h"

namespace coi::bench {

Result<Device*> Bench::device(const json::Object& order, std::string_view member) {
  const auto found = devices_.find(text_of(order, member));
  if (found == devices_.end()) return fail(ErrorKind::not_found, "no such device");
  return found->second.get();
}

Result<json::Object> Bench::open_device(const json::Object& order) {
  devices_[text_of(order, "device")] = COI_TRY(Device::open(text_of(order, "data")));
  return json::Object();
}

Result<json::Object> Bench::close_device(const json::Object& order) {
  devices_.erase(text_of(order, "device"));
  return json::Object();
}

Result<json::Object> Bench::log_in(const json::Object& order) {
  auto* who = COI_TRY(device(order, "device"));
  const auto begun = SteadyClock::now();
  COI_TRY(who->login(COI_TRY(servers_of(order)), text_of(order, "addr")));
  const auto logged_in = SteadyClock::now();
  COI_TRY(who->wait_for_idle(patience));
  return json::Object{{"ms", milliseconds(begun, logged_in)}};
}

// The user's action -> the receiver was told of the message and has read its row.
Result<json::Object> Bench::message(const json::Object& order) {
  auto* from = COI_TRY(device(order, "from"));
  auto* to = COI_TRY(device(order, "to"));
  const auto before = to->added();
  const auto text = make_text();
  const auto begun = SteadyClock::now();
  COI_TRY(from->send(text_of(order, "addr"), text));
  const auto stored = SteadyClock::now();
  COI_TRY(to->wait_for_added(before + 1, patience));
  const auto row = COI_TRY(to->newest());
  const auto read = SteadyClock::now();
  if (row.text != text) return fail(ErrorKind::internal, "another message came");
  if (order.contains("accept")) COI_TRY(to->accept(row.from.addr));
  return json::Object{{"ms", milliseconds(begun, read)}, {"stored_ms", milliseconds(begun, stored)}};
}

Result<json::Object> Bench::burst(const json::Object& order) {
  auto* from = COI_TRY(device(order, "from"));
  auto* to = COI_TRY(device(order, "to"));
  const auto count = number_of(order, "count");
  const auto before = to->added();
  const auto begun = SteadyClock::now();
  COI_TRY(from->send_many(text_of(order, "addr"), static_cast<int>(count), make_text()));
  const auto stored = SteadyClock::now();
  const auto arrived = COI_TRY(to->wait_for_added(before + count, long_patience));
  return json::Object{{"ms", milliseconds(begun, arrived)}, {"stored_ms", milliseconds(begun, stored)}};
}

// As bare_sending(), by the engine; the connection is kept from the message before.
Result<json::Object> Bench::sending(const json::Object& order) {
  auto* from = COI_TRY(device(order, "from"));
  const auto count = number_of(order, "count");
  from->count_sending();
  COI_TRY(from->send_many(text_of(order, "addr"), static_cast<int>(count), make_text()));
  const auto took = COI_TRY(from->wait_for_accepted(count, long_patience));
  COI_TRY(from->wait_for_filed(count, long_patience));
  return json::Object{{"ms", std::chrono::duration<double, std::milli>(took).count()}};
}

// A new device on a mailbox of `expect` mails; `stop_after`: how many of them are waited for.
Result<json::Object> Bench::ingest(const json::Object& order) {
  constexpr std::size_t first_screen = 500;
  const auto expected = number_of(order, "expect");
  auto fresh = COI_TRY(Device::open(text_of(order, "data")));
  const auto begun = SteadyClock::now();
  COI_TRY(fresh->login(servers_, text_of(order, "addr")));
  const auto logged_in = SteadyClock::now();
  json::Object result{{"login_ms", milliseconds(begun, logged_in)}};
  const auto first = COI_TRY(fresh->wait_for_added(std::min(expected, first_screen), long_patience));
  result["first_screen_ms"] = milliseconds(begun, first);
  if (!order.contains("first_screen_only")) {
    const auto all = COI_TRY(fresh->wait_for_added(expected, long_patience));
    result["ms"] = milliseconds(begun, all);
    const auto everything = COI_TRY(fresh->wait_for_everything(long_patience));
    result["everything_ms"] = milliseconds(begun, std::max(all, everything));
  }
  return result;
}

Result<json::Object> Bench::start(const json::Object& order) {
  const auto begun = SteadyClock::now();
  auto known = COI_TRY(Device::open(text_of(order, "data")));
  const auto opened = SteadyClock::now();
  const auto idle = COI_TRY(known->wait_for_idle(patience));
  return json::Object{{"ms", milliseconds(begun, idle)}, {"opened_ms", milliseconds(begun, opened)}};
}

Result<json::Object> Bench::poll(const json::Object& order) {
  auto* from = COI_TRY(device(order, "from"));
  auto* to = COI_TRY(device(order, "to"));
  const auto before = to->added();
  COI_TRY(from->send_poll(text_of(order, "addr"), "When do we meet?", {"Friday", "Saturday", "Sunday"}));
  COI_TRY(to->wait_for_added(before + 1, patience));
  return json::Object();
}

Result<json::Object> Bench::mark(const json::Object& order, const std::function<chat::Input(chat::MessageId)>& action,
                                 const std::function<bool(const store::MessageRow&)>& is_so) {
  auto* from = COI_TRY(device(order, "from"));
  auto* to = COI_TRY(device(order, "to"));
  const auto here = COI_TRY(from->newest()), there = COI_TRY(to->newest());
  if (here.rfc_id != there.rfc_id) return fail(ErrorKind::internal, "they do not have the same newest message");
  if (is_so(there)) return fail(ErrorKind::invalid, "it is so already");
  const auto begun = SteadyClock::now();
  COI_TRY(from->act(action(here.id)));
  const auto stored = SteadyClock::now();
  COI_TRY(to->wait_until(there.id, is_so, patience));
  return json::Object{{"ms", milliseconds(begun, SteadyClock::now())}, {"stored_ms", milliseconds(begun, stored)}};
}

Result<json::Object> Bench::react(const json::Object& order) {
  const auto emoji = text_of(order, "emoji");
  return mark(
      order, [&](chat::MessageId message) { return chat::React{.message = message, .emoji = emoji}; },
      [&](const store::MessageRow& row) {
        return std::ranges::any_of(row.reactions, [&](const auto& reaction) { return reaction.emoji == emoji; });
      });
}

Result<json::Object> Bench::vote(const json::Object& order) {
  const auto choice = static_cast<std::uint32_t>(number_of(order, "choice"));
  return mark(
      order, [&](chat::MessageId message) { return chat::Vote{.poll = message, .choices = {choice}}; },
      [&](const store::MessageRow& row) {
        return row.poll && choice <= row.poll->options.size() && row.poll->options[choice - 1].votes == 1;
      });
}

Result<json::Object> Bench::create_group(const json::Object& order) {
  auto* who = COI_TRY(device(order, "device"));
  return json::Object{{"chat", COI_TRY(who->create_group(text_of(order, "name"), texts_of(order, "members"))).value}};
}

// Until the server has accepted it for all, and the own copy is filed; what it costs is seen at its SMTP connection.
Result<json::Object> Bench::group_message(const json::Object& order) {
  auto* from = COI_TRY(device(order, "device"));
  from->count_sending();
  COI_TRY(from->say(chat::ChatId(static_cast<std::int64_t>(number_of(order, "chat"))), make_text()));
  COI_TRY(from->wait_for_accepted(1, patience));
  COI_TRY(from->wait_for_filed(1, patience));
  return json::Object();
}

}  // namespace coi::bench
