#include "engine/mail_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/read.h"
#include "engine/outgoing_files.h"
#include "engine/small_picture.h"
#include "hash/base64.h"
#include "mime/params.h"
#include "mime/smime.h"
#include "wire/message_id.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

constexpr std::string_view header_fields = "HEADER.FIELDS";
constexpr std::size_t empty_line = 2;  // octets

std::uint32_t octets(std::size_t count) { return static_cast<std::uint32_t>(count); }

// A mail within the mail. Its header gives it its name, and says which mail a bounce returns.
bool is_mail(const imap::BodyPart& part) { return part.is("message", "rfc822") || part.is("message", "global"); }

// Whose header the server can read: a transfer encoding hides it.
bool is_plain_mail(const imap::BodyPart& part) {
  return is_mail(part) && part.encoding != "base64" && part.encoding != "quoted-printable";
}

// Nothing stands behind the header of this mail, or it has no end.
bool ends_with_header(std::string_view mail) {
  const auto words_end = mail.find_last_not_of("\r\n");
  return words_end == std::string_view::npos || (mail.find("\r\n\r\n") >= words_end && mail.find("\n\n") >= words_end);
}

// What has to be whole before anything of it can be read (RFC 8551). What is larger than this is left on the server.
constexpr std::uint64_t largest_signed = 8 * 1024 * 1024;
bool has_to_be_whole(const mime::Part& part) {
  const auto type = part.param("smime-type");
  return ascii_iequal(type, "signed-data") || (type.empty() && mime::smime_of(part) == mime::Smime::sealed);
}

// Octets as they are once the transfer encoding is undone: base64 takes four for three, and a line end each 76.
std::uint64_t decoded_size(const imap::BodyPart& part) {
  return part.encoding == "base64" ? part.octets / 78 * 57 + part.octets % 78 * 3 / 4 : part.octets;
}

std::uint64_t octets_of_parts(const imap::BodyPart& part) {
  if (part.type != "multipart") return part.octets;
  std::uint64_t all = 0;
  for (const auto& one : part.parts) all += octets_of_parts(one);
  return all;
}

// A multipart without a word in it is one whose delimiters the server did not find.
bool has_lost_parts(const imap::BodyPart& part) {
  return part.type == "multipart" && (octets_of_parts(part) == 0 || std::ranges::any_of(part.parts, has_lost_parts));
}

std::string params_of(const imap::Parameters& parameters) {
  std::vector<mime::Param> params;
  for (const auto& [name, value] : parameters)
    if (mime::is_token(name)) params.push_back({ascii_lower(name), value});
  return mime::format_params(params);
}

std::string own_header_of(const imap::BodyPart& part) {
  const auto type = part.type + "/" + part.subtype;
  auto header = fmt::format("Content-Type: {}{}\r\n", mime::is_media_type(type) ? type : "application/octet-stream",
                            params_of(part.parameters));
  if (mime::is_token(part.disposition))
    header += fmt::format("Content-Disposition: {}{}\r\n", part.disposition, params_of(part.disposition_parameters));
  if (mime::is_token(part.encoding)) header += fmt::format("Content-Transfer-Encoding: {}\r\n", part.encoding);
  return header;
}

// The part that mime::parse() makes of its own header and of that much of its body. What the header does not say, or
// the server does not give, the structure says.
Result<mime::Part> part_of(const imap::BodyPart& structure, std::string_view header, std::string_view body,
                           const Limits& limits) {
  std::string octets(header.substr(0, header.find_last_not_of("\r\n") + 1));
  if (!octets.empty()) octets += "\r\n";
  octets.append(own_header_of(structure)).append("\r\n").append(body);
  auto part = COI_TRY(mime::parse(octets, limits)).root;
  part.size = decoded_size(structure);
  return part;
}

const std::string* octets_of(const imap::Fetch& fetch, std::string_view section) {
  const auto* found = fetch.find(ascii_upper(section));
  return found != nullptr && found->octets ? &*found->octets : nullptr;
}

// The tree that mime::parse() would have made, with the bodies that were fetched alone.
Result<mime::Part> tree_of(const imap::BodyPart& structure, std::string_view header, const imap::Fetch& parts,
                           const Limits& limits) {
  if (structure.type == "multipart") {
    auto part = COI_TRY(part_of(structure, header, {}, limits));
    part.type = structure.type + "/" + structure.subtype;
    for (const auto& child : structure.parts) {
      const auto* own = octets_of(parts, child.section + ".MIME");
      part.children.push_back(COI_TRY(tree_of(child, own == nullptr ? std::string_view() : *own, parts, limits)));
    }
    return part;
  }
  const auto* body = octets_of(parts, is_plain_mail(structure) ? structure.section + ".HEADER" : structure.section);
  auto part = COI_TRY(part_of(structure, header, body == nullptr ? std::string_view() : *body, limits));
  // Of one without octets some servers give none.
  part.truncated |= part.is_text() && (body == nullptr ? structure.octets > 0 : body->size() >= limits.text);
  return part;
}

// Adds what is needed of the leaves below `part`: the header of each, the texts, and what reports say.
class Wanted {
 public:
  explicit Wanted(const Limits& limits) : limits_(limits) {}

  void add(const imap::BodyPart& part, bool is_root) {
    if (part.type == "multipart") {
      for (const auto& child : part.parts) add(child, false);
      return;
    }
    if (headers_++ < most_headers && !is_root) add(part.section + ".MIME", limits_.header / 2);
    const auto described = part_of(part, {}, {}, limits_);
    if (described && has_to_be_whole(*described)) {
      if (part.octets <= largest_signed) add(part.section, static_cast<std::size_t>(part.octets));
      return;
    }
    const bool speaks = part.type == "message" || part.is("text", "rfc822-headers") || tells_more(part) ||
                        (described && described->is_text());
    if (!speaks || bodies_++ >= most_bodies) return;
    if (is_plain_mail(part))
      add(part.section + ".HEADER", limits_.header);
    else
      add(part.section, limits_.text);
  }
  imap::FetchItems items() && { return std::move(items_); }

 private:
  static constexpr int most_headers = 100, most_bodies = 20;

  // Another form of the words (P-09), a place (D-32), a contact (D-33).
  bool tells_more(const imap::BodyPart& part) const {
    return part.octets <= limits_.text && (part.is("text", "markdown") || part.is("text", "vcard") ||
                                           part.is("application", "vnd.google-earth.kml+xml"));
  }

  void add(std::string section, std::size_t most) {
    items_.sections.push_back({.name = std::move(section), .partial = {{0, octets(most)}}});
  }

  const Limits& limits_;
  imap::FetchItems items_;
  int headers_ = 0, bodies_ = 0;
};

}  // namespace

std::string header_of(const imap::BodyPart& structure, std::string_view section) {
  if (structure.type != "multipart" && structure.section == section) return own_header_of(structure);
  if (structure.type != "multipart") return {};
  for (const auto& part : structure.parts)
    if (auto header = header_of(part, section); !header.empty()) return header;
  return {};
}

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

imap::FetchItems MailReader::whole_items() const {
  return {.size = true, .sections = {{.name = "", .partial = {{0, octets(limits_.mail)}}}}};
}

bool MailReader::describes(const imap::Fetch& structure) const {
  return structure.structure && octets_of_parts(*structure.structure) > 0 && !has_lost_parts(*structure.structure);
}

bool MailReader::is_whole(const imap::Fetch& fetch) const {
  const auto* body = fetch.find("");
  return body != nullptr && (!body->octets || body->octets->size() < limits_.whole_mail);
}

bool MailReader::is_odd(const imap::Fetch& fetch) const {
  const auto* body = fetch.find("");
  if (body == nullptr) return fetch.cut || fetch.is_unreadable("BODY[]");
  if (!body->octets || body->octets->empty()) return true;
  const auto& came = *body->octets;
  if (!fetch.size || came.size() >= limits_.whole_mail) return false;
  if (came.size() < std::min<std::uint64_t>(*fetch.size, limits_.whole_mail) / 8 * 7) return true;
  return ends_with_header(came) && *fetch.size > came.size() + empty_line;
}

imap::FetchItems MailReader::halves() const {
  return {.size = true, .sections = {{.name = "HEADER"}, {.name = "TEXT"}}};
}

// A mail may have no text; then its header is as long as the mail, give or take an empty line.
bool MailReader::join_halves(imap::Fetch& fetch) const {
  const auto* header = octets_of(fetch, "HEADER");
  const auto* text = octets_of(fetch, "TEXT");
  if (header == nullptr || header->empty()) return false;
  const bool has_text = text != nullptr && !text->empty();
  if (!has_text && fetch.size.value_or(0) > header->size() + empty_line) return false;
  auto whole = has_text ? *header + *text : *header;
  fetch.sections.clear();
  fetch.sections.push_back({.section = "", .origin = {}, .octets = std::move(whole)});
  return true;
}

// nullopt: it is none.
std::optional<chat::Picture> MailReader::small(const chat::Picture& picture) const {
  const auto octets = hash::base64_decode(picture.base64);
  auto made = octets ? received_picture(*octets, limits_) : fail(ErrorKind::invalid, "no Base64");
  return made ? std::optional(*std::move(made)) : std::nullopt;
}

void MailReader::make_small(chat::Content& content) const {
  if (auto& picture = content.group.picture; picture && !picture->base64.empty())
    picture = content.group.id.empty() ? std::nullopt : small(*picture);  // that of no group is nobody's
  if (content.profile && !content.profile->picture.base64.empty())
    content.profile->picture = small(content.profile->picture).value_or(chat::Picture());
}

chat::Input MailReader::input_of(const imap::Fetch& fetch, const store::Folder& folder, bool live,
                                 chat::Content content) const {
  make_small(content);
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
  auto content = chat::read(*mail, {.fallback_id = wire::local_message_id(*body->octets),
                                    .in_contacts = folder.role == chat::FolderRole::contacts});
  const auto parts = chat::files(*mail);
  const auto files = content.letter ? std::span(content.letter->attachments) : std::span<chat::Attachment>();
  for (std::size_t i = 0; i < parts.size() && i < files.size(); ++i) {
    auto& file = files[i];
    if (parts[i]->is_text()) continue;  // its octets were not kept
    // Without room for the file the mail still comes; the file stays on the server.
    if (const auto blob = blobs_.put(parts[i]->body)) {
      file.blob = *blob;
      file.state = chat::FileState::local;
      const auto size = picture_size(parts[i]->body, limits_);
      file.width = size.width;
      file.height = size.height;
    }
  }
  return input_of(fetch, folder, live, std::move(content));
}

imap::FetchItems MailReader::id_items() const {
  return {.flags = true,
          .internaldate = true,
          .size = true,
          .sections = {{.name = fmt::format("{} ({} MESSAGE-ID FROM SENDER DATE RECEIVED)", header_fields,
                                            ascii_upper(wire::original_message_id)),
                        .partial = {{0, octets(limits_.header)}}}}};
}

namespace {

// Servers repeat the list of fields as they like.
const imap::BodySection* id_of(const imap::Fetch& fetch) {
  const auto header = std::ranges::find_if(
      fetch.sections, [](const auto& section) { return section.section.starts_with(header_fields); });
  return header == fetch.sections.end() || !header->octets || !fetch.flags ? nullptr : &*header;
}

}  // namespace

bool MailReader::has_id(const imap::Fetch& fetch) const { return id_of(fetch) != nullptr; }

std::optional<chat::MailSeenAgain> MailReader::read_id(const imap::Fetch& fetch, const store::Folder& folder) const {
  const auto* header = id_of(fetch);
  if (header == nullptr) return std::nullopt;
  const auto mail = mime::parse(*header->octets, limits_);
  if (!mail) return std::nullopt;
  auto content = chat::read(*mail, {});
  if (content.rfc_id.empty() || content.from.addr.empty()) return std::nullopt;
  return chat::MailSeenAgain{.place = {folder.id, folder.uidvalidity, fetch.uid},
                             .key = {std::move(content.rfc_id), std::move(content.from.addr)},
                             .flags = flags_of(*fetch.flags),
                             .modseq = fetch.modseq,
                             .role = folder.role,
                             .size = fetch.size.value_or(0),
                             .internaldate = fetch.internaldate.value_or(0),
                             .date = content.date,
                             .received = content.received};
}

imap::FetchItems MailReader::structure_items() const {
  return {.size = true,
          .structure = true,
          // Half of what is parsed: what the structure says is added to it.
          .sections = {{.name = "HEADER", .partial = {{0, octets(limits_.header / 2)}}}}};
}

imap::FetchItems MailReader::part_items(const imap::Fetch& structure) const {
  Wanted wanted(limits_);
  if (structure.structure) wanted.add(*structure.structure, true);
  return std::move(wanted).items();
}

chat::Input MailReader::read_large(const imap::Fetch& structure, const imap::Fetch& parts, const store::Folder& folder,
                                   bool live) const {
  const chat::Place place{folder.id, folder.uidvalidity, structure.uid};
  const auto* header = octets_of(structure, "HEADER");
  if (header == nullptr || !structure.structure) return chat::MailUnreadable{place, "the server could not describe it"};
  auto root = tree_of(*structure.structure, *header, parts, limits_);
  if (!root) return chat::MailUnreadable{place, root.error().text()};
  // A large mail without id is known by its header alone; its other copies have the same.
  auto content = chat::read({std::move(*root)}, {.fallback_id = wire::local_message_id(*header),
                                                 .in_contacts = folder.role == chat::FolderRole::contacts});
  return input_of(structure, folder, live, std::move(content));
}

}  // namespace coi::engine
