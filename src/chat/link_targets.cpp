#include "chat/markdown.h"
#include "html/link_text.h"

namespace coi::chat {

void say_targets(std::vector<Block>& blocks) {
  for (auto& block : blocks) {
    std::string label;
    for (std::size_t i = 0; i < block.runs.size(); ++i) {
      auto& run = block.runs[i];
      if (run.link.empty() || run.mention) continue;
      label += run.text;
      const bool ends = i + 1 == block.runs.size() || block.runs[i + 1].link != run.link;
      if (!ends) continue;
      run.leads_to = html::unsaid_target(label, run.link);
      label.clear();
    }
  }
}

}  // namespace coi::chat
