#include "post_office.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "chat/read.h"
#include "engine/step.h"
#include "imap/fetch.h"
#include "mime/address.h"
#include "store/kept_counts.h"
#include "wire/group_id.h"
#include "wire/message_id.h"
#include "wire/words.h"

namespace coi::scenario {
namespace {

using chat::Flags;
using chat::FolderRole;
using chat::JobKind;

template <class T>
T taken(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::vector<std::string> flag_words(std::uint32_t bits) {
  constexpr std::pair<std::uint32_t, std::string_view> words[] = {
      {Flags::seen, "\\Seen"},       {Flags::answered, "\\Answered"},           {Flags::flagged, "\\Flagged"},
      {Flags::deleted, "\\Deleted"}, {Flags::mdn_sent, wire::mdn_sent_keyword}, {Flags::chat, wire::chat_keyword}};
  std::vector<std::string> flags;
  for (const auto& [bit, word] : words)
    if ((bits & bit) != 0) flags.emplace_back(word);
  return flags;
}

}  // namespace

chat::RecipientResult PostOffice::submit(const Letter& letter) {
  if (answer)
    if (auto refused = answer(letter)) return *refused;
  taken_.push_back(letter);
  if (mailboxes_.contains(letter.to)) mailbox(letter.to).deliver(letter.bytes, now);
  return {.addr = letter.to, .state = chat::RecipientState::accepted, .reply = "250 OK"};
}

void PostOffice::carry() {
  constexpr int most_rounds = 50;
  for (int round = 0; round < most_rounds; ++round) {
    bool moved = false;
    for (auto* device : devices_) {
      if (!device->online) continue;
      moved |= device->tick();
      moved |= device->release();
      moved |= device->send();
      moved |= device->fetch();
      moved |= device->run_jobs();
    }
    now += second;
    if (!moved) return;
  }
  throw std::runtime_error("the post never comes to rest");
}

Device::Device(PostOffice& office, std::string addr, std::string name)
    : account{.addr = addr, .name = name.substr(0, name.find('-')), .own = {addr}},
      office_(office),
      mailbox_(office.mailbox(addr)),
      database_(taken(store::Database::open(directory_.path(), {}))),
      reader_(Limits{}, engine::Blobs(directory_.path() / "blobs")),
      name_(std::move(name)) {
  office_.join(*this);
}

Device::~Device() {
  office_.leave(*this);
  EXPECT_EQ(wrong_counts(directory_.path()), "") << name_;
}

store::Changes Device::put(const chat::Input& input) {
  taken(database_.begin(store::Durability::normal));
  taken(taken(engine::step(database_, account, input, office_.now)));
  auto changes = taken(database_.commit());
  for (const auto& [id, sound] : changes.sounds) notified_.push_back(id);
  moved_ = true;
  return changes;
}

Result<store::Changes> Device::act(const chat::Input& action) {
  taken(database_.begin(store::Durability::normal));
  if (auto stepped = taken(engine::step(database_, account, action, office_.now)); !stepped) {
    database_.rollback();
    return std::unexpected(stepped.error());
  }
  return database_.commit();
}

std::string Device::new_id() { return fmt::format("chat${}-{}@{}", name_, ++ids_, wire::domain_of(account.addr)); }

Result<chat::MessageId> Device::write(const std::string& addr, const std::string& text) {
  chat::SendMessage send{.addr = addr, .text = text, .rfc_id = new_id()};
  if (addr.find('@') == std::string::npos) send.chat = chat_id(addr);
  return COI_TRY(act(send)).added.at(0);
}

chat::MessageId Device::say(const std::string& addr, const std::string& text) { return taken(write(addr, text)); }

chat::MessageId Device::say_at(UnixMs not_before, const std::string& addr, const std::string& text,
                               std::optional<chat::MessageId> reply_to) {
  chat::SendMessage send{
      .addr = addr, .text = text, .reply_to = reply_to, .not_before_ms = not_before, .rfc_id = new_id()};
  if (addr.find('@') == std::string::npos) send.chat = chat_id(addr);
  return taken(act(send)).added.at(0);
}

chat::MessageId Device::answer(const std::string& addr, const std::string& text, chat::MessageId reply_to) {
  chat::SendMessage send{.addr = addr, .text = text, .reply_to = reply_to, .rfc_id = new_id()};
  if (addr.find('@') == std::string::npos) send.chat = chat_id(addr);
  return taken(act(send)).added.at(0);
}

void Device::create_group(const std::string& name, const std::vector<std::string>& members) {
  taken(act(chat::CreateGroup{.id = wire::make_group_id(), .name = name, .members = members}));
}

Result<store::Changes> Device::change_group(const std::string& name, chat::ChangeGroup change) {
  change.chat = chat_id(name);
  for (std::size_t i = 0; i < change.count(); ++i) change.rfc_ids.push_back(new_id());
  return act(change);
}

void Device::look_at(const std::string& addr) { taken(act(chat::MarkSeen{chat_id(addr), {}})); }

void Device::react(chat::MessageId message, const std::string& emoji, bool to_plain) {
  taken(act(chat::React{.message = message, .emoji = emoji, .to_plain = to_plain, .rfc_id = new_id()}));
}

void Device::edit(chat::MessageId message, const std::string& text, bool to_plain) {
  taken(act(chat::EditMessage{.message = message, .text = text, .to_plain = to_plain, .rfc_id = new_id()}));
}

void Device::remove(chat::MessageId message, bool here, bool to_plain) {
  taken(act(chat::DeleteMessage{.message = message, .here = here, .to_plain = to_plain, .rfc_id = new_id()}));
}

void Device::pin(chat::MessageId message, bool pinned, UnixMs until) {
  taken(act(chat::PinMessage{.message = message, .pinned = pinned, .until_ms = until, .rfc_id = new_id()}));
}

Result<store::Changes> Device::set_timer(const std::string& addr, std::optional<std::uint32_t> seconds,
                                         std::optional<bool> removes_copies) {
  return act(
      chat::SetTimer{.chat = chat_id(addr), .seconds = seconds, .removes_copies = removes_copies, .rfc_id = new_id()});
}

bool Device::tick() {
  const auto next = taken(database_.next_expiry());
  if (!next || *next > office_.now) return false;
  put(chat::Tick{});
  return true;
}

bool Device::release() {
  const auto due = taken(database_.due_held(office_.now));
  for (const auto& one : due) {
    const auto sent = act(chat::SendHeld{.message = one.message});
    if (!sent) put(chat::HeldFailed{one.message, sent.error().text()});
  }
  return !due.empty();
}

void Device::filter(wire::Filter filter) {
  taken(act(chat::SetFilter{filter}));
  account.filter = filter;
}

void Device::keep_contacts(bool kept) {
  taken(act(chat::KeepContacts{kept}));
  account.keeps_contacts = kept;
}

bool Device::send() {
  bool sent = false;
  for (const auto id : taken(database_.due_outgoing(office_.now))) {
    const auto mail = taken(database_.due_mail(id, office_.now));
    if (!mail) continue;  // it waits for an earlier one
    sent = true;
    put(chat::DataStarted{id, mail->recipients});
    chat::SendResult result{.outgoing = id};
    for (const auto& addr : mail->recipients) {
      auto outcome = office_.submit({.from = mail->mail_from, .to = addr, .bytes = mail->bytes});
      outcome.addr = addr;
      result.recipients.push_back(std::move(outcome));
    }
    put(result);
  }
  return sent;
}

store::Folder Device::stored(FolderRole role) {
  for (auto& folder : taken(database_.folders()))
    if (folder.role == role) return folder;
  throw std::runtime_error("no such folder");
}

bool Device::fetch() {
  moved_ = false;
  if (std::exchange(first_, false)) {
    chat::FoldersFound found;
    for (const auto& folder : mailbox_.folders()) found.folders.push_back({folder.name, folder.role});
    put(found);
  }
  if (mailbox_.coi) account.coi_server = true;
  for (const auto role : {FolderRole::inbox, FolderRole::chats, FolderRole::sent, FolderRole::contacts})
    if (mailbox_.has(role)) visit(mailbox_.folder(role), stored(role));
  return moved_;
}

// A round as mailbox sync makes it: what changed, what is gone, what is new.
void Device::visit(MailFolder& folder, const store::Folder& before) {
  auto& known = known_[folder.role];
  auto at = before;
  if (before.uidvalidity != folder.uidvalidity) {
    put(chat::FolderReset{before.id, folder.uidvalidity});
    at = stored(folder.role);
    known = {};
  }
  std::vector<StoredMail> arrived;
  NumberSet existing, gone;
  auto modseq = at.highestmodseq;
  for (const auto& mail : folder.mails) {
    existing.add(mail.uid);
    modseq = std::max(modseq, mail.modseq);
    if (!at.done.contains(mail.uid))
      arrived.push_back(mail);
    else if (mail.modseq > at.highestmodseq)
      put(chat::FlagsChanged{.place = {at.id, at.uidvalidity, mail.uid},
                             .role = folder.role,
                             .flags = {mail.flags},
                             .modseq = mail.modseq});
  }
  for (const auto uid : known.uids)
    if (!existing.contains(uid)) gone.add(uid);
  if (!gone.empty()) put(chat::Expunged{at.id, at.uidvalidity, gone});
  const bool made_anew = before.uidvalidity != 0 && before.uidvalidity != folder.uidvalidity;
  for (const auto& mail : arrived)
    if (!made_anew || !attach(mail, at)) fetch_mail(mail, at, before.uidvalidity != 0);
  if (!arrived.empty() || !gone.empty() || modseq != at.highestmodseq)
    put(chat::RoundDone{.folder = at.id,
                        .uidvalidity = at.uidvalidity,
                        .uidnext = folder.uidnext,
                        .highestmodseq = modseq,
                        .done = existing});
  known.uids = existing.numbers();
}

// By its header alone, if the mail is known already: how a folder made anew is looked through.
bool Device::attach(const StoredMail& mail, const store::Folder& stored) {
  const auto header = mime::parse(mail.bytes.substr(0, mail.bytes.find("\r\n\r\n") + 2), Limits{});
  if (!header) return false;
  const auto content = chat::read(*header, {.fallback_id = wire::local_message_id(mail.bytes)});
  const chat::Place place{stored.id, stored.uidvalidity, mail.uid};
  put(chat::MailSeenAgain{.place = place,
                          .key = {content.rfc_id, content.from.addr},
                          .flags = {mail.flags},
                          .modseq = mail.modseq,
                          .size = mail.bytes.size(),
                          .internaldate = mail.internaldate,
                          .date = content.date,
                          .received = content.received});
  return this->stored(stored.role).done.contains(mail.uid);
}

void Device::fetch_mail(const StoredMail& mail, const store::Folder& stored, bool live) {
  ++bodies;
  imap::Fetch fetch{.uid = mail.uid,
                    .flags = flag_words(mail.flags),
                    .modseq = mail.modseq,
                    .internaldate = mail.internaldate,
                    .size = mail.bytes.size(),
                    .sections = {{.section = "", .octets = mail.bytes}}};
  put(reader_.read(std::move(fetch), stored, live));
}

bool Device::run_jobs() {
  const auto jobs = taken(database_.due_jobs(office_.now));
  for (const auto& job : jobs) run(job);
  return !jobs.empty();
}

void Device::run(const chat::JobFacts& job) {
  chat::JobDone done{.job = job.id, .done = true, .rfc_id = new_id()};
  FolderRole role = FolderRole::other;
  for (const auto& folder : taken(database_.folders()))
    if (!job.places.empty() && folder.id == job.places.front().folder) role = folder.role;
  switch (job.kind) {
    case JobKind::store_seen:
      for (const auto& place : job.places) mailbox_.add_flags(role, place.uid, Flags::seen);
      break;
    case JobKind::make_folder:
      mailbox_.make_folder(job.role);
      first_ = true;  // the list of folders is read again
      break;
    case JobKind::set_filter:
      if (mailbox_.coi) mailbox_.coi = account.filter;
      break;
    case JobKind::move: {
      for (const auto& place : job.places)
        if (const auto uid = mailbox_.move(role, place.uid, job.role); uid != 0 && job.role != FolderRole::blocked) {
          done.from.push_back(place);
          done.to.push_back({stored(job.role).id, mailbox_.folder(job.role).uidvalidity, uid});
        }
      break;
    }
    case JobKind::file_copy:
      if (const auto copy = taken(database_.own_copy(job.outgoing)))
        done.to = {
            {stored(job.role).id, mailbox_.folder(job.role).uidvalidity,
             mailbox_.append(job.role, copy->bytes, copy->date_ms, Flags::seen | (copy->chat ? Flags::chat : 0))}};
      break;
    case JobKind::remove_mail: {
      const auto lies = taken(database_.places(job.message));
      done.hopeless = true;
      for (const auto& place : job.places)
        if (std::ranges::find(lies, place) != lies.end()) {
          mailbox_.expunge(role, place.uid);
          done.hopeless = false;
        }
      done.done = !done.hopeless;
      break;
    }
    case JobKind::remove_copy:
    case JobKind::remove_storage:
      for (const auto& place : job.places) mailbox_.expunge(role, place.uid);
      break;
    case JobKind::claim_receipt: {
      const auto uid = job.places.front().uid;
      if (const auto* mail = mailbox_.folder(role).find(uid);
          mail != nullptr && !Flags{mail->flags}.has(Flags::mdn_sent)) {
        mailbox_.add_flags(role, uid, Flags::mdn_sent);
        done.claimed = true;
      }
      break;
    }
  }
  put(done);
}

store::Reader Device::reader() const {
  return taken(store::Reader::open(directory_.path(), {}, [this] { return office_.now; }));
}

chat::ChatId Device::chat_id(const std::string& addr) const {
  auto reader = this->reader();
  if (const auto row = group(addr)) return row->id;
  const auto found = taken(reader.find_chats(addr));
  if (found.size() != 1) throw std::runtime_error("no chat with " + addr);
  return found.front();
}

std::optional<store::ChatRow> Device::group(const std::string& name) const {
  auto reader = this->reader();
  for (const bool requests : {false, true}) {
    const auto rows = taken(reader.chats({.requests = requests})).value.rows;
    for (const auto& row : rows)
      if (row.kind == chat::ChatKind::group && row.name == name) return row;
  }
  return std::nullopt;
}

std::optional<store::ChatRow> Device::chat(const std::string& addr) const {
  auto reader = this->reader();
  if (auto row = group(addr)) return row;
  if (addr == "Saved messages") {
    const auto self = taken(reader.self_chat());
    return self ? taken(reader.chat(*self)).value : std::nullopt;
  }
  const auto found = taken(reader.find_chats(addr));
  const auto id = addr == account.addr ? taken(reader.self_chat())
                  : found.empty()      ? std::nullopt
                                       : std::optional(found.front());
  return id ? taken(reader.chat(*id)).value : std::nullopt;
}

std::vector<store::MessageRow> Device::messages(const std::string& addr) const {
  const auto row = chat(addr);
  if (!row) return {};
  auto reader = this->reader();
  return taken(reader.messages(row->id, {.most = 100})).value.rows;
}

std::vector<std::string> Device::texts(const std::string& addr) const {
  std::vector<std::string> texts;
  for (const auto& message : messages(addr)) texts.push_back(message.text);
  return texts;
}

store::MessageRow Device::last(const std::string& addr) const {
  const auto all = messages(addr);
  if (all.empty()) throw std::runtime_error("no message in the chat with " + addr);
  return all.back();
}

State Device::state(chat::MessageId id) const {
  auto reader = this->reader();
  return taken(reader.message(id)).value.value().state;
}

std::vector<std::string> Device::search(const std::string& words) const {
  auto reader = this->reader();
  std::vector<std::string> texts;
  for (const auto page = taken(reader.search(words, {}, {.most = 20})); const auto& row : page.value.rows)
    texts.push_back(row.text);
  return texts;
}

std::string Device::dump() { return taken(database_.dump()); }

}  // namespace coi::scenario
