// D-34: a large file that Delta Chat sends in a mail of its own, behind one with the words; read, and joined.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "chat/same_mail.h"
#include "mails.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Content announcing(std::string_view metadata, std::string_view more = "", std::string_view body = "Look\n") {
  return read_text(from_bob(fmt::format("Message-ID: <first@example.net>\nChat-Version: 1.0\nChat-Post-Message-ID: "
                                        "<second@example.net>\nChat-Post-Message-Metadata: {}\n{}",
                                        metadata, more),
                            body));
}

Attachment announced(std::string_view metadata) {
  const auto content = announcing(metadata);
  EXPECT_EQ(content.half, Half::announcement) << metadata;
  return content.letter.value().attachments.at(0);
}

Content bringing(std::string_view more, std::string_view text = "", std::string_view fields = "Chat-Version: 1.0\n") {
  return read_text(from_bob(
      fmt::format("Message-ID: <second@example.net>\n{}Chat-Is-Post-Message: 1\n{}Content-Type: multipart/mixed; "
                  "boundary=b\n",
                  fields, more),
      fmt::format("--b\n\n{}\n--b\nContent-Type: video/mp4\nContent-Disposition: attachment; "
                  "filename=film.mp4\n\nxyz\n--b--\n",
                  text)));
}

TEST(TwoMails, D34TheRealOnesAreReadAsOneMessage) {
  const auto first = read_sample("delta/decrypted/25_enc_bigfile_pre_post_1.inner.eml");
  const auto second = read_sample("delta/decrypted/25_enc_bigfile_pre_post_2.inner.eml");
  EXPECT_EQ(first.rfc_id, "db871696-8b3b-40be-9ed9-d88ab22be94a@localhost") << "by which it is answered";
  EXPECT_THAT(first.other_ids, ElementsAre("2677b8ba-480d-4308-9c28-e4f9ee82b058@localhost"));
  EXPECT_EQ(second.rfc_id, first.rfc_id);
  EXPECT_THAT(second.other_ids, IsEmpty());
  EXPECT_EQ(first.half, Half::announcement);
  EXPECT_EQ(second.half, Half::file);
  EXPECT_EQ(first.letter->text, "300 kB file");
  EXPECT_EQ(second.letter->text, "");
  ASSERT_THAT(first.letter->attachments, SizeIs(1));
  const auto& file = first.letter->attachments.front();
  EXPECT_EQ(file.name, "big.bin");
  EXPECT_EQ(file.size, 300'000U);
  EXPECT_EQ(file.type, "application/octet-stream");
  EXPECT_EQ(file.state, FileState::remote);
  EXPECT_EQ(file.section, "") << "it is in no part of this mail";
  ASSERT_THAT(second.letter->attachments, SizeIs(1));
  EXPECT_EQ(second.letter->attachments.front().name, "big.bin");
  EXPECT_TRUE(first.letter->asks_chat_receipt);
}

TEST(TwoMails, D34WhatTheFileWillBeIsTold) {
  const auto picture =
      announced(R"({"size":2097152,"viewtype":"Image","filename":"sea side.JPG","wh":[1600,1200],"more":{}})");
  EXPECT_EQ(picture.type, "image/jpeg");
  EXPECT_EQ(picture.width, 1600U);
  EXPECT_EQ(picture.height, 1200U);
  const auto film = announcing(R"({"size":9,"viewtype":"Video","filename":"a.mp4","wh":null,"duration":61000})");
  EXPECT_EQ(film.letter->attachments.front().type, "video/mp4");
  EXPECT_EQ(film.letter->details.duration_ms, 61'000U);
  EXPECT_EQ(film.letter->kind, MessageKind::text) << "media by its file";
  const auto voice = announcing(R"({"size":9,"viewtype":"Voice","filename":"a.mp4","duration":3000})");
  EXPECT_EQ(voice.letter->kind, MessageKind::voice);
  EXPECT_EQ(voice.letter->attachments.front().type, "audio/mp4");
  EXPECT_EQ(announcing(R"({"size":9,"viewtype":"Sticker","filename":"a.webp"})").letter->kind, MessageKind::sticker);
  EXPECT_EQ(announced(R"({"size":9,"viewtype":"Webxdc","filename":"Chess"})").type, "application/webxdc+zip");
}

TEST(TwoMails, D34AFoldedNameKeepsItsSpaces) {
  EXPECT_EQ(announced("{\"size\":9,\"viewtype\":\"File\",\"filename\":\"one\r\n\t two.pdf\"}").name, "one two.pdf");
  EXPECT_EQ(announced("{\"size\":9,\"viewtype\":\"File\",\"filename\":\"one\r\n\ttwo größer.pdf\"}").name,
            "one two größer.pdf");
}

TEST(TwoMails, D34NonsenseIsAsIfNothingWereSaid) {
  EXPECT_EQ(announced(R"({"size":-5,"viewtype":"File","filename":"../../etc/passwd"})").size, 0U);
  EXPECT_EQ(announced(R"({"size":-5,"viewtype":"File","filename":"../../etc/passwd"})").name, "passwd");
  EXPECT_EQ(announced(R"({"size":18446744073709551615,"filename":7})").size, 0U);
  EXPECT_EQ(announced(R"({"size":1e300,"filename":"a.txt"})").size, 0U);
  const auto large = announced(R"({"size":1,"filename":"a.png","wh":[-1,4000000000]})");
  EXPECT_EQ(large.width, 0U);
  EXPECT_EQ(large.height, 0U);
  for (const std::string& broken : {std::string("{"), std::string("[]"), std::string(), std::string(2000, '['),
                                    R"({"filename":")" + std::string(20'000, 'x') + R"("})"}) {
    const auto file = announced(broken);
    EXPECT_EQ(file.name, "file-1");
    EXPECT_EQ(file.size, 0U);
  }
  EXPECT_EQ(announcing(R"({"duration":99999999999})").letter->details.duration_ms, 0U);
}

TEST(TwoMails, D34WhatSaysMoreIsAMessageForItself) {
  EXPECT_EQ(bringing("").half, Half::file);
  EXPECT_EQ(bringing("", "Words").half, Half::whole) << "they would not be seen";
  EXPECT_EQ(bringing("", "", "").half, Half::whole) << "no chat program wrote it";
  EXPECT_EQ(bringing("Authentication-Results: mx; dmarc=fail header.from=example.net\n").half, Half::whole)
      << "anybody may have written it";
  EXPECT_EQ(announcing("{}", "From: eve@example.com\n").half, Half::whole) << "it names two authors";
  EXPECT_EQ(announcing("{}", "Chat-Edit: <other@example.net>\n").half, Half::whole);
  const auto with_file = read_text(from_bob(
      "Message-ID: <first@example.net>\nChat-Version: 1.0\nChat-Post-Message-ID: <second@example.net>\nContent-Type: "
      "image/png\n"));
  EXPECT_EQ(with_file.half, Half::whole);
  EXPECT_EQ(with_file.rfc_id, "first@example.net");
  const auto itself = read_text(
      from_bob("Message-ID: <first@example.net>\nChat-Version: 1.0\nChat-Post-Message-ID: <first@example.net>\n"));
  EXPECT_EQ(itself.half, Half::whole);
}

PutMessage put(Half half, std::string addr = "bob@example.net", std::string rfc_id = "second@example.net") {
  return {.key = {std::move(rfc_id), std::move(addr)}, .other_ids = {}, .half = half};
}

MessageFacts kept(Half half, std::string addr = "bob@example.net", std::string rfc_id = "second@example.net") {
  return {.id = MessageId{1}, .key = {std::move(rfc_id), std::move(addr)}, .other_ids = {}, .half = half};
}

TEST(TwoMails, D34AreOneMessageOfOneAuthorOnly) {
  EXPECT_TRUE(is_same_mail(put(Half::file), kept(Half::announcement)));
  EXPECT_TRUE(is_same_mail(put(Half::announcement), kept(Half::file)));
  EXPECT_TRUE(is_same_mail(put(Half::file), kept(Half::both)));
  EXPECT_FALSE(is_same_mail(put(Half::file, "eve@example.com"), kept(Half::announcement)));
  EXPECT_FALSE(is_same_mail(put(Half::file, "bob@example.net", "other@example.net"), kept(Half::announcement)));
  EXPECT_FALSE(is_same_mail(put(Half::whole), kept(Half::announcement))) << "it only has the id";
}

}  // namespace
}  // namespace coi::chat
