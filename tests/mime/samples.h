// The sample mails in tests/data.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "mime/mail.h"
#include "mime/transfer.h"

namespace coi::mime {

inline std::string sample(const std::filesystem::path& name) {
  std::ifstream file(std::filesystem::path(COI_TEST_DATA) / name, std::ios::binary);
  if (!file) throw std::runtime_error("no sample " + name.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::filesystem::path> samples_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(COI_TEST_DATA) / folder))
    if (entry.path().extension() == ".eml") names.push_back(folder / entry.path().filename());
  std::ranges::sort(names);
  return names;
}

inline Part parsed(std::string_view bytes) { return parse(bytes, Limits{}).value().root; }

}  // namespace coi::mime
