#include "chat/body.h"

#include <algorithm>

#include "base/ascii.h"
#include "chat/letter_kind.h"
#include "chat/mention.h"
#include "chat/parts.h"
#include "chat/place.h"
#include "chat/read.h"
#include "chat/safe_view.h"
#include "html/to_text.h"
#include "mime/blank.h"
#include "mime/bounce_text.h"
#include "mime/charset.h"
#include "mime/flowed.h"
#include "mime/media_type.h"
#include "mime/pgp_text.h"
#include "mime/text.h"

namespace coi::chat {
namespace {

struct Texts {
  std::string text, quote, footer;
  bool cut = false;  // the original holds more
};

Texts texts_of_plain(const mime::Part& part, bool chat) {
  auto body = ascii_iequal(part.param("format"), "flowed")
                  ? mime::decode_flowed(part.body, ascii_iequal(part.param("delsp"), "yes"))
                  : part.body;
  auto split =
      mime::split_text(mime::without_armour(body, encrypted_words), chat ? mime::Origin::chat : mime::Origin::mail);
  return {std::move(split.shown), std::move(split.quote), std::move(split.signature), part.truncated};
}

Texts texts_of_html(const mime::Part& part) {
  const auto document = html::parse(part.body, Limits{});
  if (!document) return {.text = "", .cut = true};  // more than is read as text
  auto text = html::split_reply(*document);
  if (text.text.contains("-----BEGIN PGP ")) text.text = ascii_trim(mime::without_armour(text.text, encrypted_words));
  return {std::move(text.text), std::move(text.quote), std::move(text.signature), part.truncated};
}

void append(std::string& all, std::string_view more, std::string_view between) {
  if (more.empty()) return;
  if (!all.empty()) all += between;
  all += more;
}

// The returned mail in a bounce's text is for programs to look at.
void fold_returned_mail(Texts& texts) {
  const auto copy = mime::find_returned_mail(texts.text);
  if (copy == std::string::npos) return;
  append(texts.quote, std::string_view(texts.text).substr(copy), "\n");
  texts.text = ascii_trim(std::string_view(texts.text).substr(0, copy));
}

Texts texts_of(const mime::Part& part, bool chat) {
  return part.type == "text/html" ? texts_of_html(part) : texts_of_plain(part, chat);
}

// A text that is kept as octets.
std::string text_of_file(const mime::Part& part) {
  auto text = mime::to_utf8(part.body, part.param("charset"));
  std::erase(text, '\r');
  return text;
}

// P-09: the form that shows most. Whichever it is, what was quoted stays what the plain text says of it.
void read_formatted(const Words& words, Letter& letter) {
  if (words.markdown == nullptr && words.html == nullptr) return;
  std::string markdown;
  Forms forms{.plain = letter.text, .markdown = {}, .html = {}, .chat = true};
  if (words.markdown != nullptr && words.markdown->body.size() <= Limits{}.text) {
    markdown = mime::split_text(text_of_file(*words.markdown), mime::Origin::chat).shown;
    forms.markdown = markdown;
  }
  if (words.html != nullptr && !words.html->truncated) forms.html = words.html->body;
  auto shown = choose_form(forms);
  // C-80: HTML tells who is mentioned where the plain text has a name alone.
  const bool mentions = shown.form == ShownForm::html && !find_mentions(shown.text).empty();
  if (!shown.formatted && !mentions) return;
  letter.text = std::move(shown.text);
  letter.details.formatted = shown.formatted;
}

Parts find(const mime::Mail& mail) {
  return find_parts(mail, [](const mime::Part& part) {
    if (part.type != "text/html") return !mime::is_blank(part.body);
    const auto texts = texts_of_html(part);
    return texts.cut || !mime::is_blank(texts.text) || !mime::is_blank(texts.quote);
  });
}

// Programs that know no type of a picture, a sound or a film leave it to the name (C-23).
std::string type_of(const mime::Part& part) {
  if (part.type != "application/octet-stream") return part.type;
  const auto named = mime::media_type_of(part.filename);
  const bool is_shown = named.starts_with("image/") || named.starts_with("audio/") || named.starts_with("video/");
  return is_shown ? std::string(named) : part.type;
}

// D-32: the mail tells where its author is, again and again, and says nothing else.
bool is_mere_track(const Parts& found) {
  return found.track && found.files.empty() && found.place == nullptr &&
         std::ranges::all_of(
             found.words, [](const Words& words) { return words.part != nullptr && mime::is_blank(words.part->body); });
}

}  // namespace

std::vector<const mime::Part*> files(const mime::Mail& mail) {
  std::vector<const mime::Part*> parts;
  for (const auto& file : find(mail).files) parts.push_back(file.part);
  return parts;
}

std::optional<Letter> read_body(const mime::Mail& mail, bool chat) {
  const auto found = find(mail);
  if (is_mere_track(found)) return std::nullopt;
  Letter letter;
  const bool bounce = mime::comes_from_mail_system(mail.root);
  bool cut = mail.root.truncated;
  for (const auto& words : found.words) {
    auto texts = words.part == nullptr ? Texts{.text = words.ours} : texts_of(*words.part, chat);
    if (bounce) fold_returned_mail(texts);
    append(letter.text, texts.text, "\n\n");
    append(letter.quote, texts.quote, "\n");
    append(letter.footer, texts.footer, "\n");
    cut |= texts.cut;
  }
  if (cut) append(letter.text, "✂ This mail is longer than what is shown. Its original has all of it.", "\n\n");
  letter.html = found.html;
  const bool shows_own = found.words.size() == 1 && !cut && chat;
  if (shows_own) read_formatted(found.words.front(), letter);
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    const auto& part = *found.files[i].part;
    letter.attachments.push_back({.name = file_name(part, i + 1),
                                  .type = type_of(part),
                                  .size = part.size,
                                  .section = found.files[i].section,
                                  // The photos of an album have Content-IDs as well (P-10).
                                  .inline_part = part.disposition != "attachment" && !part.content_id.empty() &&
                                                 (!chat || found.files[i].related),
                                  .preview = found.files[i].preview});
  }
  read_kind(mail, found, letter);
  return letter;
}

}  // namespace coi::chat
