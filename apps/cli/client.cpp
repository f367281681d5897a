#include "client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/utf8.h"
#include "proto/error.h"

namespace coi::cli {
namespace {

constexpr int idle_ms = 100;

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = utf8_sequence(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

Error to_error(const proto::RpcError& error) {
  // This program asks for nothing that a daemon of its own version does not know.
  if (error.code == proto::method_not_found)
    return {ErrorKind::internal, error.message,
            "the daemon that runs is of another version: coi daemon stop (with the same --data), and the next command "
            "starts "
            "the right one"};
  if (!error.data) return {ErrorKind::internal, error.message};
  return proto::to_error({.kind = error.data->kind, .text = error.message, .hint = error.data->hint});
}

Client::Client(Client&& other) noexcept
    : idle(std::move(other.idle)),
      notice(std::move(other.notice)),
      socket_(std::exchange(other.socket_, -1)),
      gone_(other.gone_),
      last_id_(other.last_id_),
      unread_(std::move(other.unread_)),
      looked_at_(other.looked_at_),
      notices_(std::move(other.notices_)) {}

std::unexpected<Error> Client::hung_up() {
  gone_ = true;
  return fail(ErrorKind::io, "the daemon ended", "coi starts it again");
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

std::unexpected<Error> Client::turned_away() {
  while (true) {
    const auto message = read_message();  // fails at the end
    if (!message) return std::unexpected(message.error());
    const bool concerns_none = !message->id || message->id->is_null();
    if (message->error && concerns_none) return std::unexpected(to_error(*message->error));
  }
}

Result<std::int64_t> Client::request(std::string_view method, std::string_view params) {
  const auto id = ++last_id_;
  const auto line = fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{}}})", id, method, params) + "\n";
  if (!is_utf8(line)) return fail(ErrorKind::invalid, "the text is not UTF-8", "convert it first: iconv -t UTF-8");
  if (line.size() > proto::longest_request)
    return fail(ErrorKind::limit, "the text is too long for a message", "send it as a file");
  for (std::string_view rest = line; !rest.empty();) {
    const auto count = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return turned_away();
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  return id;
}

Result<json::Value> Client::result_of(std::int64_t id) {
  while (true) {
    auto message = COI_TRY(read_message());
    if (!message.method.empty()) {
      if (notice)
        notice(message);
      else
        notices_.push_back(std::move(message));
      continue;
    }
    const bool unread = message.error && (!message.id || message.id->is_null());  // the request made no sense to it
    if (!unread && (!message.id || *message.id != id)) {
      notices_.push_back(std::move(message));
      continue;
    }
    if (message.error) return std::unexpected(to_error(*message.error));
    return std::move(message.result);
  }
}

Result<proto::RpcMessage> Client::next() {
  if (notices_.empty()) return read_message();
  auto message = std::move(notices_.front());
  notices_.pop_front();
  return message;
}

Result<std::optional<proto::RpcMessage>> Client::next_ready() {
  if (!notices_.empty()) return COI_TRY(next());
  if (auto message = COI_TRY(take_line())) return message;
  if (!COI_TRY(fill(0))) return std::nullopt;
  return take_line();
}

Result<proto::RpcMessage> Client::read_message() {
  while (true) {
    if (auto message = COI_TRY(take_line())) return std::move(*message);
    if (!COI_TRY(fill(idle ? idle_ms : -1)) && idle) idle();
  }
}

Result<std::optional<proto::RpcMessage>> Client::take_line() {
  const auto end = unread_.find('\n', looked_at_);
  if (end == std::string::npos) {
    looked_at_ = unread_.size();
    return std::nullopt;
  }
  const auto value = COI_TRY(json::parse(std::string_view(unread_).substr(0, end), Limits{}));
  unread_.erase(0, end + 1);
  looked_at_ = 0;
  return COI_TRY(json::decode<proto::RpcMessage>(value));
}

Result<bool> Client::fill(int timeout_ms) {
  pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&readable, 1, timeout_ms);
  if (ready == 0 || (ready < 0 && errno == EINTR)) return false;
  std::array<char, 65536> buffer;
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count < 0 && errno == EINTR) return false;
  if (count <= 0) return hung_up();
  unread_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace coi::cli
