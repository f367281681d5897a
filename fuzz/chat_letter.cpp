// rooms: chat
// Any octets are a mail: what it holds makes sense, and each of its files is named once, but for those that a notice
// leaves out. As KML they are a place on the earth or none.
#include <cstdint>
#include <string>

#include "chat/markdown.h"
#include "chat/place.h"
#include "chat/read.h"
#include "check.h"

namespace {

using namespace coi::chat;

void check_letter(const Letter& letter) {
  const auto& details = letter.details;
  check_text(letter.text);
  if (details.formatted) check(has_markup(letter.text));
  check(details.duration_ms <= longest_duration_ms);
  check(details.position.has_value() == (letter.kind == MessageKind::location));
  if (details.position) check(is_position(*details.position));
  check(details.poll.has_value() == (letter.kind == MessageKind::poll));
  if (details.poll) {
    check(details.poll->options.size() >= 2 && details.poll->options.size() <= 20);
    for (const auto& option : details.poll->options) check(option.file <= letter.attachments.size());
    check_text(poll_text(*details.poll));
  }
  check(details.contact.has_value() == (letter.kind == MessageKind::contact));
  if (details.contact) {
    check_text(details.contact->name);
    check(!details.contact->name.contains('\n') && !details.contact->addr.contains('\n'));
  }
  if (letter.kind == MessageKind::voice || letter.kind == MessageKind::sticker || letter.kind == MessageKind::contact)
    check(letter.attachments.size() == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (const auto place = position_in_kml(octets)) {
    check(is_position(*place));
    const auto again = position_in_kml(write_kml(*place, 1'795'493'202'000));
    check(again && std::abs(again->latitude - place->latitude) < 1e-6 &&
          std::abs(again->longitude - place->longitude) < 1e-6);
    check(text_with_place(text_with_place("x", *place), *place) == text_with_place("x", *place));
  }
  const auto mail = coi::mime::parse(octets, coi::Limits{});
  if (!mail) return 0;
  const auto content = read(*mail, {.fallback_id = "id@local"});
  if (content.status) check_text(*content.status);
  for (const auto& remark : content.remarks) {
    if (remark.kind == RemarkKind::vote) check(choices_text(choices_of(remark.value)) == remark.value);
    if (remark.kind == RemarkKind::poll_closed) check(numbers_text(numbers_of(remark.value)) == remark.value);
  }
  if (!content.letter) return 0;
  const auto& letter = *content.letter;
  check_letter(letter);
  const auto in_mail = files(*mail).size(), attached = letter.attachments.size();
  if (content.half == Half::announcement)
    check(in_mail == 0 && attached == 1);
  else
    check(attached == in_mail || (attached == 0 && !letter.notice.code.empty()));
  return 0;
}
