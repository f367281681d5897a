// coi-bench --imap URL --smtp URL --ca FILE: the instruments of bench/run. One JSON object a line on standard input
// says what to measure ("do" and its arguments), one a line on standard output has the result or {"error": "…"}. What
// is measured in which order, and what follows from it, is bench/run's.
#include <iostream>
#include <span>
#include <string>

#include "bench.h"

namespace coi::bench {
namespace {

Result<Servers> parse_servers(std::span<char*> words) {
  Servers servers{.password = Secret("secret")};
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    const std::string_view option = words[i], value = words[i + 1];
    if (option == "--imap")
      servers.imap = COI_TRY(net::parse_url(net::Service::imap, value));
    else if (option == "--smtp")
      servers.smtp = COI_TRY(net::parse_url(net::Service::smtp, value));
    else if (option == "--ca")
      servers.ca = value;
    else
      return fail(ErrorKind::invalid, "unknown option " + std::string(option));
  }
  if (servers.imap.port == 0 || servers.smtp.port == 0)
    return fail(ErrorKind::invalid, "usage: coi-bench --imap URL --smtp URL --ca FILE");
  return servers;
}

int run(std::span<char*> words) {
  auto servers = parse_servers(words);
  if (!servers) {
    std::cerr << "coi-bench: " << servers.error().text() << '\n';
    return 2;
  }
  Bench bench(std::move(*servers));
  for (std::string line; std::getline(std::cin, line);) {
    const auto order = json::parse(line, Limits{});
    auto result = order && order->is_object() ? bench.measure(order->as_object())
                                              : Result<json::Object>(fail(ErrorKind::invalid, "not an object"));
    const auto answer = result ? std::move(*result) : json::Object{{"error", result.error().text()}};
    std::cout << json::print(answer) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace coi::bench

int main(int argc, char** argv) { return coi::bench::run(std::span(argv, static_cast<std::size_t>(argc)).subspan(1)); }
