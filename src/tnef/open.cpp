#include "tnef/open.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/size_text.h"
#include "base/thrown.h"
#include "base/utf8.h"
#include "tnef/attribute.h"
#include "tnef/file_name.h"
#include "tnef/meeting.h"
#include "tnef/property.h"
#include "tnef/rtf.h"
#include "tnef/rtf_compressed.h"

namespace coi::tnef {
namespace {

// The interface of a mail within: what follows is a package (MS-OXTNEF 2.1.3.4).
constexpr std::string_view interface_message{"\x07\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46", 16};

// What has been read of one file; views into the package.
struct Attachment {
  std::string_view title;
  std::optional<std::string_view> data;
  Properties properties;
};

class PackageReader {
 public:
  explicit PackageReader(const Limits& limits) : limits_(limits) {}

  Package read(std::string_view octets) {
    octets.remove_prefix(std::min(octets.size(), stream_header));
    while (const auto attribute = next_attribute(octets)) take(*attribute);
    end_file();
    // Some programs leave a line end behind it.
    package_.is_cut |= octets.find_first_not_of(std::string_view("\0\r\n ", 4)) != std::string_view::npos;
    finish();
    return std::move(package_);
  }

 private:
  void take(const Attribute& attribute);
  void end_file();
  void finish();
  void finish_texts();
  void read_rtf_text();
  std::optional<Piece> file_name(const Attachment& attachment, bool is_mail) const;
  Text cut(std::optional<Piece> piece);

  const Limits& limits_;
  Package package_;
  CodePage page_ = 0;                        // of strings that are not Unicode
  std::string_view subject_, body_, class_;  // as attributes
  Properties properties_;
  std::optional<Attachment> attachment_;  // that is being read
};

void PackageReader::take(const Attribute& attribute) {
  // Whatever comes of a file belongs to the one that began last.
  const auto file = [&]() -> Attachment& { return attachment_ ? *attachment_ : attachment_.emplace(); };
  auto data = attribute.data;
  switch (attribute.id) {
    case attribute_id::code_page:
      if (const auto page = take_number32(data); page && is_for_strings(*page)) page_ = *page;
      break;
    case attribute_id::subject:
      subject_ = data;
      break;
    case attribute_id::message_class:
      class_ = data;
      break;
    case attribute_id::body:
      body_ = data;
      break;
    case attribute_id::message_properties:
      package_.is_cut |= !properties_.read(data);
      break;
    case attribute_id::attach_begins:
      end_file();
      attachment_.emplace();
      break;
    case attribute_id::attach_title:
      file().title = data;
      break;
    case attribute_id::attach_data:
      file().data = data;
      break;
    case attribute_id::attach_properties:
      package_.is_cut |= !file().properties.read(data);
      break;
    default:
      break;
  }
}

std::optional<Piece> PackageReader::file_name(const Attachment& attachment, bool is_mail) const {
  const auto& properties = attachment.properties;
  const auto words = properties.string(property_id::display_name, page_);
  if (is_mail && words) return words;
  if (auto name = properties.string(property_id::attach_long_name, page_)) return name;
  if (auto name = string_piece(attachment.title, page_); !name.octets.empty()) return name;
  if (auto name = properties.string(property_id::attach_name, page_)) return name;
  return words;
}

// "" for what is none.
std::string media_type_of(const Properties& properties) {
  const auto said = properties.string(property_id::attach_type, 0);
  if (!said || said->octets.size() > 200) return {};
  const auto type = ascii_lower(said->octets);
  const auto is_part = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) {
      return ascii_alnum(c) || c == '.' || c == '+' || c == '-' || c == '_';
    });
  };
  const auto slash = type.find('/');
  if (slash == std::string::npos || !is_part(type.substr(0, slash)) || !is_part(type.substr(slash + 1))) return {};
  return type;
}

std::string content_id_of(const Properties& properties) {
  const auto said = properties.string(property_id::attach_content_id, 0);
  if (!said || said->octets.size() > 1000) return {};
  auto id = ascii_trim(said->octets);
  if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
  if (std::ranges::any_of(id, [](char c) { return c <= ' ' || c > '~' || c == '<' || c == '>'; })) return {};
  return std::string(id);
}

void PackageReader::end_file() {
  if (!attachment_) return;
  const auto attachment = *std::exchange(attachment_, std::nullopt);
  const auto& properties = attachment.properties;
  auto octets = attachment.data;
  bool is_mail = false;
  // An empty value stands for octets that the attribute has.
  if (const auto* data = properties.find(property_id::attach_data); data != nullptr && !data->value.empty()) {
    if (data->type == PropertyType::object) {
      is_mail = data->value.starts_with(interface_message);
      octets = data->value.substr(std::min(data->value.size(), interface_message.size()));
    } else if (data->type == PropertyType::binary) {
      octets = data->value;
    }
  }
  if (!octets || (is_mail && properties.is_set(property_id::attach_hidden))) return;
  if (package_.files.size() >= limits_.mime_parts) {
    package_.is_cut = true;
    return;
  }
  const auto name = file_name(attachment, is_mail);
  package_.files.push_back({.name = name ? clean_name(*name, page_, is_mail) : Piece{},
                            .octets = std::string(*octets),
                            .media_type = is_mail ? std::string(media_type) : media_type_of(properties),
                            .content_id = content_id_of(properties)});
}

// As one text, at most Limits::text octets of it.
Text PackageReader::cut(std::optional<Piece> piece) {
  if (!piece || piece->octets.empty()) return {};
  if (piece->octets.size() > limits_.text) {
    package_.is_cut = true;
    piece->octets.resize(piece->charset == "utf-8" ? utf8_front(piece->octets, limits_.text).size() : limits_.text);
  }
  Text text;
  text.push_back(std::move(*piece));
  return text;
}

void PackageReader::read_rtf_text() {
  const auto compressed = properties_.binary(property_id::rtf_compressed);
  if (!compressed || compressed->empty()) return;
  const auto rtf = decompress_rtf(*compressed, limits_.text * 8);
  if (!rtf) {
    package_.is_cut = true;
    return;
  }
  auto content = read_rtf(rtf->octets, limits_);
  auto& place = content.is_html ? package_.html : package_.text;
  if (!place.empty()) return;
  package_.is_cut |= rtf->is_cut || content.is_cut;
  place = std::move(content.text);
}

void PackageReader::finish_texts() {
  const auto web_page = static_cast<CodePage>(properties_.number(property_id::internet_code_page).value_or(0));
  auto text = properties_.string(property_id::body, page_);
  if (!text) text = string_piece(body_, page_);
  package_.text = cut(std::move(text));
  if (const auto octets = properties_.binary(property_id::html))
    package_.html = cut(string_piece(*octets, web_page));
  else
    package_.html = cut(properties_.string(property_id::html, web_page == 0 ? page_ : web_page));
  if (package_.html.empty()) read_rtf_text();
}

void PackageReader::finish() {
  using namespace property_id;
  const auto message = properties_.string(property_id::message_class, 0);
  package_.message_class = printable(message ? message->octets : string_piece(class_, 0).octets, 200);
  if (!is_ascii(package_.message_class)) package_.message_class.clear();
  constexpr std::size_t longest_line = 10'000;
  const auto line = [](std::optional<Piece> piece) {
    return piece && piece->octets.size() <= longest_line ? *std::move(piece) : Piece{};
  };
  package_.subject = line(properties_.string(property_id::subject, page_));
  if (package_.subject.octets.empty()) package_.subject = line(string_piece(subject_, page_));
  package_.sender = line(properties_.string(sender_name, page_));
  if (package_.sender.octets.empty()) package_.sender = line(properties_.string(represented_name, page_));
  package_.sender_address = smtp_address(properties_, sender_smtp, sender_type, property_id::sender_address);
  package_.sent = unix_time(properties_.number(submit_time));
  finish_texts();
  package_.calendar = read_meeting(package_.message_class, package_.subject, properties_, page_);
}

}  // namespace

bool is_package(std::string_view octets) { return octets.starts_with(signature); }

Result<Package> open(std::string_view octets, const Limits& limits) {
  if (!is_package(octets)) return fail(ErrorKind::invalid, "no TNEF package (winmail.dat)");
  if (octets.size() > limits.mail)
    return fail(ErrorKind::limit, "the TNEF package is larger than " + size_text(limits.mail));
  return caught("cannot open the TNEF package",
                [&]() -> Result<Package> { return PackageReader(limits).read(octets); });
}

}  // namespace coi::tnef
