// Usage: coi-reading < PATHS
// Reads paths of mails, one a line, and writes for each a line of JSON: what is shown, what is folded as a quote, and
// what is folded as a footer. {"error": …} for a mail that cannot be read.
#include <fstream>
#include <iostream>
#include <iterator>

#include "chat/read.h"
#include "json/json.h"

namespace {

coi::json::Object shown(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {{"error", "no such file"}};
  const auto mail = coi::mime::parse(std::string(std::istreambuf_iterator<char>(file), {}), coi::Limits{});
  if (!mail) return {{"error", mail.error().text()}};
  const auto content = coi::chat::read(*mail, {.fallback_id = "none@local"});
  if (!content.letter) return {{"error", "no letter"}};
  return {{"text", content.letter->text}, {"quote", content.letter->quote}, {"footer", content.letter->footer}};
}

}  // namespace

int main() {
  for (std::string path; std::getline(std::cin, path);) std::cout << coi::json::print(shown(path)) << "\n";
}
