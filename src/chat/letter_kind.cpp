#include "chat/letter_kind.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/marked_part.h"
#include "chat/place.h"
#include "chat/read_poll.h"
#include "html/microformats.h"
#include "mime/media_type.h"
#include "mime/vcard.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

// The first h-geo of an HTML part that is marked, itself or by what it is in.
std::optional<Position> marked_place(const mime::Part& part, bool marked) {
  marked |= is_marked(part, wire::Content::location);
  if (marked && part.type == "text/html" && part.is_text()) {
    const auto document = html::parse(part.body, Limits{});
    if (!document) return std::nullopt;
    const auto geo = html::read_geo(*document);
    return geo ? std::optional(Position{geo->latitude, geo->longitude}) : std::nullopt;
  }
  for (const auto& child : part.children)
    if (const auto found = marked_place(child, marked)) return found;
  return std::nullopt;
}

std::optional<SharedContact> contact_of(const mime::Part& part) {
  constexpr std::array types = {"text/vcard", "text/x-vcard", "text/directory"};
  const bool is_card =
      std::ranges::find(types, part.type) != types.end() || ascii_lower(part.filename).ends_with(".vcf");
  if (!is_card || part.body.empty()) return std::nullopt;
  const auto cards = mime::read_vcards(part.body, part.param("charset"));
  if (!cards || cards->empty()) return std::nullopt;
  const auto& card = cards->front();
  return SharedContact{.name = card.name, .addr = card.addresses.empty() ? "" : card.addresses.front()};
}

// "---------- Forwarded message ----------", "From: " and any name, an empty line unless that is all.
std::size_t forward_head_length(std::string_view text) {
  constexpr std::string_view first = "---------- Forwarded message ----------\n";
  if (!text.starts_with(first)) return 0;
  const auto from = text.substr(first.size());
  const auto end = from.find('\n');
  if (!from.starts_with("From: ")) return 0;
  if (end == std::string_view::npos) return text.size();
  const auto rest = from.substr(end + 1);
  return rest.starts_with('\n') ? first.size() + end + 2 : 0;
}

}  // namespace

void read_kind(const mime::Mail& mail, const Parts& found, Letter& letter) {
  const auto& root = mail.root;
  if (root.header(wire::chat_version) == nullptr) return;
  auto& details = letter.details;
  if (const auto length = forward_head_length(letter.text); length > 0) {
    letter.text.erase(0, length);
    details.forwarded = true;
  }
  const auto is_of = [&](std::string_view type) {
    return std::ranges::any_of(letter.attachments, [&](const auto& file) { return file.type.starts_with(type); });
  };
  if (is_of("audio/") || is_of("video/")) {
    const auto duration = ascii_number<std::uint64_t>(ascii_trim(field_of(root, wire::chat_duration))).value_or(0);
    if (duration <= longest_duration_ms) details.duration_ms = duration;
  }
  details.poll = read_poll(mail, found.files);
  if (details.poll) {
    letter.kind = MessageKind::poll;
    letter.text = poll_text(*details.poll);  // how to vote by a reply is for others
    details.formatted = false;
    return;
  }
  details.position = marked_place(root, false);
  if (!details.position && found.place != nullptr) details.position = position_in_kml(found.place->body);
  const bool one_file = found.files.size() == 1;
  const bool is_heard = one_file && mime::sound_type_of(letter.attachments.front().type).starts_with("audio/");
  if (details.position) {
    letter.kind = MessageKind::location;
  } else if (is_heard && ascii_trim(field_of(root, wire::chat_voice_message)) == "1") {
    letter.kind = MessageKind::voice;
    letter.attachments.front().type = mime::sound_type_of(letter.attachments.front().type);
  } else if (const auto& file = found.files;
             one_file && is_of("image/") &&
             (is_marked(root, wire::Content::sticker) || is_marked(*file.front().part, wire::Content::sticker))) {
    letter.kind = MessageKind::sticker;
  } else if (one_file) {
    details.contact = contact_of(*found.files.front().part);
    if (details.contact) letter.kind = MessageKind::contact;
  }
}

}  // namespace coi::chat
