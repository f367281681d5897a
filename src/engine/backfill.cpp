#include "engine/backfill.h"

#include <utility>

#include <fmt/format.h>

#include "base/thrown.h"
#include "engine/mailbox_visit.h"

namespace coi::engine {
namespace {

// Small enough that a lost connection repeats little and a file asked for meanwhile waits little.
constexpr std::uint64_t chunk_mails = 500;
// How long the connection is kept for the next file.
constexpr std::chrono::seconds linger{20};

}  // namespace

BackfillWorker::BackfillWorker(const WorkerContext& context, net::Waker waker,
                               std::function<void(const std::string&)> given_back)
    : context_(context),
      waker_(std::move(waker)),
      given_back_(std::move(given_back)),
      pause_(waker_, context.environment.times.long_life) {}

BackfillWorker::~BackfillWorker() { stop(); }

void BackfillWorker::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void BackfillWorker::stop() {
  waker_.cancel();
  requests_.close();
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  fail_fetches({ErrorKind::cancelled, "the account is stopping"});
}

void BackfillWorker::fill(std::vector<History> history) {
  left_.with([&](Left& left) {
    for (auto& more : history) {
      if (more.missing.empty()) continue;
      auto& known = left.history[more.folder.id];
      if (known.folder.uidvalidity == more.folder.uidvalidity) more.missing.add(known.missing);
      known = std::move(more);
    }
    count(left);
  });
  requests_.push(Fill{});
}

void BackfillWorker::count(Left& left) {
  left.total = left.filled;
  for (const auto& [id, history] : left.history) left.total += history.missing.size();
}

NumberSet BackfillWorker::left(const store::Folder& folder) const {
  return left_.with([&](const Left& left) {
    const auto found = left.history.find(folder.id);
    const bool has = found != left.history.end() && found->second.folder.uidvalidity == folder.uidvalidity;
    return has ? found->second.missing : NumberSet();
  });
}

bool BackfillWorker::has_history() const {
  return left_.with([](const Left& left) { return !left.history.empty(); });
}

void BackfillWorker::fetch(std::vector<store::Reader::Copy> copies, std::string section, Fetched done) {
  if (!requests_.push(FetchSection{std::move(copies), std::move(section), done}))
    return done(fail(ErrorKind::cancelled, "the account is stopping"));
  pause_.asked();
}

void BackfillWorker::take(Request request) {
  if (auto* fetch = std::get_if<FetchSection>(&request)) fetches_.push_back(std::move(*fetch));
}

void BackfillWorker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!has_history() && fetches_.empty()) {
      auto request = requests_.pop(stop);
      if (!request) return;
      take(std::move(*request));
      continue;
    }
    pause_.begin_attempt();
    const auto served = caught("cannot fetch", [&] { return serve(stop); });
    if (served) {
      pause_.reset();
      continue;
    }
    if (served.error().kind() == ErrorKind::cancelled) return;
    context_.environment.log.warning("backfill: {}", served.error().text());
    fail_fetches(served.error());
    const auto& problem = served.error();
    if (!(pause_.was_connected() ? pause_.wait(problem)
                                 : pause_.wait(hindrance_of(context_, net::Service::imap, problem))))
      return;
  }
}

void BackfillWorker::fail_fetches(const Error& error) {
  while (auto request = requests_.try_pop()) take(std::move(*request));
  for (auto& request : std::exchange(fetches_, {})) request.done(std::unexpected(error));
}

Result<> BackfillWorker::serve(const std::stop_token& stop) {
  // History is bulk: compression pays here, and nowhere else.
  auto link = COI_TRY(open_imap(
      context_, waker_,
      {.compress = !net::is_loopback(context_.config.imap.host), .doubted = [this] { return pause_.take_doubt(); }}));
  pause_.connected();
  visit_.reset();
  while (!stop.stop_requested()) {
    while (auto request = requests_.try_pop()) take(std::move(*request));
    if (!fetches_.empty()) {
      const auto request = std::move(fetches_.front());
      fetches_.erase(fetches_.begin());
      visit_.reset();
      COI_TRY(fetch_section(link, request));
    } else if (has_history() && std::chrono::steady_clock::now() >= pacer_.next()) {
      pacer_.begin();
      COI_TRY(fill_chunk(link));
    } else {
      const bool waits = has_history();
      auto request = requests_.pop_until(waits ? pacer_.next() : net::after(linger), stop);
      if (request)
        take(std::move(*request));
      else if (!waits)
        break;
    }
  }
  visit_.reset();
  link.logout();
  return {};
}

// Newest first, a chunk of one folder after the other.
History BackfillWorker::next_chunk() const {
  return left_.with([](const Left& left) {
    const auto& [folder, missing] = left.history.begin()->second;
    return History{folder, missing.newest(chunk_mails)};
  });
}

Result<> BackfillWorker::fill_chunk(ImapLink& link) {
  const auto next = next_chunk();
  const auto& folder = next.folder;
  if (!visit_ || visit_->folder().id != folder.id || visit_->folder().uidvalidity != folder.uidvalidity) {
    visit_ = std::make_unique<MailboxVisit>(context_, link, pacer_, folder);
    if (!COI_TRY(visit_->open_for_reading())) {
      visit_.reset();
      // Whoever left it looks into the folder again, and finds what is to be done.
      strike_out({folder, left(folder)}, false);
      given_back_(folder.name);
      return {};
    }
  }
  COI_TRY(visit_->fetch(next.missing));
  const auto unasked = visit_->unasked(next.missing);
  if (unasked.empty()) pacer_.changed();
  strike_out({folder, next.missing.without(unasked)}, true);
  // What was refused is asked for again by whoever looks into the folder.
  const auto resting = context_.hard_mails.resting(folder, context_.environment.clock());
  if (!resting.common(next.missing).empty()) given_back_(folder.name);
  if (left(folder).empty()) visit_.reset();
  return {};
}

void BackfillWorker::strike_out(const History& chunk, bool filled) {
  const auto progress = left_.with([&](Left& left) {
    const auto found = left.history.find(chunk.folder.id);
    if (found != left.history.end() && found->second.folder.uidvalidity == chunk.folder.uidvalidity) {
      found->second.missing.remove(chunk.missing);
      if (found->second.missing.empty()) left.history.erase(found);
    }
    if (filled) left.filled += chunk.missing.size();
    count(left);
    return Progress{left.filled, left.total, left.history.empty()};
  });
  // In order behind the mails, so that "finished" means that they are there.
  context_.account.after_mail([this, progress] { context_.show_progress(progress); });
}

// Not every server gives the MIME header of each part; the structure says the same. nullopt: it is not there.
Result<std::optional<FetchedSection>> BackfillWorker::read_copy(ImapLink& link, const store::Reader::Copy& copy,
                                                                const std::string& section) {
  const auto opened = COI_TRY(link.run(imap::select({.mailbox = copy.folder, .read_only = true})));
  const auto& mailbox = link.session().mailbox();
  if (!opened.ok() || !mailbox || mailbox->uidvalidity != copy.uidvalidity) return std::nullopt;
  imap::FetchItems items;
  items.structure = !section.empty();
  if (!section.empty()) items.sections.push_back({.name = section + ".MIME"});
  items.sections.push_back({.name = section});
  std::string mime_header, structure_header;
  std::optional<std::string> octets;
  COI_TRY(link.run(imap::uid_fetch(NumberSet(copy.uid, copy.uid), items), [&](imap::Event&& event) -> Result<> {
    auto* fetch = std::get_if<imap::Fetch>(&event);
    if (fetch == nullptr || fetch->uid != copy.uid) return {};
    if (auto* part = fetch->find(section + ".MIME"); part != nullptr && part->octets)
      mime_header = std::move(*part->octets);
    if (auto* part = fetch->find(section); part != nullptr && part->octets) octets = std::move(*part->octets);
    if (fetch->structure) structure_header = header_of(*fetch->structure, section);
    return {};
  }));
  if (!octets) return std::nullopt;
  mime_header.erase(mime_header.find_last_not_of("\r\n") + 1);
  if (!mime_header.empty()) mime_header += "\r\n";
  return FetchedSection{mime_header + structure_header, std::move(*octets)};
}

Result<> BackfillWorker::fetch_section(ImapLink& link, const FetchSection& request) {
  for (const auto& copy : request.copies) {
    auto read = read_copy(link, copy, request.section);
    if (!read) {
      request.done(std::unexpected(read.error()));
      // An answer beyond our limits is this mail's own. It ends the connection; the history goes on over the next.
      if (read.error().kind() == ErrorKind::limit) return fail(ErrorKind::network, read.error().text());
      return std::unexpected(read.error());
    }
    if (*read) {
      request.done(std::move(**read));
      return {};
    }
  }
  request.done(fail(ErrorKind::not_found, "the mail is no longer on the server"));
  return {};
}

}  // namespace coi::engine
