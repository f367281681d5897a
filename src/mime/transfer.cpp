#include "mime/transfer.h"

#include <algorithm>

#include <gmime/gmime-encodings.h>

#include "base/ascii.h"

namespace coi::mime {
namespace {

constexpr std::size_t chunk_size = 64 * 1024;  // decoded piece by piece, so that what is not kept costs no memory

GMimeContentEncoding gmime_name(Transfer transfer) {
  switch (transfer) {
    case Transfer::base64:
      return GMIME_CONTENT_ENCODING_BASE64;
    case Transfer::quoted_printable:
      return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    case Transfer::uuencode:
      return GMIME_CONTENT_ENCODING_UUENCODE;
    case Transfer::identity:
      break;
  }
  return GMIME_CONTENT_ENCODING_BINARY;
}

bool in_base64_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

class Decoder {
 public:
  Decoder(Transfer transfer, std::size_t keep) : keep_(keep) {
    g_mime_encoding_init_decode(&state_, gmime_name(transfer));
  }

  void add(std::string_view encoded) {
    for (; !encoded.empty(); encoded.remove_prefix(std::min(chunk_size, encoded.size()))) {
      const auto chunk = encoded.substr(0, chunk_size);
      take(g_mime_encoding_step(&state_, chunk.data(), chunk.size(), room(chunk.size())));
    }
  }

  Decoded finish(std::string_view last) {
    take(g_mime_encoding_flush(&state_, last.data(), last.size(), room(last.size())));
    return std::move(decoded_);
  }

 private:
  char* room(std::size_t input) {
    buffer_.resize(g_mime_encoding_outlen(&state_, input) + 8);
    return buffer_.data();
  }

  void take(std::size_t produced) {
    decoded_.size += produced;
    const auto missing = keep_ - decoded_.octets.size();
    decoded_.octets.append(buffer_, 0, std::min(produced, missing));
  }

  GMimeEncoding state_;
  std::size_t keep_;
  std::string buffer_;
  Decoded decoded_;
};

// uuencoded text starts behind its "begin <mode> <name>" line.
std::string_view behind_begin_line(std::string_view text) {
  const auto begin = text.starts_with("begin ") ? 0 : text.find("\nbegin ");
  if (begin == std::string_view::npos) return text;
  const auto end = text.find('\n', begin + 1);
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

// GMime gives out whole groups of four characters only and stops at the first padding. Senders forget the padding, and
// some join several encoded pieces, so each run between paddings is decoded by itself and completed.
Decoded decode_base64(std::string_view encoded, std::size_t keep) {
  Decoded all;
  while (true) {
    const auto run = encoded.substr(0, encoded.find('='));
    Decoder decoder(Transfer::base64, keep - all.octets.size());
    decoder.add(run);
    const auto significant = static_cast<std::size_t>(std::ranges::count_if(run, in_base64_alphabet));
    auto piece = decoder.finish(significant % 4 == 2 ? "==" : significant % 4 == 3 ? "=" : "");
    all.size += piece.size;
    if (all.octets.empty())
      all.octets = std::move(piece.octets);
    else
      all.octets += piece.octets;
    const auto next = encoded.find_first_not_of("= \t\r\n", run.size());
    if (next == std::string_view::npos) return all;
    encoded.remove_prefix(next);
  }
}

std::string encode(GMimeContentEncoding encoding, std::string_view octets) {
  GMimeEncoding state;
  g_mime_encoding_init_encode(&state, encoding);
  std::string out;
  out.resize_and_overwrite(g_mime_encoding_outlen(&state, octets.size()) + 8, [&](char* buffer, std::size_t) {
    return g_mime_encoding_flush(&state, octets.data(), octets.size(), buffer);
  });
  return out;
}

}  // namespace

Transfer transfer_of(std::string_view value) {
  const auto word = ascii_lower(ascii_trim(value.substr(0, value.find_first_of("(;"))));
  if (word == "base64") return Transfer::base64;
  if (word == "quoted-printable") return Transfer::quoted_printable;
  if (word == "x-uuencode" || word == "x-uue" || word == "uuencode") return Transfer::uuencode;
  return Transfer::identity;
}

Decoded decode_transfer(Transfer transfer, std::string_view encoded, std::size_t keep) {
  if (transfer == Transfer::identity) return {std::string(encoded.substr(0, keep)), encoded.size()};
  if (transfer == Transfer::base64) return decode_base64(encoded, keep);
  if (transfer == Transfer::uuencode) encoded = behind_begin_line(encoded);
  Decoder decoder(transfer, keep);
  decoder.add(encoded);
  return decoder.finish("");
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (const char c : text) {
    if (c == '\n' && !out.ends_with('\r')) out += '\r';
    out += c;
  }
  return out;
}

std::string encode_base64(std::string_view octets) { return with_crlf(encode(GMIME_CONTENT_ENCODING_BASE64, octets)); }

std::string encode_quoted_printable(std::string_view text) {
  return with_crlf(encode(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, text));
}

}  // namespace coi::mime
