// What the methods of one daemon work with, and how a request gets to an account.
#pragma once

#include <atomic>
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
#include "api/unread.h"
#include "engine/engine.h"

namespace coi::api {

struct Service {
  Service(std::filesystem::path directory, engine::Environment surroundings, std::function<void()> end);
  // First the threads that use the engine, then the engine. What was not answered answers by itself.
  ~Service();

  const std::filesystem::path data;
  const engine::Environment environment;
  const std::function<void()> shut_down;

  const std::shared_ptr<Unread> unread;
  std::unique_ptr<engine::Engine> engine;
  ReadPool reads;
  EventFeed events;
  Errands errands;
};

// What the requests of one batch have in common.
struct Batch {
  std::atomic<bool> full = false;  // an answer found no room: what is still to be read would find none either
};
// What is said to the rest of a batch that is full: limit.
Error batch_is_full();

// One request: who asked, and under which id.
struct Call {
  Service& service;
  std::shared_ptr<Outbox> client;
  std::weak_ptr<Strand> reads;     // the client's; dropped with it, held up while it does not read its answers
  std::weak_ptr<Strand> commands;  // the client's; there while the request is being taken in
  std::weak_ptr<Strand> answers;   // the client's, to its commands; there while it is
  std::shared_ptr<Batch> batch;    // null: the request is alone
  json::Value id;

  // Error: limit, where the answer of a read would only be made to be thrown away.
  Result<> has_room() const;
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

// What a request names, and so which account it means when it says none.
struct Wish {
  std::string words = {};   // for errors
  bool may_be_new = false;  // it need not be there yet
  // How well what the account has fits, the better the greater; nullopt: it has nothing of the kind. Empty: the request
  // names nothing.
  std::function<Result<std::optional<int>>(const OpenAccount&)> fit = {};
};

// Runs `work` on a reading thread in the client's turn.
void post_read(const Call& call, ReadPool::Work work);

// Calls `use` on a reading thread. `account`: address, id, or empty: the only one; of several the one that has what the
// request names; where several have it, or it names nothing, the one chosen by `use`. Errors: ambiguous, with the
// addresses of the accounts; not_found; why the account cannot be opened.
void open_account(const Call& call, std::string account, Purpose purpose, std::function<void(Result<OpenAccount>)> use,
                  Wish wish = {});

// The address of an account that is named by address or id; empty where there is none of the kind.
std::string address_of_account(const Call& call, const std::string& account);

// The accounts that a list is about: the one that is named or chosen by `use`, else all; "*": all of them. `use` is
// called for each, one after the other, until it returns an error; an account that cannot be opened is passed over
// where there are others. Errors: not_found without an account.
Result<> for_each_account(const Call& call, Readers& readers, const std::string& account, const Wish& wish,
                          const std::function<Result<>(const OpenAccount&)>& use);

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
