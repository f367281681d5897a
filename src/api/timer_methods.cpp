// Disappearing messages.
#include "api/find_chat.h"
#include "api/methods.h"
#include "api/one_chat.h"

namespace coi::api {

void set_timer(const OpenAccount& open, const proto::SetTimer& params, const Responder<proto::TimerSet>& responder) {
  const auto id = find_chat(open, params.chat);
  if (!id) return responder(std::unexpected(id.error()));
  const bool told = params.seconds.has_value();
  act<proto::TimerSet>(
      open, chat::SetTimer{.chat = *id, .seconds = params.seconds, .removes_copies = params.remove_copies}, responder,
      [id = *id, told](const OpenAccount& again, const store::Changes&) -> Result<proto::TimerSet> {
        auto changed = COI_TRY(one_chat(again, id));
        proto::TimerSet set{.seq = changed.seq, .chat = std::move(changed.chat)};
        if (told && set.chat.timer != 0) set.kept_by = COI_TRY(again.reader->plain_peers(id, now_of(again)));
        return set;
      });
}

}  // namespace coi::api
