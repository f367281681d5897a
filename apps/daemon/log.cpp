#include "log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <mutex>

#include <fmt/format.h>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace coi::daemon {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

// A file of our own that grows to a limit; what was before it is beside it as NAME.1. Links, pipes and files of others
// that stand in its place are not written to: whoever put them there would choose what we overwrite.
class LogFile : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LogFile(std::string path) : path_(std::move(path)) {
    if (const auto problem = open(); !problem.empty()) throw spdlog::spdlog_ex(problem);
  }
  ~LogFile() override { close(); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (size_ > 0 && size_ + line.size() > largest_file) turn_over();
    if (descriptor_ >= 0 && ::write(descriptor_, line.data(), line.size()) > 0) size_ += line.size();
  }
  void flush_() override {}

 private:
  std::string open() {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor_ < 0) return errno == ELOOP ? "it is a link" : std::strerror(errno);
    struct stat entry = {};
    if (::fstat(descriptor_, &entry) == 0 && S_ISREG(entry.st_mode) && entry.st_nlink == 1 &&
        entry.st_uid == ::geteuid()) {
      size_ = static_cast<std::size_t>(entry.st_size);
      return {};
    }
    close();
    return "it is no file of our own";
  }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  void turn_over() {
    close();
    ::rename(path_.c_str(), (path_ + ".1").c_str());
    size_ = 0;
    open();
  }

  std::string path_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

// The folder it is in is the user's own, as the data directory is.
std::string make_place(const std::string& target) {
  const auto folder = std::filesystem::absolute(target).parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder.parent_path(), error);
  ::mkdir(folder.c_str(), 0700);
  return target;
}

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
      sink = std::make_shared<LogFile>(make_place(target));
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
