#include "engine/config.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/blobs.h"
#include "engine/own_files.h"
#include "hash/random.h"
#include "json/codec.h"
#include "json/describe.h"
#include "store/condition.h"

namespace coi::engine {

BOOST_DESCRIBE_ENUM(AuthKind, password, token_command, oauth)

namespace {

constexpr auto file_name = "account.json";
constexpr std::size_t longest_file = 256 * 1024;

// The file's own shape: servers as URLs, which people can read and mend.
struct File {
  std::string id, addr, name, user, imap, smtp, tls_ca;
  AuthKind auth = AuthKind::password;
  std::string token_command;
  oauth::Registration oauth;
  bool keyring = false;
  std::string signature;
  bool receipts = true;
  std::string sent_folder;
  std::uint32_t undo_send = 0;
  bool hold_at_server = false;
  static constexpr std::string_view required[] = {"id", "addr", "user", "imap", "smtp"};
};
BOOST_DESCRIBE_STRUCT(File, (),
                      (id, addr, name, user, imap, smtp, tls_ca, auth, token_command, oauth, keyring, signature,
                       receipts, sent_folder, undo_send, hold_at_server))

}  // namespace

Result<> save(const AccountConfig& config, const std::filesystem::path& directory) {
  const File file{.id = config.id,
                  .addr = config.addr,
                  .name = config.name,
                  .user = config.user,
                  .imap = net::to_url(net::Service::imap, config.imap),
                  .smtp = net::to_url(net::Service::smtp, config.smtp),
                  .tls_ca = config.tls_ca,
                  .auth = config.auth,
                  .token_command = config.token_command,
                  .oauth = config.oauth,
                  .keyring = config.secrets == secrets::Mode::keyring,
                  .signature = config.signature,
                  .receipts = config.receipts,
                  .sent_folder = config.sent_folder,
                  .undo_send = config.undo_send,
                  .hold_at_server = config.hold_at_server};
  return replace_file(directory / file_name, json::encode(file) + "\n");
}

Result<AccountConfig> load(const std::filesystem::path& directory) {
  const auto path = directory / file_name;
  const auto hint = fmt::format("mend it, or remove the account with: coi logout {}, and log in again",
                                directory.filename().string());
  const auto damaged = [&](const Error& error) {
    return fail(ErrorKind::corrupt, fmt::format("{} is damaged: {}", path.string(), error.text()), hint);
  };
  const auto text = read_own_file(path, longest_file);
  if (!text && text.error().kind() == ErrorKind::not_found) {
    std::error_code unknown;
    if (!std::filesystem::exists(directory / store::database_file, unknown)) return std::unexpected(text.error());
    return fail(ErrorKind::corrupt, fmt::format("{} is missing", path.string()), hint);
  }
  if (!text) return std::unexpected(Error(text.error()).with_hint(hint));
  const auto value = json::parse(*text, Limits{});
  if (!value) return damaged(value.error());
  auto file = json::decode<File>(*value);
  if (!file) return damaged(file.error());
  if (file->id != directory.filename()) return damaged({ErrorKind::corrupt, "it belongs to another account"});
  auto imap = net::parse_url(net::Service::imap, file->imap);
  if (!imap) return damaged(imap.error());
  auto smtp = net::parse_url(net::Service::smtp, file->smtp);
  if (!smtp) return damaged(smtp.error());
  return AccountConfig{.id = file->id,
                       .addr = file->addr,
                       .name = file->name,
                       .user = file->user,
                       .imap = *std::move(imap),
                       .smtp = *std::move(smtp),
                       .tls_ca = file->tls_ca,
                       .auth = file->auth,
                       .token_command = file->token_command,
                       .oauth = file->oauth,
                       .secrets = file->keyring ? secrets::Mode::keyring : secrets::Mode::file,
                       .signature = file->signature,
                       .receipts = file->receipts,
                       .sent_folder = file->sent_folder,
                       .undo_send = file->undo_send,
                       .hold_at_server = file->hold_at_server};
}

Result<std::vector<FoundAccount>> find_accounts(const std::filesystem::path& accounts) {
  std::vector<std::filesystem::path> directories;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(accounts, error), end; !error && entry != end;
       entry.increment(error)) {
    // What cannot even be looked at may well be one.
    std::error_code unknown;
    if (entry->is_directory(unknown) || (unknown && unknown != std::errc::no_such_file_or_directory))
      directories.push_back(entry->path());
  }
  if (error) return fail(ErrorKind::io, fmt::format("cannot read {}: {}", accounts.string(), error.message()));
  std::ranges::sort(directories);  // ULIDs
  std::vector<FoundAccount> found;
  for (const auto& directory : directories) {
    auto config = load(directory);
    if (config || config.error().kind() != ErrorKind::not_found)
      found.push_back({directory.filename().string(), std::move(config)});
  }
  return found;
}

// https://github.com/ulid/spec: 48 bits of time, 80 random bits, Crockford's base 32.
std::string make_ulid(std::int64_t now_ms) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string ulid(26, '0');
  for (int i = 9; i >= 0; --i, now_ms >>= 5)
    ulid[static_cast<std::size_t>(i)] = alphabet[static_cast<std::size_t>(now_ms & 31)];
  const auto random = hash::random_bytes(16);
  for (std::size_t i = 0; i < 16; ++i) ulid[10 + i] = alphabet[static_cast<unsigned char>(random[i]) & 31];
  return ulid;
}

}  // namespace coi::engine
