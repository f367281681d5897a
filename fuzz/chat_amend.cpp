// rooms: chat
// Any octets are a mail that may change another one: what it changes is named, and an edit has words or is none.
#include <cstdint>
#include <string_view>

#include "chat/amend.h"
#include "chat/read.h"
#include "chat/timer.h"
#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coi::chat;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto mail = coi::mime::parse(bytes, coi::Limits{});
  if (!mail) return 0;
  const auto content = read(*mail, {.fallback_id = "fallback@local"});
  if (const auto amendment = read_amendment(*mail, content.in_reply_to)) {
    check(!amendment->subject.empty());
    check_text(amendment->subject);
  }
  read_pinned(*mail);
  check(edited_text(edited_text(bytes)).size() <= edited_text(bytes).size());
  check(content.edits.empty() || content.edits != content.rfc_id);
  if (!content.edits.empty() && content.letter && !content.disowned)
    check(!content.letter->text.empty() || !content.letter->attachments.empty());
  // D-27: nobody sets a timer whose mail is denied, and what tells of one is a mail of a chat program.
  if (content.timer) check(!content.disowned && mail->root.header("Chat-Version") != nullptr);
  check_text(timer_words(content.timer.value_or(0)));
  if (content.letter && content.letter->notice.code == timer_changed) check(content.timer.has_value());
  for (const auto& remark : content.remarks)
    if (remark.kind == RemarkKind::deleted || remark.kind == RemarkKind::pinned) {
      check(!remark.subject.empty() && !content.disowned);
      check_text(remark.value);
    }
  return 0;
}
