#include "api/reacted.h"

#include <utility>

#include "api/one_chat.h"
#include "api/send_letter.h"

namespace coi::api {

void act_on_message(const OpenAccount& open, chat::MessageId id, chat::Input action, Reach reach,
                    const Responder<proto::Reacted>& responder) {
  if (const auto found = one_message(open, id); !found) return responder(std::unexpected(found.error()));
  act<proto::Reacted>(open, std::move(action), responder,
                      [id, reach](const OpenAccount& again, const store::Changes&) -> Result<proto::Reacted> {
                        auto one = COI_TRY(one_message(again, id));
                        proto::Reacted reacted{.seq = one.seq, .message = std::move(one.message)};
                        if (reach == Reach::everybody) return reacted;
                        reacted.unsent_to =
                            COI_TRY(again.reader->plain_peers(chat::ChatId(reacted.message.chat.value), now_of(again)));
                        if (reach == Reach::chat_programs_and_author)
                          std::erase(reacted.unsent_to, reacted.message.from.addr);
                        return reacted;
                      });
}

}  // namespace coi::api
