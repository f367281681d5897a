// What is done to messages that were sent: edit, delete, pin.
#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/one_chat.h"
#include "api/reacted.h"
#include "api/rows.h"
#include "api/send_letter.h"

namespace coi::api {
namespace {

Reach reach_of(bool to_plain) { return to_plain ? Reach::everybody : Reach::chat_programs; }

}  // namespace

void edit_message(const OpenAccount& open, const proto::EditMessage& params,
                  const Responder<proto::Reacted>& responder) {
  const chat::MessageId id(params.message.value);
  act_on_message(open, id, chat::EditMessage{.message = id, .text = params.text, .to_plain = params.to_plain},
                 reach_of(params.to_plain), responder);
}

void pin_message(const OpenAccount& open, const proto::PinMessage& params, const Responder<proto::Reacted>& responder) {
  // 0 is no time there: pinned for good.
  if (params.until && params.until->ms <= 0)
    return responder(fail(ErrorKind::invalid, "the end of the pin lies in the past"));
  const chat::MessageId id(params.message.value);
  act_on_message(open, id,
                 chat::PinMessage{.message = id,
                                  .pinned = params.pinned,
                                  .until_ms = params.until ? params.until->ms : 0,
                                  .to_plain = params.to_plain},
                 reach_of(params.to_plain), responder);
}

void delete_message(const OpenAccount& open, const proto::DeleteMessage& params,
                    const Responder<proto::Deleted>& responder) {
  const chat::MessageId id(params.message.value);
  const auto before = one_message(open, id);
  if (!before) return responder(std::unexpected(before.error()));
  const bool is_told = !params.here && !params.to_plain;
  act<proto::Deleted>(
      open, chat::DeleteMessage{.message = id, .here = params.here, .to_plain = params.to_plain}, responder,
      [id, is_told, chat = chat::ChatId(before->message.chat.value)](const OpenAccount& again,
                                                                     const store::Changes&) -> Result<proto::Deleted> {
        const auto found = COI_TRY(again.reader->message(id));
        proto::Deleted deleted{.seq = found.seq};
        if (found.value) deleted.message = to_proto(again.id, *found.value);
        if (is_told) deleted.unsent_to = COI_TRY(again.reader->plain_peers(chat, now_of(again), chat::obeys_deletions));
        return deleted;
      });
}

Result<proto::History> get_history(const OpenAccount& open, const proto::GetHistory& params) {
  const chat::MessageId id(params.message.value);
  const auto found = COI_TRY(open.reader->history(id, open.call.service.environment.limits.answer_octets));
  if (!found.value) return no_message(id);
  proto::History history{.seq = found.seq};
  for (const auto& version : *found.value)
    history.versions.push_back({.rfc_id = version.rfc_id, .time = {version.shown_ms}, .text = version.text});
  return history;
}

}  // namespace coi::api
