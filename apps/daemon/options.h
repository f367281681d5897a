// The daemon's command line.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/log.h"

namespace coi::daemon {

struct Options {
  std::filesystem::path data;  // absolute
  std::filesystem::path socket;
  bool stdio = false;          // one client on standard input and output instead of the socket
  std::string log = "stderr";  // or a file
  LogLevel level = LogLevel::info;
  std::optional<std::chrono::seconds> idle_exit;  // after so long without a client
  std::optional<int> ready;                       // descriptor that hears when clients can connect, or why they cannot
  bool print_api = false;
};

// Ends the program after --help, --version (0) or wrong usage (2).
Options parse_options(int count, char** words);

}  // namespace coi::daemon
