// What the store and the engine hand out, as the objects of the public interface.
#pragma once

#include <string>

#include "engine/engine.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/contact.h"
#include "proto/message.h"

namespace coi::api {

// `account`: the id of the account that the row is from. `now`: a mute that is over does not show.
proto::Message to_proto(const std::string& account, const store::MessageRow& row);
proto::Preview to_proto(const store::PreviewRow& row);
proto::Attachment to_proto(const store::AttachmentRow& row);
proto::Chat to_proto(const std::string& account, store::ChatRow row, UnixMs now);
proto::Contact to_proto(const std::string& account, const store::PersonRow& row);

proto::Account to_proto(const engine::Engine::Entry& entry, const std::optional<std::string>& used);
proto::Connection to_proto(const engine::Status& status);
proto::Progress to_proto(const engine::Progress& progress);

wire::Filter filter_of(proto::Filter filter);
proto::Filter to_proto(wire::Filter filter);

}  // namespace coi::api
