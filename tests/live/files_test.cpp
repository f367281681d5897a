// A file comes out octet for octet, whatever it is and whichever way it took; of a mail too large to be fetched at once
// the same is read as of a small one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>

#include "engine/outgoing_files.h"
#include "hash/base64.h"
#include "person.h"

namespace coi::live {
namespace {

using namespace std::string_literals;
using State = store::MessageRow::State;

using Files = std::map<std::string, std::string>;  // name → octets

Files odd_files() {
  return {{"latin1.txt",
           "Gr\xFC\xDF"
           "e\nzweite Zeile"},
          {"größer.csv",
           "\xFF\xFE"
           "a\0;\0\xE4\0\r\0\n\0"s},
          {"mail.eml",
           "From: a@b.c\nSubject: Gr\xFC\xDF"
           "e\n\nLF here, CRLF here\r\n, no line end at the end"},
          {"page.html", "<meta charset=windows-1251>\r\n<p>\xCF\xF0\xE8</p>\n"},
          {"nul.txt", "\0\0a\0\n\0\r"s},
          {"note.md", "> no quote\n-- \nno signature\n"},
          {"nothing.txt", ""}};
}

std::string large_csv() {
  std::string csv;
  while (csv.size() < 5'000'000) csv += "gr\xFC\xDF;" + std::to_string(csv.size()) + "\r\n";
  return csv;
}

std::string octets_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The files of the newest message from `sender`, fetched if they are not there.
Files received(Person& person, const std::string& sender) {
  Files files;
  const auto message = person.messages(sender).back();
  for (const auto& attachment : message.attachments) {
    std::promise<Result<std::filesystem::path>> promise;
    person.account().fetch_attachment(attachment.id, [&](auto path) { promise.set_value(std::move(path)); });
    const auto path = promise.get_future().get();
    EXPECT_TRUE(path) << attachment.file.name << ": " << path.error().text();
    if (path) files[attachment.file.name] = octets_of(*path);
  }
  return files;
}

chat::SendMessage with_files(Person& person, const std::string& text, const Files& files,
                             const engine::FileOptions& options = {}) {
  chat::SendMessage send{.addr = bob_addr, .text = text};
  for (const auto& [name, octets] : files) {
    std::ofstream(person.data() / name, std::ios::binary) << octets;
    send.files.push_back(person.account().add_files({person.data() / name}, options).value().front());
  }
  return send;
}

Limits everything_is_large() {
  Limits limits;
  limits.whole_mail = 100;
  return limits;
}

TEST(Files, ComeOutOctetForOctet) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr), sparing_bob(host, bob_addr, {}, everything_is_large());
  const auto files = odd_files();
  ASSERT_TRUE(alice.act(with_files(alice, "All of them", files)));
  for (auto* person : {&bob, &sparing_bob}) {
    ASSERT_TRUE(person->wait_for_text(alice_addr, "All of them"));
    EXPECT_EQ(received(*person, alice_addr), files);
  }
  EXPECT_EQ(bob.messages(alice_addr).back().attachments.front().file.state, chat::FileState::local);
}

TEST(Files, ALargeOneComesWhole) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  const Files files = {{"table.csv", large_csv()}};
  ASSERT_TRUE(alice.act(with_files(alice, "Large", files)));
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Large"));
  EXPECT_EQ(bob.messages(alice_addr).back().attachments.at(0).file.state, chat::FileState::remote);
  const auto came = received(bob, alice_addr);
  EXPECT_EQ(came.at("table.csv").size(), files.at("table.csv").size());
  EXPECT_TRUE(came == files);
}

TEST(Files, AreTheSameWhenTheMailIsSentAgain) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  host.command({{"cmd", "refuse"}, {"to", bob_addr}, {"reply", "550 5.7.1 Not on a Tuesday"}, {"hop", "submission"}});
  const auto files = odd_files();
  const auto changes = alice.act(with_files(alice, "Twice", files));
  ASSERT_TRUE(changes);
  const auto id = changes->added.front();
  ASSERT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(id)->value->state == State::failed; }));
  host.command({{"cmd", "refuse"}, {"to", bob_addr}});
  ASSERT_TRUE(alice.act(chat::RetryMessage{id}));
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Twice"));
  EXPECT_EQ(received(bob, alice_addr), files);
}

// The picture of a film stands before it in the mail; both are some hundred octets here, and the mail counts as large.
TEST(Files, C26OfALargeMailThePreviewComesAloneAndTheFileWhenItIsAskedFor) {
  Mailhost host;
  Person alice(host, alice_addr, {}, everything_is_large());
  host.deliver(alice_addr, fmt::format("From: eve@example.com\r\nTo: alice@example.org\r\nMessage-ID: "
                                       "<c26@example.com>\r\nChat-Version: 1.0\r\nContent-Type: multipart/mixed; "
                                       "boundary=b\r\n\r\n--b\r\n\r\nThe sea\r\n--b\r\nContent-Type: image/gif\r\n"
                                       "Chat-Content: preview\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                                       "R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=\r\n--b\r\nContent-Type: "
                                       "video/mp4; name=sea.mp4\r\n\r\n{}\r\n--b--\r\n",
                                       std::string(500, 'x')));
  ASSERT_TRUE(alice.wait_for_text("eve@example.com", "The sea"));
  const auto film = [&] { return alice.messages("eve@example.com").back().attachments.at(0); };
  EXPECT_EQ(film().file.name, "sea.mp4");
  EXPECT_EQ(film().file.state, chat::FileState::remote);
  std::promise<Result<std::filesystem::path>> promise;
  alice.account().fetch_preview(film().id, [&](auto path) { promise.set_value(std::move(path)); });
  const auto preview = promise.get_future().get();
  ASSERT_TRUE(preview) << preview.error().text();
  const auto small = engine::thumbnail_of(*preview, 64, 64, Limits{});
  ASSERT_TRUE(small) << small.error().text();
  EXPECT_EQ(small->width, 1U);
  EXPECT_EQ(film().file.state, chat::FileState::remote) << "the film is still on the server";
  EXPECT_EQ(received(alice, "eve@example.com"), (Files{{"sea.mp4", std::string(500, 'x')}}));
  EXPECT_EQ(film().file.state, chat::FileState::local);
}

// One white pixel, and what a program left behind it.
std::string large_picture() {
  return hash::base64_decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=").value() + std::string(300'000, 'x');
}

TEST(Files, C25APersonWithAChatProgramSeesALargePictureBeforeItIsFetched) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr, {}, everything_is_large());
  const Files photo = {{"sea.gif", large_picture()}};
  ASSERT_GT(photo.at("sea.gif").size(), 256U * 1024);
  const engine::FileOptions as_it_is{.keep_place = true};
  ASSERT_TRUE(alice.act(with_files(alice, "To somebody unknown", photo, as_it_is)));
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "To somebody unknown"));
  const auto file = [&] { return bob.messages(alice_addr).back().attachments.at(0); };
  EXPECT_EQ(file().file.preview, "") << "who may have a mail program alone would see two pictures";
  ASSERT_TRUE(bob.act(chat::SendMessage{.addr = alice_addr, .text = "Nice"}));
  ASSERT_TRUE(alice.wait_for_text(bob_addr, "Nice"));
  ASSERT_TRUE(alice.act(with_files(alice, "To somebody with COI", photo, as_it_is)));
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "To somebody with COI"));
  ASSERT_EQ(bob.messages(alice_addr).back().attachments.size(), 1U);
  std::promise<Result<std::filesystem::path>> promise;
  bob.account().fetch_preview(file().id, [&](auto path) { promise.set_value(std::move(path)); });
  const auto preview = promise.get_future().get();
  ASSERT_TRUE(preview) << preview.error().text();
  const auto small = engine::picture_size(octets_of(*preview), Limits{});
  EXPECT_EQ(small.width, 1U);
  EXPECT_LT(std::filesystem::file_size(*preview), 1000U);
  EXPECT_EQ(file().file.state, chat::FileState::remote);
  EXPECT_EQ(received(bob, alice_addr), photo);
}

// A mail of Eve's, read by Alice as a small one and as a large one.
class EitherSize : public testing::TestWithParam<bool> {
 protected:
  void deliver(const std::string& mail) {
    const auto file = std::filesystem::temp_directory_path() / ("coi-file-" + std::to_string(::getpid()) + ".eml");
    std::ofstream(file, std::ios::binary) << mail;
    host_.command({{"cmd", "deliver"}, {"user", alice_addr}, {"file", file.string()}});
    std::filesystem::remove(file);
  }
  store::MessageRow shown(std::string_view fields, std::string_view body) {
    deliver(fmt::format("From: eve@example.com\r\nTo: alice@example.org\r\nMessage-ID: <eve@example.com>\r\n{}\r\n{}",
                        fields, body));
    EXPECT_TRUE(alice_.wait_until([&](store::Reader&) { return !alice_.messages("eve@example.com").empty(); }));
    return alice_.messages("eve@example.com").at(0);
  }
  store::MessageRow shown_parts(std::string_view parts) {
    return shown("Content-Type: multipart/mixed; boundary=b\r\n", fmt::format("{}--b--\r\n", parts));
  }

  Mailhost host_;
  Person alice_{host_, alice_addr, {}, GetParam() ? everything_is_large() : Limits{}};
};

INSTANTIATE_TEST_SUITE_P(Mail, EitherSize, testing::Bool(),
                         [](const auto& test) { return test.param ? "Large" : "Small"; });

constexpr std::string_view inner = "From: x@example.com\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nwithin\r\n";

TEST_P(EitherSize, AForwardedMailIsAFile) {
  const auto message = shown_parts(fmt::format(
      "--b\r\nContent-Type: text/plain\r\n\r\nFyi\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n", inner));
  EXPECT_EQ(message.text, "Fyi");
  EXPECT_EQ(message.attachments.at(0).file.state, GetParam() ? chat::FileState::remote : chat::FileState::local);
  EXPECT_EQ(received(alice_, "eve@example.com"), (Files{{"Grüße.eml", std::string(inner)}}));
}

TEST_P(EitherSize, AFileThatIsTheWholeMailIsThatFile) {
  shown("Content-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: base64\r\n", "//5hAA0KAA==\r\n");
  EXPECT_EQ(received(alice_, "eve@example.com"), (Files{{"a.csv",
                                                         "\xFF\xFE"
                                                         "a\0\r\n\0"s}}));
}

TEST_P(EitherSize, C21ACaptionIsNotShownNorAPreview) {
  const auto message = shown_parts(
      "--b\r\nContent-Type: text/plain\r\nChat-Content: ignore\r\n\r\nA caption\r\n"
      "--b\r\nContent-Type: image/png\r\nChat-Content: preview\r\nContent-Disposition: inline; "
      "filename=small.png\r\n\r\nx\r\n"
      "--b\r\nContent-Type: image/png\r\nContent-Disposition: inline;\r\n "
      "filename*=utf-8''gr%C3%BC%C3%9Fe.png\r\n\r\nxyz\r\n");
  EXPECT_EQ(message.text, "");
  EXPECT_EQ(received(alice_, "eve@example.com"), (Files{{"grüße.png", "xyz"}}));
}

TEST_P(EitherSize, TheWordsMayBeHtmlOfAnyCharset) {
  const auto message = shown_parts(
      "--b\r\nContent-Type: text/html\r\n\r\n<meta charset=iso-8859-5><p>\xDF</p>\r\n"
      "--b\r\n\r\nno header\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n\xEF\xBB\xBFone \r\nline\r\n");
  EXPECT_EQ(message.text, "п\n\nno header\n\none line");
}

// Of each transfer encoding, the octets that the sender had; none is taken for text of a charset.
TEST_P(EitherSize, EveryTransferEncodingIsUndoneAndNothingElse) {
  const auto file = [](std::string_view name, std::string_view type, std::string_view encoding, std::string_view body) {
    return fmt::format("--b\r\nContent-Type: {}\r\nContent-Disposition: attachment; filename={}\r\n{}{}{}\r\n{}\r\n",
                       type, name, encoding.empty() ? "" : "Content-Transfer-Encoding: ", encoding,
                       encoding.empty() ? "" : "\r\n", body);
  };
  shown_parts("--b\r\n\r\nAll of them\r\n" +
              file("base64.txt", "text/plain; charset=iso-8859-1", "base64", "5AoNAOQ=\r\n") +
              file("quoted.txt", "text/plain; charset=utf-16", "quoted-printable", "=FF=FE=00a=\r\nb =0A=\r\n\r\nc") +
              file("eight.html", "text/html; charset=koi8-r", "8bit", "<p>\xE4\r\n\r\n--x\r\n") +
              file("seven.csv", "text/csv", "7bit", "a;b\r\n .\r\n") + file("none.txt", "text/plain", "", "x\r\n\r\n") +
              file("uu.bin", "application/octet-stream", "x-uuencode", "begin 644 f\r\n#0V%T\r\n`\r\nend") +
              file("mail.eml", "message/rfc822", "base64", "U3ViamVjdDogdHdvCgoy\r\n") +
              file("plain.eml", "message/rfc822", "", "Content-Transfer-Encoding: base64\r\n\r\nYWI="));
  EXPECT_EQ(received(alice_, "eve@example.com"),
            (Files{{"base64.txt", "\xE4\n\r\0\xE4"s},
                   {"quoted.txt", "\xFF\xFE\0ab \n\r\nc"s},
                   {"eight.html", "<p>\xE4\r\n\r\n--x\r\n"},
                   {"seven.csv", "a;b\r\n .\r\n"},
                   {"none.txt", "x\r\n\r\n"},
                   {"uu.bin", "Cat"},
                   {"mail.eml", "Subject: two\n\n2"},
                   {"plain.eml", "Content-Transfer-Encoding: base64\r\n\r\nYWI="}}));
}

TEST_P(EitherSize, AMailInBase64IsNamedByItsSubject) {
  shown_parts(
      "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogdHdvCgoy\r\n");
  EXPECT_EQ(received(alice_, "eve@example.com"), (Files{{"two.eml", "Subject: two\n\n2"}}));
}

TEST_P(EitherSize, PartsAreFoundThoughTheBoundaryIsAnother) {
  const auto message = shown("Content-Type: multipart/mixed; boundary=lost\r\n",
                             "--b\r\n\r\nWords\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\na;b\r\n--b--\r\n");
  EXPECT_EQ(message.text, "Words");
  EXPECT_EQ(received(alice_, "eve@example.com"), (Files{{"a.csv", "a;b"}}));
}

TEST_P(EitherSize, ASignedMailThatEverybodyMayReadIsRead) {
  const std::pair<std::string, std::string> mails[] = {
      {"smime-opaque", "The boat leaves at six."},
      {"smime-opaque-with-footer", "The boat leaves at six.\n\nSent to a list"}};
  std::size_t count = 0;
  for (const auto& [name, text] : mails) {
    deliver(octets_of(std::filesystem::path(COI_TEST_DATA) / "cases" / (name + ".eml")));
    ++count;
    ASSERT_TRUE(alice_.wait_until([&](store::Reader&) { return alice_.messages("ida@moor.test").size() == count; }));
    EXPECT_EQ(alice_.messages("ida@moor.test").back().text, text);
    EXPECT_EQ(received(alice_, "ida@moor.test"), (Files{{"tide.pdf", "%PDF-"}})) << name;
  }
}

// Delta Chat sends a large file in a mail of its own, behind one with the words.
TEST_P(EitherSize, D34AFileThatIsAnnouncedIsThereWhenItsMailHasCome) {
  const auto mail = [](std::string_view fields, std::string_view body) {
    return fmt::format(
        "From: dora@example.com\r\nTo: alice@example.org\r\nDate: Tue, 24 Nov 2026 04:07:40 +0000\r\n"
        "Chat-Version: 1.0\r\n{}\r\n{}",
        fields, body);
  };
  const auto message = [&] { return alice_.messages("dora@example.com").at(0); };
  host_.deliver(alice_addr, mail("Message-ID: <first@example.com>\r\nChat-Post-Message-ID: <second@example.com>\r\n"
                                 "Chat-Post-Message-Metadata: {\"size\":900,\"viewtype\":\"File\",\"filename\":"
                                 "\"plans.bin\"}\r\n",
                                 "The plans\r\n"));
  ASSERT_TRUE(alice_.wait_for_text("dora@example.com", "The plans"));
  const auto id = message().attachments.at(0).id;
  for (const bool preview : {false, true}) {
    std::promise<Result<std::filesystem::path>> promise;
    const auto done = [&](Result<std::filesystem::path> path) { promise.set_value(std::move(path)); };
    if (preview)
      alice_.account().fetch_preview(id, done);
    else
      alice_.account().fetch_attachment(id, done);
    const auto path = promise.get_future().get();
    ASSERT_FALSE(path);
    EXPECT_EQ(path.error().text(), "plans.bin has not arrived yet");
    EXPECT_EQ(path.error().kind(), ErrorKind::not_found);
  }
  host_.deliver(alice_addr,
                mail("Message-ID: <second@example.com>\r\nChat-Is-Post-Message: 1\r\nContent-Type: multipart/mixed; "
                     "boundary=b\r\n",
                     fmt::format("--b\r\nContent-Type: text/plain\r\n\r\n\r\n--b\r\nContent-Type: "
                                 "application/octet-stream; name=plans.bin\r\n\r\n{}\r\n--b--\r\n",
                                 std::string(900, 'x'))));
  ASSERT_TRUE(alice_.wait_until([&](store::Reader&) { return !message().attachments.at(0).file.is_awaited(); }));
  EXPECT_EQ(message().attachments.at(0).file.state, GetParam() ? chat::FileState::remote : chat::FileState::local);
  EXPECT_EQ(alice_.messages("dora@example.com").size(), 1U);
  EXPECT_EQ(message().text, "The plans");
  EXPECT_EQ(message().attachments.at(0).id, id);
  EXPECT_EQ(received(alice_, "dora@example.com"), (Files{{"plans.bin", std::string(900, 'x')}}));
}

TEST_P(EitherSize, ABounceThatReturnsTheMailIsNoMessage) {
  const auto sent = alice_.send(bob_addr, "Will not arrive");
  ASSERT_TRUE(
      alice_.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::sent; }));
  host_.deliver(
      alice_addr,
      fmt::format(
          "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.net\r\nTo: alice@example.org\r\nMessage-ID: <b@mx>\r\n"
          "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
          "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
          "Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
          "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{}>\r\nSubject: Chat\r\n\r\nWill not "
          "arrive\r\n--b--\r\n",
          sent.rfc_id));
  EXPECT_TRUE(
      alice_.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::failed; }));
  EXPECT_FALSE(alice_.chat_with("mailer-daemon@example.net"));
}

}  // namespace
}  // namespace coi::live
