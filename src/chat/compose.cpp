#include "chat/compose.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/album.h"
#include "chat/compose_group.h"
#include "chat/compose_letter.h"
#include "chat/compose_parts.h"
#include "chat/compose_poll.h"
#include "chat/markdown.h"
#include "chat/place.h"
#include "chat/profile.h"
#include "chat/reaction.h"
#include "chat/subject.h"
#include "chat/timer.h"
#include "mime/date.h"
#include "mime/flowed.h"
#include "mime/message_id.h"
#include "reply/reply.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

// A quote is a reminder, not a copy: longer originals are cut.
constexpr std::size_t most_quoted_lines = 8;
constexpr std::size_t most_quoted_octets = 600;

std::string from_field(const AccountFacts& account) { return mime::format_addresses({{account.name, account.addr}}); }

// What one mail says, before it is written.
struct Letter {
  std::string rfc_id, subject;
  std::string text, quote;
  std::string footer;  // stands below a text without marks
  MessageKind kind = MessageKind::text;
  Details details = {};
  const std::vector<OutgoingFile>& files;
  std::string in_reply_to;
  std::vector<std::string> references;
  Automatic automatic = Automatic::no;
  const GroupFacts* group = nullptr;
  std::optional<Annex> annex = {};  // of a text with or without marks
  bool asks_about_group = false;    // C-77
  std::uint32_t timer = 0;          // D-27
};

// D-16: below the line that parts it from the words (RFC 3676, 4.3).
std::string footer_text(const std::string& footer) { return footer.empty() ? "" : "\n-- \n" + footer; }

// P-10: files without words get a caption, below what they answer, that a chat program does not show (C-21).
mime::Part words_part(const Letter& letter) {
  const auto& details = letter.details;
  const auto typed = sent_text(letter.text, details);
  if (typed.empty() && !letter.files.empty()) {
    auto part = text_part(body_text(caption_of(letter.files, letter.kind, details), letter.quote));
    part.headers = {{std::string(wire::chat_content), "ignore"}};
    return part;
  }
  if (details.poll)
    return poll_words(text_part(body_text(asking_words(*details.poll), letter.quote)), *details.poll, letter.rfc_id);
  auto plain = text_part(body_text(unmarked(typed, details), letter.quote) + footer_text(letter.footer));
  if (details.position) return place_words(std::move(plain), typed, *details.position);
  if (!details.formatted) return letter.annex ? with_annex(std::move(plain), typed, *letter.annex) : std::move(plain);
  auto words = formatted_words(std::move(plain), body_text(typed, letter.quote), typed, letter.quote);
  if (letter.annex) add_annex(words.children.back(), *letter.annex);
  return words;
}

// C-25: a program that does not know the mark shows two pictures, so previews are for those whose program does.
bool has_previews(const Letter& letter, const AccountFacts& account, const std::vector<PeerFacts>& to) {
  return letter.kind != MessageKind::sticker && letter.kind != MessageKind::poll &&
         std::ranges::all_of(to, [](const PeerFacts& peer) { return peer.peer_class == PeerClass::coi; }) &&
         have_room_for_previews(letter.files, letter.text.size(), to.size(), account.largest_mail);
}

mime::Part body_tree(const Letter& letter, const AccountFacts& account, const std::vector<PeerFacts>& to, UnixMs now) {
  const bool for_delta = std::ranges::find(to, PeerClass::delta, &PeerFacts::peer_class) != to.end();
  auto words = words_part(letter);
  const bool with_place_file = letter.details.position && for_delta;
  if (letter.files.empty() && !with_place_file) return words;
  mime::Part mixed{.type = "multipart/mixed"};
  mixed.children.push_back(std::move(words));
  const bool previewed = has_previews(letter, account, to);
  std::size_t number = 0;
  for (const auto& file : letter.files) {
    if (previewed && !file.preview.empty()) mixed.children.push_back(preview_part(file));
    mixed.children.push_back(file_part(file, ++number, letter.rfc_id, letter.kind == MessageKind::poll));
  }
  if (with_place_file) mixed.children.push_back(place_file(*letter.details.position, now));
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
  auto tree = body_tree(letter, account, to, now);
  auto fields = common_fields(account, addresses_of(to), letter.rfc_id, letter.subject, now);
  if (!letter.in_reply_to.empty()) fields.push_back({"In-Reply-To", mime::format_message_ids({letter.in_reply_to})});
  fields.push_back({"References", mime::format_message_ids(letter.references)});
  if (letter.automatic != Automatic::no)
    fields.push_back({"Auto-Submitted", letter.automatic == Automatic::replied ? "auto-replied" : "auto-generated"});
  if (letter.automatic == Automatic::no) ask_for_receipt(account, to, now, fields);  // a program has no use for it
  std::ranges::move(sound_fields(letter.kind, letter.details), std::back_inserter(fields));
  if (letter.details.poll) fields.push_back({std::string(wire::chat_content), "poll"});
  if (letter.kind == MessageKind::sticker) fields.push_back({std::string(wire::chat_content), "sticker"});
  if (letter.asks_about_group) fields.push_back({std::string(wire::chat_content), "grouprequested"});
  if (letter.group != nullptr)
    std::ranges::move(group_fields(*letter.group, account, addresses_of(to), now), std::back_inserter(fields));
  add_timer(letter.timer, fields);
  std::ranges::move(tree.headers, std::back_inserter(fields));
  tree.headers = std::move(fields);
  return tree;
}

// C-69: where a plain program made a group of a conversation, ours begins a new one, whose first id is the group's.
std::string thread_root_of(const ChatFacts& chat, const MessageFacts* after, const std::string& rfc_id) {
  if (after == nullptr || (chat.group && !after->is_chat)) return rfc_id;
  return after->first_of_thread();
}

std::string subject_of(const std::string& text, const SendMessage& send) {
  return first_subject(text.empty() && !send.files.empty() ? send.files.front().name : text);
}

// The reaction is the last of the forms: Delta Chat takes no other (RFC 2046, 5.1.4: the last one is the best).
mime::Part quoted_reaction(const std::string& emoji, const std::string& quote, bool for_gmail) {
  mime::Part all{.type = "multipart/alternative"};
  all.children.push_back(text_part(body_text(emoji.empty() ? "Reaction withdrawn" : emoji, quote)));
  if (for_gmail && !emoji.empty()) all.children.push_back(gmail_reaction_part(emoji));
  all.children.push_back(reaction_part(emoji));
  return all;
}

}  // namespace

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

std::string quote_of(const MessageFacts& original) {
  const auto words = unmarked(original.shown_text(), original.shown_details());
  const auto text = ascii_trim(words);
  auto quoted = utf8_front(text, most_quoted_octets);
  const auto lines = ascii_split(quoted, '\n');
  if (lines.size() > most_quoted_lines)
    quoted = quoted.substr(0, static_cast<std::size_t>(lines[most_quoted_lines].data() - quoted.data()));
  return std::string(quoted) + (quoted.size() < text.size() ? "…" : "");
}

std::string body_text(std::string_view text, const std::string& quote) {
  const auto own = reply::escape_footer(text);
  if (!quote.empty()) {
    std::string body;
    for (const auto line : ascii_split(quote, '\n')) body.append(line.empty() ? ">" : "> ").append(line) += '\n';
    return body + "\n" + own;
  }
  return own.starts_with('>') ? "\n" + own : own;
}

std::vector<std::string> references_of(const std::string& root, const std::string& latest) {
  std::vector<std::string> ids = {root};
  if (!latest.empty() && latest != root) ids.push_back(latest);
  return ids;
}

mime::Part text_part(std::string_view text) {
  auto body = mime::encode_flowed(text);
  if (!body.ends_with('\n')) body += '\n';
  return {.type = "text/plain", .params = {{"format", "flowed"}}, .body = std::move(body)};
}

std::vector<PeerFacts> recipients_of(const ChatFacts& chat, const AccountFacts& account) {
  return chat.peers.empty() ? std::vector{PeerFacts{.addr = account.addr}} : chat.peers;
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
  const auto* group = facts.chat->group ? &*facts.chat->group : nullptr;
  Composed composed{.text = send.text, .details = send.details};
  if (send.details.position) composed.text = text_with_place(send.text, *send.details.position);
  // What is forwarded stays what it is: marks in a mail of a plain program are none.
  const bool may_be_formatted =
      !send.details.position && !send.details.poll && (!send.details.forwarded || send.details.formatted);
  composed.details.formatted = may_be_formatted && has_markup(send.text);
  if (after != nullptr) composed.follows = after->key.rfc_id;
  composed.subject = group != nullptr   ? group_subject(*group)
                     : after != nullptr ? reply_subject(after->subject)
                                        : subject_of(unmarked(composed.text, composed.details), send);
  composed.thread_root = thread_root_of(*facts.chat, after, facts.rfc_id);
  if (composed.thread_root == facts.rfc_id) composed.follows.clear();
  if (answered != nullptr) {
    composed.in_reply_to = answered->key.rfc_id;
    composed.quote = quote_of(*answered);
  }
  // The word for programs is that of a poll or a place, and files have none.
  const bool has_room = !send.text.empty() && !send.details.position && !send.details.poll;
  const bool by_person = send.automatic == Automatic::no;
  const auto recipients = recipients_of(*facts.chat, account);
  std::optional<Annex> annex;
  composed.describes_group =
      has_room && group != nullptr && is_to_be_described(*group, after == nullptr || !after->is_chat);
  if (composed.describes_group) annex = group_info(*group, WithPicture::yes);
  // What a server keeps for later tells what is right when it is written.
  const bool may_tell = has_room && !annex && by_person && send.not_before_ms.value_or(0) == 0;
  if (const auto told = may_tell ? to_be_told(facts.profile, recipients, now) : std::nullopt) {
    composed.told = told_of(*told);
    annex = {.word = "profile", .html = html::write_card(card_of(*told, account), html::Photo::hidden)};
  }
  composed.asks_about_group = has_room && group != nullptr && !composed.describes_group && by_person &&
                              is_to_be_asked_about(*group) &&
                              std::ranges::find(recipients, PeerClass::coi, &PeerFacts::peer_class) != recipients.end();
  // A text with marks has several forms, and a place stands last in its text; a program has no name to sign with.
  const bool may_be_signed = !composed.details.formatted && !send.details.position && !send.details.poll &&
                             !send.text.empty() && by_person && !annex;
  if (may_be_signed) composed.footer = account.signature;
  composed.tree = write({.rfc_id = facts.rfc_id,
                         .subject = composed.subject,
                         .text = composed.text,
                         .quote = composed.quote,
                         .footer = composed.footer,
                         .kind = send.kind,
                         .details = composed.details,
                         .files = send.files,
                         .in_reply_to = composed.in_reply_to,
                         .references = references_of(composed.thread_root, composed.follows),
                         .automatic = send.automatic,
                         .group = group,
                         .annex = std::move(annex),
                         .asks_about_group = composed.asks_about_group,
                         .timer = facts.chat->timer},
                        account, recipients, now);
  return composed;
}

mime::Part compose_again(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now) {
  const auto& message = *facts.message;
  return write({.rfc_id = message.key.rfc_id,
                .subject = message.subject,
                .text = message.text,
                .quote = message.quote,
                .footer = message.footer,
                .kind = message.kind,
                .details = message.details,
                .files = retry.files,
                .in_reply_to = message.in_reply_to,
                .references = references_of(message.thread_root, message.follows),
                .automatic = automatic_of(message),
                .group = facts.chat->group ? &*facts.chat->group : nullptr,
                .timer = message.timer},
               account, facts.chat->peers, now);
}

mime::Part compose_reaction(const React& react, const AccountFacts& account, const ReactFacts& facts, ReactionForm form,
                            UnixMs now) {
  const auto& message = *facts.message;
  auto tree = form == ReactionForm::bare
                  ? reaction_part(react.emoji)
                  : quoted_reaction(react.emoji, quote_of(message), form == ReactionForm::for_gmail);
  tree.headers =
      common_fields(account, addresses_of(recipients_of(*facts.chat, account)), id_in(*facts.chat, react.rfc_id),
                    facts.chat->group ? group_subject(*facts.chat->group) : reply_subject(message.subject), now);
  tree.headers.push_back({"In-Reply-To", mime::format_message_ids({message.key.rfc_id})});
  const auto& root = message.first_of_thread();
  tree.headers.push_back({"References", mime::format_message_ids(references_of(root, message.key.rfc_id))});
  if (facts.chat->group)
    std::ranges::move(group_fields(*facts.chat->group, account, addresses_of(recipients_of(*facts.chat, account)), now),
                      std::back_inserter(tree.headers));
  add_timer(facts.chat->timer, tree.headers);
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
