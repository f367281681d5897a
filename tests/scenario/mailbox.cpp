#include "mailbox.h"

#include "mime/mail.h"
#include "wire/classify.h"
#include "wire/words.h"

namespace coi::scenario {
namespace {

using chat::Flags;
using chat::FolderRole;

std::string_view field(const mime::Part& part, std::string_view name) {
  const auto* value = part.header(name);
  return value == nullptr ? std::string_view{} : std::string_view(value->c_str());
}

// S-20, as the server sees it.
bool is_chat(const std::string& bytes) {
  const auto mail = mime::parse(bytes, Limits{});
  return mail && wire::is_chat({.chat_version = field(mail->root, wire::chat_version),
                                .message_id = field(mail->root, "Message-ID"),
                                .references = field(mail->root, "References")});
}

}  // namespace

StoredMail* MailFolder::find(std::uint32_t uid) {
  const auto found = std::ranges::find(mails, uid, &StoredMail::uid);
  return found == mails.end() ? nullptr : &*found;
}

Mailbox::Mailbox()
    : folders_{{.name = "INBOX", .role = FolderRole::inbox, .uidvalidity = 10},
               {.name = "COI/Chats", .role = FolderRole::chats, .uidvalidity = 20},
               {.name = "Sent", .role = FolderRole::sent, .uidvalidity = 30}} {}

MailFolder& Mailbox::folder(FolderRole role) { return *std::ranges::find(folders_, role, &MailFolder::role); }

bool Mailbox::has(FolderRole role) const {
  return std::ranges::find(folders_, role, &MailFolder::role) != folders_.end();
}

void Mailbox::make_folder(FolderRole role) {
  const bool contacts = role == FolderRole::contacts;
  if (!has(role))
    folders_.push_back(
        {.name = contacts ? "COI/Contacts" : "Blocked", .role = role, .uidvalidity = contacts ? 50U : 40U});
}

void Mailbox::deliver(std::string bytes, UnixMs at) {
  const bool chat = coi && is_chat(bytes);
  append(chat && *coi == wire::Filter::active ? FolderRole::chats : FolderRole::inbox, std::move(bytes), at,
         chat ? Flags::chat : 0);
}

std::uint32_t Mailbox::append(FolderRole role, std::string bytes, UnixMs at, std::uint32_t flags) {
  auto& to = folder(role);
  to.mails.push_back({.uid = to.uidnext,
                      .flags = flags,
                      .modseq = ++modseq_,
                      .internaldate = at / 1000 * 1000,
                      .bytes = std::move(bytes)});
  return to.uidnext++;
}

void Mailbox::set_flags(FolderRole role, std::uint32_t uid, std::uint32_t flags) {
  auto* mail = folder(role).find(uid);
  if (mail == nullptr || mail->flags == flags) return;
  mail->flags = flags;
  mail->modseq = ++modseq_;
  const Flags now{flags};
  if (coi == wire::Filter::seen && role == FolderRole::inbox && now.has(Flags::seen) && now.has(Flags::chat))
    move(role, uid, FolderRole::chats);
}

void Mailbox::add_flags(FolderRole role, std::uint32_t uid, std::uint32_t flags) {
  if (const auto* mail = folder(role).find(uid)) set_flags(role, uid, mail->flags | flags);
}

void Mailbox::remove_flags(FolderRole role, std::uint32_t uid, std::uint32_t flags) {
  if (const auto* mail = folder(role).find(uid)) set_flags(role, uid, mail->flags & ~flags);
}

std::uint32_t Mailbox::move(FolderRole from, std::uint32_t uid, FolderRole to) {
  const auto* mail = folder(from).find(uid);
  if (mail == nullptr) return 0;
  const auto copy = *mail;
  expunge(from, uid);
  return append(to, copy.bytes, copy.internaldate, copy.flags);
}

void Mailbox::expunge(FolderRole role, std::uint32_t uid) {
  std::erase_if(folder(role).mails, [&](const StoredMail& mail) { return mail.uid == uid; });
}

void Mailbox::make_anew(FolderRole role) {
  auto& anew = folder(role);
  ++anew.uidvalidity;
  anew.uidnext = 1000;
  for (auto& mail : anew.mails) mail.uid = anew.uidnext++;
}

}  // namespace coi::scenario
