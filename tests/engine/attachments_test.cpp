// Files of mails that are fetched by parts, from servers that do not tell everything of a part.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <future>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

constexpr std::string_view encoded = "U3ViamVjdDogdHdvCgoy\r\n";

std::string section(std::string_view name, std::string_view octets) {
  return fmt::format(" BODY[{}] {{{}}}\r\n{}", name, octets.size(), octets);
}

std::string octets_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::filesystem::path> fetched(Device& device, chat::AttachmentId attachment) {
  std::promise<Result<std::filesystem::path>> promise;
  device.account().fetch_attachment(attachment, [&](auto path) { promise.set_value(std::move(path)); });
  return promise.get_future().get();
}

Environment everything_is_large() {
  Environment environment;
  environment.limits.whole_mail = 100;
  return environment;
}

// A mail whose second part is a mail in base64. `mime_header`: what the server says of that part's header.
ImapServer::Answer with_a_mail_inside(const std::string& mime_header) {
  return [mime_header](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID FETCH 1 ") || command.contains("BODY.PEEK[]")) return std::nullopt;
    std::string answer = "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 1000";
    if (command.contains("BODYSTRUCTURE"))
      answer += fmt::format(
          " BODYSTRUCTURE ((\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1)(\"message\" \"rfc822\" NIL NIL NIL "
          "\"base64\" {} NIL NIL 1) \"mixed\")",
          encoded.size());
    if (command.contains("[HEADER]")) answer += section("HEADER", "From: eve@example.com\r\nMessage-ID: <a@b>\r\n\r\n");
    if (command.contains("[2.MIME]")) answer += mime_header;
    if (command.contains("[1]")) answer += section("1", "Words");
    if (command.contains("[2]")) answer += section("2", encoded);
    return answer + ")\r\n" + tag + " OK done\r\n";
  };
}

TEST(Attachments, TheStructureTellsTheEncodingWhereThePartsHeaderDoesNot) {
  for (const auto& header : {std::string(" BODY[2.MIME] NIL"), section("2.MIME", ""), section("2.MIME", "\r\n"),
                             section("2.MIME", "Content-Type: message/rfc822\r\n\r\n"), std::string()}) {
    ImapServer server;
    server.answer_with(with_a_mail_inside(header));
    server.put("INBOX", mail(std::string(200, 'x')));
    Device device(server.port(), closed_port(), everything_is_large());
    ASSERT_TRUE(device.wait_until([&] { return !device.messages(eve).empty(); })) << header;
    const auto message = device.messages(eve).at(0);
    EXPECT_EQ(message.text, "Words");
    ASSERT_EQ(message.attachments.size(), 1U);
    EXPECT_EQ(message.attachments[0].file.name, "two.eml");
    const auto file = fetched(device, message.attachments[0].id);
    ASSERT_TRUE(file) << header << file.error().text();
    EXPECT_EQ(octets_of(*file), "Subject: two\n\n2") << header;
  }
}

// A mail of a chat program with a small picture (part 2) of a film (part 3).
ImapServer::Answer with_a_preview() {
  return [](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID FETCH 1 ") || command.contains("BODY.PEEK[]")) return std::nullopt;
    std::string answer = "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 1000000";
    if (command.contains("BODYSTRUCTURE"))
      answer +=
          " BODYSTRUCTURE ((\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1)(\"image\" \"jpeg\" NIL NIL NIL \"7bit\" 5)"
          "(\"video\" \"mp4\" (\"name\" \"a.mp4\") NIL NIL \"7bit\" 900000) \"mixed\")";
    if (command.contains("[HEADER]"))
      answer += section("HEADER", "From: eve@example.com\r\nChat-Version: 1.0\r\nMessage-ID: <a@b>\r\n\r\n");
    if (command.contains("[2.MIME]"))
      answer += section("2.MIME", "Content-Type: image/jpeg\r\nChat-Content: preview\r\n\r\n");
    if (command.contains("[1]")) answer += section("1", "Words");
    if (command.contains("[2]")) answer += section("2", "small");
    return answer + ")\r\n" + tag + " OK done\r\n";
  };
}

TEST(Attachments, C25OfALargeFileThePreviewAloneIsFetched) {
  ImapServer server;
  server.answer_with(with_a_preview());
  server.put("INBOX", mail(std::string(200, 'x')));
  Device device(server.port(), closed_port(), everything_is_large());
  ASSERT_TRUE(device.wait_until([&] { return !device.messages(eve).empty(); }));
  const auto message = device.messages(eve).at(0);
  ASSERT_EQ(message.attachments.size(), 1U);
  EXPECT_EQ(message.attachments[0].file.name, "a.mp4");
  std::promise<Result<std::filesystem::path>> promise;
  device.account().fetch_preview(message.attachments[0].id, [&](auto path) { promise.set_value(std::move(path)); });
  const auto path = promise.get_future().get();
  ASSERT_TRUE(path) << path.error().text();
  EXPECT_EQ(octets_of(*path), "small");
  EXPECT_EQ(device.messages(eve).at(0).attachments[0].file.state, chat::FileState::remote);
}

TEST(Attachments, C26OfALargeMailTheStructureComesFirstAndTheFileWhenItIsAskedFor) {
  ImapServer server;
  server.answer_with(with_a_preview());
  server.put("INBOX", mail(std::string(200, 'x')));
  Device device(server.port(), closed_port(), everything_is_large());
  ASSERT_TRUE(device.wait_until([&] { return !device.messages(eve).empty(); }));
  const auto asks_for = [&](std::string_view what) {
    const auto heard = server.heard();
    return std::ranges::count_if(heard, [&](const std::string& command) { return command.contains(what); });
  };
  EXPECT_EQ(asks_for("BODYSTRUCTURE"), 1);
  EXPECT_EQ(asks_for("BODY.PEEK[1]"), 1) << "the words";
  EXPECT_EQ(asks_for("BODY.PEEK[2]"), 0) << "its preview";
  EXPECT_EQ(asks_for("BODY.PEEK[3]"), 0) << "the film";
  const auto film = device.messages(eve).at(0).attachments.at(0);
  EXPECT_EQ(film.file.state, chat::FileState::remote);
  EXPECT_EQ(film.file.type, "video/mp4");
  std::promise<Result<std::filesystem::path>> promise;
  device.account().fetch_preview(film.id, [&](auto path) { promise.set_value(std::move(path)); });
  ASSERT_TRUE(promise.get_future().get());
  EXPECT_EQ(asks_for("BODY.PEEK[2]"), 1);
  EXPECT_EQ(asks_for("BODY.PEEK[3]"), 0);
  static_cast<void>(fetched(device, film.id));
  EXPECT_GT(asks_for("BODY.PEEK[3]"), 0);
}

}  // namespace
}  // namespace coi::engine::test
