#include "mime/vcard.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "hash/base64.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/content_line.h"
#include "mime/transfer.h"
#include "mime/vcard_key.h"

namespace coi::mime {
namespace {

constexpr std::size_t most_other_lines = 1000;
constexpr std::size_t most_binary_text = 2 * most_vcard_photo;  // in Base64
constexpr unsigned no_preference = 101;                         // PREF is 1 … 100 (RFC 6350, 5.3)

std::string clean_name(std::string_view text) {
  return std::string(ascii_trim(utf8_front(printable(ascii_trim(text)), most_vcard_name)));
}

// Of data: URIs and of types in words: "JPEG", "image/jpg".
std::string picture_type(std::string_view word) {
  auto type = ascii_lower(word);
  if (type.find('/') == std::string::npos) type = "image/" + type;
  if (type == "image/jpg") return "image/jpeg";
  for (const std::string_view known : {"image/png", "image/jpeg", "image/gif", "image/webp"})
    if (type == known) return type;
  return {};
}

// By the first octets, for what comes without a type.
std::string picture_type_of(std::string_view octets) {
  if (octets.starts_with("\x89PNG")) return "image/png";
  if (octets.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (octets.starts_with("GIF8")) return "image/gif";
  return octets.starts_with("RIFF") && octets.substr(0, 12).ends_with("WEBP") ? "image/webp" : "";
}

bool is_pgp_type(std::string_view word) {
  for (const std::string_view known : {"", "pgp", "application/pgp-keys", "application/octet-stream"})
    if (ascii_iequal(word, known)) return true;
  return false;
}

// The word of TYPE that says what it is: the others say whose, or that it is preferred.
std::string_view type_of(const ContentLine& line) {
  for (const auto word : line.types())
    if (!ascii_iequal(word, "pref") && !ascii_iequal(word, "home") && !ascii_iequal(word, "work")) return word;
  return {};
}

struct Binary {
  std::string type;    // as written, "" if it does not say
  std::string octets;  // empty: longer than allowed, or nothing
};

// In Base64 by its parameter, or as a data: URI (RFC 2397), whose comma some escape. nullopt: neither.
std::optional<Binary> binary_of(const ContentLine& line, std::string_view value, std::size_t most) {
  const auto decoded = [&](std::string_view type, std::string_view digits) {
    auto [octets, size] = decode_transfer(Transfer::base64, digits, most);
    return Binary{std::string(type), size > most ? std::string() : std::move(octets)};
  };
  if (line.is_base64()) {
    const auto type = line.param("MEDIATYPE").empty() ? type_of(line) : line.param("MEDIATYPE");
    return decoded(type, value);
  }
  constexpr std::string_view scheme = "data:";
  if (!ascii_istarts_with(value, scheme)) return std::nullopt;
  const auto comma = value.substr(0, 200).find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  auto head = unescape_value(value.substr(scheme.size(), comma + 1 - scheme.size()));
  head = ascii_lower(head);
  const auto words = ascii_split(std::string_view(head).substr(0, head.size() - 1), ';');
  if (words.size() < 2 || words.back() != "base64") return std::nullopt;
  return decoded(words.front(), value.substr(comma + 1));
}

// "20261124T040703Z", "2026-11-24T04:07:03+01:00", "2026-11-24"; without a zone UTC is meant.
std::optional<UnixMs> revision_of(std::string_view text) {
  text = ascii_trim(text);
  const auto t = std::min(text.find_first_of("Tt "), text.size());
  std::string date(text.substr(0, t)), time(text.substr(std::min(t + 1, text.size())));
  std::erase(date, '-');
  const auto zone_at = std::min(time.find_first_of("Zz+-"), time.size());
  auto zone = time.substr(zone_at);
  time.resize(std::min(zone_at, time.find_first_of(".,")));
  std::erase(time, ':');
  std::erase(zone, ':');
  if (date.size() != 8 || time.size() > 6 || zone.size() > 5) return std::nullopt;
  time.append(6 - time.size(), '0');
  if (zone.size() == 3) zone += "00";
  if (zone.size() == 5) zone.insert(3, ":");
  return from_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}{}", date.substr(0, 4), date.substr(4, 2), date.substr(6),
                                  time.substr(0, 2), time.substr(2, 2), time.substr(4), zone.empty() ? "Z" : zone));
}

std::string written_time(UnixMs time, VcardVersion version) {
  constexpr std::size_t seconds_end = 19;  // of "2026-11-24T04:07:03.000Z"
  auto out = to_rfc3339(time).substr(0, seconds_end) + "Z";
  if (version == VcardVersion::v4) std::erase_if(out, [](char c) { return c == '-' || c == ':'; });
  return out;
}

unsigned preference_of(const ContentLine& line) {
  if (const auto number = ascii_number(line.param("PREF")); number && *number >= 1) return std::min(*number, 100U);
  return line.has_type("pref") ? 1 : no_preference;
}

// Of quoted-printable, which has no other way to say them.
void escape_line_ends(std::string& value) {
  std::erase(value, '\r');
  for (auto at = value.find('\n'); at != std::string::npos; at = value.find('\n', at)) value.replace(at, 1, "\\n");
}

// One vCard under way.
class Card {
 public:
  void add(const ContentLine& line, std::string_view charset, bool is_21);
  // nullopt: it says nobody.
  std::optional<Vcard> finish() &&;

 private:
  bool take(const ContentLine& line, const std::string& value);
  bool take_address(const ContentLine& line, const std::string& value);
  bool take_binary(const ContentLine& line, std::string_view value);
  bool take_photo(const ContentLine& line, std::string_view value);
  bool take_key(const ContentLine& line, std::string_view value);
  void keep(const ContentLine& line, std::string value);

  Vcard card_;
  struct Preferred {
    std::pair<unsigned, std::size_t> rank;  // as PREF says, then as they stand there
    std::string address;
  };
  std::vector<Preferred> addresses_;
  std::string name_by_parts_, organization_, nickname_;  // for want of FN
  std::size_t others_size_ = 0;
};

void Card::add(const ContentLine& line, std::string_view charset, bool is_21) {
  const bool binary = line.name == "PHOTO" || line.name == "KEY";
  if (binary && line.is_base64() && take_binary(line, line.value)) return;
  std::string decoded;
  if (line.is_quoted_printable()) decoded = decode_transfer(Transfer::quoted_printable, line.value).octets;
  const std::string_view octets = line.is_quoted_printable() ? decoded : line.value;
  if (octets.size() > (binary ? most_binary_text : most_vcard_others)) return;
  const auto own = line.param("CHARSET");
  auto value = to_utf8(octets, own.empty() ? charset : own);
  if (is_21 && !binary) value = escape_value_of_21(value);
  if (line.is_quoted_printable()) escape_line_ends(value);
  value = std::string(ascii_trim(printable(value)));
  if (binary && !line.is_base64() && take_binary(line, value)) return;
  if (!take(line, value)) keep(line, std::move(value));
}

bool Card::take_binary(const ContentLine& line, std::string_view value) {
  return line.name == "PHOTO" ? take_photo(line, value) : take_key(line, value);
}

// False: kept among the others.
bool Card::take(const ContentLine& line, const std::string& value) {
  if (line.name == "EMAIL") return take_address(line, value);
  if (line.name == "FN" && card_.name.empty()) {
    card_.name = clean_name(unescape_value(value));
    return true;
  }
  if (line.name == "REV" && !card_.rev) {
    card_.rev = revision_of(value);
    return card_.rev.has_value();
  }
  if (line.name == "N" && name_by_parts_.empty()) {
    const auto parts = split_value(value, ';');  // family; given; additional; prefixes; suffixes
    for (const std::size_t i : {3, 1, 2, 0, 4}) {
      const auto part = i < parts.size() ? clean_name(unescape_value(parts[i])) : std::string();
      if (!part.empty()) name_by_parts_ += (name_by_parts_.empty() ? "" : " ") + part;
    }
  }
  if (line.name == "ORG" && organization_.empty())
    organization_ = clean_name(unescape_value(split_value(value, ';').front()));
  if (line.name == "NICKNAME" && nickname_.empty())
    nickname_ = clean_name(unescape_value(split_value(value, ',').front()));
  return false;
}

bool Card::take_address(const ContentLine& line, const std::string& value) {
  constexpr std::string_view scheme = "mailto:";
  auto address = unescape_value(ascii_trim(value));
  if (ascii_istarts_with(address, scheme)) address.erase(0, scheme.size());
  if (!is_address(address)) return false;
  if (addresses_.size() < most_vcard_addresses)
    addresses_.push_back({{preference_of(line), addresses_.size()}, std::move(address)});
  return true;
}

bool Card::take_photo(const ContentLine& line, std::string_view value) {
  if (!card_.photo.empty()) return false;
  auto binary = binary_of(line, value, most_vcard_photo);
  if (!binary) return false;
  auto type = picture_type(binary->type);
  if (type.empty()) type = picture_type_of(binary->octets);
  if (type.empty()) return false;
  card_.photo_type = binary->octets.empty() ? "" : std::move(type);
  card_.photo = std::move(binary->octets);
  return true;
}

bool Card::take_key(const ContentLine& line, std::string_view value) {
  if (!card_.key.empty()) return false;
  auto binary = binary_of(line, value, most_vcard_key);
  if (!binary && is_pgp_armor(value)) binary = {"", unescape_value(value)};
  if (!binary || !is_pgp_type(binary->type)) return false;
  card_.key = binary_key(binary->octets);
  return true;
}

void Card::keep(const ContentLine& line, std::string value) {
  if (value.empty() || card_.others.size() == most_other_lines) return;
  std::string text = line.group.empty() ? line.name : line.group + "." + line.name;
  for (const auto& [name, param] : line.params) {
    if (name == "CHARSET" || (name == "ENCODING" && !line.is_base64())) continue;
    text += fmt::format(";{}={}", name, name == "ENCODING" ? "b" : param);
  }
  text = printable(to_utf8(text + ":" + value, ""));
  if (text.size() > most_vcard_others - others_size_) return;
  others_size_ += text.size();
  card_.others.push_back(std::move(text));
}

std::optional<Vcard> Card::finish() && {
  for (auto* name : {&name_by_parts_, &organization_, &nickname_})
    if (card_.name.empty()) card_.name = clean_name(*name);
  std::ranges::sort(addresses_, {}, &Preferred::rank);
  std::vector<std::string> seen;
  for (auto& [rank, address] : addresses_) {
    auto same = canonical(address);
    if (std::ranges::find(seen, same) != seen.end()) continue;
    seen.push_back(std::move(same));
    card_.addresses.push_back(std::move(address));
  }
  if (card_.name.empty() && card_.addresses.empty()) return std::nullopt;
  return std::move(card_);
}

class VcardReader {
 public:
  VcardReader(std::string_view octets, std::string_view charset) : lines_(octets), charset_(charset) {}

  Result<std::vector<Vcard>> read() {
    while (const auto text = lines_.next()) {
      if (cards_.size() == most_vcards) break;
      if (const auto line = parse_content_line(*text)) add(*line);
    }
    end();
    if (!found_) return fail(ErrorKind::invalid, "no vCard");
    return std::move(cards_);
  }

 private:
  void add(const ContentLine& line) {
    const bool is_vcard = ascii_iequal(ascii_trim(line.value), "vcard");
    if (line.name == "BEGIN" && is_vcard) {
      begin();
    } else if (line.name == "END" && is_vcard) {
      if (inner_ > 0) {
        --inner_;
      } else {
        end();
      }
    } else if (card_ && inner_ == 0) {
      property(line);
    }
  }

  void begin() {
    if (inner_ > 0 || agent_) {
      ++inner_;
      agent_ = false;
      return;
    }
    end();
    card_.emplace();
    found_ = true;
    lines_.set_version_21(false);
  }

  void end() {
    if (card_)
      if (auto card = std::move(*card_).finish(); card && cards_.size() < most_vcards)
        cards_.push_back(std::move(*card));
    card_.reset();
    agent_ = false;
  }

  void property(const ContentLine& line) {
    agent_ = line.name == "AGENT" && ascii_trim(line.value).empty();
    if (line.name == "VERSION") {
      lines_.set_version_21(ascii_trim(line.value) == "2.1");
    } else if (line.name != "BEGIN" && line.name != "END" && !agent_) {
      card_->add(line, charset_, lines_.is_version_21());
    }
  }

  ContentLines lines_;
  std::string_view charset_;
  std::vector<Vcard> cards_;
  std::optional<Card> card_;
  std::size_t inner_ = 0;  // vCards in this one that have begun
  bool agent_ = false;     // the line before says that one begins
  bool found_ = false;
};

bool may_be_written(std::string_view other) {
  const auto line = parse_content_line(other);
  return line && line->name != "BEGIN" && line->name != "END" && line->name != "VERSION";
}

void write(const Vcard& card, VcardVersion version, std::string& out) {
  const bool v4 = version == VcardVersion::v4;
  const auto line = [&](std::string_view head, std::string_view value) {
    out += fold_content_line(fmt::format("{}:{}", head, printable(value)));
  };
  line("BEGIN", "VCARD");
  line("VERSION", v4 ? "4.0" : "3.0");
  const auto name = card.name.empty() && !card.addresses.empty() ? card.addresses.front() : card.name;
  line("FN", escape_value(name));
  const bool has_parts = std::ranges::any_of(
      card.others, [](std::string_view other) { return other.starts_with("N:") || other.starts_with("N;"); });
  if (!v4 && !has_parts) line("N", escape_value(name) + ";;;;");  // RFC 2426, 3.1.2: has to be there
  for (const auto& address : card.addresses) line("EMAIL", escape_value(address));
  if (!card.photo.empty()) {
    const auto digits = hash::base64_encode(card.photo);
    const auto kind = ascii_upper(std::string_view(card.photo_type).substr(card.photo_type.find('/') + 1));
    if (v4) {
      line("PHOTO", fmt::format("data:{};base64,{}", card.photo_type, digits));
    } else {
      line(fmt::format("PHOTO;ENCODING=b;TYPE={}", kind), digits);
    }
  }
  if (const auto key = binary_key(card.key); !key.empty()) {
    const auto digits = hash::base64_encode(key);
    if (v4) {
      line("KEY", "data:application/pgp-keys;base64," + digits);
    } else {
      line("KEY;ENCODING=b;TYPE=PGP", digits);
    }
  }
  if (card.rev) line("REV", written_time(*card.rev, version));
  for (const auto& other : card.others)
    if (may_be_written(other)) out += fold_content_line(printable(other));
  line("END", "VCARD");
}

}  // namespace

Result<std::vector<Vcard>> read_vcards(std::string_view octets, std::string_view charset) {
  if (octets.size() > most_vcard_octets)
    return fail(ErrorKind::limit, fmt::format("vCards of {} octets", octets.size()));
  if (octets.starts_with("\xFE\xFF") || octets.starts_with("\xFF\xFE")) {
    const auto text = to_utf8(octets, "utf-16");
    return VcardReader(text, "utf-8").read();
  }
  if (octets.starts_with("\xEF\xBB\xBF")) octets.remove_prefix(3);
  return VcardReader(octets, charset).read();
}

std::string write_vcards(const std::vector<Vcard>& cards, VcardVersion version) {
  std::string out;
  for (const auto& card : cards) write(card, version, out);
  return out;
}

}  // namespace coi::mime
