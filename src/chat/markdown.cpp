#include "chat/markdown.h"

#include "base/ascii.h"
#include "chat/markdown_blocks.h"
#include "chat/mention.h"

namespace coi::chat {
namespace {

// "example.org" and "https://example.org/" say the same; so nobody has to read it twice.
bool says_its_target(std::string_view text, std::string_view link) {
  const auto bare = [](std::string_view url) {
    for (const std::string_view front : {"https://", "http://", "mailto:"})
      if (ascii_istarts_with(url, front)) url.remove_prefix(front.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    return url;
  };
  return ascii_iequal(bare(ascii_trim(text)), bare(link));
}

std::string plain_runs(const std::vector<TextRun>& runs) {
  std::string out;
  for (std::size_t at = 0; at < runs.size();) {
    const auto& run = runs[at];
    if (run.mention) {
      const auto addr = mailto_address(run.link);
      out += addr.empty() ? run.text : write_mention(std::string_view(run.text).substr(1), addr);
      ++at;
      continue;
    }
    std::string label;
    for (; at < runs.size() && !runs[at].mention && runs[at].link == run.link; ++at) label += runs[at].text;
    out += label;
    if (!run.link.empty() && !says_its_target(label, run.link)) out.append(" (").append(run.link).append(")");
  }
  return out;
}

}  // namespace

std::vector<Block> blocks(std::string_view markdown) {
  std::vector<Block> out;
  for (auto& piece : read_document(markdown).pieces) out.push_back(std::move(piece.block));
  return out;
}

bool has_markup(std::string_view markdown) { return read_document(markdown).formatted; }

std::string plain_text(std::string_view markdown) {
  const auto document = read_document(markdown);
  if (!document.formatted) return std::string(markdown);
  std::string out;
  bool first = true;
  const auto line = [&](std::string_view lead, std::string_view text) {
    if (!first) out += '\n';
    first = false;
    out.append(lead).append(text);
  };
  for (const auto& [block, leads, before] : document.pieces) {
    for (const auto blank : before) line("", blank);
    if (leads.empty()) continue;  // code without a line
    const auto text = plain_runs(block.runs);
    std::size_t number = 0;
    for (const auto one : ascii_split(text, '\n')) line(number < leads.size() ? leads[number++] : "", one);
  }
  for (const auto blank : document.after) line("", blank);
  return out;
}

}  // namespace coi::chat
