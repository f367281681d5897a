// What every worker of an account is given.
#pragma once

#include <filesystem>
#include <functional>

#include "base/guarded.h"
#include "engine/account.h"
#include "engine/account_thread.h"
#include "engine/credential.h"
#include "engine/hard_mails.h"
#include "engine/imap_link.h"
#include "engine/login_keeper.h"
#include "engine/mail_reader.h"
#include "engine/pause.h"
#include "engine/smtp_link.h"
#include "engine/trust.h"

namespace coi::engine {

// The server's last words for the user (RFC 3501, ALERT), on their way to the account's thread: one at a time, however
// many it says.
inline constexpr std::size_t longest_words = 1000;  // octets of a server's words that `status` shows
using AlertInTransit = std::shared_ptr<Guarded<std::optional<std::string>>>;

struct WorkerContext {
  AccountConfig config;
  CredentialSource credentials;
  LoginKeeper& logins;
  TrustSource trust;
  Environment environment;
  AccountThread& account;
  MailReader reader;
  HardMails& hard_mails;
  std::shared_ptr<imap::MailboxNames> names = std::make_shared<imap::MailboxNames>();
  std::shared_ptr<imap::Dispensable> dispensable = std::make_shared<imap::Dispensable>();
  // Changes what status() and progress() show; carried out on the account's thread.
  std::function<void(std::function<void(Status&)>)> change_status;
  std::function<void(Progress)> show_progress;
  AlertInTransit alert = std::make_shared<Guarded<std::optional<std::string>>>();
};

// What a worker wants of its IMAP connection (LinkOptions).
struct ImapWishes {
  bool compress = false;
  std::function<bool()> doubted{};
  std::function<void(bool)> silent{};
  std::function<void(const imap::AnswerSize*)> long_answer{};
};

// Connects with fresh credentials, as far as the keeper of the logins allows. Errors as ImapLink::open(),
// SmtpLink::open() and credential.h.
Result<ImapLink> open_imap(const WorkerContext& context, const net::Waker& waker, ImapWishes wishes);
// `silent`: as in LinkOptions, of what is said before the first mail.
Result<SmtpLink> open_smtp(const WorkerContext& context, const net::Waker& waker, std::function<void(bool)> silent);
// What an attempt to connect that ended so means for the next one.
Hindrance hindrance_of(const WorkerContext& context, net::Service service, const Error& error);

}  // namespace coi::engine
