#include "chat/body.h"

#include <algorithm>

#include "base/ascii.h"
#include "chat/letter_kind.h"
#include "chat/mention.h"
#include "chat/parts.h"
#include "chat/place.h"
#include "chat/read.h"
#include "chat/safe_view.h"
#include "chat/subject.h"
#include "html/lines.h"
#include "mime/blank.h"
#include "mime/bounce_text.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/flowed.h"
#include "mime/media_type.h"
#include "mime/pgp_text.h"
#include "reply/reply.h"

namespace coi::chat {
namespace {

struct Texts {
  std::string text, quote, footer;
  bool cut = false;      // the original holds more
  bool forward = false;  // the text holds a mail that somebody passes on
};

Texts texts_of(reply::Answer answer, bool cut) {
  return {std::move(answer.text), std::move(answer.quote), std::move(answer.footer), cut, answer.forward};
}

Texts texts_of_plain(const mime::Part& part, reply::Origin origin, bool forwarded) {
  const auto body = ascii_iequal(part.param("format"), "flowed")
                        ? mime::decode_flowed(part.body, ascii_iequal(part.param("delsp"), "yes"))
                        : part.body;
  const auto text = mime::without_armour(body, encrypted_words);
  return texts_of(reply::read(reply::lines_of(text), origin, forwarded), part.truncated);
}

reply::Said said_by(html::LineMark mark) {
  switch (mark) {
    case html::LineMark::attribution:
      return reply::Said::attribution;
    case html::LineMark::rule:
      return reply::Said::rule;
    case html::LineMark::below_rule:
      return reply::Said::below_rule;
    case html::LineMark::none:
      break;
  }
  return reply::Said::nothing;
}

Texts texts_of_html(std::string_view html, bool cut, bool forwarded) {
  const auto read = html::parse_front(html, Limits{});
  const auto written = html::lines_of(read.document);
  std::vector<reply::Line> lines;
  lines.reserve(written.size());
  for (const auto& line : written)
    lines.push_back({.text = line.text,
                     .depth = line.depth,
                     .container = line.container,
                     .cited = line.cited,
                     .said = said_by(line.mark)});
  auto texts = texts_of(reply::read(lines, reply::Origin::mail, forwarded), cut || read.cut);
  if (texts.text.contains("-----BEGIN PGP "))
    texts.text = ascii_trim(mime::without_armour(texts.text, encrypted_words));
  return texts;
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

// Some programs call HTML plain text.
bool is_html(const mime::Part& part) {
  if (part.type == "text/html") return true;
  const auto text = ascii_trim(part.body);
  if (!text.starts_with('<') || !text.ends_with('>')) return false;
  constexpr std::string_view beginnings[] = {"<!doctype html", "<html", "<head", "<body", "<div", "<p>", "<p ",
                                             "<table",         "<span"};
  return std::ranges::any_of(beginnings, [&](std::string_view tag) { return ascii_istarts_with(text, tag); }) &&
         text.contains("</");
}

Texts texts_of_part(const mime::Part& part, bool chat, bool forwarded) {
  if (is_html(part)) return texts_of_html(part.body, part.truncated, forwarded);
  return texts_of_plain(part, chat ? reply::Origin::chat : reply::Origin::mail, forwarded);
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
    markdown = reply::read(reply::lines_of(text_of_file(*words.markdown)), reply::Origin::chat).text;
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
    const auto texts = texts_of_html(part.body, part.truncated, false);
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
  const bool forwarded = !chat && is_forward_subject(mime::decode_words(field_of(mail.root, "Subject")));
  const bool bounce = mime::comes_from_mail_system(mail.root);
  bool cut = mail.root.truncated;
  for (const auto& words : found.words) {
    auto texts = words.part == nullptr ? Texts{.text = words.ours} : texts_of_part(*words.part, chat, forwarded);
    if (bounce) fold_returned_mail(texts);
    append(letter.text, texts.text, "\n\n");
    append(letter.quote, texts.quote, "\n");
    append(letter.footer, texts.footer, "\n");
    cut |= texts.cut;
    letter.details.forwarded |= texts.forward;
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
