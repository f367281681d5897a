// A client of the interface without a transport, and a data directory with accounts that never reach a server.
#pragma once

#include <stdlib.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "api/server.h"
#include "json/json.h"
#include "temporary_directory.h"

namespace coi::api {

inline std::string word(const json::Value& value) { return std::string(value.as_string()); }
// Of an error.
inline std::string kind(const json::Object& error) { return word(error.at("data").at("kind")); }
inline std::string text(const json::Object& error) { return word(error.at("message")); }

class Peer {
 public:
  explicit Peer(Server& server) : session_(server.connect([bell = bell_] { bell->ring(); })) {}

  void write(std::string_view line) { session_->receive(line); }
  bool settled() const { return session_->settled(); }

  // The next line. Fails the test when none comes within 20 seconds.
  json::Value read() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (lines_.empty()) {
      if (!bell_->wait_until(deadline)) throw std::runtime_error("no line came");
      for (auto text = session_->take(1); !text.empty(); text = session_->take(1))
        lines_.push_back(json::parse(text, Limits{}).value());
    }
    auto line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }

  // The reply to a request; notifications that come before it are kept for event().
  json::Object call(std::string_view method, json::Object params = {}) {
    const auto id = ++last_id_;
    write(json::print(json::Object{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}}));
    while (true) {
      auto line = read().as_object();
      if (line.contains("id") && line.at("id") == id) return line;
      notices_.push_back(std::move(line));
    }
  }
  json::Object result(std::string_view method, json::Object params = {}) {
    auto reply = call(method, std::move(params));
    if (reply.contains("error")) throw std::runtime_error(json::print(reply));
    return reply.at("result").as_object();
  }
  json::Object error(std::string_view method, json::Object params = {}) {
    auto reply = call(method, std::move(params));
    if (!reply.contains("error")) throw std::runtime_error("no error: " + json::print(reply));
    return reply.at("error").as_object();
  }

  // The next event of this type.
  json::Object event(std::string_view type) {
    while (true) {
      json::Object notice;
      if (!notices_.empty()) {
        notice = std::move(notices_.front());
        notices_.pop_front();
      } else {
        notice = read().as_object();
      }
      if (!notice.contains("method") || notice.at("method") != "event") continue;
      auto params = notice.at("params").as_object();
      if (params.at("type").as_string() == type) return params;
    }
  }

 private:
  // Shared with the session, which may ring once more when the peer is gone.
  struct Bell {
    std::mutex mutex;
    std::condition_variable rung;
    bool awake = false;

    void ring() {
      std::lock_guard lock(mutex);
      awake = true;
      rung.notify_all();
    }
    bool wait_until(std::chrono::steady_clock::time_point deadline) {
      std::unique_lock lock(mutex);
      return rung.wait_until(lock, deadline, [&] { return awake; }) && std::exchange(awake, false);
    }
  };

  std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
  std::deque<json::Value> lines_;
  std::deque<json::Object> notices_;
  std::int64_t last_id_ = 0;
  std::unique_ptr<Session> session_;
};

class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // As a login leaves it; its servers are ports of this machine where nobody listens.
  void add_account(const std::string& id, const std::string& addr) {
    const auto directory = data_ / "accounts" / id;
    std::filesystem::create_directories(directory);
    const net::Endpoint nobody{.host = "127.0.0.1", .port = 1, .security = net::Security::plain};
    const engine::AccountConfig config{
        .id = id, .addr = addr, .name = "Me", .user = addr, .imap = nobody, .smtp = nobody};
    auto passwords = secrets::open(config.secrets, directory);
    if (!engine::save(config, directory) || !passwords || !passwords->put(id + "/password", Secret("secret")))
      throw std::runtime_error("cannot save the account");
  }

  // What `addr`, a stranger, wrote before the server is open.
  void receive(const std::string& id, const std::string& addr, const std::string& name, const std::string& text) {
    change(id, {chat::LearnAddress{.addr = addr, .name = name, .at_ms = 1000, .rfc_id = text + addr},
                chat::PutMessage{.key = {text + addr, addr},
                                 .chat = chat::WithPerson{addr},
                                 .arrived_ms = 1000,
                                 .date_ms = 1000,
                                 .received_ms = 1000,
                                 .from_name = name,
                                 .text = text,
                                 .is_chat = true}});
  }
  // Of whom the user knows.
  void befriend(const std::string& id, const std::string& addr, const std::string& name) {
    change(id,
           {chat::LearnAddress{.addr = addr, .name = name, .known = true, .at_ms = 1000, .rfc_id = "known" + addr}});
  }
  void change(const std::string& id, std::vector<chat::Operation> operations) {
    auto database = store::Database::open(data_ / "accounts" / id, {}).value();
    if (!database.begin(store::Durability::normal) || !database.apply({std::move(operations), {}}, 2000) ||
        !database.commit())
      throw std::runtime_error("cannot change the account");
  }

  Server& server() {
    if (!server_) server_ = Server::open(data_, {}, [this] { ended_ = true; }).value();
    return *server_;
  }
  const std::filesystem::path& data() const { return data_; }
  bool ended() const { return ended_; }

 private:
  const TemporaryDirectory directory_;
  const std::filesystem::path& data_ = directory_.path();
  std::unique_ptr<Server> server_;
  std::atomic<bool> ended_ = false;
};

}  // namespace coi::api
