// rooms: smtp
// A server that says anything, in pieces of any size, to a session in every phase. The first octets choose the options.
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "smtp/session.h"

namespace {

using namespace coi;

// What must hold whatever the server says.
void require(bool condition) {
  if (!condition) std::abort();
}

class Owner {
 public:
  explicit Owner(smtp::SessionOptions options) : session_(std::move(options)) {}

  void hear(std::string_view bytes) {
    session_.feed(bytes);
    drive();
  }
  void lose() {
    session_.connection_lost();
    drive();
    require(closed_ && !mail_under_way_);
  }

 private:
  void drive() {
    for (;;) {
      while (auto event = session_.next_event()) handle(*event);
      if (session_.take_output().empty()) return;
    }
  }

  void handle(const smtp::Event& event) {
    require(!closed_);
    if (std::holds_alternative<smtp::StartTls>(event)) session_.tls_started();
    if (std::holds_alternative<smtp::Closed>(event)) closed_ = true;
    if (std::holds_alternative<smtp::DataStarted>(event)) require(mail_under_way_);
    if (const auto* const submitted = std::get_if<smtp::Submitted>(&event)) {
      require(mail_under_way_ && submitted->outcome.recipients.size() == 2);
      mail_under_way_ = false;
    }
    if (!session_.is_ready() || mail_under_way_) return;
    if (mails_ == 6) return session_.quit();
    submit();
  }

  void submit() {
    const std::size_t size = ++mails_ % 3 == 0 ? 200'000 : 20;
    // Each mail has something else about it that the session has to put right or to refuse.
    const std::string end = mails_ % 2 == 0 ? "\nbare\rends\r\n" : "";
    const std::string from = mails_ == 5 ? "a b@example.org" : "a@example.org";
    const std::string to = mails_ == 4   ? "\"b\\\" c\"@example.org"
                           : mails_ == 2 ? "b\r\n@example.org"
                                         : "b@example.org";
    mail_under_way_ =
        session_.submit({.from = from, .to = {to, "\xc3\xa4@example.org"}}, "\r\n." + std::string(size, 'x') + end)
            .has_value();
    require(session_.patience().count() > 0);
  }

  smtp::Session session_;
  bool closed_ = false;
  bool mail_under_way_ = false;
  unsigned mails_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  smtp::SessionOptions options{.starttls = (data[0] & 1) != 0, .chunking = (data[0] & 2) == 0};
  if ((data[0] & 4) != 0) options.login = sasl::Credentials{.user = "a", .password = Secret("p"), .nonce = "n0nce"};
  if ((data[0] & 8) != 0) options.login = sasl::Credentials{.user = "a", .token = Secret("t")};
  const std::size_t step = std::max<std::size_t>(data[1], 1);
  const std::string_view server(reinterpret_cast<const char*>(data) + 2, size - 2);

  Owner owner(std::move(options));
  for (std::size_t i = 0; i < server.size(); i += step) owner.hear(server.substr(i, step));
  owner.lose();
  return 0;
}
