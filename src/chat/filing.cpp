#include "chat/filing.h"

#include <map>
#include <utility>

namespace coi::chat {

FolderRole home_of_sent(bool chat) { return chat ? FolderRole::chats : FolderRole::sent; }

std::optional<FolderRole> misfiled(const Filed& mail, const AccountFacts& account) {
  // Blocking is ours even on a COI server (S-27): its draft defines no rule for it.
  if (mail.blocked && !mail.outgoing && (mail.role == FolderRole::inbox || mail.role == FolderRole::chats))
    return FolderRole::blocked;
  if (mail.role != FolderRole::inbox) return std::nullopt;
  if (mail.outgoing) return home_of_sent(mail.chat);
  if (account.coi_server || !mail.chat) return std::nullopt;
  switch (account.filter) {
    case wire::Filter::none:
      return std::nullopt;
    case wire::Filter::active:
      return FolderRole::chats;
    case wire::Filter::seen:
      return mail.seen ? std::optional(FolderRole::chats) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<Operation> jobs_for(PutJob job, std::vector<Place> places) {
  std::map<std::pair<FolderId, std::uint32_t>, std::vector<Place>> folders;
  for (const auto& place : places) folders[{place.folder, place.uidvalidity}].push_back(place);
  std::vector<Operation> operations;
  for (auto& [folder, in_folder] : folders) {
    job.places = std::move(in_folder);
    operations.emplace_back(job);
  }
  return operations;
}

}  // namespace coi::chat
