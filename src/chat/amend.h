// Mails that change what was sent before, as they are read: edits (C-27, D-21), deletions (C-28, C-32), pins (D-26,
// C-82).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// Before the new words of an edit that goes to plain programs (D-21).
inline constexpr std::string_view pencil = "\xE2\x9C\x8F\xEF\xB8\x8F";

// What a mail does to another one, by its fields alone.
struct Amendment {
  enum class Kind : std::uint8_t { edit, deletion, pin, unpin } kind = Kind::edit;
  std::string subject;  // the mail that is meant, a Message-ID
  UnixMs until_ms = 0;  // of a pin; 0: for good
  friend bool operator==(const Amendment&, const Amendment&) = default;
};

// `in_reply_to`: the first id of the mail's own, without <>. nullopt: it amends nothing. Chat-Delete means nothing in
// a mail that was not encrypted (D-22).
std::optional<Amendment> read_amendment(const mime::Mail& mail, std::string_view in_reply_to);

// The new words alone: what stands before them for plain programs is taken off.
std::string edited_text(std::string_view text);

// C-82: the mail itself is to be pinned, until that time; 0: for good. nullopt: it is not.
std::optional<UnixMs> read_pinned(const mime::Mail& mail);

}  // namespace coi::chat
