#include "api/find_chat.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace coi::api {
namespace {

constexpr std::size_t most_named = 4;  // of those who may be meant

std::optional<chat::ChatId> id_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && number > 0 ? std::optional(chat::ChatId(number)) : std::nullopt;
}

Candidate candidate_of(store::NamedRow row, Fit fit) {
  return {
      .chat = row.chat, .addr = std::move(row.addr), .name = std::move(row.name), .blocked = row.blocked, .fit = fit};
}

Result<std::vector<Candidate>> by_address(const OpenAccount& open, const std::string& addr) {
  std::vector<Candidate> found;
  if (addr == open.account->config().addr) {
    const auto self = COI_TRY(open.reader->self_chat());
    found.push_back(
        {.chat = self.value_or(chat::ChatId{}), .addr = {}, .name = std::string(store::name_of_self), .fit = Fit::own});
  } else if (auto row = COI_TRY(open.reader->addressed(addr))) {
    found.push_back(candidate_of(std::move(*row), Fit::address));
  }
  return found;
}

// First blocked or not, as asked for, where that leaves somebody; then the best alone.
std::vector<Candidate> best_of(std::vector<Candidate> all, bool blocked) {
  if (all.empty()) return all;
  const auto is_wanted = [&](const Candidate& one) { return one.blocked == blocked; };
  if (std::ranges::any_of(all, is_wanted)) std::erase_if(all, std::not_fn(is_wanted));
  const auto best = std::ranges::max(all, {}, &Candidate::fit).fit;
  std::erase_if(all, [&](const Candidate& one) { return one.fit != best; });
  return all;
}

// What tells it from others of its name: the address, and of a group, which has none, the chat's id.
std::string mark_of(const Candidate& one) {
  if (!one.addr.empty()) return fmt::format(" <{}>", one.addr);
  return one.chat ? fmt::format(" (chat {})", one.chat.value) : "";
}

std::string names_of(const std::vector<Candidate>& found) {
  std::string names;
  for (std::size_t i = 0; i < found.size() && i < most_named; ++i)
    names += fmt::format("{}{}{}", i > 0 ? ", " : "", found[i].name, mark_of(found[i]));
  if (found.size() > most_named) names += " …";
  return names;
}

std::unexpected<Error> nobody(const proto::ChatName& name) {
  return fail(ErrorKind::not_found, fmt::format("there is no chat with {}", name.text),
              "coi chats and coi chats --requests list them; people you do not know are named by id or address");
}

Result<std::optional<Candidate>> only_one(const OpenAccount& open, const proto::ChatName& name, bool blocked) {
  auto found = COI_TRY(candidates(open, name, blocked));
  if (found.empty()) return std::nullopt;
  if (found.size() == 1) return std::move(found.front());
  return fail(ErrorKind::ambiguous, fmt::format("{} may be one of {}: {}", name.text, found.size(), names_of(found)),
              "say more of the name, or give the address or the number of the chat");
}

}  // namespace

Result<std::vector<Candidate>> candidates(const OpenAccount& open, const proto::ChatName& name, bool blocked) {
  if (name.empty()) return fail(ErrorKind::invalid, "no chat was named");
  if (const auto id = id_of(name.text))
    if (const auto row = COI_TRY(open.reader->chat(*id, store::Members::few)).value)
      return std::vector{
          Candidate{.chat = *id,
                    .addr = row->addr,
                    .name = row->kind == chat::ChatKind::self ? std::string(store::name_of_self) : row->name,
                    .blocked = row->blocked,
                    .fit = Fit::id}};
  // An address means whoever has it, and nobody who calls themselves so.
  if (name.text.find('@') != std::string::npos) return by_address(open, mime::written_address(name.text));
  std::vector<Candidate> found;
  for (auto& row : COI_TRY(open.reader->named(name.text))) {
    const auto fit = row.given ? Fit::given : Fit::fits;
    found.push_back(candidate_of(std::move(row), fit));
  }
  return best_of(std::move(found), blocked);
}

Result<chat::ChatId> find_chat(const OpenAccount& open, const proto::ChatName& name, bool blocked) {
  const auto found = COI_TRY(only_one(open, name, blocked));
  if (!found) return nobody(name);
  if (!found->chat && !found->addr.empty())
    return fail(ErrorKind::not_found, fmt::format("nothing was written with {} <{}> yet", found->name, found->addr),
                "a message begins the chat");
  return found->chat;
}

Result<Destination> find_destination(const OpenAccount& open, const proto::ChatName& name) {
  const auto found = COI_TRY(only_one(open, name, false));
  if (found && found->chat) return Destination{.chat = found->chat, .addr = {}};
  if (found) return Destination{.chat = {}, .addr = found->addr.empty() ? open.account->config().addr : found->addr};
  auto addr = mime::written_address(name.text);
  if (!mime::is_address(addr)) return nobody(name);
  return Destination{.chat = {}, .addr = std::move(addr)};
}

Wish wish_for(const proto::ChatName& chat, bool may_be_new) {
  if (chat.empty()) return {};
  return {.words = chat.text,
          .may_be_new = may_be_new && chat.text.find('@') != std::string::npos,
          .fit = [chat](const OpenAccount& open) -> Result<std::optional<int>> {
            const auto found = COI_TRY(candidates(open, chat));
            return found.empty() ? std::nullopt : std::optional(static_cast<int>(found.front().fit));
          }};
}

Wish wish_for(proto::MessageId message) {
  return {.words = fmt::format("message {}", message.value),
          .fit = [message](const OpenAccount& open) -> Result<std::optional<int>> {
            const auto found = COI_TRY(open.reader->message(chat::MessageId(message.value)));
            return found.value ? std::optional(0) : std::nullopt;
          }};
}

Wish wish_for(proto::AttachmentId attachment) {
  return {.words = fmt::format("attachment {}", attachment.value),
          .fit = [attachment](const OpenAccount& open) -> Result<std::optional<int>> {
            const auto found = COI_TRY(open.reader->attachment(chat::AttachmentId(attachment.value)));
            return found ? std::optional(0) : std::nullopt;
          }};
}

Wish wish_for_contact(const std::string& addr) {
  return {.words = addr, .may_be_new = true, .fit = [addr](const OpenAccount& open) -> Result<std::optional<int>> {
            const auto found = COI_TRY(open.reader->addressed(mime::written_address(addr)));
            return found ? std::optional(0) : std::nullopt;
          }};
}

}  // namespace coi::api
