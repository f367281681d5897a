#include "mime/build.h"

#include <gtest/gtest.h>

#include <random>

#include "mime/encoded_word.h"
#include "samples.h"

namespace coi::mime {
namespace {

using namespace std::string_literals;

std::string built(const Part& root) { return build(root, "seed1").value(); }

Part text_part(std::string body) {
  Part part;
  part.type = "text/plain";
  part.params = {{"charset", "utf-8"}};
  part.body = std::move(body);
  return part;
}

Part file_part(std::string filename, std::string body) {
  Part part;
  part.type = "application/octet-stream";
  part.disposition = "attachment";
  part.filename = filename;
  part.disposition_params = {{"filename", std::move(filename)}};
  part.body = std::move(body);
  return part;
}

void expect_valid_lines(std::string_view mail) {
  for (std::size_t at = 0; at < mail.size();) {
    const auto end = mail.find('\n', at);
    if (end == std::string_view::npos) break;
    EXPECT_TRUE(end > 0 && mail[end - 1] == '\r');
    EXPECT_LE(end - at, 999U);
    at = end + 1;
  }
  EXPECT_TRUE(
      std::ranges::all_of(mail, [](char c) { return c == '\t' || c == '\r' || c == '\n' || (c >= ' ' && c < 0x7F); }));
}

// What build() decides by itself is no difference.
void normalize(Part& part) {
  std::erase_if(part.headers,
                [](const Header& h) { return h.name.starts_with("Content-") || h.name == "MIME-Version"; });
  for (auto& header : part.headers) header.value = decode_words(header.value);
  std::erase_if(part.params, [](const Param& p) { return p.name == "boundary"; });
  part.size = 0;
  for (auto& child : part.children) normalize(child);
}

void expect_reads_back(Part part) {
  const auto mail = built(part);
  expect_valid_lines(mail);
  auto read = parsed(mail);
  normalize(read);
  normalize(part);
  EXPECT_EQ(read, part) << mail;
}

TEST(Build, SmallestMail) {
  auto part = text_part("Hi\nthere\n");
  part.headers = {{"From", "a@b.c"}, {"Subject", "Hi"}};
  EXPECT_EQ(built(part),
            "From: a@b.c\r\nSubject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: text/plain;\r\n "
            "charset=utf-8\r\n\r\nHi\r\nthere\r\n");
}

TEST(Build, ChoosesTheEncoding) {
  EXPECT_NE(built(text_part("Viele Grüße aus Wien"))
                .find("Content-Transfer-Encoding: quoted-printable\r\n\r\nViele Gr=C3=BC"),
            std::string::npos);
  EXPECT_NE(built(text_part("привет")).find("Content-Transfer-Encoding: base64\r\n\r\n0L/R"), std::string::npos);
  EXPECT_NE(built(text_part(std::string(1000, 'x'))).find("quoted-printable"), std::string::npos);
  auto flowed = text_part("привет \nмир");
  flowed.params.push_back({"format", "flowed"});
  EXPECT_NE(built(flowed).find("=20\r\n"), std::string::npos);
  expect_reads_back(flowed);
}

TEST(Build, KeepsArmorReadable) {
  Part part;
  part.type = "multipart/encrypted";
  part.params = {{"protocol", "application/pgp-encrypted"}};
  part.children.resize(2);
  part.children[0].type = "application/pgp-encrypted";
  part.children[0].body = "Version: 1\n";
  part.children[1].type = "application/octet-stream";
  part.children[1].body = "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n";
  EXPECT_NE(
      built(part).find("Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n"),
      std::string::npos);
}

TEST(Build, FilesAndTheirNames) {
  for (const std::string name :
       {"a.txt", "two words.pdf", "fö \"x\".pdf", "日本語の長い名前日本語の長い名前日本語の長い名前.png"})
    expect_reads_back(file_part(name, "\0\r\n\xFF--=_seed1_1"s));
  Part bare;
  bare.type = "image/png";
  bare.filename = "x.png";
  EXPECT_NE(built(bare).find("Content-Disposition: attachment;\r\n filename=x.png\r\n"), std::string::npos);
}

TEST(Build, BoundaryNeverOccursInside) {
  Part part;
  part.type = "multipart/mixed";
  part.children = {text_part("--=_seed1_1\n--=_seed1_1--\n"), text_part("x")};
  expect_reads_back(part);
}

TEST(Build, EmbeddedMail) {
  Part inner = text_part("inner ä");
  inner.headers = {{"Subject", "Grüße"}};
  Part part;
  part.type = "multipart/mixed";
  part.children = {text_part("see below"), Part{.type = "message/rfc822", .body = built(inner)}};
  EXPECT_EQ(built(part).find("base64"), std::string::npos);  // RFC 2046, 5.2.1
  expect_reads_back(part);
}

TEST(Build, TextFilesAreOctets) {
  for (const std::string type : {"text/plain", "text/html", "text/csv"}) {
    auto file = file_part("a", "\xFF\xFE-\0\r\0\n\0 \xE4\r\nb\nc\r\0"s);
    file.type = type;
    EXPECT_EQ(built(file).find("charset"), std::string::npos);
    expect_reads_back(file);
  }
}

TEST(Build, RefusesBadSeedsAndHeaders) {
  const auto part = text_part("x");
  for (const auto* seed : {"", "a b", "a\r\n", "12345678901234567890123456789012345678901"})
    EXPECT_EQ(build(part, seed).error().kind(), ErrorKind::invalid);
  auto forged = part;
  forged.headers = {{"Subject", "x\r\nBcc: a@b.c"}};
  EXPECT_EQ(build(forged, "s").error().kind(), ErrorKind::invalid);
  forged = part;
  forged.disposition = "inline\r\nBcc: a@b.c";
  EXPECT_EQ(build(forged, "s").error().kind(), ErrorKind::invalid);
  forged = part;
  forged.params.push_back({"x\r\nBcc", "a@b.c"});
  EXPECT_EQ(build(forged, "s").error().kind(), ErrorKind::invalid);
  auto harmless = part;
  harmless.params.push_back({"x", "a\r\nBcc: a@b.c"});
  EXPECT_EQ(parsed(built(harmless)).header("Bcc"), nullptr);
}

class RandomParts {
 public:
  explicit RandomParts(unsigned seed) : random_(seed) {}

  Part part(int depth) {
    Part out;
    for (auto n = below(4); n > 0; --n) out.headers.push_back({"X-" + std::to_string(below(100)), line()});
    switch (depth > 0 ? below(5) : below(3)) {
      case 0: {
        auto text = text_part(this->text());
        out.type = text.type, out.params = text.params, out.body = text.body;
        break;
      }
      case 1: {
        auto file = file_part("file" + std::to_string(below(9)) + (below(2) ? "ä" : ""), octets());
        out.type = file.type, out.disposition = file.disposition, out.filename = file.filename, out.body = file.body;
        out.disposition_params = file.disposition_params;
        break;
      }
      case 2:
        out.type = "image/jpeg";
        out.params = {{"name", "pic.jpg"}};
        out.filename = "pic.jpg";
        out.content_id = "id" + std::to_string(below(1000)) + "@x";
        out.disposition = "inline";
        out.body = octets();
        break;
      case 3:
        out.type = below(2) ? "multipart/mixed" : "multipart/alternative";
        for (auto n = below(4); n > 0; --n) out.children.push_back(part(depth - 1));
        break;
      default:
        out.type = "message/rfc822";
        out.body = built(part(depth - 1));
    }
    return out;
  }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }

  std::string text() {
    constexpr std::string_view pieces[] = {"word ", "ä", "\n", "--",   "=",    "\t",  " \n",
                                           "From ", ".", "👋", "long", "\n\n", "=\n", "\uFFFD"};
    std::string out;
    for (auto n = below(80); n > 0; --n) out += pieces[below(std::size(pieces))];
    if (below(8) == 0) out.append(1500, 'x');
    return out;
  }

  std::string line() {
    constexpr std::string_view pieces[] = {"word ", "ä ", "  ", "=?", "<a@b> ", "ö", "\"", ","};
    std::string out = "x";
    for (auto n = below(50); n > 0; --n) out += pieces[below(std::size(pieces))];
    return out + "x";
  }

  std::string octets() {
    std::string out(below(300), '\0');
    for (auto& c : out) c = static_cast<char>(below(256));
    return out;
  }

  std::mt19937 random_;
};

TEST(Build, WhatIsBuiltReadsBackEqual) {
  for (unsigned seed = 0; seed < 500; ++seed) expect_reads_back(RandomParts(seed).part(3));
}

// White space in the base64 fields means nothing and is put anew.
void drop_spaces(Part& part) {
  for (auto& header : part.headers) std::erase(header.value, ' ');
  for (auto& child : part.children) drop_spaces(child);
}

// What a mail says does not change by being read and written.
TEST(Build, SampleMailsKeepTheirContent) {
  for (const auto& folder : {"delta", "delta/decrypted", "plain"}) {
    for (const auto& name : samples_in(folder)) {
      auto once = parsed(built(parsed(sample(name))));
      auto twice = parsed(built(once));
      drop_spaces(once);
      drop_spaces(twice);
      EXPECT_EQ(once, twice) << name;
    }
  }
}

}  // namespace
}  // namespace coi::mime
