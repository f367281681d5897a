#include "chat/body.h"

#include "base/ascii.h"
#include "chat/parts.h"
#include "chat/read.h"
#include "html/to_text.h"
#include "mime/bounce_text.h"
#include "mime/flowed.h"
#include "mime/pgp_text.h"
#include "mime/text.h"

namespace coi::chat {
namespace {

bool is_blank(std::string_view text) { return ascii_trim(text).empty(); }

struct Texts {
  std::string text, quote, footer;
  bool cut = false;  // the original holds more
};

Texts plain_text(const mime::Part& part, bool chat) {
  auto body = ascii_iequal(part.param("format"), "flowed")
                  ? mime::decode_flowed(part.body, ascii_iequal(part.param("delsp"), "yes"))
                  : part.body;
  auto split =
      mime::split_text(mime::without_armour(body, encrypted_words), chat ? mime::Origin::chat : mime::Origin::mail);
  return {std::move(split.shown), std::move(split.quote), std::move(split.signature), part.truncated};
}

Texts html_text(const mime::Part& part) {
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
  return part.type == "text/html" ? html_text(part) : plain_text(part, chat);
}

Parts find(const mime::Mail& mail) {
  return find_parts(mail, [](const mime::Part& part) {
    if (part.type != "text/html") return !is_blank(part.body);
    const auto texts = html_text(part);
    return texts.cut || !is_blank(texts.text) || !is_blank(texts.quote);
  });
}

}  // namespace

std::vector<const mime::Part*> files(const mime::Mail& mail) {
  std::vector<const mime::Part*> parts;
  for (const auto& file : find(mail).files) parts.push_back(file.part);
  return parts;
}

Letter read_body(const mime::Mail& mail, bool chat) {
  Letter letter;
  const auto found = find(mail);
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
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    const auto& part = *found.files[i].part;
    letter.attachments.push_back({.name = file_name(part, i + 1),
                                  .type = part.type,
                                  .size = part.size,
                                  .section = found.files[i].section,
                                  .inline_part = part.disposition != "attachment" && !part.content_id.empty()});
  }
  return letter;
}

}  // namespace coi::chat
