// How a remark is read from its row, for the writer and the readers alike. Inside of the room.
#pragma once

#include "chat/model.h"
#include "store/sql.h"

namespace coi::store {

inline constexpr auto select_remarks =
    "SELECT kind, subject, author, about, date_ms, rfc_id, at_ms, by_us, value FROM remark WHERE subject ";

// Of select_remarks.
inline chat::Remark remark_of(const Rows& row) {
  return {.kind = row.word<chat::RemarkKind>(0),
          .subject = row.text(1),
          .author = row.text(2),
          .about = row.text(3),
          .value = row.text(8),
          .date_ms = row.number(4),
          .rfc_id = row.text(5),
          .at_ms = row.number(6),
          .by_us = row.flag(7)};
}

}  // namespace coi::store
