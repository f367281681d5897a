// Mails that change what was sent before: edits, deletions, pins.
#include <algorithm>
#include <iterator>

#include "chat/amend.h"
#include "chat/compose.h"
#include "chat/compose_group.h"
#include "chat/compose_letter.h"
#include "chat/compose_parts.h"
#include "chat/markdown.h"
#include "chat/subject.h"
#include "chat/timer.h"
#include "mime/date.h"
#include "mime/message_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

std::string subject_about(const MessageFacts& original, const ChatFacts& chat) {
  return chat.group ? group_subject(*chat.group) : reply_subject(original.subject);
}

// In the thread of the original. `answered`: what In-Reply-To names.
std::vector<mime::Header> fields_about(const MessageFacts& original, const std::string& answered,
                                       const AccountFacts& account, const ChatFacts& chat, std::string_view rfc_id,
                                       std::string_view content, UnixMs now) {
  const auto to = addresses_of(recipients_of(chat, account));
  auto fields = common_fields(account, to, rfc_id, subject_about(original, chat), now);
  fields.push_back({"In-Reply-To", mime::format_message_ids({answered})});
  fields.push_back({"References", mime::format_message_ids(references_of(original.first_of_thread(), answered))});
  fields.push_back({std::string(wire::chat_content), std::string(content)});
  if (chat.group) std::ranges::move(group_fields(*chat.group, account, to, now), std::back_inserter(fields));
  add_timer(chat.timer, fields);
  return fields;
}

}  // namespace

const std::string& original_id_of(const MessageFacts& first) {
  return first.edits.empty() ? first.key.rfc_id : first.edits;
}

// D-21: in clear mail Delta Chat takes Chat-Edit from the first part of multipart/mixed alone.
ComposedEdit compose_edit(const EditMessage& edit, const AccountFacts& account, const AmendFacts& facts, UnixMs now,
                          bool quoted) {
  const auto& original = facts.versions.front();
  const auto& last = original.newest ? original.newest->rfc_id : original.key.rfc_id;
  const mime::Header edits{std::string(wire::chat_edit), mime::format_message_ids({original_id_of(original)})};
  const Details details{.formatted = has_markup(edit.text)};
  const std::string mark(quoted ? pencil : ""), quote = quoted ? quote_of(original) : "";
  auto text = text_part(body_text(mark + unmarked(edit.text, details), quote));
  if (details.formatted) text = formatted_words(std::move(text), body_text(mark + edit.text, quote), edit.text, quote);
  text.headers.push_back(edits);
  mime::Part tree{.type = "multipart/mixed"};
  tree.headers = fields_about(original, last, account, *facts.chat, edit.rfc_id, "editrequest", now);
  tree.headers.push_back(edits);
  tree.children.push_back(std::move(text));
  return {.tree = std::move(tree),
          .details = details,
          .subject = subject_about(original, *facts.chat),
          .in_reply_to = last,
          .thread_root = original.first_of_thread()};
}

mime::Part compose_deletion(const DeleteMessage& gone, const AccountFacts& account, const AmendFacts& facts,
                            UnixMs now) {
  const auto& original = facts.versions.front();
  auto tree = text_part("The sender has deleted the message that this one answers.");
  tree.headers = fields_about(original, original.key.rfc_id, account, *facts.chat, gone.rfc_id, "deleterequest", now);
  return tree;
}

mime::Part compose_pin(const PinMessage& pin, const AccountFacts& account, const AmendFacts& facts, UnixMs now,
                       bool quoted) {
  const auto& original = facts.versions.front();
  auto tree = text_part(
      body_text(pin.pinned ? pinned_words : "A message is no longer pinned.", quoted ? quote_of(original) : ""));
  if (pin.pinned && pin.until_ms != 0) {
    tree.disposition = "inline";
    tree.disposition_params = {{"timeout", mime::format_date(pin.until_ms, std::chrono::minutes{0})}};
  }
  tree.headers = fields_about(original, original.key.rfc_id, account, *facts.chat, pin.rfc_id,
                              pin.pinned ? "message-pinned" : "message-unpinned", now);
  return tree;
}

}  // namespace coi::chat
