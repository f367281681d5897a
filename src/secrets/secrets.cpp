#include "secrets/secrets.h"

#include <algorithm>

#include "secrets/backend.h"

namespace coi::secrets {
namespace {

constexpr std::size_t max_key = 200;
constexpr std::size_t max_secret = 64 * 1024;

Result<std::string> checked(std::string_view key) {
  const bool printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
  if (key.empty() || key.size() > max_key || !printable) return fail(ErrorKind::invalid, "not a key for a secret");
  return std::string(key);
}

}  // namespace

Store::Store(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<> Store::put(std::string_view key, const Secret& secret) {
  if (secret.reveal().size() > max_secret) return fail(ErrorKind::limit, "the secret is too long");
  return within(backend_->put(COI_TRY(checked(key)), secret), "cannot keep a secret");
}

Result<Secret> Store::get(std::string_view key) {
  return within(backend_->get(COI_TRY(checked(key))), "cannot read a secret");
}

Result<> Store::erase(std::string_view key) {
  return within(backend_->erase(COI_TRY(checked(key))), "cannot forget a secret");
}

Result<Store> open(Mode mode, const std::filesystem::path& directory, std::chrono::milliseconds timeout) {
  return Store(COI_TRY(mode == Mode::file ? open_file(directory) : open_keyring(timeout)));
}

Result<> set_aside(const std::filesystem::path& directory) { return set_file_aside(directory); }

bool keyring_available(std::chrono::milliseconds timeout) { return open_keyring(timeout).has_value(); }

}  // namespace coi::secrets
