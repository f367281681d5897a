#include "engine/mail_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/read.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/params.h"
#include "mime/transfer.h"
#include "wire/message_id.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

constexpr std::string_view header_fields = "HEADER.FIELDS";

std::uint32_t octets(std::size_t count) { return static_cast<std::uint32_t>(count); }

const std::string* value_of(const imap::Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(std::string(name));
  return found == parameters.end() ? nullptr : &found->second;
}

bool is_shown_text(const imap::BodyPart& part) {
  return (part.is("text", "plain") || part.is("text", "html")) && part.disposition != "attachment";
}

void shown_texts(const imap::BodyPart& part, std::vector<std::string>& sections) {
  if (is_shown_text(part)) sections.push_back(part.section);
  if (part.type == "multipart")
    for (const auto& child : part.parts) shown_texts(child, sections);
}

// Octets as they are once the transfer encoding is undone: base64 takes four for three, and a line end each 76.
std::uint64_t decoded_size(const imap::BodyPart& part) {
  return part.encoding == "base64" ? part.octets / 78 * 57 + part.octets % 78 * 3 / 4 : part.octets;
}

// The tree that mime::parse() would have made, with the bodies of the shown texts alone.
mime::Part tree_of(const imap::BodyPart& structure, const imap::Fetch& texts, const Limits& limits) {
  mime::Part part{.type = structure.type + "/" + structure.subtype, .disposition = structure.disposition};
  for (const auto& [name, value] : structure.parameters)
    part.params.push_back({ascii_lower(name), mime::decode_words(value)});
  const auto* name = value_of(structure.disposition_parameters, "filename");
  if (name == nullptr) name = value_of(structure.parameters, "name");
  if (name != nullptr) part.filename = mime::safe_filename(mime::decode_words(*name));
  part.content_id = ascii_trim(structure.id);
  if (part.content_id.starts_with('<')) part.content_id = part.content_id.substr(1, part.content_id.size() - 2);
  part.size = decoded_size(structure);
  if (structure.type == "multipart") {
    for (const auto& child : structure.parts) part.children.push_back(tree_of(child, texts, limits));
    return part;
  }
  const auto* section = is_shown_text(structure) ? texts.find(ascii_upper(structure.section)) : nullptr;
  if (section != nullptr && section->octets) {
    const auto decoded = mime::decode_transfer(mime::transfer_of(structure.encoding), *section->octets);
    part.body = mime::to_utf8(decoded.octets, part.param("charset"));
    std::erase(part.body, '\r');
    part.truncated = structure.octets > limits.text;
  }
  return part;
}

}  // namespace

chat::Flags flags_of(const std::vector<std::string>& flags) {
  constexpr std::pair<std::string_view, std::uint32_t> words[] = {
      {"\\Seen", chat::Flags::seen},          {"\\Answered", chat::Flags::answered},
      {"\\Flagged", chat::Flags::flagged},    {"\\Deleted", chat::Flags::deleted},
      {"\\Draft", chat::Flags::draft},        {wire::mdn_sent_keyword, chat::Flags::mdn_sent},
      {wire::chat_keyword, chat::Flags::chat}};
  chat::Flags known;
  for (const auto& flag : flags)
    for (const auto& [word, bit] : words)
      if (ascii_iequal(flag, word)) known.bits |= bit;
  return known;
}

imap::FetchItems MailReader::items() const {
  return {.flags = true,
          .internaldate = true,
          .size = true,
          .sections = {{.name = "", .partial = {{0, octets(limits_.whole_mail)}}}}};
}

bool MailReader::is_whole(const imap::Fetch& fetch) const {
  const auto* body = fetch.find("");
  return body != nullptr && (!body->octets || body->octets->size() < limits_.whole_mail);
}

chat::Input MailReader::input_of(const imap::Fetch& fetch, const store::Folder& folder, bool live,
                                 chat::Content content) const {
  return chat::MailArrived{.place = {folder.id, folder.uidvalidity, fetch.uid},
                           .role = folder.role,
                           .flags = fetch.flags ? flags_of(*fetch.flags) : chat::Flags{},
                           .modseq = fetch.modseq,
                           .internaldate = fetch.internaldate.value_or(0),
                           .size = fetch.size.value_or(0),
                           .live = live,
                           .content = std::move(content)};
}

chat::Input MailReader::read(imap::Fetch fetch, const store::Folder& folder, bool live) const {
  const chat::Place place{folder.id, folder.uidvalidity, fetch.uid};
  const auto* body = fetch.find("");
  if (body == nullptr || !body->octets) return chat::MailUnreadable{place, "the server did not send it"};
  const auto mail = mime::parse(*body->octets, limits_);
  if (!mail) return chat::MailUnreadable{place, mail.error().text()};
  auto content = chat::read(*mail, {.fallback_id = wire::local_message_id(*body->octets)});
  const auto parts = chat::files(*mail);
  for (std::size_t i = 0; i < parts.size() && i < content.attachments.size(); ++i) {
    auto& file = content.attachments[i];
    // Without room for the file the mail still comes; the file stays on the server.
    if (const auto blob = blobs_.put(parts[i]->body)) {
      file.blob = *blob;
      file.state = chat::FileState::local;
    }
  }
  return input_of(fetch, folder, live, std::move(content));
}

imap::FetchItems MailReader::id_items() const {
  return {.flags = true,
          .internaldate = true,
          .size = true,
          .sections = {{.name = fmt::format("{} ({} MESSAGE-ID FROM SENDER)", header_fields,
                                            ascii_upper(wire::original_message_id)),
                        .partial = {{0, octets(limits_.header)}}}}};
}

std::optional<chat::MailSeenAgain> MailReader::read_id(const imap::Fetch& fetch, const store::Folder& folder) const {
  // Servers repeat the list of fields as they like.
  const auto header = std::ranges::find_if(
      fetch.sections, [](const auto& section) { return section.section.starts_with(header_fields); });
  if (header == fetch.sections.end() || !header->octets || !fetch.flags) return std::nullopt;
  const auto mail = mime::parse(*header->octets, limits_);
  if (!mail) return std::nullopt;
  auto content = chat::read(*mail, {});
  if (content.rfc_id.empty() || content.from.addr.empty()) return std::nullopt;
  return chat::MailSeenAgain{.place = {folder.id, folder.uidvalidity, fetch.uid},
                             .key = {std::move(content.rfc_id), std::move(content.from.addr)},
                             .flags = flags_of(*fetch.flags),
                             .modseq = fetch.modseq,
                             .role = folder.role,
                             .size = fetch.size.value_or(0)};
}

imap::FetchItems MailReader::structure_items() const {
  return {.flags = true,
          .internaldate = true,
          .size = true,
          .structure = true,
          .sections = {{.name = "HEADER", .partial = {{0, octets(limits_.header)}}}}};
}

imap::FetchItems MailReader::text_items(const imap::Fetch& structure) const {
  imap::FetchItems items;
  std::vector<std::string> sections;
  if (structure.structure) shown_texts(*structure.structure, sections);
  constexpr std::size_t most_texts = 20;
  if (sections.size() > most_texts) sections.resize(most_texts);
  for (auto& section : sections)
    items.sections.push_back({.name = std::move(section), .partial = {{0, octets(limits_.text)}}});
  return items;
}

chat::Input MailReader::read_large(const imap::Fetch& structure, imap::Fetch texts, const store::Folder& folder,
                                   bool live) const {
  const chat::Place place{folder.id, folder.uidvalidity, structure.uid};
  const auto* header = structure.find("HEADER");
  if (header == nullptr || !header->octets || !structure.structure)
    return chat::MailUnreadable{place, "the server could not describe it"};
  auto parsed = mime::parse(*header->octets, limits_);
  if (!parsed) return chat::MailUnreadable{place, parsed.error().text()};
  mime::Mail mail{tree_of(*structure.structure, texts, limits_)};
  mail.root.headers = std::move(parsed->root.headers);
  // A large mail without id is known by its header alone; its other copies have the same.
  auto content = chat::read(mail, {.fallback_id = wire::local_message_id(*header->octets)});
  return input_of(structure, folder, live, std::move(content));
}

}  // namespace coi::engine
