#include "mime/media_type.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace coi::mime {
namespace {

// Registered types (IANA) of what people send; sorted by extension.
constexpr auto media_types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".3gp", "video/3gpp"},
    {".7z", "application/x-7z-compressed"},
    {".aac", "audio/aac"},
    {".amr", "audio/amr"},
    {".asc", "application/pgp-keys"},
    {".avi", "video/x-msvideo"},
    {".bmp", "image/bmp"},
    {".css", "text/css"},
    {".csv", "text/csv"},
    {".doc", "application/msword"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".eml", "message/rfc822"},
    {".epub", "application/epub+zip"},
    {".flac", "audio/flac"},
    {".gif", "image/gif"},
    {".gpx", "application/gpx+xml"},
    {".gz", "application/gzip"},
    {".heic", "image/heic"},
    {".html", "text/html"},
    {".ics", "text/calendar"},
    {".jfif", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".json", "application/json"},
    {".kml", "application/vnd.google-earth.kml+xml"},
    {".m4a", "audio/mp4"},
    {".md", "text/markdown"},
    {".mkv", "video/x-matroska"},
    {".mov", "video/quicktime"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".odp", "application/vnd.oasis.opendocument.presentation"},
    {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".ogg", "audio/ogg"},
    {".opus", "audio/ogg"},
    {".p7m", "application/pkcs7-mime"},
    {".pdf", "application/pdf"},
    {".pkpass", "application/vnd.apple.pkpass"},
    {".png", "image/png"},
    {".ppt", "application/vnd.ms-powerpoint"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".rtf", "text/rtf"},
    {".svg", "image/svg+xml"},
    {".tar", "application/x-tar"},
    {".tif", "image/tiff"},
    {".txt", "text/plain"},
    {".vcf", "text/vcard"},
    {".wav", "audio/x-wav"},
    {".weba", "audio/webm"},
    {".webm", "video/webm"},
    {".webp", "image/webp"},
    {".xls", "application/vnd.ms-excel"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".xml", "application/xml"},
    {".zip", "application/zip"},
});
static_assert(std::ranges::is_sorted(media_types, {}, &std::pair<std::string_view, std::string_view>::first));

}  // namespace

std::string_view media_type_of(const std::filesystem::path& file) {
  const auto extension = ascii_lower(file.extension().string());
  const auto found = std::ranges::lower_bound(media_types, std::string_view(extension), {},
                                              [](const auto& type) { return type.first; });
  return found != media_types.end() && found->first == extension ? found->second : "application/octet-stream";
}

std::string_view extension_of(std::string_view type) {
  std::string_view shortest;
  for (const auto& [extension, known] : media_types)
    if (known == type && (shortest.empty() || extension.size() < shortest.size())) shortest = extension;
  if (!shortest.empty()) return shortest;
  // What is often written instead.
  constexpr std::pair<std::string_view, std::string_view> others[] = {{"application/ics", ".ics"},
                                                                      {"application/rtf", ".rtf"},
                                                                      {"audio/mp3", ".mp3"},
                                                                      {"audio/mpeg3", ".mp3"},
                                                                      {"audio/x-m4a", ".m4a"},
                                                                      {"image/heif", ".heic"},
                                                                      {"text/xml", ".xml"},
                                                                      {"audio/wav", ".wav"},
                                                                      {"application/x-pdf", ".pdf"},
                                                                      {"application/x-zip-compressed", ".zip"},
                                                                      {"application/x-pkcs7-mime", ".p7m"},
                                                                      {"image/jpg", ".jpg"},
                                                                      {"image/pjpeg", ".jpg"},
                                                                      {"image/x-png", ".png"},
                                                                      {"message/global", ".eml"},
                                                                      {"message/news", ".eml"},
                                                                      {"message/partial", ".eml"},
                                                                      {"text/directory", ".vcf"},
                                                                      {"text/x-vcard", ".vcf"}};
  for (const auto& [known, extension] : others)
    if (known == type) return extension;
  return type.starts_with("text/") || type.starts_with("message/") ? ".txt" : "";
}

std::string_view sound_type_of(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> sounds[] = {{"video/3gpp", "audio/3gpp"},
                                                                      {"video/mp4", "audio/mp4"},
                                                                      {"video/ogg", "audio/ogg"},
                                                                      {"video/webm", "audio/webm"}};
  for (const auto& [film, sound] : sounds)
    if (film == type) return sound;
  return type;
}

}  // namespace coi::mime
