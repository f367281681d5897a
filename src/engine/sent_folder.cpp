#include "engine/sent_folder.h"

#include <algorithm>
#include <utility>

#include "engine/hard_mails.h"

namespace coi::engine {
namespace {

struct Candidate {
  std::uint64_t mails;
  std::string folder;
};

// nullopt: the server does not say, and may later.
using Count = std::optional<std::uint64_t>;

Result<Count> count(ImapLink& link, const imap::SearchKey& key) {
  NumberSet found;
  const auto answer = COI_TRY(link.run(imap::uid_search(key), [&](imap::Event&& event) -> Result<> {
    if (const auto* search = std::get_if<imap::Search>(&event)) found.add(search->all);
    return tells_of_others(event) ? link.pass_on(std::move(event)) : Result<>{};
  }));
  return answer.ok() ? Count(found.size()) : may_pass(answer) ? std::nullopt : Count(0);
}

// How many mails of the user lie there; 0 when other mail does, or drafts, or notes, or it cannot be opened.
Result<Count> own_mails(ImapLink& link, const std::string& folder, const std::string& own_addr) {
  const auto opened =
      COI_TRY(link.run(imap::select({.mailbox = folder, .read_only = true}), [&](imap::Event&& event) -> Result<> {
        return tells_of_others(event) ? link.pass_on(std::move(event)) : Result<>{};
      }));
  const auto& mailbox = link.session().mailbox();
  if (may_pass(opened)) return std::nullopt;
  if (!opened.ok() || !mailbox) return 0;
  const auto all = mailbox->messages ? Count(*mailbox->messages) : COI_TRY(count(link, imap::SearchKey::all()));
  if (!all || *all == 0) return all;
  const auto own = COI_TRY(count(link, imap::SearchKey::header("From", own_addr)));
  if (!own || *own * 10 < *all * 9) return own ? Count(0) : own;
  // Notes that some programs keep as mails have an author and nobody they are for.
  const auto addressed = COI_TRY(count(link, imap::SearchKey::header("To", "@")));
  if (!addressed || *addressed * 10 < *all * 9) return addressed ? Count(0) : addressed;
  const auto drafts = COI_TRY(count(link, imap::SearchKey::flag("\\Draft")));
  return !drafts || *drafts * 2 < *all ? (drafts ? own : drafts) : Count(0);
}

}  // namespace

Result<std::optional<SentFolder>> seek_sent_folder(ImapLink& link, const std::vector<std::string>& folders,
                                                   const std::string& own_addr) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < std::min(folders.size(), most_looked_into); ++i) {
    const auto mails = COI_TRY(own_mails(link, folders[i], own_addr));
    if (!mails) return std::nullopt;
    if (*mails > 0) candidates.push_back({*mails, folders[i]});
  }
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
