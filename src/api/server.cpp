#include "api/server.h"

#include "api/rpc.h"
#include "api/service.h"

namespace coi::api {

std::string refusal_line(std::string_view text, std::string_view hint) {
  const Error error(ErrorKind::limit, std::string(text), std::string(hint));
  return reply_line(nullptr, std::unexpected(to_rpc(error))) + '\n';
}

Result<std::unique_ptr<Server>> Server::open(std::filesystem::path data, engine::Environment environment,
                                             std::function<void()> shut_down) {
  auto service = std::make_unique<Service>(data, environment, std::move(shut_down));
  service->engine = COI_TRY(
      engine::Engine::open(std::move(data), std::move(environment),
                           [&events = service->events](const engine::Event& event) { events.happened(event); }));
  return std::unique_ptr<Server>(new Server(std::move(service)));
}

Server::Server(std::unique_ptr<Service> service) : service_(std::move(service)) {}
Server::~Server() = default;

std::unique_ptr<Session> Server::connect(std::function<void()> wake) {
  return std::make_unique<Session>(*service_, std::move(wake));
}

bool Server::crowded() const { return service_->unread->crowded(); }

}  // namespace coi::api
