// What a chat's messages brought: pictures, sounds, other files, links.
#include <fmt/format.h>

#include "chat/arrival.h"
#include "chat/links.h"
#include "store/details.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

namespace {

std::string_view type_condition(FileSort sort) {
  switch (sort) {
    case FileSort::media:
      return "(a.type LIKE 'image/%' OR a.type LIKE 'video/%')";
    case FileSort::sound:
      return "a.type LIKE 'audio/%'";
    case FileSort::other:
      break;
  }
  return "NOT (a.type LIKE 'image/%' OR a.type LIKE 'video/%' OR a.type LIKE 'audio/%')";
}

// The files of ?1, beginning at the message and the position of file ?2 where there is one; so many as ?3.
std::string files_query(FileSort sort, std::string_view sign, std::string_view direction) {
  // As chat::may_have_files().
  static_assert(static_cast<int>(MessageKind::text) == 0 && static_cast<int>(MessageKind::notice) == 2);
  const auto behind = sign.empty() ? std::string()
                                   : fmt::format(
                                         "AND (m.sort_ms, m.id, -a.position) {} (SELECT n.sort_ms, n.id, "
                                         "-b.position FROM attachment b JOIN message n ON n.id = b.message "
                                         "WHERE b.id = ?2) ",
                                         sign);
  return fmt::format(
      "SELECT a.id FROM message m INDEXED BY message_files CROSS JOIN attachment a ON a.message = m.id WHERE m.chat = "
      "?1 AND m.hidden = 0 AND m.kind NOT IN (0, 2) AND a.inline_part = 0 AND {0} {1}ORDER BY m.sort_ms {2}, m.id {2}, "
      "-a.position {2} LIMIT ?3",
      type_condition(sort), behind, direction);
}

struct FileQueries {
  std::string first, behind, ahead, one;
  explicit FileQueries(FileSort sort)
      : first(files_query(sort, "", "DESC")),
        behind(files_query(sort, "<", "DESC")),
        ahead(files_query(sort, ">", "ASC")),
        one(files_query(sort, "=", "DESC")) {}
};

const FileQueries& queries_for(FileSort sort) {
  static const FileQueries media(FileSort::media), sound(FileSort::sound), other(FileSort::other);
  return sort == FileSort::media ? media : sort == FileSort::sound ? sound : other;
}

}  // namespace

std::optional<FileRow> Reader::Impl::file(AttachmentId id) {
  static const std::string sql = fmt::format(
      "SELECT {}, m.id, m.from_addr, {}, coalesce((SELECT w.person FROM address w WHERE w.addr = "
      "m.from_addr), 0), m.outgoing, m.date_ms, m.arrived_ms FROM attachment f JOIN message m ON m.id = f.message "
      "WHERE "
      "f.id = ?",
      attachment_columns, name_of_author);
  auto row = connection.query(sql.c_str(), id);
  if (!row.next()) return std::nullopt;
  constexpr int at = attachment_columns_count;
  return FileRow{.file = attachment_row(row),
                 .message = row.id<MessageId>(at),
                 .from = {.name = row.text(at + 2), .addr = row.text(at + 1)},
                 .person = row.flag(at + 4) ? PersonId{} : row.id<PersonId>(at + 3),
                 .outgoing = row.flag(at + 4),
                 .shown_ms = shown_time(row.number(at + 5), row.number(at + 6))};
}

Result<Snapshot<Slice<FileRow>>> Reader::files(ChatId chat, FileSort sort, const Page<AttachmentId>& page) {
  return impl_->snapshot("cannot list the files", [&] {
    const auto& queries = queries_for(sort);
    const auto take = [&](const std::string& sql, AttachmentId place, std::size_t most) {
      std::vector<AttachmentId> ids;
      auto row = impl_->connection.query(sql.c_str(), chat, place, most);
      while (row.next()) ids.push_back(row.id<AttachmentId>(0));
      return ids;
    };
    const auto ids = slice_of<AttachmentId>(
        page, Edge::begin, [&](const auto& place, std::size_t most) { return take(queries.ahead, *place, most); },
        [&](const auto& place, std::size_t most) {
          return take(place ? queries.behind : queries.first, place.value_or(AttachmentId{}), most);
        },
        [&](AttachmentId id) {
          const auto found = take(queries.one, id, 1);
          return found.empty() ? std::nullopt : std::optional(found.front());
        });
    Slice<FileRow> slice{.more_before = ids.more_before, .more_after = ids.more_after};
    for (const auto id : ids.rows)
      if (auto found = impl_->file(id)) slice.rows.push_back(std::move(*found));
    return slice;
  });
}

// The words of messages that may have links, from the place on. Most of those have some.
std::vector<LinksRow> Reader::Impl::links(const char* sql, ChatId chat, MessageId place, std::size_t most) {
  std::vector<LinksRow> found;
  auto row = connection.query(sql, chat, place);
  while (found.size() < most && row.next()) {
    auto links = links_in(row.text(7), details_of(row.text(8)).formatted);
    if (links.empty()) continue;
    found.push_back({.message = row.id<MessageId>(0),
                     .from = {.name = row.text(2), .addr = row.text(1)},
                     .person = row.flag(4) ? PersonId{} : row.id<PersonId>(3),
                     .outgoing = row.flag(4),
                     .shown_ms = shown_time(row.number(5), row.number(6)),
                     .links = std::move(links)});
  }
  return found;
}

Result<Snapshot<Slice<LinksRow>>> Reader::links(ChatId chat, const Page<MessageId>& page) {
  return impl_->snapshot("cannot list the links", [&] {
    const auto query = [](std::string_view index, std::string_view condition, std::string_view direction) {
      return fmt::format(
          "SELECT m.id, m.from_addr, {2}, coalesce((SELECT w.person FROM address w WHERE w.addr = "
          "m.from_addr), 0), m.outgoing, m.date_ms, m.arrived_ms, coalesce(v.text, m.text), coalesce(v.details, "
          "m.details) FROM message m {3} LEFT JOIN message v ON v.id = m.shown WHERE m.chat = ?1 "
          "AND m.hidden = 0 AND (m.shown <> 0 OR instr(m.text, '://') > 0) AND {0} ORDER BY m.sort_ms {1}, m.id {1}",
          condition, direction, name_of_author, index);
    };
    constexpr auto place_of = "(SELECT b.sort_ms, b.id FROM message b WHERE b.id = ?2)";
    constexpr auto by_time = "INDEXED BY message_links", by_id = "NOT INDEXED";
    static const std::string first = query(by_time, "?2 = 0", "DESC"),
                             behind = query(by_time, fmt::format("(m.sort_ms, m.id) < {}", place_of), "DESC"),
                             ahead = query(by_time, fmt::format("(m.sort_ms, m.id) > {}", place_of), "ASC"),
                             one = query(by_id, "m.id = ?2", "DESC");
    return slice_of<LinksRow>(
        page, Edge::begin,
        [&](const auto& place, std::size_t most) { return impl_->links(ahead.c_str(), chat, *place, most); },
        [&](const auto& place, std::size_t most) {
          return impl_->links((place ? behind : first).c_str(), chat, place.value_or(MessageId{}), most);
        },
        [&](MessageId id) {
          auto found = impl_->links(one.c_str(), chat, id, 1);
          return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
        });
  });
}

}  // namespace coi::store
