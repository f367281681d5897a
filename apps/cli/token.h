// What marks a message that is said twice as one.
#pragma once

#include <string>

namespace coi::cli {

// 128 random bits, for SendMessage::token: a request that the daemon did not answer is repeated with the same one.
std::string random_token();

}  // namespace coi::cli
