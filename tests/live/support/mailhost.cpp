#include "mailhost.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

extern char** environ;

namespace coi::live {

Mailhost::Mailhost(std::vector<std::string> arguments) {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> words = {COI_MAILHOST, "--user", "alice@example.org:secret", "--user",
                                    "bob@example.net:secret"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  const int error = ::posix_spawn(&child_, COI_MAILHOST, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  input_ = to[1];
  output_ = from[0];
  if (error != 0) throw std::runtime_error("cannot start the mailhost");
  const auto line = read_line();
  const auto value = json::parse(line, Limits{});
  if (!value || !value->is_object()) throw std::runtime_error("the mailhost did not start: " + line);
  ready_ = value->as_object();
}

Mailhost::~Mailhost() {
  ::close(input_);  // it stops by itself
  int status = 0;
  ::waitpid(child_, &status, 0);
  ::close(output_);
}

std::string Mailhost::why_not(const std::string& argument) {
  const auto command = std::string(COI_MAILHOST " ") + argument + " 2>&1 </dev/null";
  FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) return "no process can be started";
  std::string said;
  for (int octet = std::fgetc(output); octet != EOF; octet = std::fgetc(output)) said += static_cast<char>(octet);
  constexpr int cannot_be = 3;  // tools/mailhost: it would need what is not here
  const int status = ::pclose(output);
  return WIFEXITED(status) && WEXITSTATUS(status) == cannot_be ? said : "";
}

std::string Mailhost::read_line() {
  std::array<char, 65536> chunk;
  while (buffer_.find('\n') == std::string::npos) {
    const auto count = ::read(output_, chunk.data(), chunk.size());
    if (count <= 0) throw std::runtime_error("the mailhost ended: " + buffer_);
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
  }
  const auto end = buffer_.find('\n');
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

std::string Mailhost::ca() const { return std::string(ready_.at("ca").as_string()); }
std::string Mailhost::directory() const { return std::string(ready_.at("dir").as_string()); }

int Mailhost::port(std::string_view service) const { return static_cast<int>(ready_.at(service).as_int64()); }

json::Object Mailhost::command(json::Object command) {
  const auto line = json::print(command) + "\n";
  if (::write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("the mailhost is gone");
  auto answer = json::parse(read_line(), Limits{.literal = 1 << 30}).value().as_object();
  if (!answer.at("ok").as_bool()) throw std::runtime_error("mailhost: " + json::print(answer));
  return answer;
}

std::string Mailhost::doveadm(json::Array arguments) {
  return std::string(command({{"cmd", "doveadm"}, {"args", std::move(arguments)}}).at("stdout").as_string());
}

void Mailhost::deliver(std::string_view user, std::string_view mail) {
  command({{"cmd", "deliver"}, {"user", user}, {"text", mail}});
}

std::string Mailhost::rawlog(std::string_view user) {
  return std::string(command({{"cmd", "rawlog"}, {"user", user}}).at("text").as_string());
}

}  // namespace coi::live
