#include "engine/sent_folder.h"

#include <algorithm>
#include <utility>

namespace coi::engine {
namespace {

struct Candidate {
  std::uint64_t mails;
  std::string folder;
};

// Looks into one folder after the other.
struct Look {
  ImapLink& link;
  const std::string& own_addr;
  bool is_whole = true;  // nothing was refused that the server may tell later

  Result<std::uint64_t> count(const imap::SearchKey& key);
  // How many mails of the user lie there; 0 when other mail does, or drafts, or notes, or it cannot be opened.
  Result<std::uint64_t> own_mails(const std::string& folder);
};

Result<std::uint64_t> Look::count(const imap::SearchKey& key) {
  NumberSet found;
  const auto answer = COI_TRY(link.run(imap::uid_search(key), [&](imap::Event&& event) -> Result<> {
    if (const auto* search = std::get_if<imap::Search>(&event)) found.add(search->all);
    return tells_of_others(event) ? link.pass_on(std::move(event)) : Result<>{};
  }));
  is_whole = is_whole && !answer.may_pass();
  return found.size();
}

Result<std::uint64_t> Look::own_mails(const std::string& folder) {
  const auto opened =
      COI_TRY(link.run(imap::select({.mailbox = folder, .read_only = true}), [&](imap::Event&& event) -> Result<> {
        return tells_of_others(event) ? link.pass_on(std::move(event)) : Result<>{};
      }));
  is_whole = is_whole && !opened.may_pass();
  const auto& mailbox = link.session().mailbox();
  if (!opened.ok() || !mailbox) return 0;
  const std::uint64_t all = mailbox->messages ? *mailbox->messages : COI_TRY(count(imap::SearchKey::all()));
  if (all == 0) return 0;
  const auto own = COI_TRY(count(imap::SearchKey::header("From", own_addr)));
  if (own * 10 < all * 9) return 0;
  // Notes that some programs keep as mails have an author and nobody they are for.
  const auto addressed = COI_TRY(count(imap::SearchKey::header("To", "@")));
  if (addressed * 10 < all * 9) return 0;
  const auto drafts = COI_TRY(count(imap::SearchKey::flag("\\Draft")));
  return drafts * 2 < all ? own : 0;
}

}  // namespace

Result<std::optional<SentFolder>> seek_sent_folder(ImapLink& link, const std::vector<std::string>& folders,
                                                   const std::string& own_addr) {
  Look look{link, own_addr};
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < std::min(folders.size(), most_looked_into); ++i)
    if (const auto mails = COI_TRY(look.own_mails(folders[i])); mails > 0) candidates.push_back({mails, folders[i]});
  if (!look.is_whole) return std::nullopt;
  std::ranges::sort(candidates, std::greater{}, &Candidate::mails);
  SentFolder sent;
  // An archive of old mail is smaller by far, or larger by far; then it is the user who knows.
  if (candidates.size() == 1)
    sent.found = std::move(candidates.front().folder);
  else
    for (auto& candidate : candidates) sent.candidates.push_back(std::move(candidate.folder));
  return sent;
}

}  // namespace coi::engine
