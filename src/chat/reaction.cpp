#include "chat/reaction.h"

#include <unictype.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "json/codec.h"
#include "json/describe.h"
#include "wire/message_id.h"

namespace coi::chat {
namespace {

constexpr std::string_view gmail_type = "text/vnd.google.email-reaction+json";
constexpr int gmail_version = 1;
constexpr std::size_t longest_emoji = 64;  // octets; a family of four with skin tones has 41

constexpr char32_t joiner = 0x200D, text_presentation = 0xFE0E, emoji_presentation = 0xFE0F, keycap = 0x20E3;
bool is_regional(char32_t code) { return code >= 0x1F1E6 && code <= 0x1F1FF; }
bool is_tag(char32_t code) { return code >= 0xE0020 && code <= 0xE007F; }
bool is_digit(char32_t code) { return (code >= '0' && code <= '9') || code == '#' || code == '*'; }
bool is_skin_tone(char32_t code) { return ::uc_is_property_emoji_modifier(code); }

char32_t front_of(std::string_view text) { return text.empty() ? 0 : utf8_take(text); }

void skip(std::string_view& text, bool (*wanted)(char32_t)) {
  while (!text.empty() && wanted(front_of(text))) utf8_take(text);
}

//   element = emoji-character [U+FE0E / U+FE0F] [skin-tone] *tag [U+20E3] / regional regional
bool take_element(std::string_view& text) {
  const auto first = utf8_take(text);
  if (is_regional(first)) return !text.empty() && is_regional(utf8_take(text));
  // Extended_Pictographic has the emoji to come too, which the library does not know by their names yet.
  if (!(::uc_is_property_emoji(first) || ::uc_is_property_extended_pictographic(first)) || is_skin_tone(first))
    return false;
  skip(text, [](char32_t code) { return code == text_presentation || code == emoji_presentation; });
  if (is_digit(first)) return !text.empty() && utf8_take(text) == keycap;
  skip(text, is_skin_tone);
  skip(text, is_tag);
  return true;
}

// What stands before the line of dashes below which footers stand (D-16, D-23).
std::string_view without_footer(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = ascii_trim(text.substr(at, end - at));
    if (line.size() >= 2 && line.find_first_not_of('-') == std::string_view::npos) return text.substr(0, at);
    at = end + 1;
  }
  return text;
}

// RFC 9078 allows several, separated by white space: the first one counts.
std::optional<std::string> emoji_of(std::string_view body) {
  const auto words = ascii_trim(without_footer(body));
  if (words.empty()) return std::string();
  const auto first = words.substr(0, words.find_first_of(" \t\r\n"));
  return is_emoji(first) ? std::optional(std::string(first)) : std::nullopt;
}

struct GmailReaction {
  int version = 0;
  std::string emoji;
};
BOOST_DESCRIBE_STRUCT(GmailReaction, (), (version, emoji))

std::optional<std::string> gmail_emoji(std::string_view body) {
  const auto value = json::parse(body, {});
  const auto said = value ? json::decode<GmailReaction>(*value) : std::unexpected(value.error());
  if (!said || said->version != gmail_version || !is_emoji(said->emoji)) return std::nullopt;
  return said->emoji;
}

struct ReactionParts {
  const mime::Part* reaction = nullptr;  // RFC 9078
  const mime::Part* gmail = nullptr;
  bool others = false;  // something that is no other form of the reaction
};

void look_through(const mime::Part& part, bool alternative, ReactionParts& found) {
  if (part.is_multipart()) {
    for (const auto& child : part.children)
      look_through(child, alternative || part.type == "multipart/alternative", found);
    return;
  }
  if (found.reaction == nullptr && part.disposition == "reaction" && part.type == "text/plain")
    found.reaction = &part;
  else if (found.gmail == nullptr && part.type == gmail_type)
    found.gmail = &part;
  else if (!alternative)
    found.others = true;
}

}  // namespace

bool is_emoji(std::string_view text) {
  if (text.empty() || text.size() > longest_emoji) return false;
  while (take_element(text)) {
    if (text.empty()) return true;
    if (utf8_take(text) != joiner || text.empty()) return false;
  }
  return false;
}

std::optional<Reaction> read_reaction(const mime::Mail& mail) {
  ReactionParts found;
  look_through(mail.root, false, found);
  auto emoji = found.reaction != nullptr ? emoji_of(found.reaction->body)
               : found.gmail != nullptr  ? gmail_emoji(found.gmail->body)
                                         : std::nullopt;
  if (!emoji) return std::nullopt;
  return Reaction{.emoji = std::move(*emoji), .alone = !found.others};
}

mime::Part reaction_part(std::string_view emoji) {
  return {.type = "text/plain",
          .disposition = "reaction",
          .body = emoji.empty() ? "---\nReaction withdrawn\n" : std::string(emoji) + "\n"};
}

mime::Part gmail_reaction_part(std::string_view emoji) {
  return {.type = std::string(gmail_type),
          .body = json::encode(GmailReaction{.version = gmail_version, .emoji = std::string(emoji)}) + "\n"};
}

bool is_at_gmail(std::string_view addr) {
  const auto domain = wire::domain_of(addr);
  return ascii_iequal(domain, "gmail.com") || ascii_iequal(domain, "googlemail.com");
}

}  // namespace coi::chat
