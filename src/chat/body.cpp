#include "chat/body.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/read.h"
#include "html/to_text.h"
#include "mime/encoded_word.h"
#include "mime/flowed.h"
#include "mime/header_field.h"
#include "mime/params.h"
#include "mime/text.h"
#include "wire/content.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

struct File {
  const mime::Part* part;
  std::string section;  // IMAP: "1.2"
};

// What a walk over the tree finds: the texts to show, in order, and the files.
struct Found {
  std::vector<const mime::Part*> texts;  // text/plain or text/html leaves
  std::vector<File> files;
  bool html = false;       // an HTML form of the text exists
  bool encrypted = false;  // RFC 3156 or S/MIME, not opened
};

bool is_blank(std::string_view text) { return ascii_trim(text).empty(); }

wire::Content content_word(const mime::Part& part) {
  const auto* value = part.header(wire::chat_content);
  return value == nullptr ? wire::Content::none : wire::parse_content(value->c_str());
}

std::string section_of(const std::string& parent, std::size_t index) {
  return parent.empty() ? std::to_string(index + 1) : fmt::format("{}.{}", parent, index + 1);
}

void walk(const mime::Part& part, const std::string& section, Found& found);

// Of the alternatives the richest that we show is plain text if it says anything, else HTML (C-19); whatever else is in
// there (a calendar, a multipart/related with pictures) is a file or belongs to the HTML.
void walk_alternative(const mime::Part& part, const std::string& section, Found& found) {
  std::vector<Found> all;
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    Found one;
    walk(part.children[i], section_of(section, i), one);
    all.push_back(std::move(one));
  }
  const auto says = [](const Found& one, std::string_view type) {
    return std::ranges::any_of(one.texts,
                               [&](const auto* text) { return text->type == type && !is_blank(text->body); });
  };
  auto chosen = std::ranges::find_if(all, [&](const Found& one) { return says(one, "text/plain"); });
  if (chosen == all.end()) chosen = std::ranges::find_if(all, [&](const Found& one) { return says(one, "text/html"); });
  for (auto& one : all) {
    found.html |= one.html;
    found.encrypted |= one.encrypted;
    std::ranges::move(one.files, std::back_inserter(found.files));
  }
  if (chosen != all.end()) std::ranges::copy(chosen->texts, std::back_inserter(found.texts));
}

void walk(const mime::Part& part, const std::string& section, Found& found) {
  const auto word = content_word(part);
  if (part.type == "multipart/encrypted") {
    found.encrypted = true;
    return;
  }
  if (part.is_multipart() && !part.children.empty()) {
    if (part.type == "multipart/alternative") return walk_alternative(part, section, found);
    for (std::size_t i = 0; i < part.children.size(); ++i) walk(part.children[i], section_of(section, i), found);
    return;
  }
  if (word == wire::Content::preview) return;  // C-25: never shown beside the file it previews
  const auto own_section = section.empty() ? "1" : section;
  if (part.is_text()) {
    found.html |= part.type == "text/html";
    if (word != wire::Content::ignore) found.texts.push_back(&part);
    return;
  }
  if (part.type == "application/pgp-signature" || part.type == "application/pkcs7-signature") return;
  if (part.type == "application/pkcs7-mime") found.encrypted = true;
  // What only programs read of a bounce.
  if (part.type == "message/delivery-status" || part.type == "message/global-delivery-status") return;
  // D-35: data of Delta Chat's own devices and apps.
  if (part.filename == "multi-device-sync.json" || part.filename == "status-update.json") return;
  found.files.push_back({&part, own_section});
}

struct Texts {
  std::string text, quote, footer;
  bool cut = false;  // the original holds more
};

Texts plain_text(const mime::Part& part, bool chat) {
  auto body = ascii_iequal(part.param("format"), "flowed")
                  ? mime::decode_flowed(part.body, ascii_iequal(part.param("delsp"), "yes"))
                  : part.body;
  auto split = mime::split_text(body, chat ? mime::Origin::chat : mime::Origin::mail);
  return {std::move(split.shown), std::move(split.quote), std::move(split.signature), part.truncated};
}

Texts html_text(const mime::Part& part) {
  const auto document = html::parse(part.body, Limits{});
  if (!document) return {.text = "", .cut = true};  // more than is read as text
  auto text = html::split_reply(*document);
  return {std::move(text.text), std::move(text.quote), std::move(text.signature), part.truncated};
}

void append(std::string& all, std::string_view more, std::string_view between) {
  if (more.empty()) return;
  if (!all.empty()) all += between;
  all += more;
}

std::string file_name(const mime::Part& part, std::size_t number) {
  if (!part.filename.empty()) return part.filename;
  if (part.type == "message/rfc822") {
    auto subject = mime::decode_words(mime::header_value(part.body, "Subject"));
    std::ranges::replace(subject, '/', '-');
    const auto name = mime::safe_filename(subject);
    return name.empty() ? "message.eml" : name + ".eml";
  }
  return fmt::format("file-{}", number + 1);
}

Found find(const mime::Mail& mail) {
  Found found;
  walk(mail.root, {}, found);
  return found;
}

}  // namespace

std::vector<const mime::Part*> files(const mime::Mail& mail) {
  std::vector<const mime::Part*> parts;
  for (const auto& file : find(mail).files) parts.push_back(file.part);
  return parts;
}

void read_body(const mime::Mail& mail, bool chat, Content& content) {
  const auto found = find(mail);
  bool cut = false;
  for (const auto* part : found.texts) {
    auto texts = part->type == "text/html" ? html_text(*part) : plain_text(*part, chat);
    append(content.text, texts.text, "\n\n");
    append(content.quote, texts.quote, "\n");
    append(content.footer, texts.footer, "\n");
    cut |= texts.cut;
  }
  if (cut) append(content.text, "✂ This mail is longer than what is shown. Its original has all of it.", "\n\n");
  content.html = found.html;
  if (found.encrypted && content.text.empty()) content.text = "🔒 Encrypted message. This version cannot open it.";
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    const auto& part = *found.files[i].part;
    content.attachments.push_back({.name = file_name(part, i),
                                   .type = part.type,
                                   .size = part.size,
                                   .section = found.files[i].section,
                                   .inline_part = part.disposition != "attachment" && !part.content_id.empty()});
  }
}

}  // namespace coi::chat
