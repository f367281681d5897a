// Folders, places, flags, progress, and the jobs that wait for the mailbox.
#include <algorithm>
#include <limits>
#include <map>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

Progress& Database::Impl::progress_of(FolderId folder) {
  const auto found = progress.find(folder);
  if (found != progress.end()) return found->second;
  auto row = connection.query("SELECT uidvalidity, done FROM folder WHERE id = ?", folder);
  auto& read = progress[folder];
  if (row.next()) read = {.uidvalidity = row.u32(0), .done = NumberSet::parse(row.text(1)).value_or(NumberSet{})};
  return read;
}

bool Database::Impl::is_void(const Place& place) {
  const auto current = progress_of(place.folder).uidvalidity;
  return current != 0 && current != place.uidvalidity;
}

void Database::Impl::mark_done(const Place& place) {
  auto& folder = progress_of(place.folder);
  folder.uidvalidity = place.uidvalidity;
  if (folder.done.contains(place.uid)) return;
  folder.done.add(place.uid);
  folder.changed = true;
}

void Database::Impl::save_progress() {
  for (auto& [id, folder] : progress)
    if (std::exchange(folder.changed, false))
      connection.run("UPDATE folder SET uidvalidity = ?, done = ? WHERE id = ?", folder.uidvalidity, folder.done.text(),
                     id);
}

void Database::Impl::apply(const PutTombstone& tombstone) {
  const auto& place = tombstone.place;
  if (is_void(place)) return;
  connection.run("INSERT INTO place(folder, uidvalidity, uid, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                 place.folder, place.uidvalidity, place.uid, tombstone.reason);
  mark_done(place);
}

void Database::Impl::apply(const SetFlags& set) {
  const auto& place = set.place;
  const auto modseq = static_cast<std::int64_t>(set.modseq);
  MessageId message;
  if (auto row = connection.query("SELECT message FROM place WHERE folder = ? AND uidvalidity = ? AND uid = ? AND "
                                  "message IS NOT NULL",
                                  place.folder, place.uidvalidity, place.uid);
      row.next())
    message = row.id<MessageId>(0);
  if (!message) return;
  const auto before = copies_of(message);
  // Another connection may tell of an older state later.
  connection.run(
      "UPDATE place SET flags = ?4, modseq = max(modseq, ?5) WHERE folder = ?1 AND uidvalidity = ?2 AND uid = ?3 "
      "AND (?5 = 0 OR ?5 >= modseq)",
      place.folder, place.uidvalidity, place.uid, set.flags.bits, modseq);
  settle_seen(message);
  touch_unless(message, before);
}

void Database::Impl::forget_places(FolderId folder, std::uint32_t uidvalidity, NumberSet::Range uids) {
  std::vector<MessageId> messages;
  {
    auto row = connection.query(
        "SELECT message, flags & 1 FROM place WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? "
        "AND ? AND message IS NOT NULL",
        folder, uidvalidity, uids.first, uids.last);
    while (row.next()) {
      messages.push_back(row.id<MessageId>(0));
      if (row.flag(1)) connection.run("UPDATE message SET gone_seen = 1 WHERE id = ?", messages.back());
    }
  }
  forget_storage(folder, uidvalidity, uids);
  connection.run("DELETE FROM place WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? AND ?", folder, uidvalidity,
                 uids.first, uids.last);
  for (const auto message : messages) {
    settle_seen(message);
    touch(message);
  }
}

void Database::Impl::apply(const DropPlaces& gone) {
  for (const auto& range : gone.uids.ranges()) forget_places(gone.folder, gone.uidvalidity, range);
}

void Database::Impl::apply(const PutFolders& found) {
  connection.run("UPDATE folder SET role = 0");
  for (const auto& folder : found.folders)
    connection.run("INSERT INTO folder(name, role) VALUES (?, ?) ON CONFLICT DO UPDATE SET role = excluded.role",
                   folder.name, folder.role);
  changes.account = true;
}

void Database::Impl::apply(const ResetFolder& reset) {
  auto& folder = progress_of(reset.folder);
  if (folder.uidvalidity == reset.uidvalidity) return;
  if (folder.uidvalidity != 0)
    forget_places(reset.folder, folder.uidvalidity, {1, std::numeric_limits<std::uint32_t>::max()});
  connection.run("UPDATE folder SET uidnext = 0, highestmodseq = 0 WHERE id = ?", reset.folder);
  connection.run("DELETE FROM job WHERE folder = ? AND uidvalidity <> ?", reset.folder, reset.uidvalidity);
  folder = {.uidvalidity = reset.uidvalidity, .done = {}, .changed = true};
}

void Database::Impl::apply(const RestoreFolder& restored) {
  if (is_void({restored.folder, restored.uidvalidity, 0})) return;
  connection.run("UPDATE folder SET highestmodseq = 0 WHERE id = ?", restored.folder);
  connection.run("UPDATE place SET modseq = 0 WHERE folder = ?", restored.folder);
  if (restored.uidnext == 0) return;
  constexpr auto greatest = std::numeric_limits<std::uint32_t>::max();
  connection.run("UPDATE folder SET uidnext = min(uidnext, ?) WHERE id = ?", restored.uidnext, restored.folder);
  forget_places(restored.folder, restored.uidvalidity, {restored.uidnext, greatest});
  // What was to be done with mails that are not there may not be done with those that get their UIDs.
  std::map<JobId, NumberSet> jobs;
  {
    auto row = connection.query("SELECT id, uids FROM job WHERE folder = ? AND uids <> ''", restored.folder);
    while (row.next()) jobs.emplace(row.id<JobId>(0), NumberSet::parse(row.text(1)).value_or(NumberSet()));
  }
  for (auto& [job, uids] : jobs) {
    uids.remove(restored.uidnext, greatest);
    if (uids.empty())
      connection.run("DELETE FROM job WHERE id = ?", job);
    else
      connection.run("UPDATE job SET uids = ? WHERE id = ?", uids.text(), job);
  }
  auto& folder = progress_of(restored.folder);
  folder.done.remove(restored.uidnext, greatest);
  folder.changed = true;
}

void Database::Impl::apply(const PutRound& put) {
  const auto& round = put.round;
  if (is_void({round.folder, round.uidvalidity, 0})) return;
  connection.run("UPDATE folder SET uidnext = max(uidnext, ?), highestmodseq = max(highestmodseq, ?) WHERE id = ?",
                 round.uidnext, static_cast<std::int64_t>(round.highestmodseq), round.folder);
  auto& folder = progress_of(round.folder);
  folder.changed |= folder.uidvalidity != round.uidvalidity || !round.done.without(folder.done).empty();
  folder.uidvalidity = round.uidvalidity;
  folder.done.add(round.done);
}

void Database::Impl::apply(const MovePlaces& moved) {
  for (std::size_t i = 0; i < std::min(moved.from.size(), moved.to.size()); ++i) {
    const auto& from = moved.from[i];
    const auto& to = moved.to[i];
    if (is_void(to)) continue;
    // Not there any more: the server has told of the move already, and the copy is fetched like any other.
    if (connection.run(
            "INSERT INTO place(folder, uidvalidity, uid, message, flags, size, reason, half) "
            "SELECT ?, ?, ?, message, flags, size, reason, half FROM place WHERE folder = ? AND uidvalidity = ? AND "
            "uid = ? ON CONFLICT DO NOTHING",
            to.folder, to.uidvalidity, to.uid, from.folder, from.uidvalidity, from.uid) == 0)
      continue;
    connection.run("DELETE FROM place WHERE folder = ? AND uidvalidity = ? AND uid = ?", from.folder, from.uidvalidity,
                   from.uid);
    mark_done(to);
  }
}

// The same work twice (a mail seen again before the first job ran) is one job. Of a job's mails stay those that no job
// of several names; one of several mails leaves out those of single mails too.
NumberSet Database::Impl::not_waited_for(const PutJob& job) {
  NumberSet uids;
  for (const auto& place : job.places) uids.add(place.uid);
  if (job.places.empty()) return uids;
  // Jobs of single mails can be very many, so a single mail is not compared with each.
  auto row = connection.query(
      job.places.size() > 1 ? "SELECT uids FROM job WHERE folder = ? AND uidvalidity = ? AND kind = ? AND role = ? AND "
                              "coalesce(message, 0) = ? AND outgoing = ?"
                            : "SELECT uids FROM job WHERE folder = ? AND uidvalidity = ? AND kind = ? AND role = ? AND "
                              "coalesce(message, 0) = ? AND outgoing = ? AND uids GLOB '*[:,]*'",
      job.places.front().folder, job.places.front().uidvalidity, job.kind, job.role, job.message, job.outgoing);
  while (row.next()) uids.remove(NumberSet::parse(row.text(0)).value_or(NumberSet{}));
  return uids;
}

void Database::Impl::apply(const PutJob& job) {
  const Place where = job.places.empty() ? Place{} : job.places.front();
  if (where.folder && is_void(where)) return;
  const auto uids = not_waited_for(job);
  if (uids.empty() && !job.places.empty()) return;
  if (job.outgoing) connection.run("UPDATE outgoing SET filed = 1 WHERE id = ?", job.outgoing);
  changes.jobs = true;
  connection.run(
      "INSERT INTO job(kind, message, role, folder, uidvalidity, uids, next_ms, outgoing) "
      "SELECT ?1, nullif(?2, 0), ?3, ?4, ?5, ?6, ?7, ?8 "
      "WHERE NOT EXISTS (SELECT 1 FROM job WHERE kind = ?1 AND coalesce(message, 0) = ?2 AND role = ?3 AND "
      "folder = ?4 AND uidvalidity = ?5 AND uids = ?6 AND outgoing = ?8)",
      job.kind, job.message, job.role, where.folder, where.uidvalidity, uids.text(), job.next_ms, job.outgoing);
}

void Database::Impl::apply(const EndJob& job) {
  if (auto row = connection.query("SELECT outgoing FROM job WHERE id = ? AND outgoing <> 0", job.job); row.next())
    settling.insert(row.id<OutgoingId>(0));
  connection.run("DELETE FROM job WHERE id = ?", job.job);
}

void Database::Impl::apply(const DelayJob& job) {
  connection.run("UPDATE job SET attempts = ?, next_ms = ?, reason = ? WHERE id = ?", job.attempts, job.next_ms,
                 job.reason, job.job);
}

Result<NumberSet> Database::held_uids(FolderId folder, std::uint32_t uidvalidity) {
  return walled("cannot read the places", [&] {
    NumberSet uids;
    auto row = impl_->connection.query("SELECT uid FROM place WHERE folder = ? AND uidvalidity = ? ORDER BY uid",
                                       folder, uidvalidity);
    while (row.next()) uids.add(row.u32(0));
    return uids;
  });
}

Result<std::vector<JobFacts>> Database::due_jobs(UnixMs now) {
  return impl_->guarded("cannot read the jobs", [&] {
    std::vector<JobFacts> jobs;
    auto row = impl_->connection.query(
        "SELECT id, kind, role, coalesce(message, 0), folder, uidvalidity, uids, attempts, outgoing "
        "FROM job WHERE next_ms <= ? ORDER BY id",
        now);
    while (row.next()) {
      jobs.push_back({.id = row.id<JobId>(0),
                      .kind = row.word<JobKind>(1),
                      .role = row.word<FolderRole>(2),
                      .message = row.id<MessageId>(3),
                      .outgoing = row.id<OutgoingId>(8),
                      .places = {},
                      .attempts = static_cast<int>(row.number(7))});
      for (const auto uid : NumberSet::parse(row.text(6)).value_or(NumberSet{}).numbers())
        jobs.back().places.push_back({row.id<FolderId>(4), row.u32(5), uid});
    }
    return jobs;
  });
}

}  // namespace coi::store
