// What the bare client does.
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "bench.h"

namespace coi::bench {
namespace {

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

}  // namespace

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
  COI_TRY(sender_->submit({to_}, std::move(mail)));
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
      for (std::size_t i = 0; i < count && sent; ++i) sent = sender_->submit({to_}, make_mail(from_, to_));
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
  for (std::size_t i = 0; i < number_of(order, "count"); ++i) COI_TRY(sender_->submit({to}, make_mail(from_, to)));
  return json::Object{{"ms", milliseconds(begun, SteadyClock::now())}};
}

// One mail to all of "to"; what it costs is seen at its SMTP connection.
Result<json::Object> Bench::bare_to_many(const json::Object& order) {
  if (!sender_) return fail(ErrorKind::invalid, "open-bare comes first");
  auto to = texts_of(order, "to");
  auto mail = make_mail(from_, fmt::format("{}", fmt::join(to, ">,\r\n <")));
  const auto begun = SteadyClock::now();
  COI_TRY(sender_->submit(std::move(to), std::move(mail)));
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

}  // namespace coi::bench
