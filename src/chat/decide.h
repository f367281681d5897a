// The meaning of an input, given what is stored: a list of operations. Looks up the facts that this kind of input needs
// (chat/ask.h) and decides by them alone: pure, and independent of the order in which a history arrives. Any
// permutation of the same inputs leaves the same store (tests/scenario/permutation_test.cpp).
#pragma once

#include "chat/facts.h"
#include "chat/input.h"
#include "chat/lookups.h"
#include "chat/plan.h"

namespace coi::chat {

Plan decide(const Input& input, const AccountFacts& account, Lookups& stored, UnixMs now);

// How long a mail that a server refuses for now is tried before it fails, and how long the n-th pause is (n from 1).
inline constexpr UnixMs give_up_after = 3LL * 24 * 3600 * 1000;
UnixMs retry_pause(int attempts);

}  // namespace coi::chat
