#include "engine/folders.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "engine/folder_names.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

// What comes first: the protocol's own names, then SPECIAL-USE, then a name of the table; then what lies least deep.
constexpr int by_use = 100, by_name = 200, doubtful = 100;
constexpr int deepest_by_name = 1;

constexpr std::size_t most_folders = 50'000;  // that a server may name
constexpr std::size_t longest_name = 1000;    // octets; one with a longer name has no role

// Where a server has no NAMESPACE (RFC 2342): the parents of those of others, as folded_name() writes them.
constexpr auto foreign = std::to_array<std::string_view>(
    {"user", "users", "other users", "shared", "shared folders", "shared mailboxes", "public", "public folders",
     // German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish
     "benutzer", "andere benutzer", "freigegebene ordner", "geteilte ordner", "offentliche ordner",
     "autres utilisateurs", "dossiers partages", "dossiers publics", "otros usuarios", "carpetas compartidas",
     "carpetas publicas", "outros utilizadores", "outros usuarios", "pastas compartilhadas", "pastas partilhadas",
     "pastas publicas", "altri utenti", "cartelle condivise", "cartelle pubbliche", "andere gebruikers",
     "gedeelde mappen", "openbare mappen", "inni uzytkownicy", "foldery udostepnione", "foldery publiczne",
     "andra anvandare", "delade mappar"});
// Parents that a name of the table may have as if it had none, with the delimiter behind them.
constexpr std::array<std::string_view, 4> transparent = {"INBOX", "[Gmail]", "[Google Mail]", "mail"};

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

bool is_foreign(std::string_view folder, char delimiter) {
  if (folder.starts_with('#')) return true;
  const auto first = folder.find(delimiter);
  return first != std::string_view::npos &&
         std::ranges::find(foreign, folded_name(folder.substr(0, first))) != foreign.end();
}

}  // namespace

std::optional<std::string> Folders::name(FolderRole role) const {
  const auto found = std::ranges::find(found_, role, &chat::FoundFolder::role);
  return found == found_.end() ? std::nullopt : std::optional(found->name);
}

std::string Folders::proposed_name(FolderRole role) const {
  const auto below_root = [&](std::string_view folder) {
    // S-10; a server may name the root with the namespace's prefix or without it.
    const std::string_view prefix = ascii_istarts_with(coi_.root, prefix_) ? std::string_view() : prefix_;
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

// Servers name the parents of a folder in one case in NAMESPACE and in another in LIST; INBOX is the same in any
// (RFC 3501, section 5.1).
bool Folders::is_personal(std::string_view folder) const {
  const auto in = [&](const imap::Namespaces::Space& space) {
    return !space.prefix.empty() && ascii_istarts_with(folder, space.prefix);
  };
  if (std::ranges::any_of(namespaces_.other_users, in) || std::ranges::any_of(namespaces_.shared, in)) return false;
  if (namespaces_.personal.empty()) return !is_foreign(folder, delimiter_);
  return std::ranges::any_of(namespaces_.personal,
                             [&](const auto& space) { return space.prefix.empty() || in(space); });
}

std::string_view Folders::below_prefix(std::string_view folder) const {
  if (ascii_istarts_with(folder, prefix_)) folder.remove_prefix(prefix_.size());
  for (const auto parent : transparent)
    if (folder.size() > parent.size() + 1 && folder[parent.size()] == delimiter_ &&
        ascii_iequal(folder.substr(0, parent.size()), parent))
      folder.remove_prefix(parent.size() + 1);
  return folder;
}

void Folders::take(const imap::Namespaces::Space& personal) {
  prefix_ = personal.prefix;
  if (personal.delimiter == '\0') return;
  delimiter_ = personal.delimiter;
  // RFC 2342 section 5 has "INBOX." there; some leave the delimiter away.
  if (ascii_iequal(prefix_, "INBOX")) prefix_ += delimiter_;
}

void Folders::take(const imap::List& list) {
  const auto put = [&](FolderRole role, int rank) {
    auto& best = candidates_.try_emplace(role, Candidate{rank, {}}).first->second;
    if (rank < best.rank) best = {rank, {}};
    if (rank == best.rank) best.names.push_back(list.mailbox);
  };
  if (list.delimiter != '\0') delimiter_ = list.delimiter;
  if (ascii_iequal(list.mailbox, "INBOX")) return put(FolderRole::inbox, 0);
  if (list.has("\\Noselect") || list.has("\\NonExistent")) return;
  // C-39: any case variant of the names counts.
  for (const auto role : {FolderRole::chats, FolderRole::contacts, FolderRole::blocked})
    if (ascii_iequal(list.mailbox, proposed_name(role))) return put(role, 0);
  // Those of a colleague have uses and names too.
  if (!is_personal(list.mailbox)) return;
  listed_.push_back(list.mailbox);
  const auto plain = below_prefix(list.mailbox);
  const auto depth = static_cast<int>(std::ranges::count(plain, delimiter_));
  for (const auto use : list.special_uses)
    if (const auto role = role_of(use)) {
      // Of a server that does not say which are ours a folder deep below may be a colleague's.
      const bool doubtful_use = namespaces_.personal.empty() && depth > deepest_by_name;
      return put(*role, doubtful_use ? by_name + depth : by_use + std::min(depth, by_name - by_use - 1));
    }
  const auto leaf = plain.substr(plain.rfind(delimiter_) + 1);
  if (const auto named = role_of_name(leaf); named && depth <= deepest_by_name)
    put(named->role, by_name + depth + (named->doubtful ? doubtful : 0));
  else if (list.special_uses.empty() && depth <= deepest_by_name)
    unknown_.push_back(list.mailbox);
}

Result<Folders> Folders::find(ImapLink& link, const std::vector<chat::FoundFolder>& known) {
  Folders folders;
  folders.namespaces_ = link.namespaces();
  if (!link.namespaces().personal.empty()) folders.take(link.namespaces().personal.front());
  COI_TRY(folders.read_coi(link));
  std::size_t count = 0;
  const auto listen = [&](imap::Event&& event) -> Result<> {
    const auto* list = std::get_if<imap::List>(&event);
    if (list == nullptr) return link.pass_on(std::move(event));
    if (++count > most_folders)
      return fail(ErrorKind::limit, fmt::format("the server names more than {} folders", most_folders));
    if (list->mailbox.size() <= longest_name) folders.take(*list);
    return {};
  };
  const bool wants_use = link.has("LIST-EXTENDED") && link.has("SPECIAL-USE");
  const auto extended = imap::ListOptions{.extended = true, .special_use = true};
  if (!wants_use || !COI_TRY(link.run(imap::list("*", extended), listen)).ok()) {
    folders.forget_listed();
    if (const auto answer = COI_TRY(link.run(imap::list("*"), listen)); !answer.ok())
      folders.refusal_ = fmt::format("the server does not list the folders: {}", answer.text);
  }
  // What was named before a refusal is a part, in which another folder may seem to be the one for sent mail.
  if (folders.refusal_) folders.found_ = known;
  for (auto& [role, candidate] : std::exchange(folders.candidates_, {})) {
    if (!folders.name(role)) folders.found_.push_back({candidate.names.front(), role});
    if (role == FolderRole::sent && candidate.names.size() > 1) folders.rivals_ = std::move(candidate.names);
  }
  if (!folders.name(FolderRole::inbox)) folders.found_.insert(folders.found_.begin(), {"INBOX", FolderRole::inbox});
  return folders;
}

void Folders::forget_listed() {
  candidates_.clear();
  listed_.clear();
  unknown_.clear();
}

bool Folders::assign(FolderRole role, const std::string& folder) {
  if (std::ranges::find(listed_, folder) == listed_.end()) return false;
  std::erase_if(found_, [&](const auto& found) { return found.role == role || found.name == folder; });
  found_.push_back({folder, role});
  return true;
}

void Folders::forget(const std::string& folder) {
  std::erase_if(found_, [&](const auto& found) { return found.name == folder; });
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
  if (status.may_pass()) refusal_ = fmt::format("the server does not say how COI is set up: {}", status.text);
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
  if (refusal_) return false;
  const auto folder = proposed_name(role);
  if (folder.empty()) return false;
  const auto created = COI_TRY(link.run(imap::create(folder)));
  if (!created.ok() && !created.is(imap::CodeWord::alreadyexists)) return false;
  COI_TRY(link.run(imap::subscribe(folder)));
  found_.push_back({folder, role});
  return true;
}

Result<> Folders::set_filter(ImapLink& link, wire::Filter filter) {
  if (!coi_.enabled && filter == wire::Filter::none && !refusal_) return {};
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
