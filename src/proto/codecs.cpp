// The codecs of what many files read and write, compiled once: in each of those files they would take seconds. The
// headers declare them (`extern template`).
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/contact.h"
#include "proto/daemon.h"
#include "proto/message.h"
#include "proto/poll.h"
#include "proto/position.h"

namespace coi::json {

template struct StructCodec<proto::Account>;
template struct StructCodec<proto::Quota>;
template struct StructCodec<proto::Connection>;
template struct StructCodec<proto::Progress>;
template struct StructCodec<proto::Queue>;
template struct StructCodec<proto::Status>;
template struct StructCodec<proto::Member>;
template struct StructCodec<proto::Preview>;
template struct StructCodec<proto::Chat>;
template struct StructCodec<proto::ContactAddress>;
template struct StructCodec<proto::Contact>;
template struct StructCodec<proto::Version>;
template struct StructCodec<proto::Author>;
template struct StructCodec<proto::Recipient>;
template struct StructCodec<proto::Attachment>;
template struct StructCodec<proto::Location>;
template struct StructCodec<proto::SharedContact>;
template struct StructCodec<proto::Notice>;
template struct StructCodec<proto::Reaction>;
template struct StructCodec<proto::Message>;
template struct StructCodec<proto::PollOption>;
template struct StructCodec<proto::Poll>;
template struct StructCodec<proto::Position>;

}  // namespace coi::json
