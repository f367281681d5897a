// What the methods of one daemon work with, and how a request gets to an account.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "api/errands.h"
#include "api/event_feed.h"
#include "api/outbox.h"
#include "api/read_pool.h"
#include "api/reply.h"
#include "api/strand.h"
#include "engine/engine.h"

namespace coi::api {

struct Service {
  Service(std::filesystem::path directory, engine::Environment surroundings, std::function<void()> end);
  // First the threads that use the engine, then the engine. What was not answered answers by itself.
  ~Service();

  const std::filesystem::path data;
  const engine::Environment environment;
  const std::function<void()> shut_down;

  std::unique_ptr<engine::Engine> engine;
  ReadPool reads;
  EventFeed events;
  Errands errands;
};

// One request: who asked, and under which id.
struct Call {
  Service& service;
  std::shared_ptr<Outbox> client;
  std::weak_ptr<Strand> commands;  // the client's; there while the request is being taken in
  std::weak_ptr<Strand> answers;   // the client's, to its commands; there while it is
  json::Value id;
};

// An account as a request finds it on a reading thread. Both are good until the request's piece of work ends.
struct OpenAccount {
  Call call;
  std::shared_ptr<engine::Account> account;
  store::Reader* reader = nullptr;
  std::string id;
};

enum class Purpose : std::uint8_t {
  read,       // dropped when the client is gone
  command,    // carried out all the same, after the commands that the client gave before
  follow_up,  // of a command: the answers to a client's commands go out in the order in which they were stored
};

// Calls `use` on a reading thread. `account`: address, id, or empty (engine::Engine::account).
void open_account(const Call& call, std::string account, Purpose purpose, std::function<void(Result<OpenAccount>)> use);

// The user action; after its commit `finish` runs on a reading thread and gives the result. The account itself is not
// held meanwhile: a callback may be the last to let go of it, and it cannot be destroyed on a thread of its own.
template <class T>
void act(const OpenAccount& open, chat::Input action, Responder<T> responder,
         std::function<Result<T>(const OpenAccount&, const store::Changes&)> finish) {
  open.account->act(std::move(action), [call = open.call, id = open.id, responder = std::move(responder),
                                        finish = std::move(finish)](Result<store::Changes> changes) {
    if (!changes) return responder(std::unexpected(changes.error()));
    open_account(call, id, Purpose::follow_up,
                 [responder, finish, changes = std::move(*changes)](Result<OpenAccount> again) {
                   if (!again) return responder(std::unexpected(again.error()));
                   responder(finish(*again, changes));
                 });
  });
}

}  // namespace coi::api
