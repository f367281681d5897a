// Folders, places, flags, progress, and the jobs that wait for the mailbox.
#include <algorithm>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

NumberSet& Database::Impl::done_of(FolderId folder) {
  const auto found = done.find(folder);
  if (found != done.end()) return found->second;
  auto& row = connection.query("SELECT done FROM folder WHERE id = ?", folder);
  return done[folder] = row.executeStep() ? NumberSet::parse(text_at(row, 0)).value_or(NumberSet{}) : NumberSet{};
}

void Database::Impl::mark_done(const Place& place) {
  done_of(place.folder).add(place.uid);
  done_changed.insert(place.folder);
}

void Database::Impl::save_done() {
  for (const auto folder : done_changed)
    connection.run("UPDATE folder SET done = ? WHERE id = ?", done[folder].text(), folder);
  done_changed.clear();
}

void Database::Impl::apply(const PutTombstone& tombstone) {
  const auto& place = tombstone.place;
  connection.run("INSERT INTO place(folder, uidvalidity, uid, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                 place.folder, place.uidvalidity, place.uid, tombstone.reason);
  mark_done(place);
}

// A message is seen if one of its copies is. Without a copy it stays what it was.
void Database::Impl::seen_by_places(MessageId message) {
  const int changed = connection.run(
      "UPDATE message SET seen = (SELECT max(flags & 1) FROM place WHERE message = message.id) WHERE id = ? AND outgoing = 0 "
      "AND seen <> (SELECT max(flags & 1) FROM place WHERE message = message.id)",
      message);
  static_assert(Flags::seen == 1);
  if (changed > 0) touch(message);
}

void Database::Impl::apply(const SetFlags& set) {
  const auto& place = set.place;
  connection.run("UPDATE place SET flags = ?, modseq = max(modseq, ?) WHERE folder = ? AND uidvalidity = ? AND uid = ?",
                 set.flags.bits, static_cast<std::int64_t>(set.modseq), place.folder, place.uidvalidity, place.uid);
  auto& row = connection.query(
      "SELECT message FROM place WHERE folder = ? AND uidvalidity = ? AND uid = ? AND message IS NOT NULL", place.folder,
      place.uidvalidity, place.uid);
  if (row.executeStep()) seen_by_places(id_at<MessageId>(row, 0));
}

void Database::Impl::apply(const DropPlaces& gone) {
  for (const auto& [first, last] : gone.uids.ranges()) {
    std::vector<MessageId> messages;
    auto& row = connection.query("SELECT message FROM place WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? AND ? "
                                 "AND message IS NOT NULL",
                                 gone.folder, gone.uidvalidity, first, last);
    while (row.executeStep()) messages.push_back(id_at<MessageId>(row, 0));
    connection.run("DELETE FROM place WHERE folder = ? AND uidvalidity = ? AND uid BETWEEN ? AND ?", gone.folder,
                   gone.uidvalidity, first, last);
    for (const auto message : messages) touch(message);
  }
}

void Database::Impl::apply(const PutFolders& found) {
  connection.run("UPDATE folder SET role = 0");
  for (const auto& folder : found.folders)
    connection.run("INSERT INTO folder(name, role) VALUES (?, ?) ON CONFLICT DO UPDATE SET role = excluded.role",
                   folder.name, folder.role);
  changes.account = true;
}

void Database::Impl::apply(const ResetFolder& reset) {
  connection.run("DELETE FROM place WHERE folder = ? AND uidvalidity <> ?", reset.folder, reset.uidvalidity);
  connection.run("UPDATE folder SET uidvalidity = ?, uidnext = 0, highestmodseq = 0, done = '' WHERE id = ?",
                 reset.uidvalidity, reset.folder);
  connection.run("DELETE FROM job WHERE folder = ? AND uidvalidity <> ?", reset.folder, reset.uidvalidity);
  done[reset.folder] = {};
}

void Database::Impl::apply(const PutRound& put) {
  const auto& round = put.round;
  connection.run("UPDATE folder SET uidvalidity = ?, uidnext = max(uidnext, ?), highestmodseq = max(highestmodseq, ?) "
                 "WHERE id = ?",
                 round.uidvalidity, round.uidnext, static_cast<std::int64_t>(round.highestmodseq), round.folder);
  if (round.done.without(done_of(round.folder)).empty()) return;
  done_of(round.folder).add(round.done);
  done_changed.insert(round.folder);
}

void Database::Impl::apply(const MovePlaces& moved) {
  for (std::size_t i = 0; i < std::min(moved.from.size(), moved.to.size()); ++i) {
    const auto& from = moved.from[i];
    const auto& to = moved.to[i];
    connection.run("INSERT INTO place(folder, uidvalidity, uid, message, flags, size, reason) "
                   "SELECT ?, ?, ?, message, flags, size, reason FROM place WHERE folder = ? AND uidvalidity = ? AND uid = ? "
                   "ON CONFLICT DO NOTHING",
                   to.folder, to.uidvalidity, to.uid, from.folder, from.uidvalidity, from.uid);
    connection.run("DELETE FROM place WHERE folder = ? AND uidvalidity = ? AND uid = ?", from.folder, from.uidvalidity,
                   from.uid);
    mark_done(to);
  }
}

void Database::Impl::apply(const PutJob& job) {
  NumberSet uids;
  for (const auto& place : job.places) uids.add(place.uid);
  const Place where = job.places.empty() ? Place{} : job.places.front();
  const auto message = job.key ? message_id(*job.key) : job.message;
  // The same work twice (a message seen again before the first job ran) is one job.
  auto& same = connection.query("SELECT id FROM job WHERE kind = ? AND coalesce(message, 0) = ? AND role = ? AND "
                                "folder = ? AND uidvalidity = ? AND uids = ?",
                                job.kind, message, job.role, where.folder, where.uidvalidity, uids.text());
  changes.jobs = true;
  if (same.executeStep()) return;
  connection.run("INSERT INTO job(kind, message, role, folder, uidvalidity, uids) VALUES (?, nullif(?, 0), ?, ?, ?, ?)",
                 job.kind, message, job.role, where.folder, where.uidvalidity, uids.text());
}

void Database::Impl::apply(const EndJob& job) {
  OutgoingId outgoing;
  if (auto& row = connection.query("SELECT o.id FROM outgoing o JOIN job j ON j.message = o.message WHERE j.id = ?", job.job);
      row.executeStep())
    outgoing = id_at<OutgoingId>(row, 0);
  connection.run("DELETE FROM job WHERE id = ?", job.job);
  if (outgoing) drop_settled(outgoing);
}

void Database::Impl::apply(const DelayJob& job) {
  connection.run("UPDATE job SET attempts = ?, next_ms = ?, reason = ? WHERE id = ?", job.attempts, job.next_ms,
                 job.reason, job.job);
}

Result<std::vector<JobFacts>> Database::due_jobs(UnixMs now) {
  return walled("cannot read the jobs", [&] {
    std::vector<JobFacts> jobs;
    auto& row = impl_->connection.query("SELECT id, kind, role, coalesce(message, 0), folder, uidvalidity, uids, attempts "
                                        "FROM job WHERE next_ms <= ? ORDER BY id",
                                        now);
    while (row.executeStep()) {
      jobs.push_back({.id = id_at<JobId>(row, 0),
                      .kind = static_cast<JobKind>(row.getColumn(1).getInt()),
                      .role = static_cast<FolderRole>(row.getColumn(2).getInt()),
                      .message = id_at<MessageId>(row, 3),
                      .places = {},
                      .attempts = row.getColumn(7).getInt()});
      for (const auto uid : NumberSet::parse(text_at(row, 6)).value_or(NumberSet{}).numbers())
        jobs.back().places.push_back({id_at<FolderId>(row, 4), row.getColumn(5).getUInt(), uid});
    }
    return jobs;
  });
}

}  // namespace coi::store
