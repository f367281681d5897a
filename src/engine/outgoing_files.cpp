#include "engine/outgoing_files.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fstream>

#include <fmt/format.h>

#include "audio/duration.h"
#include "base/size_text.h"
#include "engine/blobs.h"
#include "engine/step.h"
#include "image/describe.h"
#include "image/thumbnail.h"
#include "image/without_place.h"
#include "mime/media_type.h"

namespace coi::engine {
namespace {

constexpr std::string_view keep_hint = "send it with its place (--keep-place), or as JPEG";

// Formats that cameras write and of which nothing can be taken out.
bool tells_place(std::string_view type) {
  constexpr auto types = std::to_array<std::string_view>(
      {"image/heic", "image/heif", "image/avif", "image/tiff", "image/jxl", "image/x-adobe-dng", "image/heic-sequence",
       "image/x-canon-cr2", "image/x-canon-cr3", "image/x-nikon-nef", "image/x-sony-arw", "image/x-fuji-raf",
       "image/x-olympus-orf", "image/x-panasonic-rw2"});
  return std::ranges::find(types, type) != types.end();
}

// By its octets: TIFF and what is built like it (BigTIFF, ORF, RW2), RAF, JPEG XL, and pictures in ISO base media
// files, by their brand.
bool begins_as_one_that_tells(std::string_view octets) {
  constexpr auto begins = std::to_array<std::string_view>({{"II*\0", 4},
                                                           {"MM\0*", 4},
                                                           {"II+\0", 4},
                                                           {"MM\0+", 4},
                                                           "IIRO",
                                                           "IIRS",
                                                           {"IIU\0", 4},
                                                           "FUJIFILM",
                                                           "\xFF\x0A",
                                                           {"\0\0\0\x0CJXL ", 8}});
  if (std::ranges::any_of(begins, [&](std::string_view begin) { return octets.starts_with(begin); })) return true;
  if (octets.size() < 12 || octets.substr(4, 4) != "ftyp") return false;
  constexpr auto brands = std::to_array<std::string_view>(
      {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1", "avif", "avis", "crx "});
  return std::ranges::find(brands, octets.substr(8, 4)) != brands.end();
}

Result<std::string> read_whole(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorKind::io, fmt::format("cannot read {}: {}", file.string(), error.message()));
  return read_file(file, size);
}

std::uint32_t rounded(std::uint32_t side) {
  constexpr std::uint32_t least = 32, most = 2048;
  return std::bit_ceil(std::clamp(side, least, most));
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file, std::uintmax_t size) {
  std::string bytes(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(stream.gcount()) != size)
    return fail(ErrorKind::io, fmt::format("cannot read {}", file.string()));
  return bytes;
}

Result<std::vector<std::uintmax_t>> sizes_of(const std::vector<std::filesystem::path>& files, const MostOctets& most) {
  std::vector<std::uintmax_t> sizes;
  std::vector<chat::Attachment> all;
  for (const auto& file : files) {
    std::error_code error;
    sizes.push_back(std::filesystem::file_size(file, error));
    if (error) return fail(ErrorKind::not_found, fmt::format("cannot read {}: {}", file.string(), error.message()));
    all.push_back({.name = file.filename().string(), .type = {}, .size = sizes.back()});
  }
  COI_TRY(check_sizes(all, most));
  return sizes;
}

Result<> check_sizes(const std::vector<chat::Attachment>& files, const MostOctets& most) {
  auto left = most.all;
  for (const auto& file : files) {
    if (file.size > most.each)
      return fail(
          ErrorKind::limit,
          fmt::format("{} is too large for a mail, which takes files of up to {}", file.name, size_text(most.each)),
          too_large_hint);
    if (file.size > left)
      return fail(ErrorKind::limit,
                  most.all <= most.each
                      ? fmt::format("the files together are too large for a mail, which takes files of up to {}",
                                    size_text(most.all))
                      : fmt::format("the files together are too large: {} can be sent at once", size_text(most.all)),
                  too_large_hint);
    left -= file.size;
  }
  return {};
}

Result<> take_place_out(chat::OutgoingFile& file, const FileOptions& options) {
  if (options.keep_place) return {};
  auto without = image::without_place(file.bytes);
  if (without) {
    file.bytes = std::move(*without);
    return {};
  }
  if (tells_place(file.type) || begins_as_one_that_tells(file.bytes))
    return fail(ErrorKind::not_allowed, fmt::format("{} may tell where it was taken", file.name),
                std::string(keep_hint));
  if (without.error().kind() != ErrorKind::invalid)
    return fail(
        ErrorKind::not_allowed,
        fmt::format("{} is a damaged picture that may tell where it was taken: {}", file.name, without.error().text()),
        std::string(keep_hint));
  return {};
}

Result<chat::OutgoingFile> outgoing_file(std::string name, std::string bytes, const FileOptions& options,
                                         const Limits& limits) {
  // D-32: chat programs take a file of that name for a live track, which is no file of the message.
  if (name == "location.kml") name = "places.kml";
  chat::OutgoingFile file{.name = std::move(name), .type = {}, .blob = {}, .bytes = std::move(bytes)};
  file.type = mime::media_type_of(file.name);
  if (options.heard) file.type = mime::sound_type_of(file.type);
  COI_TRY(take_place_out(file, options));
  const auto size = picture_size(file.bytes, limits);
  file.width = size.width;
  file.height = size.height;
  return file;
}

chat::OutgoingFile card_file(const mime::Vcard& card, mime::VcardVersion version) {
  return {.name = "contact.vcf", .type = "text/vcard", .blob = {}, .bytes = mime::write_vcards({card}, version)};
}

std::uint64_t duration_of(const chat::OutgoingFile& sound) {
  return audio::duration_ms(sound.bytes, sound.name).value_or(0);
}

std::string preview_of(const chat::OutgoingFile& file, const std::filesystem::path& blob, const Limits& limits) {
  constexpr std::size_t large = 256 * 1024;
  constexpr std::uint32_t side = 256;  // pixels
  if (file.bytes.size() <= large || !file.type.starts_with("image/")) return {};
  const auto small = thumbnail_of(blob, side, side, limits);
  if (!small || small->type != "image/jpeg") return {};
  return read_whole(small->path).value_or(std::string());
}

PictureSize picture_size(std::string_view octets, const Limits& limits) {
  const auto described = image::describe(octets, limits);
  return described ? PictureSize{described->shown.width, described->shown.height} : PictureSize{};
}

Result<Thumbnail> thumbnail_of(const std::filesystem::path& blob, std::uint32_t width, std::uint32_t height,
                               const Limits& limits) {
  if (width == 0 || height == 0) return fail(ErrorKind::invalid, "a picture of no pixels");
  const auto name = fmt::format("{}.{}x{}", blob.filename().string(), rounded(width), rounded(height));
  for (const std::string_view format : {"jpg", "png"}) {
    const auto kept = blob.parent_path() / fmt::format("{}.{}", name, format);
    std::error_code missing;
    if (!std::filesystem::exists(kept, missing)) continue;
    const auto size = picture_size(COI_TRY(read_whole(kept)), limits);
    if (size.width > 0) return Thumbnail{kept, format == "jpg" ? "image/jpeg" : "image/png", size.width, size.height};
  }
  const auto octets = COI_TRY(read_whole(blob));
  const auto made = COI_TRY(image::thumbnail(octets, rounded(width), rounded(height), limits));
  const bool is_jpeg = made.format == image::Format::jpeg;
  const auto file = blob.parent_path() / fmt::format("{}.{}", name, is_jpeg ? "jpg" : "png");
  COI_TRY(replace_file(file, made.octets));
  return Thumbnail{file, is_jpeg ? "image/jpeg" : "image/png", made.size.width, made.size.height};
}

}  // namespace coi::engine
