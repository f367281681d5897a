#include "desk.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "chat/read.h"
#include "engine/step.h"
#include "mime/mail.h"
#include "store/kept_counts.h"
#include "wire/message_id.h"

namespace coi::scenario {
namespace {

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::vector<std::string> words(sqlite3* connection, const char* sql) {
  std::vector<std::string> found;
  const auto add = [](void* out, int, char** values, char**) {
    static_cast<std::vector<std::string>*>(out)->emplace_back(values[0]);
    return 0;
  };
  if (sqlite3_exec(connection, sql, add, &found, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(connection));
  return found;
}

// With the directory before it, which both of them need.
store::Database open(const std::filesystem::path& directory) { return good(store::Database::open(directory, {})); }

}  // namespace

Desk::Desk(const std::string& addr)
    : account{.addr = addr, .name = addr.substr(0, addr.find('@')), .own = {addr}},
      database_(open(directory_.path())),
      reader_(good(store::Reader::open(directory_.path()))) {
  using chat::FolderRole;
  good(database_.begin(store::Durability::normal));
  good(
      good(engine::step(database_, account,
                        chat::FoldersFound{.folders = {{"INBOX", FolderRole::inbox}, {"Sent", FolderRole::sent}}}, 0)));
  for (const auto& folder : good(database_.folders())) {
    good(good(engine::step(database_, account, chat::FolderReset{folder.id, 1}, 0)));
    (folder.role == FolderRole::sent ? sent_ : inbox_) = {folder.id, 1, 0};
  }
  good(database_.commit());
  if (sqlite3_open((directory_.path() / "account.db").c_str(), &other_) != SQLITE_OK)
    throw std::runtime_error("no second connection");
  run("PRAGMA synchronous = OFF");
  emptying_ = "BEGIN IMMEDIATE;";
  for (const auto& table :
       words(other_,
             "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT "
             "LIKE 'search%' AND name NOT IN ('folder', 'setting')"))
    emptying_ += fmt::format("DELETE FROM \"{}\";", table);
  emptying_ += "INSERT INTO search(search) VALUES ('delete-all');COMMIT";
}

Desk::~Desk() {
  EXPECT_EQ(wrong_counts(other_), "") << account.addr;
  sqlite3_close(other_);
}

void Desk::run(const char* sql) {
  if (sqlite3_exec(other_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(other_));
}

void Desk::empty() {
  EXPECT_EQ(wrong_counts(other_), "") << account.addr;
  run(emptying_.c_str());
  results_.clear();
  ids_ = 0;
}

std::string Desk::new_id() { return fmt::format("chat${}-{}@{}", account.name, ++ids_, wire::domain_of(account.addr)); }

void Desk::begin(UnixMs now) {
  good(database_.begin(store::Durability::normal));
  for (const auto& result : std::exchange(results_, {})) good(good(engine::step(database_, account, result, now)));
}

void Desk::take(const std::vector<const Mail*>& mails, UnixMs now) {
  if (mails.empty()) return;
  begin(now);
  for (const auto* mail : mails) {
    auto arrived = mail->read;
    const bool own = mail->from == account.addr;
    arrived.place = own ? sent_ : inbox_;
    arrived.role = own ? chat::FolderRole::sent : chat::FolderRole::inbox;
    arrived.place.uid = ++uid_;
    good(good(engine::step(database_, account, arrived, now)));
  }
  good(database_.commit());
}

std::vector<Mail> Desk::mails_of(const store::Changes& changes, UnixMs now) {
  std::vector<Mail> mails;
  for (const auto id : changes.outgoing) {
    const auto due = good(database_.due_mail(id, now));
    if (!due) throw std::runtime_error("an earlier mail is still open");
    const auto parsed = mime::parse(due->bytes, Limits{});
    if (!parsed) throw std::runtime_error("a mail of ours cannot be read");
    mails.push_back({.from = account.addr,
                     .to = due->recipients,
                     .read = {.internaldate = now / 1000 * 1000,
                              .size = due->bytes.size(),
                              .live = true,
                              .content = chat::read(*parsed, {})}});
    chat::SendResult result{.outgoing = id};
    for (const auto& addr : due->recipients)
      result.recipients.push_back({.addr = addr, .state = chat::RecipientState::accepted, .reply = "250 OK"});
    results_.push_back(std::move(result));
  }
  return mails;
}

std::vector<Mail> Desk::act(const chat::Input& action, UnixMs now) {
  begin(now);
  const bool done = good(engine::step(database_, account, action, now)).has_value();  // else nothing was changed
  const auto changes = good(database_.commit());
  return done ? mails_of(changes, now) : std::vector<Mail>();
}

std::optional<store::ChatRow> Desk::group() {
  for (const bool requests : {false, true}) {
    auto rows = good(reader_.chats({.requests = requests})).value.rows;
    for (auto& row : rows)
      if (row.kind == chat::ChatKind::group) return std::move(row);
  }
  return std::nullopt;
}

std::vector<store::MessageRow> Desk::messages(std::size_t last) {
  const auto row = group();
  return row ? good(reader_.messages(row->id, {.most = last})).value.rows : std::vector<store::MessageRow>();
}

}  // namespace coi::scenario
