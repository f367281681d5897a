#include "device.h"

#include <utility>

#include "base/queue.h"

namespace coi::bench {
namespace {

constexpr std::chrono::seconds answer_patience{60};

Error too_late(const char* what) { return {ErrorKind::network, std::string(what) + " did not happen in time"}; }

}  // namespace

Result<std::unique_ptr<Device>> Device::open(const std::filesystem::path& data) {
  std::unique_ptr<Device> device(new Device);
  Log log([self = device.get()](LogLevel, std::string_view line) { self->logged(line); });
  device->engine_ = COI_TRY(engine::Engine::open(
      data, {.log = std::move(log), .at_step = [self = device.get()](std::string_view step) { self->reached(step); }},
      [self = device.get()](const engine::Event& event) { self->happened(event); }));
  for (const auto& entry : device->engine_->accounts()) device->account_ = entry.account;
  return device;
}

Device::~Device() {
  reader_.reset();
  account_.reset();
  engine_.reset();
}

void Device::happened(const engine::Event& event) {
  const auto now = SteadyClock::now();
  {
    std::lock_guard lock(mutex_);
    if (event.progress && event.progress->finished && !everything_at_) everything_at_ = now;
    if (event.changes) {
      const auto& added = event.changes->added;
      added_at_.insert(added_at_.end(), added.size(), now);
      if (!added.empty()) newest_ = added.back();
      for (const auto message : event.changes->changed) ++changed_times_[message];
    }
  }
  changed_.notify_all();
}

void Device::logged(std::string_view line) {
  if (!line.ends_with(" IDLE")) return;
  {
    std::lock_guard lock(mutex_);
    if (!idle_at_) idle_at_ = SteadyClock::now();
  }
  changed_.notify_all();
}

void Device::reached(std::string_view step) {
  if (step != engine::out_begun && step != engine::out_answered && step != engine::out_done) return;
  const auto now = SteadyClock::now();
  {
    std::lock_guard lock(mutex_);
    if (step == engine::out_done) {
      ++filed_;
    } else if (step == engine::out_answered) {
      accepted_at_.push_back(now);
    } else if (!begun_at_) {
      begun_at_ = now;
    }
  }
  changed_.notify_all();
}

void Device::count_sending() {
  std::lock_guard lock(mutex_);
  begun_at_.reset();
  accepted_at_.clear();
  filed_ = 0;
}

Result<SteadyClock::duration> Device::wait_for_accepted(std::size_t count, std::chrono::seconds patience) {
  if (!wait(patience, [&] { return begun_at_ && accepted_at_.size() >= count; }))
    return std::unexpected(too_late("the acceptance of all messages"));
  std::lock_guard lock(mutex_);
  return accepted_at_[count - 1] - *begun_at_;
}

Result<> Device::wait_for_filed(std::size_t count, std::chrono::seconds patience) {
  if (wait(patience, [&] { return filed_ >= count; })) return {};
  return std::unexpected(too_late("the filing of all own copies"));
}

template <class Ready>
bool Device::wait(std::chrono::seconds patience, Ready ready) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, ready);
}

Result<> Device::login(const Servers& servers, const std::string& addr) {
  account_ = COI_TRY(engine_->login({.addr = addr,
                                     .name = addr.substr(0, addr.find('@')),
                                     .imap_url = net::to_url(net::Service::imap, servers.imap),
                                     .smtp_url = net::to_url(net::Service::smtp, servers.smtp),
                                     .tls_ca = servers.ca,
                                     .password = servers.password,
                                     .secrets = secrets::Mode::file},
                                    [](std::string_view) {}));
  return {};
}

Result<store::Changes> Device::act(chat::Input action) {
  auto answers = std::make_shared<Queue<Result<store::Changes>>>();
  account_->act(std::move(action), [answers](Result<store::Changes> changes) { answers->push(std::move(changes)); });
  auto answer = answers->pop_until(SteadyClock::now() + answer_patience, {});
  if (!answer) return std::unexpected(too_late("the storing of an action"));
  return *std::move(answer);
}

Result<> Device::accept(const std::string& addr) {
  auto reader = COI_TRY(account_->reader());
  const auto chats = COI_TRY(reader.find_chats(addr));
  if (chats.empty()) return fail(ErrorKind::not_found, "no chat with " + addr);
  COI_TRY(act(chat::ChangeChat{.chat = chats.front(), .accepted = true}));
  return {};
}

Result<chat::ChatId> Device::create_group(const std::string& name, const std::vector<std::string>& members) {
  const auto changes = COI_TRY(act(chat::CreateGroup{.name = name, .members = members}));
  if (changes.chats.size() != 1) return fail(ErrorKind::internal, "the group is not one chat");
  return *changes.chats.begin();
}

Result<> Device::say(chat::ChatId chat, const std::string& text) {
  COI_TRY(act(chat::SendMessage{.chat = chat, .text = text}));
  return {};
}

Result<> Device::send_poll(const std::string& to, const std::string& question,
                           const std::vector<std::string>& options) {
  chat::Poll poll{.id = {}, .question = question};
  for (const auto& option : options) poll.options.push_back({.label = option});
  chat::SendMessage message{.addr = to, .text = chat::poll_text(poll), .kind = chat::MessageKind::poll};
  message.details.poll = std::move(poll);
  COI_TRY(act(std::move(message)));
  return {};
}

Result<> Device::send(const std::string& to, const std::string& text) { return send_many(to, 1, text); }

Result<> Device::send_many(const std::string& to, int count, const std::string& text) {
  auto answers = std::make_shared<Queue<Result<store::Changes>>>();
  for (int i = 0; i < count; ++i)
    account_->act(chat::SendMessage{.addr = to, .text = text},
                  [answers](Result<store::Changes> changes) { answers->push(std::move(changes)); });
  for (int i = 0; i < count; ++i) {
    auto answer = answers->pop_until(SteadyClock::now() + answer_patience, {});
    if (!answer) return std::unexpected(too_late("the storing of a message"));
    COI_TRY(std::move(*answer));
  }
  return {};
}

std::size_t Device::added() const {
  std::lock_guard lock(mutex_);
  return added_at_.size();
}

Result<SteadyClock::time_point> Device::wait_for_added(std::size_t count, std::chrono::seconds patience) {
  if (!wait(patience, [&] { return added_at_.size() >= count; }))
    return fail(ErrorKind::network, fmt::format("only {} of {} messages came in time", added(), count));
  std::lock_guard lock(mutex_);
  return count == 0 ? SteadyClock::now() : added_at_[count - 1];
}

Result<store::MessageRow> Device::read(chat::MessageId id) {
  if (!reader_) reader_ = COI_TRY(account_->reader());
  auto row = COI_TRY(reader_->message(id));
  if (!row.value) return fail(ErrorKind::not_found, "the message that was told of cannot be read");
  return std::move(*row.value);
}

Result<store::MessageRow> Device::newest() {
  const auto id = [&] {
    std::lock_guard lock(mutex_);
    return newest_;
  }();
  return read(id);
}

Result<> Device::wait_until(chat::MessageId message, const std::function<bool(const store::MessageRow&)>& is_so,
                            std::chrono::seconds patience) {
  while (true) {
    const auto before = [&] {
      std::lock_guard lock(mutex_);
      return changed_times_[message];
    }();
    if (is_so(COI_TRY(read(message)))) return {};
    if (!wait(patience, [&] { return changed_times_[message] > before; }))
      return std::unexpected(too_late("the change of a message"));
  }
}

Result<SteadyClock::time_point> Device::wait_for_everything(std::chrono::seconds patience) {
  if (!wait(patience, [&] { return everything_at_.has_value(); }))
    return std::unexpected(too_late("the end of the first fetch"));
  std::lock_guard lock(mutex_);
  return *everything_at_;
}

Result<SteadyClock::time_point> Device::wait_for_idle(std::chrono::seconds patience) {
  if (!wait(patience, [&] { return idle_at_.has_value(); })) return std::unexpected(too_late("IDLE"));
  std::lock_guard lock(mutex_);
  return *idle_at_;
}

}  // namespace coi::bench
