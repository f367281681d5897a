// The files of a mail that is sent, made of what the user gave; and small pictures of those that are here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "chat/input.h"
#include "mime/vcard.h"

namespace coi::engine {

struct FileOptions {
  bool keep_place = false;  // what a photo tells of where and by whom it was taken goes with it
  bool heard = false;       // a sound, also where the file may hold a film as well (C-23)
  bool one_mail = false;    // they all have to go in one; else in as many as they need (P-12)
};

// Octets of files: of one, and of all together.
struct MostOctets {
  std::uintmax_t each = 0, all = 0;
};
// Errors: not_found; limit, naming the file if it is one that has more.
Result<std::vector<std::uintmax_t>> sizes_of(const std::vector<std::filesystem::path>& files, const MostOctets& most);
Result<> check_sizes(const std::vector<chat::Attachment>& files, const MostOctets& most);

// The file's first `size` octets. Error: io.
Result<std::string> read_file(const std::filesystem::path& file, std::uintmax_t size);

// A picture, whatever its name, without what it tells of its place (image/without_place.h), unless it is to be kept.
// Error not_allowed: it tells what cannot be taken out of it (HEIC, AVIF, TIFF, raw data of cameras, one that is
// damaged).
Result<> take_place_out(chat::OutgoingFile& file, const FileOptions& options);

// Type by the name; without its place, as above, its size beside it. `blob` is left empty. Errors: not_allowed, a
// picture tells what cannot be taken out of it (HEIC, AVIF, TIFF, one that is damaged).
Result<chat::OutgoingFile> outgoing_file(std::string name, std::string bytes, const FileOptions& options,
                                         const Limits& limits);

// D-33: the card as contact.vcf.
chat::OutgoingFile card_file(const mime::Vcard& card, mime::VcardVersion version);

// Milliseconds, by the sound's container; 0: not known.
std::uint64_t duration_of(const chat::OutgoingFile& sound);

// C-25: of a picture of more than 256 kB, one of 256 x 256 pixels at most, kept beside the file's blob, which is there
// (thumbnail_of()). "": it is none, cannot be read here, or shows what is behind it, which a JPEG cannot.
std::string preview_of(const chat::OutgoingFile& file, const std::filesystem::path& blob, const Limits& limits);

struct PictureSize {
  std::uint32_t width = 0, height = 0;  // pixels, upright; 0: no picture that we know, or too large to be shown
};
PictureSize picture_size(std::string_view octets, const Limits& limits);

struct Thumbnail {
  std::filesystem::path path;
  std::string type;
  std::uint32_t width = 0, height = 0;
};

// Of the picture in `blob`, a file of blobs/: fits within width x height, each rounded up to 32, 64 … 2048, so that
// there are few of one picture. Kept beside the blob as <blob>.<width>x<height>.jpg or .png, and taken from there the
// next time; it goes with the blob. Blocks, for as long as decoding takes. Errors: those of image::thumbnail(), invalid
// for a size of 0, io, full.
Result<Thumbnail> thumbnail_of(const std::filesystem::path& blob, std::uint32_t width, std::uint32_t height,
                               const Limits& limits);

}  // namespace coi::engine
