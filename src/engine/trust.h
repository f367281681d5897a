// Whom an account trusts beside the system's authorities.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"
#include "net/tls.h"

namespace coi::engine {

// Gives what all connections of an account share. The file is read when the first of them is made, and again at every
// attempt until that works: without it the mails can be read, but nothing is connected. Any thread. Errors of
// net::Tls::load().
using TrustSource = std::function<Result<net::Tls>()>;

TrustSource trust_source(const std::filesystem::path& extra_ca);

}  // namespace coi::engine
