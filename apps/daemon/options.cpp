#include "options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "proto/location.h"

namespace coi::daemon {
namespace {

constexpr int usage = 2;

}  // namespace

Options parse_options(int count, char** words) {
  Options options;
  std::string data, socket;
  long idle = 0;
  int ready = -1;
  CLI::App app(
      "The daemon of Chat over IMAP. It holds the accounts and serves coi and other front ends; coi starts it by "
      "itself when none runs.",
      "coid");
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", COI_VERSION, "Print the version");
  app.add_option("--data", data, "Data directory (default: $COI_DATA, else $XDG_DATA_HOME/coi)")->type_name("DIR");
  app.add_option("--socket", socket,
                 "Where to listen (default: $XDG_RUNTIME_DIR/coi/HASH.sock, else coid.sock in the data directory)")
      ->type_name("PATH");
  app.add_flag("--stdio", options.stdio, "Serve one client on standard input and output, and end with it");
  app.add_option("--log", options.log, "A file, or stderr (default)")->type_name("FILE");
  app.add_option("--log-level", options.level, "debug, info (default), warning or error")
      ->type_name("LEVEL")
      ->transform(CLI::CheckedTransformer(std::map<std::string, LogLevel>{{"debug", LogLevel::debug},
                                                                          {"info", LogLevel::info},
                                                                          {"warning", LogLevel::warning},
                                                                          {"error", LogLevel::error}},
                                          CLI::ignore_case)
                      .description(""));
  app.add_option("--idle-exit", idle, "End after so many seconds without a client (default: never)")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 86400).description(""));
  app.add_flag("--print-api", options.print_api, "Print the reference of the interface (docs/api.md)");
  app.add_option("--ready-fd", ready)->group("");  // for coi
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : usage);
  }
  if (options.print_api) return options;
  auto found = proto::data_directory(data);
  if (!found) {
    std::cerr << "coid: " << found.error().text() << " (" << found.error().hint() << ")\n";
    std::exit(usage);
  }
  options.data = *std::move(found);
  options.socket = socket.empty() ? proto::socket_path(options.data) : std::filesystem::absolute(socket);
  if (idle > 0) options.idle_exit = std::chrono::seconds(idle);
  if (ready >= 0) options.ready = ready;
  return options;
}

}  // namespace coi::daemon
