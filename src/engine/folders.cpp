#include "engine/folders.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

struct KnownName {
  std::string_view name;
  FolderRole role;
};
// For servers without SPECIAL-USE: names that mail programs give to these folders (facts; lower case).
constexpr std::array known_names = std::to_array<KnownName>({{"sent", FolderRole::sent},
                                                             {"sent items", FolderRole::sent},
                                                             {"sent messages", FolderRole::sent},
                                                             {"sent mail", FolderRole::sent},
                                                             {"gesendet", FolderRole::sent},
                                                             {"gesendete objekte", FolderRole::sent},
                                                             {"envoyés", FolderRole::sent},
                                                             {"enviados", FolderRole::sent},
                                                             {"trash", FolderRole::trash},
                                                             {"junk", FolderRole::junk},
                                                             {"spam", FolderRole::junk},
                                                             {"drafts", FolderRole::drafts}});

std::optional<FolderRole> role_of(imap::SpecialUse use) {
  switch (use) {
    case imap::SpecialUse::sent:
      return FolderRole::sent;
    case imap::SpecialUse::trash:
      return FolderRole::trash;
    case imap::SpecialUse::junk:
      return FolderRole::junk;
    case imap::SpecialUse::drafts:
      return FolderRole::drafts;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> Folders::name(FolderRole role) const {
  const auto found = std::ranges::find(found_, role, &chat::FoundFolder::role);
  return found == found_.end() ? std::nullopt : std::optional(found->name);
}

std::string Folders::proposed_name(FolderRole role) const {
  const auto below_root = [&](std::string_view folder) {
    // S-10; a server may name the root with the namespace's prefix or without it.
    const std::string_view prefix = coi_.root.starts_with(prefix_) ? std::string_view() : prefix_;
    return fmt::format("{}{}{}{}", prefix, coi_.root, delimiter_, folder);
  };
  switch (role) {
    case FolderRole::chats:
      return below_root(wire::chats_folder);
    case FolderRole::contacts:
      return below_root(wire::contacts_folder);
    case FolderRole::blocked:
      return prefix_ + std::string(wire::blocked_folder);
    case FolderRole::sent:
      return prefix_ + "Sent";
    case FolderRole::trash:
      return prefix_ + "Trash";
    default:
      return {};
  }
}

void Folders::take(const imap::List& list) {
  const auto put = [&](FolderRole role) {
    if (!name(role)) found_.push_back({list.mailbox, role});
  };
  if (ascii_iequal(list.mailbox, "INBOX")) return put(FolderRole::inbox);
  if (list.has("\\Noselect") || list.has("\\NonExistent")) return;
  // C-39: any case variant of the names counts.
  for (const auto role : {FolderRole::chats, FolderRole::contacts, FolderRole::blocked})
    if (ascii_iequal(list.mailbox, proposed_name(role))) return put(role);
  for (const auto use : list.special_uses)
    if (const auto role = role_of(use)) return put(*role);
}

Result<Folders> Folders::find(ImapLink& link) {
  Folders folders;
  if (!link.namespaces().personal.empty()) {
    folders.prefix_ = link.namespaces().personal.front().prefix;
    if (const char delimiter = link.namespaces().personal.front().delimiter; delimiter != '\0')
      folders.delimiter_ = delimiter;
  }
  const bool extended = link.has("LIST-EXTENDED");
  COI_TRY(link.demand(imap::list("*", {.extended = extended, .special_use = extended && link.has("SPECIAL-USE")}),
                      "cannot list the folders", [&](imap::Event&& event) -> Result<> {
                        auto* list = std::get_if<imap::List>(&event);
                        if (list == nullptr) return link.pass_on(std::move(event));
                        folders.listed_.push_back(std::move(*list));
                        return {};
                      }));
  for (const auto& list : folders.listed_)
    if (list.delimiter != '\0') folders.delimiter_ = list.delimiter;
  COI_TRY(folders.read_coi(link));
  for (const auto& list : folders.listed_) folders.take(list);
  for (const auto& list : folders.listed_) {
    const auto plain =
        ascii_lower(list.mailbox.substr(list.mailbox.starts_with(folders.prefix_) ? folders.prefix_.size() : 0));
    const auto known = std::ranges::find(known_names, plain, &KnownName::name);
    if (known != known_names.end() && !folders.name(known->role) && !list.has("\\Noselect"))
      folders.found_.push_back({list.mailbox, known->role});
  }
  if (!folders.name(FolderRole::inbox)) folders.found_.insert(folders.found_.begin(), {"INBOX", FolderRole::inbox});
  return folders;
}

// S-04: by the COI paths whenever COI is announced, with or without METADATA. S-09, S-12, S-15.
Result<> Folders::read_coi(ImapLink& link) {
  coi_.root = wire::default_mailbox_root;
  coi_.announced = link.has(wire::coi_capability);
  if (!coi_.announced) return {};
  imap::Metadata all;
  const auto status = COI_TRY(
      link.run(imap::getmetadata("", "1", {std::string(wire::config_path)}), [&](imap::Event&& event) -> Result<> {
        auto* metadata = std::get_if<imap::Metadata>(&event);
        if (metadata == nullptr) return link.pass_on(std::move(event));
        all.entries.merge(metadata->entries);
        return {};
      }));
  if (!status.ok()) return {};
  const auto value = [&](std::string_view path) -> std::optional<std::string> {
    const auto found = all.entries.find(ascii_lower(path));
    return found == all.entries.end() ? std::nullopt : found->second;
  };
  if (const auto root = value(wire::mailbox_root_path); root && !root->empty()) coi_.root = *root;
  coi_.enabled = value(wire::enabled_path) == wire::enabled_value;
  if (const auto word = value(wire::message_filter_path))
    coi_.filter = wire::parse_filter(*word).value_or(wire::Filter::none);
  return {};
}

Result<bool> Folders::ensure(ImapLink& link, FolderRole role) {
  if (name(role)) return true;
  const auto folder = proposed_name(role);
  if (folder.empty()) return false;
  const auto created = COI_TRY(link.run(imap::create(folder)));
  if (!created.ok() && !created.is(imap::CodeWord::alreadyexists)) return false;
  COI_TRY(link.run(imap::subscribe(folder)));
  found_.push_back({folder, role});
  return true;
}

Result<> Folders::set_filter(ImapLink& link, wire::Filter filter) {
  if (!coi_.enabled && filter == wire::Filter::none) return {};
  std::vector<std::pair<std::string, std::optional<std::string>>> entries;
  if (!coi_.enabled) entries.emplace_back(wire::enabled_path, std::string(wire::enabled_value));
  entries.emplace_back(wire::message_filter_path, std::string(wire::name(filter)));  // S-22: the word, never NIL
  for (auto& entry : entries)
    COI_TRY(link.demand(imap::setmetadata("", {entry}), "the server does not change the filter"));
  coi_.enabled = true;
  coi_.filter = filter;
  return {};
}

}  // namespace coi::engine
