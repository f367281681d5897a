// What a command works with: what the user said, the output, and the daemon, which is reached when first needed.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "client.h"
#include "globals.h"
#include "output.h"
#include "progress.h"
#include "proto/chat.h"
#include "proto/daemon.h"
#include "start_daemon.h"

namespace coi::cli {

class Shell {
 public:
  explicit Shell(Globals globals) : globals_(std::move(globals)), out_(globals_.json) {}

  const Globals& globals() const { return globals_; }
  Output& out() { return out_; }

  Result<Client*> client() {
    for (int attempt = 1; !client_; ++attempt) {
      Client candidate(COI_TRY(connect_to_daemon(globals_)));
      // A daemon that is ending hangs up on those who came too late; nothing was asked yet, so the next one may.
      constexpr int attempts = 3;
      const auto alive = candidate.call(proto::GetVersion{});
      if (!alive && attempt == attempts) return std::unexpected(alive.error());
      if (alive) client_.emplace(std::move(candidate));
    }
    return &*client_;
  }

  // The daemon ended amid a request.
  bool lost() const { return client_ && client_->gone(); }
  // Another connection instead of one that the daemon ended; the daemon is started again where none runs.
  Result<Client*> reconnect() {
    client_.reset();
    return client();
  }

  // Asks the daemon; a request that names no account gets the one of --account. `doing` is shown to a person who waits.
  template <class P>
  Result<typename P::Result> ask(P params, std::string doing = "Waiting for the daemon") {
    if constexpr (requires { params.account; })
      if (params.account.empty()) params.account = globals_.account;
    auto* daemon = COI_TRY(client());
    Progress progress(std::move(doing), !globals_.json);
    daemon->idle = [&] { progress.tick(); };
    auto result = daemon->call(params);
    daemon->idle = nullptr;
    return result;
  }

 private:
  Globals globals_;
  Output out_;
  std::optional<Client> client_;
};

// Asks for a change of one chat, and reports the chat and `sentence` about it.
template <class P>
Result<> change_chat(Shell& shell, P params, const std::function<std::string(const proto::Chat&)>& sentence) {
  const auto chat = COI_TRY(shell.ask(std::move(params))).chat;
  shell.out().report(chat, sentence(chat));
  return {};
}

}  // namespace coi::cli
