// The public interface as one table. Help and docs/api.md come from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/method.h"

namespace coi::api {

const std::vector<Method>& methods();
// nullptr: there is no such method.
const Method* find_method(std::string_view name);

}  // namespace coi::api
