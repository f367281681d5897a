// Mails for the tests: written in place, or samples from tests/data.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chat/input.h"
#include "chat/read.h"
#include "mime/build.h"

namespace coi::chat {

inline mime::Mail parsed(std::string_view bytes) { return mime::parse(bytes, Limits{}).value(); }

inline mime::Mail sample(const std::filesystem::path& name) {
  std::ifstream file(std::filesystem::path(COI_TEST_DATA) / name, std::ios::binary);
  if (!file) throw std::runtime_error("no sample " + name.string());
  return parsed(std::string(std::istreambuf_iterator<char>(file), {}));
}

inline Content read_mail(const mime::Mail& mail) { return read(mail, {.fallback_id = "fallback@local"}); }
inline Content read_text(std::string_view bytes) { return read_mail(parsed(bytes)); }
inline Content read_sample(const std::filesystem::path& name) { return read_mail(sample(name)); }

// A mail of Bob's with these header fields ("Name: value\n" each) and this body.
inline std::string from_bob(std::string_view fields, std::string_view body = "Hello\n") {
  return fmt::format(
      "From: Bob <bob@example.net>\nTo: alice@example.org\nDate: Tue, 24 Nov 2026 10:00:00 +0100\n{}\n{}", fields,
      body);
}

// The octets that would go out.
inline std::string written(const mime::Part& tree) { return mime::build(tree, "seed").value(); }

// The types of all parts, from the outside.
inline std::vector<std::string> types_of(const mime::Part& part) {
  std::vector<std::string> types = {part.type};
  for (const auto& child : part.children)
    for (auto& type : types_of(child)) types.push_back(std::move(type));
  return types;
}

// What the user says in a chat.
inline SendMessage says(std::string text) {
  return {.chat = ChatId{1}, .text = std::move(text), .rfc_id = "chat$new@example.org"};
}

}  // namespace coi::chat
