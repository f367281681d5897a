// The inside of Account, shared by its files; not for others.
#pragma once

#include <map>
#include <set>

#include <fmt/format.h>

#include "base/thrown.h"
#include "chat/album.h"
#include "engine/account.h"
#include "engine/account_thread.h"
#include "engine/backfill.h"
#include "engine/blobs.h"
#include "engine/mailbox_worker.h"
#include "engine/outgoing_files.h"
#include "engine/send_worker.h"
#include "engine/step.h"
#include "engine/worker_context.h"

namespace coi::engine {

// By what is stored.
bool server_files_copies(store::Database& database);
std::string contacts_word(store::Database& database);
chat::AccountFacts facts_of(const AccountConfig& config, store::Database& database);

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
    status.contacts = contacts_word(account.database());
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
             .mail_due = [this](chat::OutgoingId mail,
                                Beginning beginning) { return sender.send(mail, std::move(beginning)); },
             .jobs_due = [this] { mailbox.jobs_due(); },
             .mail_lost = [this](const Error& error) { mailbox.mail_lost(error); },
             .damaged = damaged,
             .read_files = [this](const std::vector<chat::Attachment>& files) { return read_files(files); },
             .sender_waits = [this] { return sender.waits(); }},
            environment.times.clock};
  }

  Result<store::Reader> open_reader() {
    return store::Reader::open(
        directory,
        [this](const Error& error) {
          account.note_damage(error);
          if (damaged) damaged(error);
        },
        context.environment.clock);
  }

  // What most servers take in one mail, or less where ours says so.
  MostOctets most_octets_of_files(bool one_mail) {
    const auto largest = account.ask<std::uint64_t>(
        [this](store::Database&) -> Result<std::uint64_t> { return account.facts().largest_mail; });
    const std::uint64_t most = environment.limits.files;
    const auto each = std::min(most, chat::room_for_files(largest.value_or(0)));
    return {.each = each, .all = one_mail ? each : environment.limits.album};
  }

  // Of a message that is sent again: all of its files, or none when one of them is gone.
  std::vector<chat::OutgoingFile> files_of(chat::MessageId id) {
    auto reader = open_reader();
    if (!reader) return {};
    const auto found = reader->message(id);
    if (!found || !found->value || !found->value->outgoing) return {};
    std::vector<chat::Attachment> attachments;
    for (const auto& attachment : found->value->attachments) attachments.push_back(attachment.file);
    return read_files(attachments).value_or(std::vector<chat::OutgoingFile>());
  }

  // Puts it among the blobs, with what is sent in its place before it is fetched.
  Result<> keep(chat::OutgoingFile& file) const {
    file.blob = COI_TRY(blobs.put(file.bytes));
    file.preview = preview_of(file, blobs.path(file.blob), environment.limits);
    return {};
  }

  // Errors: not_found, one of them is gone; io.
  Result<std::vector<chat::OutgoingFile>> read_files(const std::vector<chat::Attachment>& attachments) const {
    std::vector<chat::OutgoingFile> files;
    for (const auto& file : attachments) {
      std::error_code unknown;
      const bool gone = file.blob.empty() || (!std::filesystem::exists(blobs.path(file.blob), unknown) && !unknown);
      if (gone) return fail(ErrorKind::not_found, "not on this device");
      files.push_back({.name = file.name,
                       .type = file.type,
                       .blob = file.blob,
                       .bytes = COI_TRY(read_file(blobs.path(file.blob), file.size)),
                       .width = file.width,
                       .height = file.height});
      files.back().preview = preview_of(files.back(), blobs.path(file.blob), environment.limits);
    }
    return files;
  }

  // ---- on the account's thread ----
  void committed(const store::Changes& changes) {
    if (changes.account) {
      if (const auto word = account.database().setting("filter"); word && *word && !account.facts().coi_server)
        account.facts().filter = wire::parse_filter(**word).value_or(wire::Filter::none);
      account.facts().server_files_copies = server_files_copies(account.database());
      const auto contacts = contacts_word(account.database());
      account.facts().keeps_contacts = contacts == "on";
      change_status_now([&](Status& status_now) { status_now.contacts = contacts; });
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

}  // namespace coi::engine
