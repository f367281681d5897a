#include "chat/parts.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/marked_part.h"
#include "chat/place.h"
#include "mime/encoded_word.h"
#include "mime/params.h"
#include "mime/smime.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

using mime::Part;

bool is_one_of(const Part& part, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, std::string_view(part.type)) != types.end();
}

// What only programs read of a report.
bool is_report(const Part& part) {
  return is_one_of(part,
                   {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
                    "message/global-disposition-notification", "message/feedback-report", "message/tracking-status"});
}

// Forms of the same text that we do not show: AMP, a watch's, enriched text.
bool is_unshown_form(const Part& part) {
  return part.type.starts_with("text/") && !part.is_text() && part.filename.empty() &&
         part.disposition != "attachment" &&
         !is_one_of(part, {"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv"});
}

// RFC 2046, 5.2.3: a file that lies elsewhere. Nothing is fetched unasked.
std::string external_words(const Part& part) {
  const auto access = ascii_lower(part.param("access-type"));
  std::string where;
  for (const char c : part.param("url"))
    if (static_cast<unsigned char>(c) > ' ') where += c;
  if (where.empty() && (access == "anon-ftp" || access == "ftp" || access == "tftp") && !part.param("site").empty()) {
    const auto directory = part.param("directory");
    where =
        fmt::format("ftp://{}/{}{}{}", part.param("site"), directory, directory.empty() ? "" : "/", part.param("name"));
  }
  const std::string name = part.filename.empty() ? "A file" : part.filename;
  if (where.empty()) return fmt::format("📎 {} is not in this mail ({}).", name, access.empty() ? "elsewhere" : access);
  return fmt::format("📎 {}: {}", name, where);
}

// RFC 2046, 5.2.2
std::string partial_words(const Part& part) {
  const auto number = ascii_number<unsigned>(part.param("number")), total = ascii_number<unsigned>(part.param("total"));
  const auto of = total ? fmt::format(" of {}", *total) : std::string();
  return fmt::format("✂ Part {}{} of a mail that was sent in pieces.", number.value_or(1), of);
}

// The part that the others of a multipart/related belong to (RFC 2387): the one that `start` names, else the first that
// has words.
std::size_t root_of_related(const Part& related) {
  const auto& parts = related.children;
  auto start = ascii_trim(related.param("start"));
  if (start.starts_with('<')) start.remove_prefix(1);
  if (start.ends_with('>')) start.remove_suffix(1);
  auto root = parts.end();
  if (!start.empty()) root = std::ranges::find(parts, start, &Part::content_id);
  if (root == parts.end())
    root = std::ranges::find_if(parts, [](const Part& one) { return one.is_text() || one.is_multipart(); });
  return root == parts.end() ? 0 : static_cast<std::size_t>(root - parts.begin());
}

// The last picture of that name which is none of `others`; nullptr if there is none.
const Part* last_picture(const Part& part, std::string_view name, const std::vector<const Part*>& others) {
  for (const auto& child : part.children | std::views::reverse)
    if (const auto* found = last_picture(child, name, others)) return found;
  const bool is_picture = part.type.starts_with("image/") && part.filename == name;
  return is_picture && std::ranges::find(others, &part) == others.end() ? &part : nullptr;
}

// Delta Chat sends pictures of people and groups along as files, behind those that somebody sent. It may say so in the
// first part (D-21).
std::vector<const Part*> avatars_of(const Part& root) {
  std::vector<const Part*> avatars;
  if (root.header(wire::chat_version) == nullptr) return avatars;
  for (const auto field :
       {wire::chat_user_avatar, wire::chat_group_avatar, wire::chat_profile_image, wire::chat_group_image}) {
    const auto* value = root.header(field);
    if (value == nullptr && !root.children.empty()) value = root.children.front().header(field);
    if (value == nullptr || *value == "0") continue;
    auto written = mime::decode_words(*value);
    std::erase(written, '"');
    const auto name = mime::safe_filename(written);
    if (name.empty()) continue;
    if (const auto* avatar = last_picture(root, name, avatars)) avatars.push_back(avatar);
  }
  return avatars;
}

// D-32
bool is_kml(const Part& part) {
  return (part.filename == "message.kml" || part.filename == "location.kml") &&
         is_one_of(part,
                   {"application/vnd.google-earth.kml+xml", "application/xml", "text/xml", "application/octet-stream"});
}

// C-25: never shown beside the file that it previews; without one it is a picture as any other.
void keep_preview(Parts& found) {
  if (const auto* part = std::exchange(found.preview_part, nullptr))
    found.files.push_back({part, std::exchange(found.preview, {}), {}});
}

class PartsWalk {
 public:
  PartsWalk(const Part& root, const std::function<bool(const Part&)>& says)
      : says_(says), avatars_(avatars_of(root)), chat_(root.header(wire::chat_version) != nullptr) {}

  void part(const Part& part, const std::string& section, Parts& found);

 private:
  void children(const Part& part, const std::string& section, Parts& found);
  void alternative(const Part& part, const std::string& section, Parts& found);
  void related(const Part& part, const std::string& section, Parts& found);
  void signed_parts(const Part& part, const std::string& section, Parts& found);
  void leaf(const Part& part, const std::string& section, Parts& found);
  bool smime(const Part& part, const std::string& section, Parts& found);

  bool says(const Part& part);

  const std::function<bool(const Part&)>& says_;
  std::map<const Part*, bool> said_;  // the answers of says_: each alternative around a text asks again
  std::vector<const Part*> avatars_;
  bool chat_;  // the mail has Chat-Version
};

// "1.2"; behind a "/" counted anew in a signed part that was opened.
std::string section_of(const std::string& parent, std::size_t index) {
  return parent.empty() || parent.ends_with('/') ? fmt::format("{}{}", parent, index + 1)
                                                 : fmt::format("{}.{}", parent, index + 1);
}

// A section that names no part yet is that of a mail without parts.
std::string own_section(const std::string& section) {
  return section.empty() || section.ends_with('/') ? section + "1" : section;
}

// RFC 3156, 4: says only that the next part is encrypted. A file of that type stands by itself. Of a large mail no more
// than the size is known.
bool is_pgp_version(const Part& part) {
  constexpr std::size_t longest = 100;  // "Version: 1", and perhaps another field
  return part.type == "application/pgp-encrypted" && part.size <= longest &&
         (part.body.empty() || ascii_istarts_with(ascii_trim(part.body), "Version:"));
}

void PartsWalk::children(const Part& part, const std::string& section, Parts& found) {
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    // RFC 3156 as some servers leave it: its two parts in a multipart/mixed.
    const bool is_pair = is_pgp_version(part.children[i]) && i + 1 < part.children.size() &&
                         part.children[i + 1].type == "application/octet-stream";
    if (is_pair) {
      found.words.push_back({.ours = std::string(encrypted_words)});
      ++i;
      continue;
    }
    this->part(part.children[i], section_of(section, i), found);
  }
}

bool PartsWalk::says(const Part& part) {
  const auto [answer, unasked] = said_.try_emplace(&part);
  if (unasked) answer->second = says_(part);
  return answer->second;
}

// P-09: the forms of one text, in whatever order.
void add_forms(const Part& alternative, std::vector<Words>& words) {
  if (words.size() != 1 || words.front().part == nullptr) return;
  for (const auto& child : alternative.children) {
    if (child.type == "text/markdown" && child.disposition != "attachment") words.front().markdown = &child;
    if (child.type == "text/html" && child.is_text()) words.front().html = &child;
  }
}

// Of the alternatives the richest that we show is plain text if it says anything, else HTML (C-19); whatever else is in
// there (a calendar, a multipart/related with pictures) is a file or belongs to the HTML.
void PartsWalk::alternative(const Part& part, const std::string& section, Parts& found) {
  std::vector<Parts> all;
  for (std::size_t i = 0; i < part.children.size(); ++i)
    this->part(part.children[i], section_of(section, i), all.emplace_back());
  const auto first_of = [&](std::string_view type) {
    return std::ranges::find_if(all, [&](const Parts& one) {
      return std::ranges::any_of(one.words, [&](const Words& words) {
        return words.part != nullptr && words.part->type == type && says(*words.part);
      });
    });
  };
  auto chosen = first_of("text/plain");
  if (chosen == all.end()) chosen = first_of("text/html");
  if (chosen == all.end()) chosen = std::ranges::find_if(all, [](const Parts& one) { return !one.words.empty(); });
  if (chosen != all.end()) {
    if (chat_) add_forms(part, chosen->words);
    std::ranges::move(chosen->words, std::back_inserter(found.words));
    for (auto& one : all) std::erase_if(one.files, [](const File& file) { return is_unshown_form(*file.part); });
  }
  for (auto& one : all) {
    keep_preview(one);
    found.html |= one.html;
    found.track |= one.track;
    if (found.place == nullptr) found.place = one.place;
    std::ranges::move(one.files, std::back_inserter(found.files));
  }
}

// HTML beside the root is a frame of it, and no words of the mail.
void PartsWalk::related(const Part& part, const std::string& section, Parts& found) {
  const auto root = root_of_related(part);
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    const auto& child = part.children[i];
    const auto known = found.files.size();
    if (i != root && child.type == "text/html" && child.is_text())
      found.files.push_back({&child, section_of(section, i)});
    else
      this->part(child, section_of(section, i), found);
    if (i == root) continue;
    for (auto file = known; file < found.files.size(); ++file) found.files[file].related = true;
  }
}

// RFC 1847: the second part is the signature, of whichever type and name. What a list puts behind it is not.
void PartsWalk::signed_parts(const Part& part, const std::string& section, Parts& found) {
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    const auto& child = part.children[i];
    if (i == 1 && child.children.empty() && !child.is_text() && !child.type.starts_with("message/")) continue;
    this->part(child, section_of(section, i), found);
  }
}

bool PartsWalk::smime(const Part& part, const std::string& section, Parts& found) {
  switch (mime::smime_of(part)) {
    case mime::Smime::opened:
      this->part(part.children.front(), own_section(section) + "/", found);
      return true;
    case mime::Smime::sealed:
      found.words.push_back({.ours = std::string(encrypted_words)});
      return true;
    case mime::Smime::signature:
      return true;
    case mime::Smime::other:
    case mime::Smime::none:
      return false;
  }
  return false;
}

void PartsWalk::leaf(const Part& part, const std::string& section, Parts& found) {
  const auto word = content_of(part);
  if (word == wire::Content::preview && part.type.starts_with("image/")) {
    keep_preview(found);
    found.preview = own_section(section);
    found.preview_part = &part;
    return;
  }
  if (part.is_text()) {
    found.html |= part.type == "text/html";
    if (word != wire::Content::ignore) found.words.push_back({.part = &part});
    for (std::size_t i = 0; i < part.children.size(); ++i)
      found.files.push_back({&part.children[i], fmt::format("{}/uu{}", own_section(section), i + 1)});
    return;
  }
  if (mime::is_pgp_signature(part) && !mime::is_document(part)) return;
  if (smime(part, section, found)) return;
  if (!section.empty() && is_report(part)) return;
  if (is_one_of(part, {"application/applefile"})) return;  // the Macintosh's half of a file (RFC 1740)
  // D-35: data of Delta Chat's own devices and apps.
  if (part.filename == "multi-device-sync.json" || part.filename == "status-update.json") return;
  if (std::ranges::find(avatars_, &part) != avatars_.end()) return;
  if (part.type == "message/external-body") {
    found.words.push_back({.ours = external_words(part)});
    return;
  }
  if (part.type == "message/partial") found.words.push_back({.ours = partial_words(part)});
  if (chat_ && is_kml(part)) {
    const bool is_track = part.filename == "location.kml" && is_track_in_kml(part.body);
    found.track |= is_track;
    if (is_track) return;
    if (part.filename == "message.kml" && found.place == nullptr && position_in_kml(part.body)) {
      found.place = &part;
      return;
    }
  }
  found.preview_part = nullptr;
  found.files.push_back({&part, own_section(section), std::exchange(found.preview, {})});
}

void PartsWalk::part(const Part& part, const std::string& section, Parts& found) {
  if (part.type == "multipart/encrypted") {
    found.words.push_back({.ours = std::string(encrypted_words)});
  } else if (part.is_multipart() && !part.body.empty()) {  // below Limits::mime_depth
    if (std::ranges::find(found.words, nested_words, &Words::ours) == found.words.end())
      found.words.push_back({.ours = std::string(nested_words)});
  } else if (!part.is_multipart()) {
    leaf(part, section, found);
  } else if (part.type == "multipart/alternative") {
    alternative(part, section, found);
  } else if (part.type == "multipart/related") {
    related(part, section, found);
  } else if (part.type == "multipart/signed") {
    signed_parts(part, section, found);
  } else {
    children(part, section, found);
  }
}

// What came in base64 and what came in clear differ in these.
std::string without_line_ends(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\r' || c == '\n'; });
  return out;
}

// An invitation comes as an alternative form of the words and as a file too; the file has the name. Of a large mail
// neither is here, and both stay.
void drop_second_invitation(std::vector<File>& files) {
  std::set<std::string> named;
  for (const auto& file : files)
    if (!file.part->body.empty() && ascii_lower(file.part->filename).ends_with(".ics"))
      named.insert(without_line_ends(file.part->body));
  if (named.empty()) return;
  std::erase_if(files, [&](const File& file) {
    return file.part->type == "text/calendar" && file.part->filename.empty() && file.part->disposition.empty() &&
           named.contains(without_line_ends(file.part->body));
  });
}

}  // namespace

Parts find_parts(const mime::Mail& mail, const std::function<bool(const Part&)>& says) {
  Parts found;
  PartsWalk(mail.root, says).part(mail.root, {}, found);
  keep_preview(found);
  drop_second_invitation(found.files);
  return found;
}

}  // namespace coi::chat
