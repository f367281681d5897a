// The versions of a message, and the pins of a chat.
#include <algorithm>
#include <cstdlib>
#include <ranges>

#include "chat/arrival.h"
#include "chat/settle.h"
#include "store/reader_impl.h"
#include "store/remarks.h"

namespace coi::store {

using namespace chat;

std::vector<Remark> Reader::Impl::remarks_of_versions(const MessageRow& message, std::vector<Remark> said) {
  static const std::string about_versions =
      std::string(select_remarks) +
      "IN (SELECT v.rfc_id FROM message m JOIN message v ON v.family = m.family AND v.family <> 0 WHERE m.id = ?1 AND "
      "v.id <> ?1 AND v.edits <> '' UNION ALL SELECT a.rfc_id FROM message m JOIN message v ON v.family = m.family AND "
      "v.family <> 0 JOIN also a ON a.message = v.id WHERE m.id = ?1 AND v.id <> ?1 AND v.edits <> '')";
  auto row = connection.query(about_versions.c_str(), message.id);
  while (row.next()) said.push_back(remark_of(row));
  return said;
}

std::optional<Remark> Reader::Impl::pin(const MessageRow& message, const std::vector<Remark>& remarks) {
  if (message.deleted || std::ranges::find(remarks, RemarkKind::pinned, &Remark::kind) == remarks.end())
    return std::nullopt;
  return settled_pin(remarks, persons_of(message.chat), clock());
}

std::vector<Reader::Impl::Pinned> Reader::Impl::pins(ChatId chat) {
  static_assert(static_cast<int>(RemarkKind::pinned) == 9);
  std::vector<MessageId> ids;
  {
    // Of a version the message. The plus: pins are few, and SQLite would read all of the chat for each of them.
    auto row = connection.query(
        "SELECT DISTINCT coalesce((SELECT r.id FROM message r WHERE r.family = m.family AND r.family <> 0 AND m.hidden "
        "= 1 AND r.hidden = 0 ORDER BY r.shown DESC LIMIT 1), m.id) FROM "
        "(SELECT DISTINCT subject FROM remark INDEXED BY remark_pinned WHERE kind = 9) s CROSS JOIN message m ON m.id "
        "IN "
        "(SELECT id FROM message WHERE rfc_id = s.subject UNION ALL SELECT message FROM also WHERE rfc_id = s.subject) "
        "WHERE +m.chat = ? AND m.hidden IN (0, 1)",
        chat);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
  }
  std::vector<Pinned> pins;
  for (const auto id : ids) {
    const auto found = head(id);
    if (!found) continue;
    auto said = remarks(found->message);
    if (found->message.edited) said = remarks_of_versions(found->message, std::move(said));
    const auto pinned = pin(found->message, said);
    if (!pinned) continue;
    pins.push_back({.message = id,
                    .by = pinned->author,
                    .since_ms = said_ms(*pinned),
                    .until_ms = std::strtoll(pinned->value.c_str(), nullptr, 10)});
  }
  std::ranges::sort(pins, [](const Pinned& a, const Pinned& b) {
    return std::pair(a.since_ms, a.message) > std::pair(b.since_ms, b.message);
  });
  return pins;
}

// Of a list that is known by its ids: beginning at the place.
Slice<MessageRow> Reader::Impl::messages_at(const Slice<MessageId>& ids, const Page<MessageId>& page,
                                            std::size_t octets) {
  const auto anchor = page.around   ? std::ranges::find(ids.rows, *page.around)
                      : page.before ? ids.rows.end()
                                    : ids.rows.begin();
  return messages(ids, static_cast<std::size_t>(anchor - ids.rows.begin()), octets);
}

Result<Snapshot<Slice<PinRow>>> Reader::pins(ChatId chat, const Page<MessageId>& page, std::size_t octets) {
  return impl_->snapshot("cannot read what is pinned", [&] {
    auto pins = slice_of(impl_->pins(chat), page,
                         [](const Impl::Pinned& pinned, MessageId id) { return pinned.message == id; });
    Slice<MessageId> ids{.more_before = pins.more_before, .more_after = pins.more_after};
    for (const auto& pinned : pins.rows) ids.rows.push_back(pinned.message);
    auto read = impl_->messages_at(ids, page, octets);
    Slice<PinRow> rows{.more_before = read.more_before, .more_after = read.more_after};
    for (auto& message : read.rows) {
      auto& pinned = *std::ranges::find(pins.rows, message.id, &Impl::Pinned::message);
      rows.rows.push_back({.message = std::move(message),
                           .by = std::move(pinned.by),
                           .since_ms = pinned.since_ms,
                           .until_ms = pinned.until_ms});
    }
    return rows;
  });
}

Result<Snapshot<std::optional<std::vector<VersionRow>>>> Reader::history(MessageId id, std::size_t octets) {
  return impl_->snapshot("cannot read the versions of the message", [&]() -> std::optional<std::vector<VersionRow>> {
    std::vector<VersionRow> versions;
    const auto take = [&versions](Rows rows) {
      while (rows.next())
        versions.push_back(
            {.rfc_id = rows.text(0), .text = rows.text(1), .shown_ms = shown_time(rows.number(2), rows.number(3))});
    };
    bool deleted = false;
    std::int64_t family = 0;
    {
      auto row = impl_->connection.query(
          "SELECT deleted, iif(shown <> 0, family, 0) FROM message WHERE id = ? AND hidden = 0", id);
      if (!row.next()) return std::nullopt;
      deleted = row.flag(0);
      family = row.number(1);
    }
    if (deleted) return versions;
    take(impl_->connection.query("SELECT rfc_id, text, date_ms, arrived_ms FROM message WHERE id = ?", id));
    take(impl_->connection.query(
        "SELECT rfc_id, text, date_ms, arrived_ms FROM message WHERE family = ?1 AND family <> 0 AND (edits <> '') = 1 "
        "AND id <> ?2 ORDER BY min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, arrived_ms, rfc_id, "
        "text",
        family, id));
    // The first one and the newest.
    std::size_t all = versions.front().text.size();
    const auto is_old = std::ranges::find_if(versions | std::views::drop(1) | std::views::reverse,
                                             [&](const auto& one) { return (all += one.text.size()) > octets; });
    versions.erase(versions.begin() + 1, is_old.base());
    return versions;
  });
}

}  // namespace coi::store
