// Where a room says what it does. The program hands in a sink; a room without one is silent. A line names commands,
// hosts, folders and ids, never a secret and never the text of a message.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <fmt/format.h>

namespace coi::inline base {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

// Thread-safe by contract: the sink may be called from any thread. Copies share the sink.
class Log {
 public:
  using Sink = std::function<void(LogLevel, std::string_view)>;

  Log() = default;
  explicit Log(Sink sink) : sink_(std::move(sink)) {}

  explicit operator bool() const { return static_cast<bool>(sink_); }

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::debug, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::info, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::warning, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::error, format, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void write(LogLevel level, fmt::format_string<Args...> format, Args&&... args) const {
    if (sink_) sink_(level, fmt::format(format, std::forward<Args>(args)...));
  }

  Sink sink_;
};

}  // namespace coi::inline base
