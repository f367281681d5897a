#include "chat/timer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/length_text.h"
#include "chat/marked_part.h"
#include "wire/words.h"

namespace coi::chat {
std::optional<std::uint32_t> read_timer(const mime::Part& root, PeerClass evidence) {
  if (root.header(wire::chat_version) == nullptr) return std::nullopt;
  if (const auto* value = root.header(wire::ephemeral_timer))
    if (const auto seconds = ascii_number<std::uint32_t>(ascii_trim(*value))) return seconds;
  // Of a notice the timer is the matter, whoever wrote it.
  const bool tells = evidence == PeerClass::delta || changes_timer(root);
  return tells ? std::optional<std::uint32_t>(0) : std::nullopt;
}

bool changes_timer(const mime::Part& root) {
  return root.header(wire::chat_version) != nullptr && is_marked(root, wire::Content::ephemeral_timer_changed);
}

Notice timer_notice(std::uint32_t seconds) {
  return {.code = timer_changed, .params = {{"seconds", std::to_string(seconds)}}};
}

std::string timer_words(std::uint32_t seconds) {
  if (seconds == 0) return "Messages no longer disappear.";
  return fmt::format("Messages disappear after {} in programs that support it.", length_text(seconds));
}

void add_timer(std::uint32_t seconds, std::vector<mime::Header>& fields) {
  if (seconds != 0) fields.push_back({std::string(wire::ephemeral_timer), std::to_string(seconds)});
}

UnixMs expiry(std::uint32_t seconds, const Viewed& viewed) {
  if (seconds == 0) return 0;
  const auto length = static_cast<UnixMs>(seconds) * 1000;
  if (viewed.outgoing) return viewed.sent_ms + length;
  auto seen = viewed.here_ms == 0 || viewed.receipt_ms == 0 ? std::max(viewed.here_ms, viewed.receipt_ms)
                                                            : std::min(viewed.here_ms, viewed.receipt_ms);
  if (seen == 0) seen = viewed.noticed_ms;
  return seen == 0 ? 0 : std::max(seen, viewed.arrived_ms) + length;
}

}  // namespace coi::chat
