// Unpredictable octets of the operating system's quality. A room that decides takes randomness as an argument; only
// programs and owners of outside things call these.
#pragma once

#include <cstddef>
#include <string>

namespace coi::hash {

// Neither returns when the system has no randomness to give: the program ends instead.
std::string random_bytes(std::size_t octets);
// Characters from [0-9A-Za-z_-], six bits of randomness each.
std::string random_token(std::size_t characters);

}  // namespace coi::hash
