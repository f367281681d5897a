// What happens on the server: flags change, jobs end.
#include <algorithm>

#include "chat/decide.h"
#include "chat/decide_parts.h"

namespace coi::chat {

void decide_flags(const FlagsChanged& change, const AccountFacts& account, const std::optional<PlaceFacts>& known,
                  Operations& out) {
  auto flags = change.flags;
  // Our own \Seen is on its way: a round that began before it arrives must not show the mail as unread again.
  if (known && known->seen_pending) flags.bits |= Flags::seen;
  out.emplace_back(SetFlags{change.place, flags, change.modseq});
  if (!known || !known->message) return;
  file_copy_well({.role = change.role,
                  .chat = known->chat,
                  .outgoing = known->outgoing,
                  .seen = flags.has(Flags::seen),
                  .blocked = known->blocked},
                 change.place, account, out);
}

namespace {

constexpr int most_attempts = 10;

void end_or_delay(const JobDone& done, const JobFacts& job, UnixMs now, Operations& out) {
  // A copy that was marked as deleted does not stay so: that job is asked until the server has said what becomes of it.
  const bool given_up = job.attempts + 1 >= most_attempts && job.kind != JobKind::remove_copy;
  if (done.done || done.hopeless || given_up)
    out.emplace_back(EndJob{job.id});
  else
    out.emplace_back(DelayJob{job.id, job.attempts + 1, now + retry_pause(job.attempts + 1), done.reason});
}

void put_filed_copy(const Place& place, const std::optional<MessageFacts>& message, Operations& out) {
  if (!message) {
    out.emplace_back(PutTombstone{place, {}});
    return;
  }
  out.emplace_back(PutPlace{.place = place,
                            .key = message->key,
                            .message = message->id,
                            .flags = {Flags::seen | (message->is_chat ? Flags::chat : 0)},
                            .appended = true});
  // It was deleted while its copy was on the way.
  if (message->deleted)
    out.emplace_back(PutJob{.kind = JobKind::remove_mail, .message = message->id, .places = {place}});
}

// A deleted message was moved before it could be removed.
void remove_where_it_lies(const JobFacts& job, const std::optional<MessageFacts>& message, Operations& out) {
  if (!message || !message->deleted) return;
  std::vector<Place> places;
  for (const auto& place : message->places)
    if (std::ranges::find(job.places, place.place) == job.places.end() &&
        (!message->expired || may_remove_copy(*message, place)))
      places.push_back(place.place);
  add_jobs({.kind = JobKind::remove_mail, .message = message->id}, std::move(places), out);
}

}  // namespace

void decide_job(const JobDone& done, const AccountFacts& account, const JobDoneFacts& facts, UnixMs now,
                Operations& out) {
  if (!facts.job) return;
  const auto& job = *facts.job;
  end_or_delay(done, job, now, out);
  if (job.kind == JobKind::remove_mail && done.hopeless) remove_where_it_lies(job, facts.message, out);
  if (!done.done) return;
  if (job.kind == JobKind::move && !done.to.empty()) out.emplace_back(MovePlaces{done.from, done.to});
  // The own copy just filed is known by its place and need not be fetched.
  // … but what lies in Contacts is read as it lies there.
  if (job.kind == JobKind::file_copy && job.role != FolderRole::contacts && !done.to.empty())
    put_filed_copy(done.to.front(), facts.message, out);
  // It waited for the server's own, and none came.
  if (job.kind == JobKind::file_copy && job.message && done.appended && account.server_files_copies)
    out.emplace_back(PutCopiesFiled{.by_server = false});
  if (job.kind != JobKind::claim_receipt || !facts.message) return;
  // Answered, whoever did it: known at once, not only when the server tells of its new flag.
  for (const auto& place : facts.message->places)
    out.emplace_back(SetFlags{place.place, {place.flags.bits | Flags::mdn_sent}});
  // C-37: whoever set $MDNSent first sends the one receipt. What was learned since it was ordered counts.
  const bool is_blocked = facts.author && facts.author->blocked;
  if (done.claimed && !is_blocked && !facts.message->forged) put_receipt(*facts.message, account, done, now, out);
}

}  // namespace coi::chat
