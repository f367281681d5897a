// The public interface of one data directory: the engine and the methods on it (docs/api.md). Transports connect
// clients to it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "api/session.h"
#include "base/result.h"
#include "engine/engine.h"

namespace coi::api {

// The line for a client that is turned away: an error without a request (JSON-RPC 2.0 5).
std::string refusal_line(std::string_view text, std::string_view hint);

class Server {
 public:
  // Opens the engine. `shut_down` is called when a client asks for it, on any thread; it must not block.
  // Errors as engine::Engine::open().
  static Result<std::unique_ptr<Server>> open(std::filesystem::path data, engine::Environment environment,
                                              std::function<void()> shut_down);
  // Ends all accounts. Sessions have to be gone by then.
  ~Server();

  // `wake`: see Session; called from any thread until the session ends, and once more perhaps.
  std::unique_ptr<Session> connect(std::function<void()> wake);
  // Requests wait because other clients have not read so many answers. The transport is to hang up on those that do not
  // read at all.
  bool crowded() const;

 private:
  explicit Server(std::unique_ptr<Service> service);
  std::unique_ptr<Service> service_;
};

// docs/api.md.
std::string reference();

}  // namespace coi::api
