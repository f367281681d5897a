#include "engine/account_impl.h"

#include <set>

#include <fmt/format.h>

#include "base/thrown.h"
#include "engine/blobs.h"
#include "engine/step.h"
#include "hash/random.h"
#include "store/repair.h"
#include "wire/group_id.h"
#include "wire/message_id.h"

namespace coi::engine {

bool server_files_copies(store::Database& database) {
  const auto word = database.setting("copies_filed");
  return word && *word == "server";
}

std::string contacts_word(store::Database& database) {
  const auto word = database.setting("contacts");
  return word && *word ? **word : std::string();
}

chat::AccountFacts facts_of(const AccountConfig& config, store::Database& database) {
  chat::AccountFacts facts{.addr = config.addr,
                           .name = config.name,
                           .own = {config.addr},
                           .signature = config.signature,
                           .receipts = config.receipts};
  facts.undo_send_ms = UnixMs{config.undo_send} * 1000;
  if (const auto word = database.setting("longest_hold"); config.hold_at_server && word && *word)
    facts.longest_hold_ms = UnixMs{ascii_number<std::uint32_t>(**word).value_or(0)} * 1000;
  if (const auto word = database.setting("filter"); word && *word)
    facts.filter = wire::parse_filter(**word).value_or(wire::Filter::none);
  facts.server_files_copies = server_files_copies(database);
  facts.keeps_contacts = contacts_word(database) == "on";
  if (const auto word = database.setting("largest_mail"); word && *word)
    facts.largest_mail = ascii_number<std::uint64_t>(**word).value_or(0);
  return facts;
}

namespace {

// Removes the files that nothing refers to.
void sweep(const std::filesystem::path& directory, const Result<std::set<std::string>>& kept,
           std::chrono::milliseconds grace, const Log& log) {
  // A database that was set aside may name more of them.
  if (store::keeps_damaged(directory))
    return log.info("account: files that nothing refers to stay as long as a damaged database is kept");
  const auto swept = kept ? Blobs(directory / "blobs").sweep(*kept, grace) : std::unexpected(kept.error());
  if (!swept) log.warning("account: {}", swept.error().text());
}

}  // namespace

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
  if (auto* send = std::get_if<chat::SendMessage>(&action)) {
    send->rfc_id =
        send->token.empty() ? wire::make_message_id(wire::domain_of(impl_->config.addr)) : id_of_token(send->token);
    for (std::size_t i = 0; i < send->files.size(); ++i)
      send->further_ids.push_back(wire::make_message_id(wire::domain_of(impl_->config.addr)));
  }
  const auto give_id = [&]<class Action>(std::in_place_type_t<Action>) {
    if (auto* one = std::get_if<Action>(&action))
      one->rfc_id = wire::make_message_id(wire::domain_of(impl_->config.addr));
  };
  give_id(std::in_place_type<chat::React>);
  give_id(std::in_place_type<chat::EditMessage>);
  give_id(std::in_place_type<chat::DeleteMessage>);
  give_id(std::in_place_type<chat::PinMessage>);
  give_id(std::in_place_type<chat::Vote>);
  give_id(std::in_place_type<chat::ClosePoll>);
  give_id(std::in_place_type<chat::SetTimer>);
  if (auto* send = std::get_if<chat::SendMessage>(&action); send != nullptr && send->details.poll)
    send->details.poll->id = hash::random_token(24);  // P-17
  if (auto* change = std::get_if<chat::ChangeGroup>(&action))
    for (std::size_t i = 0; i < change->count(); ++i)
      change->rfc_ids.push_back(wire::make_message_id(wire::domain_of(impl_->config.addr)));
  if (auto* create = std::get_if<chat::CreateGroup>(&action)) create->id = wire::make_group_id();
  auto* retry = std::get_if<chat::RetryMessage>(&action);
  const bool is_retry = retry != nullptr;
  if (is_retry) retry->files = impl_->files_of(retry->message);
  impl_->account.act(std::move(action), std::move(done));
  if (!is_retry) return;
  // Behind the action: a mail that the worker has begun before it is none that has failed.
  impl_->logins.user_acts();
  impl_->sender.asked();
}

std::string Account::id_of_token(std::string_view token, std::string_view group) const {
  const auto id = wire::message_id_for(impl_->config.addr, token);
  return group.empty() ? id : wire::in_group(id, group);
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
  const auto cleaned = impl_->account.ask<bool>([](store::Database& database) -> Result<bool> {
    COI_TRY(database.forget_pictures());
    return database.forget_deleted_words();
  });
  if (!cleaned && cleaned.error().kind() != ErrorKind::cancelled)
    impl_->environment.log.warning("account: {}", cleaned.error().text());
}

}  // namespace coi::engine
