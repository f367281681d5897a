#include "log.h"

#include <fmt/format.h>

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace coi::daemon {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

}  // namespace

Result<Log> open_log(const std::string& target, LogLevel level) {
  try {
    spdlog::sink_ptr sink;
    if (target == "stderr")
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
      sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(target, largest_file, 1);
    auto logger = std::make_shared<spdlog::logger>("coid", std::move(sink));
    logger->set_level(to_spdlog(level));
    logger->flush_on(spdlog::level::debug);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    return Log([logger = std::move(logger)](LogLevel line_level, std::string_view line) {
      logger->log(to_spdlog(line_level), spdlog::string_view_t(line.data(), line.size()));
    });
  } catch (const spdlog::spdlog_ex& exception) {
    return fail(ErrorKind::io, fmt::format("cannot write the log {}: {}", target, exception.what()));
  }
}

}  // namespace coi::daemon
