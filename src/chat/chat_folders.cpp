#include "chat/chat_folders.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mime/charset.h"

namespace coi::chat {
namespace {

bool is_name(std::string_view name) {
  return std::ranges::none_of(name, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7F || c == ',';
  });
}

}  // namespace

std::vector<std::string> folders_of(std::string_view text) {
  std::set<std::string, FolderOrder> all;
  for (const auto piece : ascii_split(text, ',')) {
    auto name = ascii_single_spaced(piece);
    if (!name.empty() && name.size() <= longest_folder && is_name(name) && all.size() < most_folders)
      all.insert(std::move(name));
  }
  return {all.begin(), all.end()};
}

Result<std::string> written_folders(const std::vector<std::string>& written) {
  std::set<std::string, FolderOrder> all;
  for (const auto& one : written) {
    auto name = ascii_single_spaced(mime::valid_utf8(one));
    if (!is_name(name))
      return fail(ErrorKind::invalid, "that is no name of a folder", "names have no commas and no line breaks");
    if (name.size() > longest_folder)
      return fail(ErrorKind::limit, fmt::format("the name of a folder has {} octets at most", longest_folder));
    if (!name.empty()) all.insert(std::move(name));
  }
  if (all.size() > most_folders)
    return fail(ErrorKind::limit, fmt::format("a chat is in {} folders at most", most_folders));
  return fmt::format("{}", fmt::join(all, ","));
}

}  // namespace coi::chat
