#include "api/service.h"

namespace coi::api {

Service::Service(std::filesystem::path directory, engine::Environment surroundings, std::function<void()> end)
    : data(std::move(directory)),
      environment(std::move(surroundings)),
      shut_down(std::move(end)),
      events(reads, engine, environment.clock) {}

Service::~Service() {
  if (engine) engine->cancel_logins();
  errands.stop();
  reads.stop();
  engine.reset();
}

void open_account(const Call& call, std::string account, Purpose purpose,
                  std::function<void(Result<OpenAccount>)> use) {
  auto work = [call, account = std::move(account), use = std::move(use)](Readers& readers) {
    auto found = call.service.engine->account(account);
    if (!found) return use(std::unexpected(found.error()));
    const auto reader = readers.of(*found);
    if (!reader) return use(std::unexpected(reader.error()));
    auto id = (*found)->config().id;
    use(OpenAccount{.call = call, .account = std::move(*found), .reader = *reader, .id = std::move(id)});
  };
  const auto strand = purpose == Purpose::command     ? call.commands.lock()
                      : purpose == Purpose::follow_up ? call.answers.lock()
                                                      : nullptr;
  if (strand) return strand->post(std::move(work));
  call.service.reads.post(std::move(work), purpose == Purpose::read ? call.client->closed() : std::stop_token());
}

}  // namespace coi::api
