#include "api/find_chat.h"

#include <charconv>

#include <fmt/format.h>

namespace coi::api {
namespace {

constexpr std::size_t most_named = 4;  // of the chats that may be meant

std::optional<chat::ChatId> id_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return chat::ChatId(number);
}

Result<std::string> names_of(store::Reader& reader, const std::vector<chat::ChatId>& ids) {
  std::string names;
  for (std::size_t i = 0; i < ids.size() && i < most_named; ++i) {
    const auto row = COI_TRY(reader.chat(ids[i])).value;
    if (row) names += fmt::format("{}{} ({})", i > 0 ? ", " : "", row->name, row->addr.empty() ? "self" : row->addr);
  }
  if (ids.size() > most_named) names += " …";
  return names;
}

Result<chat::ChatId> only_one(store::Reader& reader, const proto::ChatName& name,
                              const std::vector<chat::ChatId>& found) {
  if (found.size() == 1) return found.front();
  if (found.empty())
    return fail(ErrorKind::not_found, fmt::format("there is no chat {}", name.text), "coi chats lists them");
  return fail(ErrorKind::invalid,
              fmt::format("{} may mean {} chats: {}", name.text, found.size(), COI_TRY(names_of(reader, found))),
              "say more of the name, or give the address");
}

Result<std::optional<chat::ChatId>> by_id(store::Reader& reader, const proto::ChatName& name) {
  if (name.empty()) return fail(ErrorKind::invalid, "no chat was named");
  const auto id = id_of(name.text);
  return id && COI_TRY(reader.chat(*id)).value ? id : std::nullopt;
}

// Strangers call themselves as they like: what is sent to a name never goes to one of them.
Result<std::vector<chat::ChatId>> without_strangers(store::Reader& reader, const std::vector<chat::ChatId>& ids) {
  std::vector<chat::ChatId> known;
  for (const auto id : ids)
    if (const auto row = COI_TRY(reader.chat(id)).value; row && !row->request) known.push_back(id);
  return known;
}

}  // namespace

Result<chat::ChatId> find_chat(store::Reader& reader, const proto::ChatName& name) {
  if (const auto id = COI_TRY(by_id(reader, name))) return *id;
  return only_one(reader, name, COI_TRY(reader.find_chats(name.text)));
}

Result<Destination> find_destination(store::Reader& reader, const proto::ChatName& name) {
  if (const auto id = COI_TRY(by_id(reader, name))) return Destination{.chat = *id, .addr = {}};
  auto named = COI_TRY(reader.find_chats(name.text));
  if (name.text.find('@') == std::string::npos) named = COI_TRY(without_strangers(reader, named));
  auto found = only_one(reader, name, named);
  if (found) return Destination{.chat = *found, .addr = {}};
  if (found.error().kind() != ErrorKind::not_found) return std::unexpected(std::move(found).error());
  auto addr = mime::canonical(name.text);
  if (!mime::is_address(addr)) return std::unexpected(std::move(found).error());
  return Destination{.chat = {}, .addr = std::move(addr)};
}

}  // namespace coi::api
