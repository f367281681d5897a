#include "engine/media_type.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace coi::engine {
namespace {

// Registered types (IANA) of what people send; sorted by extension.
constexpr auto types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".aac", "audio/aac"},
    {".avi", "video/x-msvideo"},
    {".csv", "text/csv"},
    {".doc", "application/msword"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".eml", "message/rfc822"},
    {".epub", "application/epub+zip"},
    {".flac", "audio/flac"},
    {".gif", "image/gif"},
    {".gz", "application/gzip"},
    {".heic", "image/heic"},
    {".html", "text/html"},
    {".ics", "text/calendar"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".json", "application/json"},
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
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".svg", "image/svg+xml"},
    {".tar", "application/x-tar"},
    {".txt", "text/plain"},
    {".vcf", "text/vcard"},
    {".wav", "audio/x-wav"},
    {".webm", "video/webm"},
    {".webp", "image/webp"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".xml", "application/xml"},
    {".zip", "application/zip"},
});
static_assert(std::ranges::is_sorted(types, {}, &std::pair<std::string_view, std::string_view>::first));

}  // namespace

std::string_view media_type_of(const std::filesystem::path& file) {
  const auto extension = ascii_lower(file.extension().string());
  const auto found =
      std::ranges::lower_bound(types, std::string_view(extension), {}, [](const auto& type) { return type.first; });
  return found != types.end() && found->first == extension ? found->second : "application/octet-stream";
}

}  // namespace coi::engine
