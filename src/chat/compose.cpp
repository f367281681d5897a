#include "chat/compose.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/reaction.h"
#include "chat/subject.h"
#include "mime/date.h"
#include "mime/flowed.h"
#include "mime/message_id.h"
#include "mime/text.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

// A quote is a reminder, not a copy: longer originals are cut.
constexpr std::size_t most_quoted_lines = 8;
constexpr std::size_t most_quoted_octets = 600;

std::string from_field(const AccountFacts& account) { return mime::format_addresses({{account.name, account.addr}}); }

// C-05, C-06: what every mail of ours carries.
std::vector<mime::Header> common_fields(const AccountFacts& account, const std::vector<std::string>& to,
                                        std::string_view rfc_id, std::string subject, UnixMs now) {
  std::vector<Address> recipients;
  for (const auto& addr : to) recipients.push_back({"", addr});
  return {{"From", from_field(account)},
          {"To", mime::format_addresses(recipients)},
          {"Date", mime::format_date(now, std::chrono::minutes{0})},  // UTC: where the writer is, is nobody's business
          {"Message-ID", mime::format_message_ids({std::string(rfc_id)})},
          {"Subject", std::move(subject)},
          {std::string(wire::chat_version), std::string(wire::chat_version_value)}};
}

// What of the answered text is quoted.
std::string quote_of(const MessageFacts& original) {
  const auto text = ascii_trim(original.text);
  auto quoted = utf8_front(text, most_quoted_octets);
  const auto lines = ascii_split(quoted, '\n');
  if (lines.size() > most_quoted_lines)
    quoted = quoted.substr(0, static_cast<std::size_t>(lines[most_quoted_lines].data() - quoted.data()));
  return std::string(quoted) + (quoted.size() < text.size() ? "…" : "");
}

// D-15, D-16: what stands in the text part.
std::string body_text(std::string_view text, const std::string& quote) {
  const auto own = mime::escape_footer(text);
  if (!quote.empty()) {
    std::string body;
    for (const auto line : ascii_split(quote, '\n')) body.append(line.empty() ? ">" : "> ").append(line) += '\n';
    return body + "\n" + own;
  }
  return own.starts_with('>') ? "\n" + own : own;
}

mime::Part text_part(std::string_view text) {
  auto body = mime::encode_flowed(text);
  if (!body.ends_with('\n')) body += '\n';
  return {.type = "text/plain", .params = {{"format", "flowed"}}, .body = std::move(body)};
}

// C-12, D-39: inline, with name and size. But programs take an inline text for words of the mail and convert it, and a
// message/* may not be encoded (RFC 2046, 5.2.1), so would not keep its line ends.
mime::Part file_part(const OutgoingFile& file) {
  return {.type = file.type.starts_with("message/") ? "application/octet-stream" : file.type,
          .disposition = file.type.starts_with("text/") ? "attachment" : "inline",
          .disposition_params = {{"size", std::to_string(file.bytes.size())}},
          .filename = file.name,
          .body = file.bytes};
}

// P-10: files without words get a caption, below what they answer, that a chat program does not show (C-21).
mime::Part caption_part(const std::vector<OutgoingFile>& files, const std::string& quote) {
  const auto all_images = std::ranges::all_of(files, [](const auto& file) { return file.type.starts_with("image/"); });
  const auto caption = files.size() == 1 ? fmt::format("{} {}", all_images ? "📷" : "📎", files.front().name)
                       : all_images      ? fmt::format("📷 {} photos", files.size())
                                         : fmt::format("📎 {} files", files.size());
  auto part = text_part(body_text(caption, quote));
  part.headers = {{std::string(wire::chat_content), "ignore"}};
  return part;
}

// What one mail says, before it is written.
struct Letter {
  std::string rfc_id, subject;
  std::string text, quote;
  const std::vector<OutgoingFile>& files;
  std::string in_reply_to;
  std::vector<std::string> references;
  Automatic automatic = Automatic::no;
};

mime::Part body_tree(const Letter& letter) {
  auto text = text_part(body_text(letter.text, letter.quote));
  if (letter.files.empty()) return text;
  mime::Part mixed{.type = "multipart/mixed"};
  mixed.children.push_back(letter.text.empty() ? caption_part(letter.files, letter.quote) : std::move(text));
  for (const auto& file : letter.files) mixed.children.push_back(file_part(file));
  return mixed;
}

// D-28: who cannot show the wish for a receipt as a quiet tick is not asked.
void ask_for_receipt(const AccountFacts& account, const std::vector<PeerFacts>& to, UnixMs now,
                     std::vector<mime::Header>& fields) {
  const auto can_answer = [&](const PeerFacts& peer) {
    return peer.addr != account.addr && is_chat_capable(peer, now);
  };
  if (!account.receipts || !std::ranges::any_of(to, can_answer)) return;
  fields.push_back({std::string(wire::chat_disposition_notification_to), account.addr});
  if (std::ranges::all_of(to, [](const PeerFacts& peer) { return peer.peer_class == PeerClass::coi; }))
    fields.push_back({std::string(wire::disposition_notification_to), account.addr});
}

mime::Part write(const Letter& letter, const AccountFacts& account, const std::vector<PeerFacts>& to, UnixMs now) {
  auto tree = body_tree(letter);
  auto fields = common_fields(account, addresses_of(to), letter.rfc_id, letter.subject, now);
  if (!letter.in_reply_to.empty()) fields.push_back({"In-Reply-To", mime::format_message_ids({letter.in_reply_to})});
  fields.push_back({"References", mime::format_message_ids(letter.references)});
  if (letter.automatic != Automatic::no)
    fields.push_back({"Auto-Submitted", letter.automatic == Automatic::replied ? "auto-replied" : "auto-generated"});
  if (letter.automatic == Automatic::no) ask_for_receipt(account, to, now, fields);  // a program has no use for it
  std::ranges::move(tree.headers, std::back_inserter(fields));
  tree.headers = std::move(fields);
  return tree;
}

// C-08: the first id of the conversation and the latest one. D-07: the first mail of a conversation names itself, so
// that replies stay recognisable even where the Message-ID is rewritten.
std::vector<std::string> references_of(const std::string& root, const std::string& latest) {
  std::vector<std::string> ids = {root};
  if (!latest.empty() && latest != root) ids.push_back(latest);
  return ids;
}

std::string subject_of(const SendMessage& send) {
  return first_subject(send.text.empty() && !send.files.empty() ? send.files.front().name : send.text);
}

}  // namespace

std::vector<PeerFacts> recipients_of(const ChatFacts& chat, const AccountFacts& account) {
  return is_with_self(chat.ref) ? std::vector{PeerFacts{.addr = account.addr}} : chat.peers;
}

std::vector<std::string> addresses_of(const std::vector<PeerFacts>& peers) {
  std::vector<std::string> addresses;
  for (const auto& peer : peers) addresses.push_back(peer.addr);
  return addresses;
}

Composed compose_message(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now) {
  // The conversation goes on from the answered mail, else from the newest one of the chat.
  const MessageFacts* answered = facts.answered ? &*facts.answered : nullptr;
  const MessageFacts* after = answered != nullptr ? answered : facts.chat->last ? &*facts.chat->last : nullptr;
  Composed composed;
  if (after != nullptr) composed.follows = after->key.rfc_id;
  composed.subject = after != nullptr ? reply_subject(after->subject) : subject_of(send);
  composed.thread_root = after == nullptr             ? send.rfc_id
                         : after->thread_root.empty() ? after->key.rfc_id
                                                      : after->thread_root;
  if (answered != nullptr) {
    composed.in_reply_to = answered->key.rfc_id;
    composed.quote = quote_of(*answered);
  }
  composed.tree = write({.rfc_id = send.rfc_id,
                         .subject = composed.subject,
                         .text = send.text,
                         .quote = composed.quote,
                         .files = send.files,
                         .in_reply_to = composed.in_reply_to,
                         .references = references_of(composed.thread_root, composed.follows),
                         .automatic = send.automatic},
                        account, recipients_of(*facts.chat, account), now);
  return composed;
}

mime::Part compose_again(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now) {
  const auto& message = *facts.message;
  return write({.rfc_id = message.key.rfc_id,
                .subject = message.subject,
                .text = message.text,
                .quote = message.quote,
                .files = retry.files,
                .in_reply_to = message.in_reply_to,
                .references = references_of(message.thread_root, message.follows),
                .automatic = !message.automatic            ? Automatic::no
                             : message.in_reply_to.empty() ? Automatic::generated
                                                           : Automatic::replied},
               account, facts.peers, now);
}

mime::Part compose_reaction(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now) {
  const auto& message = *facts.message;
  auto tree = reaction_part(react.emoji);
  tree.headers = common_fields(account, addresses_of(recipients_of(*facts.chat, account)), react.rfc_id,
                               reply_subject(message.subject), now);
  tree.headers.push_back({"In-Reply-To", mime::format_message_ids({message.key.rfc_id})});
  const auto& root = message.thread_root.empty() ? message.key.rfc_id : message.thread_root;
  tree.headers.push_back({"References", mime::format_message_ids(references_of(root, message.key.rfc_id))});
  return tree;
}

mime::Part compose_receipt(const MessageFacts& original, const AccountFacts& account, std::string_view rfc_id,
                           UnixMs now) {
  mime::Part report{
      .type = "message/disposition-notification",
      .body = fmt::format("Reporting-UA: COI\r\nFinal-Recipient: rfc822;{}\r\nOriginal-Message-ID: <{}>\r\n"
                          "Disposition: manual-action/MDN-sent-automatically; displayed\r\n",
                          account.addr, original.key.rfc_id)};
  mime::Part tree{.type = "multipart/report", .params = {{"report-type", "disposition-notification"}}};
  tree.children.push_back(
      text_part("The message was shown on the recipient's screen. This does not say that it was understood."));
  tree.children.push_back(std::move(report));
  tree.headers = common_fields(account, {original.key.from_addr}, rfc_id, "Message read", now);
  tree.headers.push_back({"In-Reply-To", mime::format_message_ids({original.key.rfc_id})});
  tree.headers.push_back({"References", mime::format_message_ids({original.key.rfc_id})});
  tree.headers.push_back({"Auto-Submitted", "auto-replied"});
  return tree;
}

}  // namespace coi::chat
