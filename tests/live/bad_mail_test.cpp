// Mail that is broken, hostile or huge: it is shown as far as it can be, or leaves a tombstone, and what comes behind
// it arrives.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "person.h"

namespace coi::live {
namespace {

std::string head(std::string_view more = {}) {
  return "From: Eve <eve@example.com>\r\nTo: alice@example.org\r\nSubject: odd\r\n" + std::string(more) + "\r\n";
}

std::string nested(int depth) {
  std::string mail;
  for (int i = 0; i < depth; ++i)
    mail +=
        "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) + "\r\n";
  mail += "Content-Type: text/plain\r\n\r\nat the bottom\r\n";
  for (int i = depth - 1; i >= 0; --i) mail += "--b" + std::to_string(i) + "--\r\n";
  return "From: eve@example.com\r\nSubject: deep\r\nMIME-Version: 1.0\r\n" + mail;
}

std::string many_parts(int count) {
  std::string mail = head("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n");
  for (int i = 0; i < count; ++i) mail += "--b\r\nContent-Type: text/plain\r\n\r\npart\r\n";
  return mail + "--b--\r\n";
}

void deliver_file(Mailhost& host, const std::string& mail) {
  const auto file = std::filesystem::temp_directory_path() / ("coi-mail-" + std::to_string(::getpid()) + ".eml");
  std::ofstream(file, std::ios::binary) << mail;
  host.command({{"cmd", "deliver"}, {"user", alice_addr}, {"file", file.string()}});
  std::filesystem::remove(file);
}

TEST(BadMail, DoesNotStopTheMailsBehindIt) {
  Mailhost host;
  Person alice(host, alice_addr);
  deliver_file(host, "");
  deliver_file(host, "no header at all");
  deliver_file(host, "Subject: nobody wrote this\r\n\r\nno From\r\n");
  deliver_file(host, head("Date: Fri, 31 Feb 2099 99:99:99 +9999\r\n") + "a date that cannot be\r\n");
  deliver_file(host, head("Date: Mon, 01 Jan 2090 00:00:00 +0000\r\n") + "from the future\r\n");
  deliver_file(host, head("X-Bytes: \xff\xfe\x80\r\n") + "eight bits \xff in the header and here\r\n");
  deliver_file(host, nested(200));
  deliver_file(host, many_parts(10'000));
  deliver_file(host,
               head("Content-Type: text/plain; charset=no-such-charset\r\nContent-Transfer-Encoding: nonsense\r\n") +
                   "what is this\r\n");
  deliver_file(host, head() + std::string(3'000'000, 'x') + "\r\n");
  deliver_file(host, head("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n") +
                         std::string(50'000'000, 'A') + "\r\n");
  deliver_file(host, head("Message-ID: <last@example.com>\r\n") + "the last one\r\n");
  ASSERT_TRUE(alice.wait_for_text("eve@example.com", "the last one"));
  ASSERT_TRUE(alice.sync());
  const auto texts = alice.messages("eve@example.com");
  const auto shown = [&](const std::string& part) {
    return std::ranges::any_of(texts, [&](const auto& m) { return m.text.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(shown("a date that cannot be"));
  EXPECT_TRUE(shown("from the future"));
  EXPECT_TRUE(shown("eight bits"));
  EXPECT_TRUE(shown("what is this"));
  EXPECT_TRUE(shown("xxxxxxxx"));
  // The arrival counts, not a forged date. It is known to the second; within one the Dates are looked at.
  const auto with_text = [&](const std::string& text) {
    return std::ranges::find(texts, text, &store::MessageRow::text);
  };
  EXPECT_LE(with_text("from the future")->sort_ms / 1000, with_text("the last one")->sort_ms / 1000);
  // A large mail shows its text and leaves its file on the server until it is asked for.
  const auto large = std::ranges::find_if(
      texts, [](const auto& m) { return !m.attachments.empty() && m.attachments.front().file.size > 30'000'000; });
  ASSERT_NE(large, texts.end());
  EXPECT_EQ(large->attachments.front().file.state, chat::FileState::remote);
}

// An answer that is longer than we take ends the connection: once, not for ever.
TEST(BadMail, OneBeyondTheLimitsIsGivenUpAndTheOthersArrive) {
  Mailhost host;
  Limits limits;
  limits.line = 256;
  deliver_file(host, head("Message-ID: <first@example.com>\r\n") + "before it\r\n");
  deliver_file(host, many_parts(9'000));
  deliver_file(host, head("Message-ID: <last@example.com>\r\n") + "behind it\r\n");
  Person alice(host, alice_addr, {}, limits);
  EXPECT_TRUE(alice.wait_for_text("eve@example.com", "before it"));
  EXPECT_TRUE(alice.wait_for_text("eve@example.com", "behind it"));
  EXPECT_TRUE(alice.wait_until(
      [&](store::Reader&) { return alice.account().status().state == engine::ConnectionState::online; }));
}

// Dovecot hangs up when it cannot read a mail's file.
TEST(BadMail, OneThatTheServerCannotReadRestsAndTheOthersArrive) {
  Mailhost host;
  deliver_file(host, head("Message-ID: <first@example.com>\r\n") + "before it\r\n");
  deliver_file(host, head("Message-ID: <second@example.com>\r\n") + "the one\r\n");
  deliver_file(host, head("Message-ID: <last@example.com>\r\n") + "behind it\r\n");
  const auto is_the_one = [](const std::filesystem::directory_entry& entry) {
    if (!entry.is_regular_file() || entry.path().parent_path().filename() != "new") return false;
    std::ifstream stream(entry.path());
    return std::string(std::istreambuf_iterator<char>(stream), {}).contains("the one");
  };
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(host.directory()))
    if (is_the_one(entry)) file = entry.path();
  ASSERT_FALSE(file.empty());
  std::filesystem::permissions(file, std::filesystem::perms::none);
  Person alice(host, alice_addr);
  EXPECT_TRUE(alice.wait_for_text("eve@example.com", "before it"));
  EXPECT_TRUE(alice.wait_for_text("eve@example.com", "behind it"));
  EXPECT_TRUE(alice.wait_until(
      [&](store::Reader&) { return alice.account().status().state == engine::ConnectionState::online; }));
}

}  // namespace
}  // namespace coi::live
