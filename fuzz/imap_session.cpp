// rooms: imap
// A server that says anything, in pieces of any size, to a session with commands of every kind in flight. The first
// octet chooses what the session wants, the second how large the pieces are; 0: a line at a time, as after an answer.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "imap/login.h"
#include "imap/mailbox_sync.h"
#include "imap/session.h"

namespace {

using namespace coi::imap;

void submit_all(Session& session) {
  session.submit(list("*", {.extended = true, .special_use = true, .status_items = "MESSAGES"}));
  session.submit(uid_fetch(MessageSet::from(1), {.flags = true, .structure = true}));
  session.submit(append({.mailbox = "Entwürfe", .flags = {"\\Seen"}, .internaldate = 0, .octets = "mail\r\n"}));
  session.submit(uid_search(coi::imap::SearchKey::header("Subject", "ä"), SearchReturn::all));
  session.submit(getmetadata("", "1", {"/private"}));
  session.submit(idle());
  session.submit(uid_move(coi::NumberSet(1, 5), "Trash"));
  session.submit(compress());
  session.submit(logout());
}

// What every caller may rely on.
void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto mode = data[0];
  const std::string_view octets(reinterpret_cast<const char*>(data) + 2, size - 2);

  coi::Limits limits;
  limits.line = 256;
  limits.literal = 4096;
  limits.nesting = 8;
  Session session(limits);
  LoginOptions options;
  options.credentials = {.user = "user", .password = coi::Secret("pencil"), .nonce = "rOprNGfwEbeRWgbNEkqO"};
  if ((mode & 16) != 0) options.credentials = {.user = "user", .token = coi::Secret("t0ken")};
  options.client_name = "coi";
  options.security = (mode & 1) != 0 ? Security::starttls : Security::tls;
  options.compress = (mode & 2) != 0;
  Login login(options);
  bool logs_in = (mode & 4) != 0;
  const auto known = Capabilities::parse((mode & 8) != 0 ? "CONDSTORE QRESYNC ESEARCH" : "");
  MailboxSync sync({.uidvalidity = 1, .highestmodseq = 2, .done = coi::NumberSet(1, 5)}, known, known);
  bool failed = false;
  const auto begin = [&] {
    session.submit(select(sync.select("INBOX")));
    submit_all(session);
  };
  if (!logs_in) begin();

  for (std::size_t at = 0; at < octets.size();) {
    const auto line = std::min(octets.find('\n', at), octets.size() - 1) + 1 - at;
    const auto piece = std::min<std::size_t>(data[1] == 0 ? line : data[1], octets.size() - at);
    session.feed(octets.substr(at, piece));
    at += piece;
    while (auto event = session.next_event()) {
      must(!failed);  // nothing follows Failed
      failed = std::holds_alternative<Failed>(*event);
      if (logs_in) {
        auto step = login.take(session, *event);
        if (step && *step == LoginStep::start_tls) {
          session.tls_started();
          step = login.resume(session);
        } else if (step && *step == LoginStep::start_compression) {
          session.feed(session.compression_started());
          step = login.resume(session);
        }
        if (!step) {
          must(!step.error().text().empty());
          return 0;
        }
        logs_in = *step != LoginStep::done;
        if (!logs_in) begin();
      }
      sync.take(*event);
      while (auto command = sync.next_command()) sync.submitted(session.submit(std::move(*command)));
      if (sync.opened()) static_cast<void>(sync.take_changes());
    }
    must(failed == session.failed());
    must(!failed || session.take_output().empty());
    if (!failed && session.hold() == Hold::tls) session.tls_started();
    if (!failed && session.hold() == Hold::compression) session.feed(session.compression_started());
    if (!failed) static_cast<void>(session.take_output());
  }
  static_cast<void>(session.capabilities().append_limit());
  const auto chunk = sync.missing().newest(10);
  must(chunk.size() <= 10);
  sync.mark_done(chunk);
  return 0;
}
