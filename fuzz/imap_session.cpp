// rooms: imap
// A server that says anything, in pieces of any size, to a session with commands of every kind in flight.
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
  session.submit(uid_search(coi::imap::SearchKey::text("ä"), SearchReturn::all));
  session.submit(getmetadata("", "1", {"/private"}));
  session.submit(idle());
  session.submit(fetch(coi::NumberSet(1, 5), {}));
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
  const std::size_t piece = data[1] == 0 ? size : data[1];
  const std::string_view octets(reinterpret_cast<const char*>(data) + 2, size - 2);

  coi::Limits limits;
  limits.line = 256;
  limits.literal = 4096;
  limits.nesting = 8;
  Session session(limits);
  LoginOptions options;
  options.credentials = {.user = "user", .password = coi::Secret("pencil"), .nonce = "rOprNGfwEbeRWgbNEkqO"};
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

  for (std::size_t at = 0; at < octets.size(); at += piece) {
    session.feed(octets.substr(at, piece));
    while (auto event = session.next_event()) {
      must(!failed);  // nothing follows Failed
      failed = std::holds_alternative<Failed>(*event);
      if (logs_in) {
        const auto step = login.take(session, *event);
        if (!step) return 0;
        logs_in = *step != LoginStep::done;
        if (!logs_in) begin();
      }
      if (!sync.take(*event)) return 0;
      while (auto command = sync.next_command()) sync.submitted(session.submit(std::move(*command)));
      if (sync.opened()) static_cast<void>(sync.take_changes());
    }
    must(failed == session.failed());
    must(!failed || session.take_output().empty());
    if (!failed && session.hold() == Hold::tls) session.tls_started();
    if (!failed && session.hold() == Hold::compression) session.feed(session.compression_started());
    if (logs_in && !failed) static_cast<void>(session.take_output());
  }
  const auto chunk = sync.missing().newest(10);
  must(chunk.size() <= 10);
  sync.mark_done(chunk);
  return 0;
}
