// One input on its way into the store: ask, gather, decide, write the mails, apply. Inside a transaction of the caller.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "store/database.h"

namespace coi::engine {

// The outer result: the store failed, roll back. The inner one: decide() refused, nothing was changed.
Result<Result<>> step(store::Database& database, const chat::AccountFacts& account, const chat::Input& input,
                      UnixMs now);

}  // namespace coi::engine
