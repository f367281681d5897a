// What the user said beside the command itself.
#pragma once

#include <filesystem>
#include <string>

namespace coi::cli {

struct Globals {
  std::string account;  // empty: the only one, or the one chosen by `coi use`
  bool json = false;
  std::filesystem::path data;  // absolute
};

}  // namespace coi::cli
