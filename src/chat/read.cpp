#include "chat/read.h"

#include <algorithm>
#include <iterator>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/amend.h"
#include "chat/body.h"
#include "chat/marked_part.h"
#include "chat/reaction.h"
#include "chat/read_group.h"
#include "chat/read_poll.h"
#include "chat/read_profile.h"
#include "chat/read_storage.h"
#include "chat/timer.h"
#include "chat/two_mails.h"
#include "mime/authentication_results.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/message_id.h"
#include "mime/received.h"
#include "mime/report.h"
#include "wire/classify.h"
#include "wire/message_id.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

Address canonical(Address address) {
  address.addr = mime::canonical(address.addr);
  return address;
}

std::vector<Address> addresses(const mime::Part& root, std::string_view name) {
  std::vector<Address> all;
  for (const auto& header : root.headers)
    if (ascii_iequal(header.name, name))
      for (auto& address : mime::parse_addresses(header.value)) all.push_back(canonical(std::move(address)));
  return all;
}

// Mail that a machine wrote, or that went through a list: it says nothing about the program of its author, and is never
// answered automatically (RFC 3834, D-38).
bool is_automatic(const mime::Part& root) {
  const auto submitted = ascii_lower(ascii_trim(field_of(root, "Auto-Submitted")));
  if (!submitted.empty() && !submitted.starts_with("no")) return true;
  const auto precedence = ascii_lower(ascii_trim(field_of(root, "Precedence")));
  if (precedence == "bulk" || precedence == "list" || precedence == "junk") return true;
  return root.header("List-Id") != nullptr || root.header("List-Unsubscribe") != nullptr;
}

// D-36, D-35, P-15: what never is a message of its own.
bool is_hidden(const mime::Part& root) {
  const auto word = content_of(root);
  if (word == wire::Content::typing || word == wire::Content::presence) return true;
  // D-35: what follows a call that cannot be taken here.
  if (word == wire::Content::call_accepted || word == wire::Content::call_ended) return true;
  return std::ranges::any_of(root.headers, [](const mime::Header& header) {
    return ascii_istarts_with(header.name, wire::secure_join) || ascii_istarts_with(header.name, "Iroh-");
  });
}

// By what this mail shows of the program that wrote it.
PeerClass evidence_of(const mime::Part& root, std::string_view rfc_id) {
  if (root.header(wire::chat_version) == nullptr) return PeerClass::plain;
  return wire::is_chat_id(rfc_id) ? PeerClass::coi : PeerClass::delta;
}

RemarkKind kind_of(mime::DeliveryAction action) {
  switch (action) {
    case mime::DeliveryAction::failed:
      return RemarkKind::failed;
    case mime::DeliveryAction::delayed:
      return RemarkKind::delayed;
    case mime::DeliveryAction::delivered:
    case mime::DeliveryAction::relayed:
    case mime::DeliveryAction::expanded:
      return RemarkKind::delivered;
  }
  return RemarkKind::failed;
}

// Said about each of `subjects`, by the author of `content`.
void add_remarks(Remark remark, const std::vector<std::string>& subjects, Content& content) {
  remark.author = content.from.addr;
  remark.date_ms = content.date.value_or(0);
  remark.rfc_id = content.rfc_id;
  for (const auto& subject : subjects) {
    remark.subject = subject;
    content.remarks.push_back(remark);
  }
}

// False: it is none.
bool read_receipt(const mime::Part& root, Content& content) {
  const auto receipt = mime::read_disposition_report(root);
  if (!receipt) return false;
  // "deleted" and the like say that it was not read; such a report is taken and forgotten.
  if (receipt->disposition != "displayed") return true;
  auto ids = receipt->original_ids;
  // D-29: a report without the id answers the mail it replies to.
  if (ids.empty() && !content.in_reply_to.empty()) ids = {content.in_reply_to};
  add_remarks({.kind = RemarkKind::displayed, .about = content.from.addr}, ids, content);
  return true;
}

// D-23: it is about the mail that it answers. Without one it is a mail like any other.
bool is_mere_reaction(const mime::Mail& mail, Content& content) {
  if (content.in_reply_to.empty()) return false;
  const auto reaction = read_reaction(mail);
  if (!reaction) return false;
  add_remarks({.kind = RemarkKind::reaction, .value = reaction->emoji}, {content.in_reply_to}, content);
  return reaction->alone;
}

// Of a mail that is about another one and has no words of its own: a deletion, the end of a pin. Of one whose author
// the server denies this is not believed, and its words are shown.
bool is_mere_amendment(const std::optional<Amendment>& amendment, Content& content) {
  using Kind = Amendment::Kind;
  if (!amendment || content.disowned) return false;
  if (amendment->kind == Kind::deletion) add_remarks({.kind = RemarkKind::deleted}, {amendment->subject}, content);
  if (amendment->kind == Kind::unpin) add_remarks({.kind = RemarkKind::pinned}, {amendment->subject}, content);
  return amendment->kind == Kind::deletion || amendment->kind == Kind::unpin;
}

std::string pin_until(UnixMs until) { return until > 0 ? std::to_string(until) : "pinned"; }

// Of a mail with a letter.
void amend(const Amendment& amendment, Content& content) {
  auto& letter = *content.letter;
  if (amendment.kind == Amendment::Kind::pin && !content.disowned) {
    add_remarks({.kind = RemarkKind::pinned, .value = pin_until(amendment.until_ms)}, {amendment.subject}, content);
    letter = {.text = std::move(letter.text), .notice = {.code = "message_pinned", .params = {}}};
  }
  if (amendment.kind != Amendment::Kind::edit || amendment.subject == content.rfc_id) return;
  if (letter.kind == MessageKind::poll) return;  // P-18
  content.edits = amendment.subject;
  letter.text = edited_text(letter.text);
  letter.quote.clear();
  // C-32.
  if (!letter.text.empty() || !letter.attachments.empty() || content.disowned) return;
  add_remarks({.kind = RemarkKind::deleted}, {content.edits}, content);
  content.letter.reset();
}

// P-20: then it is no message, whatever stands in it. Of a vote that cannot be read or names no poll people see the
// words.
bool is_mere_vote(const mime::Mail& mail, Content& content) {
  const auto vote = read_vote(mail, content.in_reply_to);
  if (!vote || vote->remark.subject.empty()) return false;
  add_remarks(vote->remark, {vote->remark.subject}, content);
  return true;
}

// P-23, P-24: what a mail with words says about a poll. That of whose author the server denies is shown as it is.
void read_words_about_poll(const mime::Mail& mail, Content& content) {
  if (content.automatic || content.disowned || content.is_bounce() || !content.edits.empty()) return;
  auto& letter = *content.letter;
  if (auto close = read_close(mail, content.in_reply_to); close && !close->remark.subject.empty()) {
    add_remarks(close->remark, {close->remark.subject}, content);
    letter.kind = MessageKind::notice;
    letter.details = {};
    letter.notice = std::move(close->notice);
    return;
  }
  if (content.in_reply_to.empty() || letter.kind != MessageKind::text || letter.details.forwarded) return;
  if (!letter.attachments.empty()) return;
  // It names the newest mail of the chat where nothing is answered.
  if (content.evidence == PeerClass::delta && letter.quote.empty()) return;
  if (const auto choices = choices_in_words(letter.text))
    add_remarks({.kind = RemarkKind::vote, .value = choices_text(*choices)}, {content.in_reply_to}, content);
}

void read_bounce(const mime::Part& root, Content& content) {
  // A bounce that names no mail can be tied to none, and is better shown than swallowed. By its recipient and subject
  // alone any stranger could say of a mail that it has failed.
  if (const auto delivery = mime::read_delivery_report(root)) {
    // An own id is surely the author's; an envelope id may be anything.
    std::vector<std::string> ids, others;
    std::ranges::partition_copy(delivery->original_ids, std::back_inserter(ids), std::back_inserter(others),
                                wire::is_chat_id);
    std::ranges::move(others, std::back_inserter(ids));
    for (const auto& recipient : delivery->recipients)
      add_remarks({.kind = kind_of(recipient.action),
                   .about = mime::canonical(recipient.recipient),
                   .value = recipient.diagnostic.empty() ? delivery->reason : recipient.diagnostic},
                  ids, content);
  }
}

// The name that somebody gives himself may look like the address of somebody else.
bool names_another(const Address& from) {
  const auto named = mime::parse_addresses(from.name);
  return std::ranges::any_of(named, [&](const Address& one) { return mime::canonical(one.addr) != from.addr; });
}

// Every address of a From field that somebody might take for the author's, wherever it stands in a garbled one, but for
// quoted strings and comments: these are a name.
void add_authors(std::string_view value, std::vector<std::string>& addrs) {
  std::string bare;
  bool quoted = false;
  int depth = 0;
  for (const char c : value) {
    if (c == '"' && depth == 0) quoted = !quoted;
    if (c == '(' && !quoted) ++depth;
    bare += quoted || depth > 0 || c == '"' || std::string_view("<> \t;").find(c) != std::string_view::npos ? ',' : c;
    if (c == ')' && depth > 0) --depth;
  }
  for (const auto& author : mime::parse_addresses(bare)) addrs.push_back(mime::canonical(author.addr));
}

// RFC 5322, section 3.6.2: one author in one field, or several with a Sender. Programs differ in whom of several they
// show, and servers in whom they check, so nobody is believed to be any of them. Nor is who stands in Sender alone:
// DMARC looks at From only (RFC 7489, section 3.1).
void read_author(const mime::Part& root, Content& content) {
  constexpr std::size_t most_authors = 4;
  auto authors = addresses(root, "From");
  const bool is_sender = authors.empty();
  if (is_sender) authors = addresses(root, "Sender");
  if (authors.empty()) return;
  content.from = std::move(authors.front());
  std::vector<std::string> named = {content.from.addr};
  for (const auto& author : authors | std::views::drop(1)) named.push_back(author.addr);
  std::ptrdiff_t fields = 0;
  for (const auto& header : root.headers) {
    if (!ascii_iequal(header.name, "From")) continue;
    ++fields;
    add_authors(header.value, named);
  }
  std::vector<std::string> addrs;
  for (auto& addr : named)
    if (!addr.empty() && std::ranges::find(addrs, addr) == addrs.end()) addrs.push_back(std::move(addr));
  if ((fields > 1 || is_sender) && addrs.size() == 1) addrs.push_back(addrs.front());
  if (addrs.size() > 1) {
    addrs.resize(std::min(addrs.size(), most_authors));
    content.from = {.name = {}, .addr = fmt::format("{}", fmt::join(addrs, ", "))};
    content.disowned = true;
    return;
  }
  if (names_another(content.from)) content.from.name.clear();
  content.disowned = mime::disowns_author(root.headers, wire::domain_of(content.from.addr));
}

// C-48. What a signature says is the server's to judge.
bool is_unproven(const mime::Part& root, const Content& content) {
  return content.disowned || (root.header("DKIM-Signature") == nullptr &&
                              !mime::vouches_for_author(root.headers, wire::domain_of(content.from.addr)));
}

}  // namespace

Content read(const mime::Mail& mail, const ReadOptions& options) {
  const auto& root = mail.root;
  Content content;
  // D-07: some servers rewrite the Message-ID and keep the original beside it.
  auto ids = mime::message_ids([&root](std::string_view name) { return std::string(field_of(root, name)); });
  if (ids.empty()) ids.push_back(options.fallback_id);
  content.rfc_id = std::move(ids.front());
  content.other_ids.assign(std::move_iterator(ids.begin() + 1), std::move_iterator(ids.end()));
  read_author(root, content);
  content.unproven = is_unproven(root, content);
  content.received = mime::received_at(root.headers);
  content.list = root.header("List-Id") != nullptr;
  content.to = addresses(root, "To");
  content.cc = addresses(root, "Cc");
  content.date = mime::parse_date(field_of(root, "Date"));
  content.subject = mime::decode_words(field_of(root, "Subject"));
  content.references = mime::parse_message_ids(field_of(root, "References"));
  const auto answered = mime::parse_message_ids(field_of(root, "In-Reply-To"));
  if (!answered.empty()) content.in_reply_to = answered.front();
  if (options.in_contacts) {
    content.storage = read_storage(mail);
    return content;
  }
  content.group = read_group(root, content);
  if (root.header(wire::chat_version) != nullptr && !content.disowned) {
    content.profile = read_profile(root, content.from.addr);
    content.asks_profile = is_marked(root, wire::Content::profilerequest);
  }
  content.automatic = is_automatic(root);
  content.evidence = content.automatic ? PeerClass::unknown : evidence_of(root, content.rfc_id);
  if (!content.disowned) content.timer = read_timer(root, content.evidence);
  const auto* version = root.header(wire::chat_version);
  const auto references = mime::format_message_ids(content.references);
  content.chat =
      wire::is_chat({.chat_version = version == nullptr ? std::string_view{} : std::string_view(version->c_str()),
                     .message_id = content.rfc_id,
                     .references = references}) ||
      wire::replies_to_chat(references, mime::format_message_ids(answered));
  if (read_receipt(root, content) || is_mere_reaction(mail, content) || is_mere_vote(mail, content)) return content;
  read_bounce(root, content);
  if (content.is_bounce()) content.chat = false;  // a mail server's words, also where they name a chat mail
  if (is_hidden(root)) return content;
  const auto amendment = content.chat ? read_amendment(mail, content.in_reply_to) : std::nullopt;
  if (is_mere_amendment(amendment, content)) return content;

  // D-35: what it holds is for programs that can call.
  if (version != nullptr && is_marked(root, wire::Content::call)) {
    content.letter = Letter{.text = "Call", .notice = {.code = std::string(call_notice), .params = {}}};
    return content;
  }
  content.letter = read_body(mail, version != nullptr);
  if (!content.letter) return content;
  if (version != nullptr && is_marked(root, wire::Content::status)) {
    constexpr std::size_t longest = 1000;
    content.status = std::string(utf8_front(content.letter->text, longest));
    content.letter.reset();
    return content;
  }
  if (amendment) amend(*amendment, content);
  if (content.letter && content.edits.empty() && !content.disowned && changes_timer(root))
    content.letter = Letter{.text = std::move(content.letter->text), .notice = timer_notice(content.timer.value_or(0))};
  if (!content.letter || !content.letter->notice.code.empty()) return content;
  read_half(root, content);
  if (const auto until = content.chat && !content.disowned ? read_pinned(mail) : std::nullopt)
    add_remarks({.kind = RemarkKind::pinned, .value = pin_until(*until)}, {content.rfc_id}, content);
  read_words_about_poll(mail, content);
  // C-38: no receipt for what a machine sent.
  if (!content.automatic) {
    const auto asks = [&](std::string_view name) {
      const auto wished = addresses(root, name);
      return !wished.empty() && wished.front().addr == content.from.addr;
    };
    auto& letter = *content.letter;
    letter.asks_chat_receipt =
        asks(wire::chat_disposition_notification_to) || (version != nullptr && asks(wire::disposition_notification_to));
    letter.asks_plain_receipt = !letter.asks_chat_receipt && asks(wire::disposition_notification_to);
  }
  return content;
}

}  // namespace coi::chat
