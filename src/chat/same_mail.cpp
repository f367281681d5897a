#include "chat/same_mail.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include "base/ascii.h"
#include "chat/compose_letter.h"
#include "chat/subject.h"
#include "wire/classify.h"

namespace coi::chat {
namespace {

// White space is what servers on the way change: as one space, none at the ends.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!is_space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// "[list] Re: [list] x" -> "x"
std::string_view without_tags(std::string_view subject) {
  while (true) {
    subject = strip_reply_prefix(subject);
    const auto end = subject.starts_with('[') ? subject.find(']') : std::string_view::npos;
    if (end == std::string_view::npos) return subject;
    subject = ascii_trim(subject.substr(end + 1));
  }
}

bool subjects_agree(std::string_view one, std::string_view other, bool list) {
  if (!list) return squeezed(one) == squeezed(other);
  return squeezed(without_tags(one)) == squeezed(without_tags(other));
}

struct ComparedWords {
  std::string text;  // without marks: a list may have left but the plain form
  std::string_view quote, footer;
  bool list;
};

// Whole words: "1" is not the beginning of "16". Both squeezed.
bool begins_with(std::string_view text, std::string_view beginning) {
  return text.starts_with(beginning) &&
         (beginning.empty() || text.size() == beginning.size() || text[beginning.size()] == ' ');
}

// What a list adds stands below: a footer, perhaps behind the quote or as a signature.
bool texts_agree(const ComparedWords& one, const ComparedWords& other) {
  const auto text = squeezed(one.text), other_text = squeezed(other.text);
  if (!one.list && !other.list)
    return text == other_text && squeezed(one.quote) == squeezed(other.quote) &&
           squeezed(one.footer) == squeezed(other.footer);
  return (other.list && begins_with(other_text, text)) || (one.list && begins_with(text, other_text));
}

// Of a file that was not fetched the size is reckoned from its encoded form.
bool files_agree(const std::vector<Attachment>& one, const std::vector<Attachment>& other) {
  return std::ranges::equal(one, other, [](const Attachment& a, const Attachment& b) {
    if (!a.blob.empty() && !b.blob.empty()) return a.blob == b.blob;
    const auto [least, greatest] = std::minmax(a.size, b.size);
    return a.name == b.name && greatest - least <= greatest / 16 + 100;
  });
}

// As the store chooses who speaks (PutMessage).
auto rank(const MessageFacts& message) {
  return std::tuple(!message.outgoing_mail, message.forged, message.list, message.received_ms, message.date_ms,
                    std::string_view(message.text), std::string_view(message.subject),
                    std::string_view(message.from_name), std::string_view(message.in_reply_to),
                    std::string_view(message.follows), message.kind, message.details.formatted,
                    message.details.forwarded, message.timer);
}

bool share_an_id(const PutMessage& copy, const MessageFacts& stored) {
  const auto has = [&](const std::string& id) {
    return id == stored.key.rfc_id || std::ranges::find(stored.other_ids, id) != stored.other_ids.end();
  };
  return has(copy.key.rfc_id) || std::ranges::any_of(copy.other_ids, has);
}

// All ids of both, the author's own first.
void join_ids(PutMessage& copy, const MessageFacts& stored) {
  const bool knows_original = !copy.other_ids.empty() || wire::is_chat_id(copy.key.rfc_id);
  auto first = knows_original && stored.other_ids.empty() ? copy.key.rfc_id : stored.key.rfc_id;
  auto ids = std::move(copy.other_ids);
  ids.push_back(copy.key.rfc_id);
  ids.push_back(stored.key.rfc_id);
  ids.insert(ids.end(), stored.other_ids.begin(), stored.other_ids.end());
  std::erase(ids, first);
  std::ranges::sort(ids);
  const auto doubles = std::ranges::unique(ids);
  ids.erase(doubles.begin(), doubles.end());
  copy.other_ids = std::move(ids);
  copy.key.rfc_id = std::move(first);
}

// D-34: of one author all mails that announce a file or bring it, by the id of the mail that brings it.
bool completes(const PutMessage& copy, const MessageFacts& stored) {
  return copy.half != Half::whole && stored.half != Half::whole && copy.key == stored.key;
}

}  // namespace

bool says_the_same(const PutMessage& copy, const MessageFacts& stored) {
  const bool list = copy.list || stored.list;
  return subjects_agree(copy.subject, stored.subject, list) &&
         texts_agree({unmarked(copy.text, copy.details), copy.quote, copy.footer, copy.list},
                     {unmarked(stored.text, stored.details), stored.quote, stored.footer, stored.list}) &&
         (list || files_agree(copy.attachments, stored.attachments));
}

bool is_same_mail(const PutMessage& copy, const MessageFacts& stored) {
  if (copy.outgoing && stored.outgoing_mail) return true;
  if (copy.edits != stored.edits) return false;
  if (stored.deleted && !stored.removed) return true;  // all that its author called so is
  if (stored.removed && stored.forged != copy.forged) return false;
  if (copy.half != Half::whole || stored.half != Half::whole) return completes(copy, stored);
  const bool sent_again = copy.is_chat && stored.is_chat;
  if (!sent_again && whole_seconds(copy.date_ms) != whole_seconds(stored.date_ms)) return false;
  return stored.removed || says_the_same(copy, stored);  // there are no words left to compare
}

bool is_renamed(const PutMessage& copy, const MessageFacts& stored) {
  return copy.outgoing && stored.outgoing && copy.is_chat && stored.is_chat && copy.half == Half::whole &&
         stored.half == Half::whole && copy.key.from_addr == stored.key.from_addr &&
         wire::is_chat_id(copy.key.rfc_id) != wire::is_chat_id(stored.key.rfc_id) && copy.other_ids.empty() &&
         stored.other_ids.empty() && whole_seconds(copy.date_ms) == whole_seconds(stored.date_ms) &&
         (stored.removed || says_the_same(copy, stored));  // there are no words left to compare
}

void join_copies(PutMessage& copy, const std::vector<MessageFacts>& namesakes, std::vector<Operation>& out) {
  std::vector<const MessageFacts*> same;
  for (const auto& stored : namesakes)
    if (share_an_id(copy, stored) && is_same_mail(copy, stored)) same.push_back(&stored);
  if (same.empty())
    for (const auto& stored : namesakes)
      if (is_renamed(copy, stored) && (same.empty() || same.front()->removed)) same.assign(1, &stored);
  if (same.empty()) return;
  // What is left of a removed mail fits others of that second too.
  if (!std::ranges::all_of(same, &MessageFacts::removed)) std::erase_if(same, std::mem_fn(&MessageFacts::removed));
  const auto* kept = *std::ranges::min_element(same, {}, [](const auto* message) { return rank(*message); });
  // What a list made of a mail may fit several; it does not make these one.
  if (copy.list) std::erase_if(same, [&](const MessageFacts* one) { return one != kept && !one->list; });
  for (const auto* one : same) join_ids(copy, *one);
  copy.into = kept->id;
  for (const auto* one : same)
    if (one != kept) out.emplace_back(JoinMessages{kept->id, one->id});
}

bool may_be(const MailSeenAgain& copy, const MessageFacts& stored) {
  const auto& id = copy.key.rfc_id;
  const bool has_id = id == stored.key.rfc_id || std::ranges::find(stored.other_ids, id) != stored.other_ids.end();
  return has_id && whole_seconds(copy.date.value_or(0)) == whole_seconds(stored.date_ms);
}

const MessageFacts* known_by_header(const MailSeenAgain& copy, const std::vector<MessageFacts>& namesakes) {
  // Own words that were written on this device are known by their random id alone.
  if (namesakes.size() == 1 && namesakes.front().outgoing_mail && wire::is_chat_id(copy.key.rfc_id))
    return &namesakes.front();
  // Of a message in two mails it is not known which one this is a copy of.
  const auto same = [&](const MessageFacts& stored) {
    return stored.half == Half::whole && copy.size != 0 && stored.size == copy.size &&
           whole_seconds(copy.date.value_or(0)) == whole_seconds(stored.date_ms);
  };
  const auto found = std::ranges::find_if(namesakes, same);
  if (found == namesakes.end() || std::any_of(found + 1, namesakes.end(), same)) return nullptr;
  return &*found;
}

}  // namespace coi::chat
