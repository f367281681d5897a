#include "engine/account.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/size_text.h"
#include "base/thrown.h"
#include "engine/account_thread.h"
#include "engine/backfill.h"
#include "engine/blobs.h"
#include "engine/mailbox_worker.h"
#include "engine/send_worker.h"
#include "engine/step.h"
#include "engine/worker_context.h"
#include "mime/mail.h"
#include "mime/media_type.h"
#include "mime/smime.h"
#include "store/repair.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

bool server_files_copies(store::Database& database) {
  const auto word = database.setting("copies_filed");
  return word && *word == "server";
}

chat::AccountFacts facts_of(const AccountConfig& config, store::Database& database) {
  chat::AccountFacts facts{.addr = config.addr, .name = config.name, .own = {config.addr}, .receipts = config.receipts};
  if (const auto word = database.setting("filter"); word && *word)
    facts.filter = wire::parse_filter(**word).value_or(wire::Filter::none);
  facts.server_files_copies = server_files_copies(database);
  if (const auto word = database.setting("largest_mail"); word && *word)
    facts.largest_mail = ascii_number<std::uint64_t>(**word).value_or(0);
  return facts;
}

Result<std::string> read_file(const std::filesystem::path& file, std::uintmax_t size) {
  std::string bytes(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(stream.gcount()) != size)
    return fail(ErrorKind::io, fmt::format("cannot read {}", file.string()));
  return bytes;
}

// Of each of the files, which go in one mail: looked at before any is read. Error: limit, when they have more than
// `most` octets together.
Result<std::vector<std::uintmax_t>> sizes_of(const std::vector<std::filesystem::path>& files, std::uintmax_t most) {
  std::vector<std::uintmax_t> sizes;
  auto left = most;
  for (const auto& file : files) {
    std::error_code error;
    sizes.push_back(std::filesystem::file_size(file, error));
    if (error) return fail(ErrorKind::not_found, fmt::format("cannot read {}: {}", file.string(), error.message()));
    if (sizes.back() > left)
      return fail(
          ErrorKind::limit,
          fmt::format("{} too large for a mail, which takes files of up to {}",
                      files.size() == 1 ? file.filename().string() + " is" : "the files together are", size_text(most)),
          too_large_hint);
    left -= sizes.back();
  }
  return sizes;
}

// Removes the files that nothing refers to.
void sweep(const std::filesystem::path& directory, const Result<std::set<std::string>>& kept,
           std::chrono::milliseconds grace, const Log& log) {
  // A database that was set aside may name more of them.
  if (store::keeps_damaged(directory))
    return log.info("account: files that nothing refers to stay as long as a damaged database is kept");
  const auto swept = kept ? Blobs(directory / "blobs").sweep(*kept, grace) : std::unexpected(kept.error());
  if (!swept) log.warning("account: {}", swept.error().text());
}

// `inside`: where the file lies within a signed part, "" if the part is the file.
Result<std::string> file_of(const FetchedSection& part, std::string_view inside, const Limits& limits) {
  auto bytes = COI_TRY(mime::decode_file(part.header, part.octets, limits));
  if (inside.empty()) return bytes;
  return mime::file_inside(bytes, inside, limits);
}

}  // namespace

// Threads: `account` owns the database, and `status`, `progress` and `waiting`, which are touched on it alone.
struct Account::Impl {
  Impl(AccountConfig account_config, std::filesystem::path folder, Environment surroundings, EventSink events,
       Damaged on_damage, store::Database database, net::Waker mailbox_waker, net::Waker backfill_waker,
       net::Waker send_waker)
      : config(std::move(account_config)),
        directory(std::move(folder)),
        environment(std::move(surroundings)),
        sink(std::move(events)),
        damaged(std::move(on_damage)),
        blobs(directory / "blobs"),
        account(make_thread(std::move(database))),
        trust(trust_source(config.tls_ca)),
        logins(config, directory, environment.log),
        context{.config = config,
                .credentials = credential_source(config, directory, trust, environment),
                .logins = logins,
                .trust = trust,
                .environment = environment,
                .account = account,
                .reader = MailReader(environment.limits, blobs),
                .hard_mails = hard_mails,
                .change_status = [this](auto change) { post_status(std::move(change)); },
                .show_progress = [this](const Progress& now) { show_progress(now); }},
        backfill(context, std::move(backfill_waker), [this](const std::string& name) { mailbox.look_again(name); }),
        // Where one connection works again, the others need not wait.
        mailbox(context, std::move(mailbox_waker), backfill,
                [this] {
                  backfill.network_changed();
                  sender.network_changed();
                }),
        sender(context, std::move(send_waker), [this] { mailbox.network_changed(); }) {
    status.secrets = config.secrets == secrets::Mode::keyring ? "keyring" : "file";
    status.filter = wire::name(account.facts().filter);
  }

  ~Impl() { stop(); }

  void stop() {
    // Workers first: none of them may hand anything to a thread that is gone.
    mailbox.stop();
    backfill.stop();
    sender.stop();
    account.stop();
  }

  AccountThread make_thread(store::Database database) {
    auto facts = facts_of(config, database);
    return {std::move(database),
            std::move(facts),
            environment.clock,
            environment.log,
            environment.at_step,
            {.committed = [this](const store::Changes& changes) { committed(changes); },
             .mail_due = [this](chat::OutgoingId mail) { sender.send(mail); },
             .jobs_due = [this] { mailbox.jobs_due(); },
             .mail_lost = [this](const Error& error) { mailbox.mail_lost(error); },
             .damaged = damaged}};
  }

  Result<store::Reader> open_reader() {
    return store::Reader::open(directory, [this](const Error& error) {
      account.note_damage(error);
      if (damaged) damaged(error);
    });
  }

  // Of the files of one mail together: what most servers take, or less where ours says so. base64 makes a line of 78
  // octets of 57; what the words and headers of the mail take beyond the room that is left for them here is counted
  // when it is made.
  std::uint64_t most_octets_of_files() {
    constexpr std::uint64_t for_the_rest = 4096;
    const auto largest = account.ask<std::uint64_t>(
        [this](store::Database&) -> Result<std::uint64_t> { return account.facts().largest_mail; });
    const std::uint64_t most = environment.limits.files;
    if (!largest || *largest == 0) return most;
    return std::min(most, (*largest - std::min(*largest, for_the_rest)) / 78 * 57);
  }

  // Of a message that is sent again: all of its files, or none when one of them is gone.
  std::vector<chat::OutgoingFile> files_of(chat::MessageId id) {
    auto reader = open_reader();
    if (!reader) return {};
    const auto found = reader->message(id);
    if (!found || !found->value || !found->value->outgoing) return {};
    std::vector<chat::OutgoingFile> files;
    for (const auto& attachment : found->value->attachments) {
      const auto& file = attachment.file;
      auto bytes = file.state == chat::FileState::local ? read_file(blobs.path(file.blob), file.size)
                                                        : fail(ErrorKind::not_found, "not on this device");
      if (!bytes) return {};
      files.push_back({.name = file.name, .type = file.type, .blob = file.blob, .bytes = *std::move(bytes)});
    }
    return files;
  }

  // ---- on the account's thread ----
  void committed(const store::Changes& changes) {
    if (changes.account) {
      if (const auto word = account.database().setting("filter"); word && *word && !account.facts().coi_server)
        account.facts().filter = wire::parse_filter(**word).value_or(wire::Filter::none);
      account.facts().server_files_copies = server_files_copies(account.database());
      change_status_now([](Status&) {});
    }
    for (const auto id : changes.changed) answer_waiting(id);
    if (changes.events() > 0) sink({.account = config.id, .changes = changes, .connection = {}, .progress = {}});
  }

  void answer_waiting(chat::MessageId message) {
    const auto found = waiting.equal_range(message);
    if (found.first == found.second) return;
    const auto fate = account.database().sent(message);
    if (fate && !*fate) return;  // still on its way
    for (auto entry = found.first; entry != found.second; ++entry)
      entry->second(fate ? **fate : Result<>(std::unexpected(fate.error())));
    waiting.erase(found.first, found.second);
  }

  void change_status_now(const std::function<void(Status&)>& change) {
    change(status);
    status.filter = wire::name(account.facts().filter);
    sink({.account = config.id, .changes = {}, .connection = status, .progress = {}});
  }

  void show_progress(const Progress& now) {
    progress = now;
    sink({.account = config.id, .changes = {}, .connection = {}, .progress = now});
  }

  // ---- from any thread ----
  void post_status(std::function<void(Status&)> change) {
    account.post([this, change = std::move(change)] { change_status_now(change); });
  }

  template <class T>
  T read_on_thread(T Impl::* member) {
    auto value = account.ask<T>([this, member](store::Database&) -> Result<T> { return this->*member; });
    return value ? std::move(*value) : T{};
  }

  const AccountConfig config;
  const std::filesystem::path directory;
  const Environment environment;
  const EventSink sink;
  const Damaged damaged;
  const Blobs blobs;
  Status status;
  Progress progress{.finished = true};
  std::multimap<chat::MessageId, Done> waiting;  // when_sent()

  AccountThread account;
  TrustSource trust;
  LoginKeeper logins;
  HardMails hard_mails;
  WorkerContext context;
  BackfillWorker backfill;
  MailboxWorker mailbox;
  SendWorker sender;
};

Result<std::unique_ptr<Account>> Account::open(AccountConfig config, std::filesystem::path directory,
                                               Environment environment, EventSink sink, Damaged damaged) {
  auto database = COI_TRY(store::Database::open(directory, environment.log));
  // Nobody has begun to put files there.
  sweep(directory, database.blobs(), {}, environment.log);
  auto impl = std::make_unique<Impl>(std::move(config), std::move(directory), std::move(environment), std::move(sink),
                                     std::move(damaged), std::move(database), COI_TRY(net::Waker::create()),
                                     COI_TRY(net::Waker::create()), COI_TRY(net::Waker::create()));
  COI_TRY(caught("cannot start the account's threads", [&]() -> Result<> {
    impl->account.start();
    impl->sender.start();
    impl->backfill.start();
    impl->mailbox.start();
    return {};
  }));
  return std::unique_ptr<Account>(new Account(std::move(impl)));
}

Account::Account(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Account::~Account() = default;

void Account::stop() { impl_->stop(); }

AccountConfig Account::config() const { return impl_->config; }
const std::filesystem::path& Account::directory() const { return impl_->directory; }

void Account::act(chat::Input action, ActionDone done) {
  if (auto* send = std::get_if<chat::SendMessage>(&action))
    send->rfc_id =
        send->token.empty() ? wire::make_message_id(wire::domain_of(impl_->config.addr)) : id_of_token(send->token);
  if (auto* react = std::get_if<chat::React>(&action))
    react->rfc_id = wire::make_message_id(wire::domain_of(impl_->config.addr));
  if (auto* retry = std::get_if<chat::RetryMessage>(&action)) {
    retry->files = impl_->files_of(retry->message);
    impl_->logins.user_acts();
    impl_->sender.asked();
  }
  impl_->account.act(std::move(action), std::move(done));
}

std::string Account::id_of_token(std::string_view token) const {
  return wire::message_id_for(impl_->config.addr, token);
}

void Account::sync(Done done) {
  impl_->logins.user_acts();
  impl_->mailbox.sync(std::move(done));
  impl_->backfill.asked();
  impl_->account.send_waiting();
  impl_->sender.asked();
}

void Account::when_sent(chat::MessageId message, Done done) {
  impl_->account.post([impl = impl_.get(), message, done = std::move(done)] {
    impl->waiting.emplace(message, done);
    impl->answer_waiting(message);
  });
}

void Account::fetch_original(chat::MessageId message, std::function<void(Result<std::string>)> done) {
  auto reader = this->reader();
  if (!reader) return done(std::unexpected(reader.error()));
  auto copies = reader->copies(message);
  if (!copies) return done(std::unexpected(copies.error()));
  impl_->backfill.fetch(std::move(*copies), "", [done](Result<FetchedSection> mail) {
    if (!mail) return done(std::unexpected(mail.error()));
    if (mail->octets.empty()) return done(fail(ErrorKind::not_found, "the server has nothing of that mail"));
    done(std::move(mail->octets));
  });
}

void Account::fetch_attachment(chat::AttachmentId attachment, std::function<void(Result<std::filesystem::path>)> done) {
  auto reader = this->reader();
  if (!reader) return done(std::unexpected(reader.error()));
  auto found = reader->attachment(attachment);
  if (!found) return done(std::unexpected(found.error()));
  if (!*found) return done(fail(ErrorKind::not_found, fmt::format("there is no attachment {}", attachment.value)));
  const auto& [message, file] = **found;
  std::error_code unknown;
  if (file.state == chat::FileState::local && std::filesystem::exists(impl_->blobs.path(file.blob), unknown))
    return done(impl_->blobs.path(file.blob));
  auto copies = reader->copies(message);
  if (!copies) return done(std::unexpected(copies.error()));
  const auto slash = file.section.find('/');
  const auto inside = slash == std::string::npos ? std::string() : file.section.substr(slash + 1);
  impl_->backfill.fetch(std::move(*copies), file.section.substr(0, slash),
                        [impl = impl_.get(), attachment, inside, done](Result<FetchedSection> part) {
                          if (!part) return done(std::unexpected(part.error()));
                          auto bytes = file_of(*part, inside, impl->environment.limits);
                          if (!bytes) return done(std::unexpected(bytes.error()));
                          auto blob = impl->blobs.put(*bytes);
                          if (!blob) return done(std::unexpected(blob.error()));
                          impl->account.act(chat::FileFetched{attachment, *blob, bytes->size()},
                                            [impl, blob = *blob, done](Result<store::Changes> changes) {
                                              if (!changes) return done(std::unexpected(changes.error()));
                                              done(impl->blobs.path(blob));
                                            });
                        });
}

void Account::network_changed() {
  impl_->context.dispensable->try_again();
  impl_->mailbox.network_changed();
  impl_->backfill.network_changed();
  impl_->account.send_waiting();
  impl_->sender.network_changed();
}

Status Account::status() const { return impl_->read_on_thread(&Impl::status); }
Progress Account::progress() const { return impl_->read_on_thread(&Impl::progress); }

Result<store::Reader> Account::reader() const { return impl_->open_reader(); }

void Account::note_largest_mail(std::uint64_t octets) { impl_->account.note_largest_mail(octets); }

void Account::sweep_files(std::chrono::milliseconds grace) {
  const auto kept =
      impl_->account.ask<std::set<std::string>>([](store::Database& database) { return database.blobs(); });
  if (!kept && kept.error().kind() == ErrorKind::cancelled) return;
  sweep(impl_->directory, kept, grace, impl_->environment.log);
}

Result<std::vector<chat::OutgoingFile>> Account::add_files(const std::vector<std::filesystem::path>& files) const {
  if (files.empty()) return {};
  const auto sizes = COI_TRY(sizes_of(files, impl_->most_octets_of_files()));
  std::vector<chat::OutgoingFile> added;
  for (std::size_t i = 0; i < files.size(); ++i) {
    chat::OutgoingFile outgoing{.name = files[i].filename().string(),
                                .type = std::string(mime::media_type_of(files[i])),
                                .bytes = COI_TRY(read_file(files[i], sizes[i]))};
    outgoing.blob = COI_TRY(impl_->blobs.put(outgoing.bytes));
    added.push_back(std::move(outgoing));
  }
  return added;
}

}  // namespace coi::engine
