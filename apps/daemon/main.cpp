// coid: one data directory's engine, served as JSON-RPC (docs/api.md) to the programs of its user.
#include <malloc.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "api/server.h"
#include "base/own_directory.h"
#include "base/thrown.h"
#include "json/codec.h"
#include "log.h"
#include "loop.h"
#include "options.h"
#include "proto/error.h"
#include "proto/location.h"

namespace coi::daemon {
namespace {

// Many small accounts in one process: few arenas, and memory goes back early.
void keep_memory_small() {
  ::mallopt(M_ARENA_MAX, 2);
  ::mallopt(M_TRIM_THRESHOLD, 128 * 1024);
  ::mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}

// Whoever started the daemon reads one line: empty when clients can connect, else the failure.
void tell_starter(const Options& options, std::string line) {
  if (!options.ready) return;
  line += '\n';
  const Descriptor starter(*options.ready);
  static_cast<void>(!::write(starter.number(), line.data(), line.size()));
}

// A test that wants to see what a crash leaves behind names the step (engine/steps.h) at which the daemon ends itself.
engine::AtStep end_at_step() {
  const char* wanted = std::getenv("COI_TEST_KILL_AT");
  if (wanted == nullptr) return {};
  return [step = std::string(wanted)](std::string_view reached) {
    if (reached == step) ::kill(::getpid(), SIGKILL);
  };
}

// What nothing catches ends the daemon, and says itself why. Threads of ours end no exception this way; what a library
// does in its own may.
void say_why_it_ends(const Log& log) {
  static const Log last_words = log;
  std::set_terminate([] {
    const auto why = caught("the daemon ends", []() -> Result<> {
      if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
      return fail(ErrorKind::internal, "the daemon ends, and nothing was thrown");
    });
    last_words.error("{}", why.error().text());
    std::abort();
  });
}

// The order of what lives here is the order of the end, backwards: sessions, engine, the way in, and at last the
// clients' sockets. So whoever connects meanwhile waits until the data directory is free and then starts the next
// daemon, and a client that sees the end may rely on it.
Result<> run(const Options& options) {
  COI_TRY(claim_directory(options.data));
  auto log = COI_TRY(open_log(options.log, options.level));
  say_why_it_ends(log);
  const auto bell = COI_TRY(Bell::create());
  std::vector<Descriptor> sockets;
  std::optional<Listener> listener;
  const auto server = COI_TRY(api::Server::open(
      options.data,
      {.log = log, .at_step = end_at_step(), .watches_network = true, .oauth_clients = proto::oauth_clients_path()},
      request_end));
  Loop loop(*server, bell, log);
  if (options.stdio) {
    loop.serve_stdio();
  } else {
    listener.emplace(COI_TRY(Listener::open(options.socket)));
    loop.serve(*listener);
    // A client whose environment names another place finds it all the same; this one is served without that.
    if (const auto told = proto::tell_socket(options.data, options.socket); !told)
      log.warning("{}", told.error().text());
  }
  tell_starter(options, "");
  log.info("serving {}{}", options.data.string(), options.stdio ? "" : " on " + options.socket.string());
  loop.run(options.idle_exit);
  log.info("ending");
  sockets = loop.finish();
  return {};
}

}  // namespace
}  // namespace coi::daemon

int main(int count, char** words) {
  using namespace coi::daemon;
  const auto options = parse_options(count, words);
  if (options.print_api) {
    std::cout << coi::api::reference();
    return 0;
  }
  ::umask(077);
  keep_memory_small();
  const auto done = run(options);
  if (done) return 0;
  const auto failure = coi::proto::to_failure(done.error());
  tell_starter(options, coi::json::encode(failure));
  std::cerr << "coid: " << failure.text << (failure.hint.empty() ? "" : " (" + failure.hint + ")") << '\n';
  return 1;
}
