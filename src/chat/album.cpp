#include "chat/album.h"

#include <algorithm>
#include <limits>

namespace coi::chat {
namespace {

// Octets of a mail beside its files: what it says of itself, whom it names with the times of a group (D-18), and a text
// with marks, which stands in it several times. All are more than are needed.
constexpr std::uint64_t for_the_header = 4096, for_a_recipient = 200, times_written = 4;

// In a mail: base64 makes a line of 78 octets of 57; and the part's own header, which has the name twice, each octet as
// up to three.
std::uint64_t encoded(std::uint64_t octets, std::uint64_t name) {
  constexpr std::uint64_t for_the_part = 600;
  return (octets + 56) / 57 * 78 + for_the_part + 6 * name;
}

std::uint64_t mail_without_files(std::uint64_t words, std::uint64_t recipients) {
  return for_the_header + recipients * for_a_recipient + times_written * words;
}

}  // namespace

std::uint64_t room_for_files(std::uint64_t largest_mail) {
  if (largest_mail == 0) return std::numeric_limits<std::uint64_t>::max();
  return (largest_mail - std::min(largest_mail, for_the_header)) / 78 * 57;
}

std::vector<std::size_t> files_by_mail(const SendMessage& send, std::uint64_t largest_mail, std::size_t recipients) {
  // What else has several files is one thing: a poll's options.
  if (goes_in_one_mail(send)) return {send.files.size()};
  const auto limit = largest_mail == 0 ? std::numeric_limits<std::uint64_t>::max() : largest_mail;
  const auto without_words = mail_without_files(0, recipients);
  auto mail = mail_without_files(send.text.size(), recipients);
  std::uint64_t octets = 0;
  std::vector<std::size_t> counts = {0};
  for (const auto& file : send.files) {
    const auto size = file.bytes.size(), more = encoded(size, file.name.size());
    const bool too_many = counts.back() > 0 && (octets + size > most_in_album_mail || mail + more > limit);
    // Words and a file that are too large for one mail, and each of them is not.
    const bool words_alone = counts.size() == 1 && counts.back() == 0 && !send.text.empty() && mail + more > limit &&
                             without_words + more <= limit;
    if (too_many || words_alone) {
      counts.push_back(0);
      octets = 0;
      mail = without_words;
    }
    ++counts.back();
    octets += size;
    mail += more;
  }
  return counts;
}

bool have_room_for_previews(const std::vector<OutgoingFile>& files, std::size_t words, std::size_t recipients,
                            std::uint64_t largest_mail) {
  auto mail = mail_without_files(words, recipients);
  for (const auto& file : files) mail += encoded(file.bytes.size(), file.name.size()) + encoded(file.preview.size(), 0);
  return largest_mail == 0 || mail <= largest_mail;
}

bool goes_in_one_mail(const SendMessage& send) { return send.kind != MessageKind::text || send.details.position; }

SendMessage part_of_album(const SendMessage& send, std::size_t part, std::size_t first, std::size_t count) {
  const auto begin = send.files.begin() + static_cast<std::ptrdiff_t>(first);
  SendMessage mail{.chat = send.chat,
                   .addr = send.addr,
                   .text = {},
                   .files = {begin, begin + static_cast<std::ptrdiff_t>(count)},
                   .automatic = send.automatic,
                   .not_before_ms = send.not_before_ms};
  mail.details.forwarded = send.details.forwarded;
  if (part > 0) return mail;
  mail.text = send.text;
  mail.details = send.details;
  mail.reply_to = send.reply_to;
  return mail;
}

}  // namespace coi::chat
