#include "mime/bounce_text.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "mime/address.h"
#include "mime/header_field.h"
#include "mime/message_id.h"

namespace coi::mime {
namespace {

// status-code = ("2" / "4" / "5") "." 1*3DIGIT "." 1*3DIGIT (RFC 3463), else an SMTP reply code of 4xx or 5xx.
std::string find_status(std::string_view text) {
  std::string reply_code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!ascii_digit(text[i]) || (i > 0 && (ascii_digit(text[i - 1]) || text[i - 1] == '.'))) continue;
    const auto length = std::min(text.find_first_not_of("0123456789.", i), text.size()) - i;
    auto word = text.substr(i, length);
    while (word.ends_with('.')) word.remove_suffix(1);
    const auto numbers = ascii_split(word, '.');
    const bool failure = word.front() == '4' || word.front() == '5';
    const auto short_number = [](std::string_view n) { return !n.empty() && n.size() <= 3; };
    if ((failure || word.front() == '2') && numbers.size() == 3 && numbers[0].size() == 1 &&
        std::ranges::all_of(numbers, short_number))
      return std::string(word);
    if (reply_code.empty() && failure && numbers.size() == 1 && word.size() == 3) reply_code = word;
    i += length - 1;
  }
  return reply_code;
}

// Three fields in a row, of which one is none that a report would name to people.
bool begins_header(const std::vector<std::string_view>& lines, std::size_t at) {
  constexpr std::string_view technical[] = {"MIME-Version:", "Message-ID:", "Content-Type:", "DKIM-Signature:"};
  constexpr std::size_t most = 30;
  std::size_t fields = 0;
  bool is_technical = false;
  for (auto i = at; i < lines.size() && i < at + most; ++i) {
    const bool folded = fields > 0 && (lines[i].starts_with(' ') || lines[i].starts_with('\t'));
    if (!folded && !starts_field(lines[i])) break;
    if (!folded) ++fields;
    is_technical |= std::ranges::any_of(technical, [&](auto name) { return ascii_istarts_with(lines[i], name); });
  }
  return fields >= 3 && is_technical;
}

// Where the returned mail begins in the text. The rule may be worded in any way: "--- Below this line is a copy of the
// message.", "------ This is a copy of the message, including all the headers. ------". A header follows; it does not
// behind "--- Transcript of session follows ---".
std::size_t find_copy(const std::vector<std::string_view>& lines) {
  constexpr std::size_t most_blank = 4;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = ascii_trim(lines[i]);
    if (ascii_istarts_with(line, "Return-Path:") || ascii_istarts_with(line, "Received:")) return i;
    const bool after_gap = i == 0 || ascii_trim(lines[i - 1]).empty();
    if (after_gap && begins_header(lines, i)) return i;
    if (!line.starts_with("---") || line.find_first_not_of('-') == std::string_view::npos) continue;
    auto next = i + 1;
    while (next < lines.size() && next <= i + most_blank && ascii_trim(lines[next]).empty()) ++next;
    if (next < lines.size() && starts_field(ascii_trim(lines[next]))) return i;
  }
  return lines.size();
}

// An address that stands for itself on a line: "<a@b.c>:", "  a@b.c", "a@b.c on Tue, 24 Nov …", "a@b.c: reason".
std::optional<std::string> failed_address(std::string_view line) {
  const bool indented = line.starts_with(' ') || line.starts_with('\t');
  line = ascii_trim(line);
  // Exchange: 'a@b.c' on 1/2/2026 10:00 AM
  if (line.starts_with('\'')) {
    const auto end = line.find('\'', 1);
    const auto word = end == std::string_view::npos ? std::string_view() : line.substr(1, end - 1);
    return is_address(word) ? std::optional<std::string>(word) : std::nullopt;
  }
  const bool bracketed = line.starts_with('<');
  if (bracketed) line.remove_prefix(1);
  const auto end = line.find_first_of(bracketed ? ">" : " \t<>(");
  auto word = line.substr(0, end);
  const bool alone = end == std::string_view::npos;
  const bool colon =
      bracketed ? end != std::string_view::npos && line.substr(end + 1).starts_with(':') : word.ends_with(':');
  if (!bracketed && word.ends_with(':')) word.remove_suffix(1);
  const auto behind = alone ? std::string_view() : ascii_trim(line.substr(end + 1));
  const bool stands_out =
      colon || indented || alone || (bracketed && behind.empty()) || ascii_istarts_with(behind, "on ");
  if (!stands_out || !is_address(word)) return std::nullopt;
  return std::string(word);
}

// The lines below an address, up to the next address or a second blank line, on one line.
std::string reason_below(const std::vector<std::string_view>& lines, std::size_t address, std::size_t end) {
  std::string out;
  const auto add = [&](std::string_view text) {
    if (!out.empty() && !text.empty()) out += ' ';
    out += text;
  };
  const auto first = lines[address];
  if (const auto colon = first.find(": "); colon != std::string_view::npos) add(ascii_trim(first.substr(colon + 2)));
  for (auto i = address + 1; i < end && !failed_address(lines[i]); ++i) {
    const auto line = ascii_trim(lines[i]);
    if (line.empty() && !out.empty()) break;
    add(line);
  }
  return out;
}

std::vector<std::string> ids_of_copy(const std::vector<std::string_view>& lines, std::size_t from) {
  return message_ids([&](std::string_view name) {
    for (auto i = from; i < lines.size(); ++i) {
      const auto line = ascii_trim(lines[i]);
      if (!ascii_istarts_with(line, name) || !line.substr(name.size()).starts_with(':')) continue;
      std::string value(line.substr(name.size() + 1));
      if (ascii_trim(value).empty() && i + 1 < lines.size()) value = lines[i + 1];  // folded behind the name
      if (!parse_message_ids(value).empty()) return value;
    }
    return std::string();
  });
}

void add_texts(const Part& part, std::vector<const Part*>& texts) {
  if (part.type == "text/plain") texts.push_back(&part);
  if (part.is_multipart())
    for (const auto& child : part.children) add_texts(child, texts);
}

// Whether a mail system still tries; "4.4.1, giving up" is a failure.
bool is_delay(std::string_view text) {
  const auto words = ascii_lower(text);
  const auto has = [&](std::string_view phrase) { return words.contains(phrase); };
  for (const auto* const over :
       {"giving up", "given up", "gave up", "permanent", "not going to try", "has failed", "was not delivered",
        "were not delivered", "could not be delivered", "returned to sender"})
    if (has(over)) return false;
  for (const auto* const still : {"delayed", "delay)", "will be retried", "will retry", "keep trying", "continue to",
                                  "still being", "not yet been delivered", "not been delivered yet", "try again later",
                                  "need to resend", "warning message only"})
    if (has(still)) return true;
  return false;
}

std::size_t length_before(const std::vector<std::string_view>& lines, std::size_t line, std::string_view text) {
  return line == lines.size() ? text.size() : static_cast<std::size_t>(lines[line].data() - text.data());
}

}  // namespace

std::vector<std::string> copied_message_ids(const Part& root) {
  std::vector<const Part*> texts;
  add_texts(root, texts);
  for (const auto* text : texts)
    if (auto ids = ids_of_copy(ascii_split(text->body, '\n'), 0); !ids.empty()) return ids;
  return {};
}

bool comes_from_mail_system(const Part& root) {
  if (root.header("X-Failed-Recipients")) return true;
  if (const auto* path = root.header("Return-Path"); path && ascii_trim(*path) == "<>") return true;
  const auto* from = root.header("From");
  if (!from) return false;
  const auto senders = parse_addresses(*from);
  const auto sender = ascii_lower(senders.empty() ? std::string_view(*from) : senders.front().addr);
  return sender.starts_with("mailer-daemon") || sender.starts_with("postmaster") || sender.starts_with("maildaemon") ||
         sender.starts_with("mail-daemon") || sender.starts_with("microsoftexchange");
}

std::size_t find_returned_mail(std::string_view text) {
  const auto lines = ascii_split(text, '\n');
  const auto copy = find_copy(lines);
  return copy == lines.size() ? std::string_view::npos : static_cast<std::size_t>(lines[copy].data() - text.data());
}

DeliveryReport read_bounce_text(const Part& root, std::string_view text) {
  DeliveryReport report;
  report.standard = false;
  const auto lines = ascii_split(text, '\n');
  const auto copy = find_copy(lines);
  const auto* reader = root.header("To");
  std::set<std::string> own, listed;
  for (const auto& one : reader ? parse_addresses(*reader) : std::vector<Address>()) own.insert(canonical(one.addr));
  for (std::size_t i = 0; i < copy; ++i) {
    const auto addr = failed_address(lines[i]);
    if (!addr) continue;
    const auto person = canonical(*addr);
    if (own.contains(person) || !listed.insert(person).second) continue;
    auto diagnostic = reason_below(lines, i, copy);
    report.recipients.push_back({*addr, DeliveryAction::failed, find_status(diagnostic), std::move(diagnostic)});
  }
  // Exim names them in a header too, which is the surer way.
  if (const auto* failed = root.header("X-Failed-Recipients")) {
    for (const auto& [name, addr] : parse_addresses(*failed))
      if (listed.insert(canonical(addr)).second) report.recipients.push_back({addr, DeliveryAction::failed, "", ""});
  }
  const auto* subject = root.header("Subject");
  const auto notice = fmt::format("{}\n{}", subject ? *subject : "", text.substr(0, length_before(lines, copy, text)));
  if (is_delay(notice))
    for (auto& recipient : report.recipients)
      if (!recipient.status.starts_with('5')) recipient.action = DeliveryAction::delayed;
  report.original_ids = ids_of_copy(lines, copy == lines.size() ? 0 : copy);
  report.reason = ascii_trim(text.substr(0, length_before(lines, copy, text)));
  return report;
}

}  // namespace coi::mime
