// coi-bench --imap URL --smtp URL --ca FILE: the instruments of bench/run. One JSON object a line on standard input
// says what to measure ("do" and its arguments), one a line on standard output has the result or {"error": "…"}. What
// is measured in which order, and what follows from it, is bench/run's.
#include <array>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include "bare_client.h"
#include "device.h"
#include "json/json.h"

namespace coi::bench {
namespace {

constexpr std::size_t text_octets = 1000;
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::seconds long_patience{600};

double milliseconds(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

// A kilobyte of words, different each time.
std::string make_text() {
  static int number = 0;
  auto text = fmt::format("Message {}.", ++number);
  while (text.size() < text_octets) text += text.size() % 70 < 8 ? "\nand so on" : " and so on";
  return text;
}

// What a mail program would make of it; the engine's mails are a little longer.
std::string make_mail(const std::string& from, const std::string& to) {
  static int number = 0;
  return fmt::format(
      "From: <{0}>\r\nTo: <{1}>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: "
      "<chat$bare.{2}.{3}@example.org>\r\n"
      "Subject: Message\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nChat-Version: "
      "1.0\r\n\r\n{4}\r\n",
      from, to, SteadyClock::now().time_since_epoch().count(), ++number, make_text());
}

class Bench {
 public:
  explicit Bench(Servers servers) : servers_(std::move(servers)) {}

  Result<json::Object> measure(const json::Object& order);

 private:
  using Measure = Result<json::Object> (Bench::*)(const json::Object&);
  static const std::map<std::string_view, Measure>& measures();

  Result<json::Object> open_bare(const json::Object& order);
  Result<json::Object> close_bare(const json::Object& order);
  Result<json::Object> bare_message(const json::Object& order);
  Result<json::Object> bare_burst(const json::Object& order);
  Result<json::Object> bare_sending(const json::Object& order);
  Result<json::Object> bare_start(const json::Object& order);
  Result<json::Object> bare_fetch(const json::Object& order);

  Result<json::Object> open_device(const json::Object& order);
  Result<json::Object> close_device(const json::Object& order);
  Result<json::Object> log_in(const json::Object& order);
  Result<json::Object> message(const json::Object& order);
  Result<json::Object> burst(const json::Object& order);
  Result<json::Object> sending(const json::Object& order);
  Result<json::Object> ingest(const json::Object& order);
  Result<json::Object> start(const json::Object& order);

  Result<Device*> device(const json::Object& order, std::string_view member);
  // With "imap" and "smtp" of the order, if it has them: a wiretap sits there.
  Result<Servers> servers_of(const json::Object& order) const;

  Servers servers_;
  std::optional<BareSender> sender_;
  std::optional<BareMailbox> mailbox_;
  std::string from_, to_;
  std::map<std::string, std::unique_ptr<Device>> devices_;
};

std::string text_of(const json::Object& order, std::string_view member) {
  const auto* value = order.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::size_t number_of(const json::Object& order, std::string_view member) {
  const auto* value = order.if_contains(member);
  return value != nullptr && value->is_int64() ? static_cast<std::size_t>(value->as_int64()) : 0;
}

Result<Servers> Bench::servers_of(const json::Object& order) const {
  auto servers = servers_;
  if (order.contains("imap")) servers.imap = COI_TRY(net::parse_url(net::Service::imap, text_of(order, "imap")));
  if (order.contains("smtp")) servers.smtp = COI_TRY(net::parse_url(net::Service::smtp, text_of(order, "smtp")));
  return servers;
}

// ---- the bare client ----

Result<json::Object> Bench::open_bare(const json::Object& order) {
  from_ = text_of(order, "from");
  to_ = text_of(order, "to");
  const auto servers = COI_TRY(servers_of(order));
  sender_ = COI_TRY(BareSender::open(servers, from_));
  mailbox_ = COI_TRY(BareMailbox::open(servers, to_));
  COI_TRY(mailbox_->idle());
  return json::Object();
}

Result<json::Object> Bench::close_bare(const json::Object&) {
  sender_.reset();
  mailbox_.reset();
  return json::Object();
}

// Submit -> EXISTS in IDLE -> fetched; IDLE again afterwards.
Result<json::Object> Bench::bare_message(const json::Object&) {
  if (!sender_ || !mailbox_) return fail(ErrorKind::invalid, "open-bare comes first");
  auto mail = make_mail(from_, to_);
  const auto begun = SteadyClock::now();
  COI_TRY(sender_->submit(to_, std::move(mail)));
  const auto accepted = SteadyClock::now();
  COI_TRY(mailbox_->receive());
  const auto fetched = SteadyClock::now();
  COI_TRY(mailbox_->idle());
  return json::Object{{"ms", milliseconds(begun, fetched)}, {"accepted_ms", milliseconds(begun, accepted)}};
}

Result<json::Object> Bench::bare_burst(const json::Object& order) {
  if (!sender_ || !mailbox_) return fail(ErrorKind::invalid, "open-bare comes first");
  const auto count = number_of(order, "count");
  const auto begun = SteadyClock::now();
  SteadyClock::time_point accepted;
  Result<> sent;
  {
    const std::jthread writer([&] {
      for (std::size_t i = 0; i < count && sent; ++i) sent = sender_->submit(to_, make_mail(from_, to_));
      accepted = SteadyClock::now();
    });
    for (std::size_t received = 0; received < count;) received += COI_TRY(mailbox_->receive());
  }
  const auto fetched = SteadyClock::now();
  COI_TRY(std::move(sent));
  COI_TRY(mailbox_->idle());
  return json::Object{{"ms", milliseconds(begun, fetched)}, {"accepted_ms", milliseconds(begun, accepted)}};
}

// The first MAIL until the last DATA is accepted; nobody receives.
Result<json::Object> Bench::bare_sending(const json::Object& order) {
  if (!sender_) return fail(ErrorKind::invalid, "open-bare comes first");
  const auto to = text_of(order, "addr");
  const auto begun = SteadyClock::now();
  for (std::size_t i = 0; i < number_of(order, "count"); ++i) COI_TRY(sender_->submit(to, make_mail(from_, to)));
  return json::Object{{"ms", milliseconds(begun, SteadyClock::now())}};
}

// Connect, log in, open the inbox: all that comes before sending IDLE.
Result<json::Object> Bench::bare_start(const json::Object& order) {
  const auto begun = SteadyClock::now();
  auto mailbox = COI_TRY(BareMailbox::open(servers_, text_of(order, "addr")));
  const auto opened = SteadyClock::now();
  COI_TRY(mailbox.idle());
  return json::Object{{"ms", milliseconds(begun, opened)}};
}

Result<json::Object> Bench::bare_fetch(const json::Object& order) {
  const auto begun = SteadyClock::now();
  auto mailbox = COI_TRY(BareMailbox::open(servers_, text_of(order, "addr")));
  const auto octets = COI_TRY(mailbox.fetch_everything());
  return json::Object{
      {"ms", milliseconds(begun, SteadyClock::now())}, {"mails", mailbox.messages()}, {"octets", octets}};
}

// ---- ours ----

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

const std::map<std::string_view, Bench::Measure>& Bench::measures() {
  static const std::map<std::string_view, Measure> table = {
      {"open-bare", &Bench::open_bare},
      {"close-bare", &Bench::close_bare},
      {"bare-message", &Bench::bare_message},
      {"bare-burst", &Bench::bare_burst},
      {"bare-sending", &Bench::bare_sending},
      {"bare-start", &Bench::bare_start},
      {"bare-fetch", &Bench::bare_fetch},
      {"open-device", &Bench::open_device},
      {"close-device", &Bench::close_device},
      {"log-in", &Bench::log_in},
      {"message", &Bench::message},
      {"burst", &Bench::burst},
      {"sending", &Bench::sending},
      {"ingest", &Bench::ingest},
      {"start", &Bench::start},
  };
  return table;
}

Result<json::Object> Bench::measure(const json::Object& order) {
  const auto found = measures().find(text_of(order, "do"));
  if (found == measures().end()) return fail(ErrorKind::invalid, "no such measure: " + text_of(order, "do"));
  return (this->*found->second)(order);
}

Result<Servers> parse_servers(std::span<char*> words) {
  Servers servers{.password = Secret("secret")};
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    const std::string_view option = words[i], value = words[i + 1];
    if (option == "--imap")
      servers.imap = COI_TRY(net::parse_url(net::Service::imap, value));
    else if (option == "--smtp")
      servers.smtp = COI_TRY(net::parse_url(net::Service::smtp, value));
    else if (option == "--ca")
      servers.ca = value;
    else
      return fail(ErrorKind::invalid, "unknown option " + std::string(option));
  }
  if (servers.imap.port == 0 || servers.smtp.port == 0)
    return fail(ErrorKind::invalid, "usage: coi-bench --imap URL --smtp URL --ca FILE");
  return servers;
}

int run(std::span<char*> words) {
  auto servers = parse_servers(words);
  if (!servers) {
    std::cerr << "coi-bench: " << servers.error().text() << '\n';
    return 2;
  }
  Bench bench(std::move(*servers));
  for (std::string line; std::getline(std::cin, line);) {
    const auto order = json::parse(line, Limits{});
    auto result = order && order->is_object() ? bench.measure(order->as_object())
                                              : Result<json::Object>(fail(ErrorKind::invalid, "not an object"));
    const auto answer = result ? std::move(*result) : json::Object{{"error", result.error().text()}};
    std::cout << json::print(answer) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace coi::bench

int main(int argc, char** argv) { return coi::bench::run(std::span(argv, static_cast<std::size_t>(argc)).subspan(1)); }
