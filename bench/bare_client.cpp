#include "bare_client.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "hash/random.h"

namespace coi::bench {
namespace {

constexpr std::chrono::seconds client_patience{60};
constexpr std::size_t nonce_length = 24;

}  // namespace

Result<BareSender> BareSender::open(const Servers& servers, const std::string& addr) {
  auto stream = COI_TRY(net::Stream::connect(servers.smtp, {.tls = COI_TRY(net::Tls::load(servers.ca))}));
  sasl::Credentials login{.user = addr, .password = servers.password, .nonce = hash::random_token(nonce_length)};
  BareSender sender(std::move(stream), smtp::Session({.login = std::move(login)}), addr);
  COI_TRY(sender.pump([](smtp::Event&& event) -> Result<bool> { return std::holds_alternative<smtp::Ready>(event); }));
  return sender;
}

Result<> BareSender::pump(const std::function<Result<bool>(smtp::Event&&)>& is_over) {
  std::string input;
  while (true) {
    while (true) {
      while (auto event = session_.next_event()) {
        if (auto* closed = std::get_if<smtp::Closed>(&*event))
          return std::unexpected(closed->error.value_or(Error(ErrorKind::network, "the server hung up")));
        if (COI_TRY(is_over(std::move(*event)))) return {};
      }
      const auto output = session_.take_output();
      if (output.empty()) break;
      COI_TRY(stream_.write(output));
    }
    input.clear();
    if (COI_TRY(stream_.read(input, net::after(client_patience))) != net::ReadResult::data)
      return fail(ErrorKind::network, "the submission server is silent");
    session_.feed(input);
  }
}

Result<> BareSender::submit(std::vector<std::string> to, std::string mail) {
  COI_TRY(session_.submit({.from = addr_, .to = std::move(to)}, std::move(mail)));
  return pump([](smtp::Event&& event) -> Result<bool> {
    const auto* submitted = std::get_if<smtp::Submitted>(&event);
    if (submitted == nullptr) return false;
    if (submitted->outcome.accepted_by_any()) return true;
    return fail(ErrorKind::not_allowed, "the server did not take the mail: " + submitted->outcome.reply.describe());
  });
}

Result<BareMailbox> BareMailbox::open(const Servers& servers, const std::string& addr, const Log& log) {
  auto stream = COI_TRY(net::Stream::connect(servers.imap, {.tls = COI_TRY(net::Tls::load(servers.ca))}));
  BareMailbox mailbox(std::move(stream), log);
  COI_TRY(mailbox.log_in({.credentials = {.user = addr,
                                          .password = servers.password,
                                          .host = servers.imap.host,
                                          .port = servers.imap.port,
                                          .nonce = hash::random_token(nonce_length)}}));
  COI_TRY(mailbox.finish(mailbox.session_->submit(imap::select({.mailbox = "INBOX"}))));
  mailbox.next_uid_ = mailbox.session_->mailbox()->uidnext;
  mailbox.seen_ = mailbox.messages();
  return mailbox;
}

Result<> BareMailbox::log_in(imap::LoginOptions options) {
  imap::Login login(std::move(options));
  auto step = imap::LoginStep::going_on;
  Result<> result;
  COI_TRY(pump([&](const imap::Event& event) {
    auto taken = login.take(*session_, event);
    if (!taken) result = std::unexpected(std::move(taken).error());
    step = taken.value_or(imap::LoginStep::done);
    return step == imap::LoginStep::done;
  }));
  return result;
}

Result<> BareMailbox::finish(imap::CommandId command) {
  Result<> result;
  COI_TRY(pump([&](const imap::Event& event) {
    const auto* completed = std::get_if<imap::Completed>(&event);
    if (completed == nullptr || completed->id != command) return false;
    if (!completed->status.ok()) result = std::unexpected(imap::to_error(completed->status, "refused"));
    return true;
  }));
  return result;
}

Result<> BareMailbox::pump(const std::function<bool(const imap::Event&)>& is_over) {
  std::string input;
  while (true) {
    while (auto event = session_->next_event()) {
      if (auto* failed = std::get_if<imap::Failed>(&*event)) return std::unexpected(std::move(failed->error));
      if (const auto* fetch = std::get_if<imap::Fetch>(&*event)) {
        if (const auto* body = fetch->find(""); body != nullptr && body->octets) {
          octets_ += body->octets->size();
          // A set with an open end always names the last mail, even an old one.
          if (fetch->uid >= next_uid_) {
            next_uid_ = fetch->uid + 1;
            ++mails_;
          }
        }
      }
      if (is_over(*event)) return {};
    }
    if (const auto output = session_->take_output(); !output.empty()) COI_TRY(stream_.write(output));
    input.clear();
    if (COI_TRY(stream_.read(input, net::after(client_patience))) != net::ReadResult::data)
      return fail(ErrorKind::network, "the IMAP server is silent");
    session_->feed(input);
  }
}

Result<> BareMailbox::idle() {
  session_->submit(imap::idle());
  return pump([](const imap::Event& event) { return std::holds_alternative<imap::Idling>(event); });
}

Result<std::uint32_t> BareMailbox::receive() {
  mails_ = 0;
  while (mails_ == 0) {
    if (messages() == seen_) {
      if (!session_->idling()) COI_TRY(idle());
      COI_TRY(pump([](const imap::Event& event) { return std::holds_alternative<imap::Exists>(event); }));
    }
    // The next command ends IDLE by itself.
    COI_TRY(finish(session_->submit(imap::uid_fetch(imap::MessageSet::from(next_uid_), {.sections = {{}}}))));
  }
  seen_ += mails_;
  return mails_;
}

Result<std::uint64_t> BareMailbox::fetch_everything() {
  octets_ = 0;
  COI_TRY(finish(session_->submit(imap::uid_fetch(imap::MessageSet::from(1), {.sections = {{}}}))));
  return octets_;
}

}  // namespace coi::bench
