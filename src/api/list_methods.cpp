// What front ends list, a page at a time.
#include <algorithm>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/one_chat.h"
#include "api/paging.h"
#include "api/rows.h"
#include "base/ascii.h"

namespace coi::api {
namespace {

using store::Slice;
using store::Snapshot;

// The rows as objects.
template <class Row, class Convert>
auto converted(Snapshot<Slice<Row>> found, Convert convert) {
  Snapshot<Slice<decltype(convert(std::move(found.value.rows.front())))>> told{.seq = found.seq};
  tell_more(told.value, found.value);
  told.value.rows.reserve(found.value.rows.size());
  for (auto& row : found.value.rows) told.value.rows.push_back(convert(std::move(row)));
  return told;
}

// The entry that the page is beside, alone.
template <class Place>
store::Page<Place> entry_of(const store::Page<Place>& page) {
  return {.around = page.before ? page.before : page.after ? page.after : page.around, .most = 1};
}

// An entry that is not in the list (any more) has nothing on either side. Around it the list has it.
template <class Row>
Result<> check_anchor(const auto& params, const Snapshot<Slice<Row>>& found, auto around) {
  const auto& anchor = anchor_of(params);
  if (!anchor || !found.value.rows.empty()) return {};
  return COI_TRY(around()).value.rows.empty()
             ? fail(ErrorKind::not_found, fmt::format("the list has no entry {}", anchor->id))
             : Result<>{};
}

// Without its rows.
template <class Answer, class Row>
Answer answer_to(const Snapshot<Slice<Row>>& found) {
  Answer answer{.seq = found.seq};
  tell_more(answer, found.value);
  return answer;
}

auto as_messages(const OpenAccount& open, Snapshot<Slice<store::MessageRow>> found) {
  return converted(std::move(found), [&](const store::MessageRow& row) { return to_proto(open.id, row); });
}

SharedList<proto::ListChats, proto::Chat, store::ChatPlace> chat_list() {
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  return {
      .locate = [](const OpenAccount& open, std::int64_t id) { return open.reader->place_of(chat::ChatId{id}); },
      .beside =
          [](store::ChatPlace place, bool first) {
            place.id = chat::ChatId{first ? last : 0};
            return place;
          },
      .read = [](const OpenAccount& open, const proto::ListChats& params,
                 const store::Page<store::ChatPlace>& page) -> Result<Snapshot<Slice<proto::Chat>>> {
        const auto now = now_of(open);
        return converted(
            COI_TRY(open.reader->chats(
                {.archived = params.archived, .requests = params.requests, .folder = params.folder}, page)),
            [&](store::ChatRow row) { return to_proto(open.id, std::move(row), now); });
      },
      .comes_first =
          [](const proto::Chat& a, const proto::Chat& b) {
            return std::tuple(!a.pinned, -a.sort, std::string_view(a.account)) <
                   std::tuple(!b.pinned, -b.sort, std::string_view(b.account));
          },
  };
}

SharedList<proto::ListContacts, proto::Contact, store::PersonPlace> contact_list() {
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  return {
      .locate = [](const OpenAccount& open, std::int64_t id) { return open.reader->place_of(chat::PersonId{id}); },
      .beside =
          [](store::PersonPlace place, bool first) {
            place.id = chat::PersonId{first ? 0 : last};
            return place;
          },
      .read = [](const OpenAccount& open, const proto::ListContacts&,
                 const store::Page<store::PersonPlace>& page) -> Result<Snapshot<Slice<proto::Contact>>> {
        return converted(COI_TRY(open.reader->people(page)),
                         [&](const store::PersonRow& row) { return to_proto(open.id, row); });
      },
      .comes_first =
          [](const proto::Contact& a, const proto::Contact& b) {
            return std::pair(ascii_lower(a.name), std::string_view(a.account)) <
                   std::pair(ascii_lower(b.name), std::string_view(b.account));
          },
  };
}

SharedList<proto::Search, proto::Message, store::HitPlace> hit_list() {
  return {
      .locate = [](const OpenAccount& open, std::int64_t id) { return open.reader->place_of(chat::MessageId{id}); },
      .beside =
          [](store::HitPlace place, bool first) {
            place.id = chat::MessageId{first ? store::last_message_id : 0};
            return place;
          },
      .read = [](const OpenAccount& open, const proto::Search& params,
                 const store::Page<store::HitPlace>& page) -> Result<Snapshot<Slice<proto::Message>>> {
        std::optional<chat::ChatId> within;
        if (!params.chat.empty()) within = COI_TRY(find_chat(open, params.chat));
        return as_messages(open, COI_TRY(open.reader->search(params.words, within, page,
                                                             open.call.service.environment.limits.answer_octets)));
      },
      // The index counts seconds.
      .comes_first =
          [](const proto::Message& a, const proto::Message& b) {
            return std::pair(-(a.sort / 1000), std::string_view(a.account)) <
                   std::pair(-(b.sort / 1000), std::string_view(b.account));
          },
  };
}

}  // namespace

void list_chats(const Call& call, const proto::ListChats& params, const Responder<proto::ChatList>& responder) {
  answer_page(call, params, chat_list(), &proto::ChatList::chats, responder);
}

void list_contacts(const Call& call, const proto::ListContacts& params,
                   const Responder<proto::ContactList>& responder) {
  answer_page(call, params, contact_list(), &proto::ContactList::contacts, responder);
}

void search(const Call& call, const proto::Search& params, const Responder<proto::FoundMessages>& responder) {
  const auto add_chats = [call, params](Readers& readers, proto::FoundMessages& found) {
    return for_each_account(call, readers, params.account, detail::wish_of(params),
                            [&](const OpenAccount& open) -> Result<> {
                              std::vector<chat::ChatId> chats;
                              for (const auto& message : found.messages)
                                if (message.account == open.id) chats.emplace_back(message.chat.value);
                              std::ranges::sort(chats);
                              chats.erase(std::ranges::unique(chats).begin(), chats.end());
                              for (const auto id : chats) {
                                const auto chat = COI_TRY(open.reader->chat(id));
                                if (chat.value) found.chats.push_back(to_proto(open.id, *chat.value, now_of(open)));
                              }
                              return {};
                            });
  };
  answer_page(call, params, hit_list(), &proto::FoundMessages::messages, responder,
              std::function<Result<>(Readers&, proto::FoundMessages&)>(add_chats));
}

namespace {

void add(const store::ListCounts& row, proto::ListCounts& sum) {
  sum.chats += row.chats;
  sum.unread_chats += row.unread_chats;
  sum.unread += row.unread;
  sum.unread_unmuted += row.unread_unmuted;
}

// Of the only account.
void tell_seq(auto& answer) {
  if (answer.positions.size() == 1) answer.seq = answer.positions.front().seq;
}

}  // namespace

Result<> get_counts(const OpenAccount& open, const proto::GetCounts&, proto::Counts& counts) {
  const auto found = COI_TRY(open.reader->counts());
  counts.positions.push_back({open.id, found.seq});
  add(found.value.main, counts.main);
  add(found.value.archived, counts.archived);
  add(found.value.requests, counts.requests);
  return {};
}

void merge_counts(const proto::GetCounts&, proto::Counts& counts) { tell_seq(counts); }

Result<> list_folders(const OpenAccount& open, const proto::ListFolders&, proto::ChatFolders& folders) {
  const auto found = COI_TRY(open.reader->folders());
  folders.positions.push_back({open.id, found.seq});
  for (const auto& [name, counts] : found.value) {
    auto known = std::ranges::lower_bound(folders.folders, ascii_lower(name), {},
                                          [](const proto::ChatFolder& folder) { return ascii_lower(folder.name); });
    if (known == folders.folders.end() || !ascii_iequal(known->name, name))
      known = folders.folders.insert(known, {.name = name});
    add(counts, known->counts);
  }
  return {};
}

void merge_folders(const proto::ListFolders&, proto::ChatFolders& folders) { tell_seq(folders); }

Result<proto::ChatMessages> list_messages(const OpenAccount& open, const proto::ListMessages& params) {
  const auto id = COI_TRY(find_chat(open, params.chat));
  const auto chat = COI_TRY(one_chat(open, id));
  const auto page = COI_TRY(page_of<chat::MessageId>(open, params));
  if (const auto& anchor = anchor_of(params)) COI_TRY(message_of(open, id, proto::MessageId(anchor->id)));
  auto found =
      as_messages(open, COI_TRY(open.reader->messages(id, page, open.call.service.environment.limits.answer_octets)));
  proto::ChatMessages answer{.seq = std::min(chat.seq, found.seq), .chat = chat.chat};
  tell_more(answer, found.value);
  answer.messages = std::move(found.value.rows);
  return answer;
}

Result<proto::Pins> list_pins(const OpenAccount& open, const proto::ListPins& params) {
  const auto page = COI_TRY(page_of<chat::MessageId>(open, params));
  const auto chat = COI_TRY(find_chat(open, params.chat));
  const auto found = COI_TRY(open.reader->pins(chat, page, open.call.service.environment.limits.answer_octets));
  COI_TRY(check_anchor(params, found, [&] { return open.reader->pins(chat, entry_of(page)); }));
  auto pins = answer_to<proto::Pins>(found);
  for (const auto& row : found.value.rows) {
    pins.pins.push_back({.message = to_proto(open.id, row.message), .by = row.by, .since = {row.since_ms}});
    if (row.until_ms != 0) pins.pins.back().until = json::Rfc3339{row.until_ms};
  }
  return pins;
}

Result<proto::ScheduledMessages> list_scheduled(const OpenAccount& open, const proto::ListScheduled& params) {
  const auto page = COI_TRY(page_of<chat::MessageId>(open, params));
  const auto rows = COI_TRY(open.reader->scheduled(page, open.call.service.environment.limits.answer_octets));
  COI_TRY(check_anchor(params, rows, [&] { return open.reader->scheduled(entry_of(page)); }));
  auto found = as_messages(open, rows);
  auto answer = answer_to<proto::ScheduledMessages>(found);
  answer.messages = std::move(found.value.rows);
  return answer;
}

namespace {

proto::Author author_of(const auto& row) {
  proto::Author author{.addr = row.from.addr, .name = row.from.name};
  if (row.person) author.person = proto::ContactId{row.person.value};
  return author;
}

store::FileSort sort_of(proto::FileSort sort) {
  switch (sort) {
    case proto::FileSort::media:
      return store::FileSort::media;
    case proto::FileSort::sound:
      return store::FileSort::sound;
    case proto::FileSort::other:
      break;
  }
  return store::FileSort::other;
}

}  // namespace

Result<proto::ChatFiles> list_files(const OpenAccount& open, const proto::ListFiles& params) {
  const auto page = COI_TRY(page_of<chat::AttachmentId>(open, params));
  const auto chat = COI_TRY(find_chat(open, params.chat));
  const auto found = COI_TRY(open.reader->files(chat, sort_of(params.sort), page));
  COI_TRY(check_anchor(params, found, [&] { return open.reader->files(chat, sort_of(params.sort), entry_of(page)); }));
  auto answer = answer_to<proto::ChatFiles>(found);
  for (const auto& row : found.value.rows)
    answer.files.push_back({.attachment = to_proto(row.file),
                            .message = proto::MessageId{row.message.value},
                            .from = author_of(row),
                            .outgoing = row.outgoing,
                            .time = {row.shown_ms}});
  return answer;
}

Result<proto::ChatLinks> list_links(const OpenAccount& open, const proto::ListLinks& params) {
  const auto page = COI_TRY(page_of<chat::MessageId>(open, params));
  const auto chat = COI_TRY(find_chat(open, params.chat));
  const auto found = COI_TRY(open.reader->links(chat, page));
  COI_TRY(check_anchor(params, found, [&] { return open.reader->links(chat, entry_of(page)); }));
  auto answer = answer_to<proto::ChatLinks>(found);
  for (const auto& row : found.value.rows) {
    proto::MessageLinks one{.message = proto::MessageId{row.message.value},
                            .from = author_of(row),
                            .outgoing = row.outgoing,
                            .time = {row.shown_ms}};
    for (const auto& link : row.links) one.links.push_back({link.url, link.text, link.leads_to});
    answer.messages.push_back(std::move(one));
  }
  return answer;
}

}  // namespace coi::api
