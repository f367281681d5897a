#include "imap_server.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/number_set.h"
#include "wire/filter.h"
#include "wire/words.h"

namespace coi::engine::test {
namespace {

// "1:5,7" or "7:*", which always has the greatest UID.
bool in_set(const std::string& set, std::uint32_t uid, std::uint32_t greatest) {
  if (set.ends_with(":*")) return uid == greatest || uid >= std::stoul(set);
  return NumberSet::parse(set).value().contains(uid);
}

// A line of the header that begins so; "" without one.
std::string field_of(const std::string& octets, const std::string& name) {
  const auto text = "\r\n" + octets.substr(0, octets.find("\r\n\r\n"));
  const auto at = text.find("\r\n" + name + ": ");
  return at == text.npos ? "" : text.substr(at + 2, text.find("\r\n", at + 2) - at - 2);
}

// The argument after `word`, quotes taken off.
std::string argument(const std::string& command, std::string_view word) {
  auto rest = command.substr(command.find(word) + word.size() + 1);
  if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
  return rest.substr(0, rest.find(' '));
}

}  // namespace

ImapServer::ImapServer(std::string capabilities)
    : capabilities_(std::move(capabilities)),
      folders_{{"INBOX", {}}, {"Sent", {}}, {"COI/Chats", {}}},
      server_([this](Peer& peer) { serve(peer); }) {}

void ImapServer::answer_with(Answer answer) {
  std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

void ImapServer::add(Answer addition) {
  std::lock_guard lock(mutex_);
  addition_ = std::move(addition);
}

std::uint32_t ImapServer::put(const std::string& folder, std::string octets, bool silently, std::uint32_t uid) {
  std::lock_guard lock(mutex_);
  auto& mails = folders_[folder];
  if (uid == 0) uid = mails.empty() ? 1 : mails.back().uid + 1;
  ++modseq_;
  mails.insert(std::ranges::upper_bound(mails, uid, {}, &Mail::uid), {uid, std::move(octets)});
  for (auto* client : clients_) {
    if (client->selected != folder) continue;
    if (silently) client->shown = mails.size();
    if (!client->idle.empty()) client->peer.send(news(*client));
  }
  return uid;
}

void ImapServer::resync_with(std::string lines) {
  std::lock_guard lock(mutex_);
  resync_ = std::move(lines);
}

std::vector<std::string> ImapServer::mails(const std::string& folder) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  if (const auto found = folders_.find(folder); found != folders_.end())
    for (const auto& mail : found->second) all.push_back(mail.octets);
  return all;
}

void ImapServer::remove(const std::string& folder) {
  std::lock_guard lock(mutex_);
  folders_.erase(folder);
}

void ImapServer::restore(const std::string& folder, std::size_t mails) {
  std::lock_guard lock(mutex_);
  folders_.at(folder).resize(mails);
}

void ImapServer::say_in_select(std::function<std::string(const std::string& folder)> words) {
  std::lock_guard lock(mutex_);
  in_select_ = std::move(words);
}

void ImapServer::make_anew() {
  ++uidvalidity_;
  cut();
}

std::vector<std::string> ImapServer::heard() const {
  std::lock_guard lock(mutex_);
  return heard_;
}

int ImapServer::count(std::string_view beginning) const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(std::ranges::count_if(heard_, [&](const auto& line) { return line.starts_with(beginning); }));
}

int ImapServer::count_of_fetches(std::string_view uids) const {
  const auto beginning = fmt::format("UID FETCH {} ", uids);
  std::lock_guard lock(mutex_);
  return static_cast<int>(std::ranges::count_if(
      heard_, [&](const auto& line) { return line.starts_with(beginning) && line.contains("BODY.PEEK"); }));
}

void ImapServer::say_to_idle(const std::string& line) {
  std::lock_guard lock(mutex_);
  for (auto* client : clients_)
    if (!client->idle.empty()) client->peer.send(line + "\r\n");
}

bool ImapServer::cut_idle(const std::string& folder) {
  std::lock_guard lock(mutex_);
  const auto idles = [&](const Client* client) { return client->selected == folder && !client->idle.empty(); };
  const auto found = std::ranges::find_if(clients_, idles);
  if (found == clients_.end()) return false;
  (*found)->idle.clear();
  (*found)->peer.cut();
  return true;
}

void ImapServer::serve(Peer& peer) {
  if (refused_) {
    peer.send("* BYE [UNAVAILABLE] not now\r\n");
    return;
  }
  Client client{.peer = peer, .selected = {}};
  {
    std::lock_guard lock(mutex_);
    clients_.push_back(&client);
  }
  peer.send(fmt::format("* OK [CAPABILITY IMAP4rev1 {}] hello\r\n", capabilities_));
  while (const auto line = command(peer))
    if (!respond(client, *line)) break;
  std::lock_guard lock(mutex_);
  std::erase(clients_, &client);
}

// A whole command, literals in their places.
std::optional<std::string> ImapServer::command(Peer& peer) const {
  auto line = peer.line();
  while (line && line->ends_with('}')) {
    const auto head = line->rfind('{');
    if (!line->ends_with("+}")) peer.send("+ go on\r\n");
    std::this_thread::sleep_for(literal_pause_.load());
    const auto octets = peer.octets(std::stoul(line->substr(head + 1)));
    const auto rest = peer.line();
    if (!rest) return std::nullopt;
    *line = line->substr(0, head) + '"' + octets + '"' + *rest;
  }
  return line;
}

// False: the connection ends.
bool ImapServer::respond(Client& client, const std::string& line) {
  const auto tag = line.substr(0, line.find(' '));
  const auto said = line.substr(std::min(line.size(), tag.size() + 1));
  Answer answer, addition;
  {
    std::lock_guard lock(mutex_);
    heard_.push_back(said.empty() ? tag : said);
    answer = answer_;
    addition = addition_;
  }
  if (answer)
    if (const auto instead = answer(tag, said)) {
      client.peer.send(*instead);
      return !instead->starts_with("* BYE");
    }
  {
    std::lock_guard lock(mutex_);
    client.peer.send(own_answer(client, tag, said));
  }
  if (const auto more = addition ? addition(tag, said) : std::nullopt) client.peer.send(*more);
  return said != "LOGOUT";
}

std::string ImapServer::own_answer(Client& client, const std::string& tag, const std::string& command) {
  const auto ok = [&](std::string_view said = {}) { return fmt::format("{}{} OK done\r\n", said, tag); };
  if (command.starts_with("SELECT") || command.starts_with("EXAMINE")) {
    const auto folder = argument(command, command.starts_with("S") ? "SELECT" : "EXAMINE");
    if (!folders_.contains(folder)) return tag + " NO there is no such folder\r\n";
    const auto count = fmt::format("* {} EXISTS\r\n", folders_.at(folder).size());
    const auto when = counts_.load();
    return (when == Counts::in_time ? count : "") + ok(select(client, folder, command)) +
           (when == Counts::behind_the_ok ? count : "");
  }
  if (command.starts_with("LIST")) {
    std::string all;
    for (const auto& [name, mails] : folders_) all += fmt::format("* LIST () \"/\" \"{}\"\r\n", name);
    return ok(all);
  }
  if (command == "CAPABILITY") return ok(fmt::format("* CAPABILITY IMAP4rev1 {}\r\n", capabilities_));
  if (command.starts_with("GETMETADATA"))
    return ok(fmt::format("* METADATA \"\" ({} \"{}\" {} \"{}\")\r\n", wire::enabled_path, wire::enabled_value,
                          wire::message_filter_path, wire::name(wire::Filter::active)));
  if (command == "ENABLE QRESYNC") return ok("* ENABLED QRESYNC\r\n");
  if (command.starts_with("CREATE")) folders_[argument(command, "CREATE")];
  if (command.starts_with("UID SEARCH")) return ok(search(client, command));
  if (command.starts_with("STATUS")) return ok(status(argument(command, "STATUS")));
  if (command.starts_with("UID COPY")) return ok(copy(client, command));
  if (command.starts_with("UID EXPUNGE")) return ok(expunge(client, command));
  if (command.starts_with("UID FETCH")) return ok(fetch(client, command) + news(client));
  if (command.starts_with("APPEND")) {
    if (!folders_.contains(argument(command, "APPEND"))) return tag + " NO [TRYCREATE] there is no such folder\r\n";
    const auto done = append(tag, command);
    return news(client) + done;
  }
  if (command.starts_with("IDLE")) {
    client.idle = tag;
    return "+ idling\r\n" + news(client);
  }
  if (tag == "DONE" && client.idle.empty()) return {};  // too late
  if (tag == "DONE") return std::exchange(client.idle, {}) + " OK done\r\n";
  return ok(news(client));
}

std::string ImapServer::select(Client& client, const std::string& folder, const std::string& command) {
  const auto& mails = folders_.at(folder);
  client.selected = folder;
  client.shown = mails.size();
  const auto state = fmt::format(
      "* FLAGS (\\Seen \\Deleted $MDNSent)\r\n* OK [PERMANENTFLAGS ({})] x\r\n"
      "* OK [UIDVALIDITY {}] x\r\n* OK [UIDNEXT {}] x\r\n",
      command.starts_with("E") ? "" : "\\Seen \\Deleted \\*", uidvalidity_.load(),
      mails.empty() ? 1 : mails.back().uid + 1);
  const auto modseq = capabilities_.contains("CONDSTORE") ? fmt::format("* OK [HIGHESTMODSEQ {}] x\r\n", modseq_) : "";
  return state + modseq + (command.contains("(QRESYNC (") ? resync_ : "") + (in_select_ ? in_select_(folder) : "");
}

std::string ImapServer::status(const std::string& folder) const {
  const auto& mails = folders_.at(folder);
  return fmt::format("* STATUS \"{}\" (MESSAGES {} UIDNEXT {} UNSEEN 0)\r\n", folder, mails.size(),
                     mails.empty() ? 1 : mails.back().uid + 1);
}

std::string ImapServer::fetch(const Client& client, const std::string& command) const {
  std::string text;
  if (!client.selected) return text;
  const auto& mails = folders_.at(*client.selected);
  const auto set = argument(command, "FETCH");
  for (std::size_t i = 0; i < mails.size(); ++i) {
    const auto& [uid, octets] = mails[i];
    if (!in_set(set, uid, mails.back().uid)) continue;
    text += fmt::format("* {} FETCH (UID {} FLAGS ()", i + 1, uid);
    if (command.contains("INTERNALDATE")) text += " INTERNALDATE \"01-Nov-2026 12:00:00 +0000\"";
    if (command.contains("RFC822.SIZE")) text += fmt::format(" RFC822.SIZE {}", octets.size());
    if (command.contains("BODY.PEEK[]<0.")) text += fmt::format(" BODY[]<0> {{{}}}\r\n{}", octets.size(), octets);
    if (command.contains("BODY.PEEK[])")) text += fmt::format(" BODY[] {{{}}}\r\n{}", octets.size(), octets);
    if (const auto fields = command.find("BODY.PEEK[HEADER.FIELDS"); fields != command.npos) {
      const auto name = command.substr(fields + 10, command.find(']', fields) - fields - 10);
      const auto header = octets.substr(0, octets.find("\r\n\r\n") + 4);
      text += fmt::format(" BODY[{}]<0> {{{}}}\r\n{}", name, header.size(), header);
    }
    text += ")\r\n";
  }
  return text;
}

std::string ImapServer::search(const Client& client, const std::string& command) const {
  std::string text = "* SEARCH";
  if (!client.selected) return text + "\r\n";
  if (command.ends_with(" DRAFT")) return text + "\r\n";
  for (const std::string field : {"Message-ID", "From", "To"}) {
    if (!command.contains("HEADER " + field)) continue;
    const auto wanted = argument(command, "HEADER " + field);
    for (const auto& [uid, octets] : folders_.at(*client.selected))
      if (field_of(octets, field).contains(wanted)) text += fmt::format(" {}", uid);
    return text + "\r\n";
  }
  for (const auto& [uid, octets] : folders_.at(*client.selected)) text += fmt::format(" {}", uid);
  return text + "\r\n";
}

// The last word is the target.
std::string ImapServer::copy(const Client& client, const std::string& command) {
  auto& target = folders_[argument(command, argument(command, "COPY"))];
  const auto set = argument(command, "COPY");
  for (const auto& [uid, octets] : folders_.at(*client.selected))
    if (in_set(set, uid, 0)) target.push_back({target.empty() ? 1 : target.back().uid + 1, octets});
  return {};
}

std::string ImapServer::expunge(Client& client, const std::string& command) {
  std::string text;
  auto& mails = folders_.at(*client.selected);
  const auto set = argument(command, "EXPUNGE");
  for (std::size_t i = mails.size(); i-- > 0;) {
    if (!in_set(set, mails[i].uid, 0)) continue;
    mails.erase(mails.begin() + static_cast<std::ptrdiff_t>(i));
    text += fmt::format("* {} EXPUNGE\r\n", i + 1);
  }
  client.shown = mails.size();
  return text;
}

//   append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal
std::string ImapServer::append(const std::string& tag, const std::string& command) {
  auto& mails = folders_[argument(command, "APPEND")];
  const auto date_end = command.find("\" \"", command.find(')'));
  const auto octets = command.substr(date_end + 3, command.size() - date_end - 4);
  mails.push_back({mails.empty() ? 1 : mails.back().uid + 1, octets});
  return fmt::format("{} OK [APPENDUID 1 {}] done\r\n", tag, mails.back().uid);
}

std::string ImapServer::news(Client& client) const {
  if (!client.selected) return {};
  const auto now = folders_.at(*client.selected).size();
  return std::exchange(client.shown, now) == now ? "" : fmt::format("* {} EXISTS\r\n", now);
}

}  // namespace coi::engine::test
