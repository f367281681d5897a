// One input on its way into the store: decide by what is stored, write the mails, apply. Inside a transaction of the
// caller.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "store/database.h"

namespace coi::engine {

// Of every error that says that a mail is too large.
inline constexpr auto too_large_hint = "share large files by a link, or send them one by one";

// The outer result: the store failed, roll back. The inner one: decide() refused, or the mail is larger than the
// provider takes (limit); nothing was changed.
Result<Result<>> step(store::Database& database, const chat::AccountFacts& account, const chat::Input& input,
                      UnixMs now);

}  // namespace coi::engine
