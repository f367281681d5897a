// What we write: by its header fields, as a plain mail program sees it, and read back to the same meaning.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "base/ascii.h"
#include "chat/compose.h"
#include "mails.h"
#include "mime/date.h"
#include "mime/message_id.h"
#include "reply/reply.h"

namespace coi::chat {
namespace {

using testing::ContainsRegex;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr UnixMs now = 1'795'493'202'345;  // Tue, 24 Nov 2026 04:06:42.345 UTC
constexpr UnixMs day = 24LL * 3600 * 1000;

const AccountFacts alice{.addr = "alice@example.org", .name = "Alice", .own = {"alice@example.org"}};

SendFacts facts_to(PeerClass peer = PeerClass::coi) {
  const bool chat = peer == PeerClass::coi || peer == PeerClass::delta;
  return {
      .rfc_id = "chat$new@example.org",
      .chat = ChatFacts{
          .id = ChatId{1},
          .ref = WithPerson{"bob@example.net"},
          .peers = {{.addr = "bob@example.net", .peer_class = peer, .chat_ms = chat ? now - day : 0, .known = true}}}};
}

MessageFacts bobs(std::string rfc_id, std::string text, std::string root = "chat$root@example.org") {
  return {.id = MessageId{7},
          .key = {std::move(rfc_id), "bob@example.net"},
          .is_chat = true,
          .thread_root = std::move(root),
          .subject = "Chat: Shall we",
          .text = std::move(text)};
}

SendMessage answers(std::string text) {
  auto send = says(std::move(text));
  send.reply_to = MessageId{7};
  return send;
}

OutgoingFile photo(std::string name = "lake.jpg") {
  return {.name = std::move(name), .type = "image/jpeg", .bytes = "\xFF\xD8\xFF\xE0 picture"};
}

mime::Mail compose(const SendMessage& send, const SendFacts& facts = facts_to(), const AccountFacts& account = alice) {
  return parsed(written(compose_message(send, account, facts, now).tree));
}

std::string header(const mime::Mail& mail, std::string_view name) {
  const auto* value = mail.root.header(name);
  return value == nullptr ? "(none)" : *value;
}

long count(const mime::Mail& mail, std::string_view name) {
  return std::ranges::count_if(mail.root.headers, [&](const auto& one) { return ascii_iequal(one.name, name); });
}

TEST(Compose, C02IsAMailThatAnyProgramReads) {
  const auto bytes = written(compose_message(says("Grüße ✓"), alice, facts_to(), now).tree);
  EXPECT_TRUE(std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  for (std::size_t at = 0, end = 0; at < bytes.size(); at = end + 2) {
    end = bytes.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 998U);
    EXPECT_EQ(bytes.substr(at, end - at).find_first_of("\r\n"), std::string::npos);
  }
}

TEST(Compose, C05C06HasWhatEveryMailNeedsOnce) {
  const auto mail = compose(says("Hi"));
  EXPECT_EQ(header(mail, "Chat-Version"), "1.0");
  EXPECT_EQ(header(mail, "From"), "\"Alice\" <alice@example.org>");
  EXPECT_EQ(header(mail, "MIME-Version"), "1.0");
  EXPECT_EQ(header(mail, "Date"), "Tue, 24 Nov 2026 04:06:42 +0000");
  EXPECT_EQ(header(mail, "Sender"), "(none)");
  for (const auto name :
       {"From", "To", "Date", "Message-ID", "Subject", "Chat-Version", "MIME-Version", "Content-Type", "References"})
    EXPECT_EQ(count(mail, name), 1) << name;
}

TEST(Compose, C07TheMessageIdIsTheOneGiven) {
  EXPECT_EQ(header(compose(says("Hi")), "Message-ID"), "<chat$new@example.org>");
}

TEST(Compose, C08D07TheFirstMailNamesItself) {
  const auto mail = compose(says("Hi"));
  EXPECT_EQ(header(mail, "References"), "<chat$new@example.org>");
  EXPECT_EQ(header(mail, "In-Reply-To"), "(none)");
}

TEST(Compose, C08LaterMailsNameTheFirstAndTheLatest) {
  auto facts = facts_to();
  facts.chat->last = bobs("chat$latest@example.net", "Yes");
  EXPECT_EQ(header(compose(says("Good"), facts), "References"), "<chat$root@example.org> <chat$latest@example.net>");
  facts.chat->last = bobs("chat$root@example.org", "Yes");
  EXPECT_EQ(header(compose(says("Good"), facts), "References"), "<chat$root@example.org>");
}

// The group whose mails these are, with Bob alone in it by now.
SendFacts facts_to_group() {
  auto facts = facts_to();
  facts.chat->ref = InGroup{"AAAAbbbbCCCCddddEEEEffff"};
  facts.chat->group = GroupFacts{.id = "AAAAbbbbCCCCddddEEEEffff",
                                 .self = alice.addr,
                                 .name = "Walkers",
                                 .name_ms = now - day,
                                 .members = {{alice.addr, 1000, 0}, {"bob@example.net", 2000, 0}},
                                 .begun = true};
  return facts;
}

TEST(Compose, C69InAGroupOfAPlainProgramOursBeginsAThread) {
  auto facts = facts_to_group();
  facts.chat->last = bobs("p1@example.net", "Saturday?", "p0@example.net");
  EXPECT_EQ(header(compose(says("Yes"), facts), "References"), "<p0@example.net> <p1@example.net>");
  facts.chat->last->is_chat = false;
  EXPECT_EQ(header(compose(says("Yes"), facts), "References"), "<chat$new@example.org>");
}

TEST(Compose, D17TellsWhenTheGroupGotItsName) {
  auto facts = facts_to_group();
  EXPECT_EQ(header(compose(says("Yes"), facts), "Chat-Group-Name"), "Walkers");
  EXPECT_EQ(header(compose(says("Yes"), facts), "Chat-Group-Name-Timestamp"), std::to_string((now - day) / 1000));
  facts.chat->group->name_ms = 0;
  EXPECT_EQ(header(compose(says("Yes"), facts), "Chat-Group-Name-Timestamp"), "(none)");
}

TEST(Compose, D18PastMembersAreToldOfFor60Days) {
  auto facts = facts_to_group();
  facts.chat->group->members.push_back({"carol@example.com", 1000, now - 59 * day});
  facts.chat->group->members.push_back({"dora@example.com", 1000, now - 61 * day});
  const auto mail = compose(says("Yes"), facts);
  EXPECT_EQ(header(mail, "Chat-Group-Past-Members"), "carol@example.com");
  EXPECT_EQ(header(mail, "Chat-Group-Member-Timestamps"), "2 " + std::to_string((now - 59 * day) / 1000));
}

TEST(Compose, D28WhereNotAllAreCoiTheStandardFieldIsLeftOut) {
  auto facts = facts_to_group();
  const auto asks = [&](std::string_view name) { return header(compose(says("Yes"), facts), name); };
  facts.chat->peers.push_back(
      {.addr = "carol@example.com", .peer_class = PeerClass::coi, .chat_ms = now, .known = true});
  EXPECT_EQ(asks("Disposition-Notification-To"), "alice@example.org");
  facts.chat->peers.back().peer_class = PeerClass::delta;
  EXPECT_EQ(asks("Disposition-Notification-To"), "(none)");
  EXPECT_EQ(asks("Chat-Disposition-Notification-To"), "alice@example.org");
}

TEST(Compose, C09OnlyAnAnswerSaysWhatItAnswers) {
  auto facts = facts_to();
  facts.chat->last = bobs("chat$latest@example.net", "Yes");
  EXPECT_EQ(header(compose(says("Good"), facts), "In-Reply-To"), "(none)");
  facts.answered = bobs("chat$asked@example.net", "When?");
  const auto mail = compose(answers("At eight"), facts);
  EXPECT_EQ(header(mail, "In-Reply-To"), "<chat$asked@example.net>");
  EXPECT_EQ(header(mail, "References"), "<chat$root@example.org> <chat$asked@example.net>");
}

TEST(Compose, C10GoesToTheOtherAlone) { EXPECT_EQ(header(compose(says("Hi")), "To"), "bob@example.net"); }

TEST(Compose, ANoteToOneselfGoesToOneself) {
  auto facts = facts_to();
  facts.chat = ChatFacts{.ref = WithSelf{}};
  const auto mail = compose(says("Buy milk"), facts);
  EXPECT_EQ(header(mail, "To"), "alice@example.org");
  EXPECT_EQ(header(mail, "Chat-Disposition-Notification-To"), "(none)");
}

TEST(Compose, C11D28AsksOnlyWhomAReceiptDoesNotDisturb) {
  const auto asks = [](PeerClass peer) {
    const auto mail = compose(says("Hi"), facts_to(peer));
    return std::pair(header(mail, "Chat-Disposition-Notification-To"), header(mail, "Disposition-Notification-To"));
  };
  EXPECT_EQ(asks(PeerClass::coi), std::pair(std::string("alice@example.org"), std::string("alice@example.org")));
  EXPECT_EQ(asks(PeerClass::delta), std::pair(std::string("alice@example.org"), std::string("(none)")));
  EXPECT_EQ(asks(PeerClass::plain), std::pair(std::string("(none)"), std::string("(none)")));
  EXPECT_EQ(asks(PeerClass::unknown), std::pair(std::string("(none)"), std::string("(none)")));
}

TEST(Compose, D28AChatProgramIsRememberedForNinetyDays) {
  auto facts = facts_to(PeerClass::plain);
  facts.chat->peers.front().chat_ms = now - 89 * day;
  EXPECT_EQ(header(compose(says("Hi"), facts), "Chat-Disposition-Notification-To"), "alice@example.org");
  EXPECT_EQ(header(compose(says("Hi"), facts), "Disposition-Notification-To"), "(none)");
  facts = facts_to(PeerClass::coi);
  facts.chat->peers.front().chat_ms = now - 91 * day;
  EXPECT_EQ(header(compose(says("Hi"), facts), "Chat-Disposition-Notification-To"), "(none)");
}

TEST(Compose, C34AsksNobodyWhenTheUserWantsNoReceipts) {
  auto account = alice;
  account.receipts = false;
  EXPECT_EQ(header(compose(says("Hi"), facts_to(), account), "Chat-Disposition-Notification-To"), "(none)");
}

TEST(Compose, C12FilesAreInlineWithNameAndSize) {
  auto send = says("Look");
  send.files = {photo()};
  const auto bytes = written(compose_message(send, alice, facts_to(), now).tree);
  EXPECT_THAT(bytes, HasSubstr("Content-Transfer-Encoding: base64"));
  const auto part = parsed(bytes).root.children.at(1);
  EXPECT_EQ(part.disposition, "inline");
  EXPECT_EQ(part.filename, "lake.jpg");
  EXPECT_THAT(part.disposition_params, testing::Contains(mime::Param{"size", std::to_string(photo().bytes.size())}));
  EXPECT_EQ(part.body, photo().bytes);
}

TEST(Compose, C12AFileComesOutOctetForOctetWhateverItIs) {
  const auto octets = "\xFF\xFE-\0\r\0\n\0 \xE4\r\nb\nc\r\0From x\n"s;
  for (const std::string type : {"text/plain", "text/csv", "text/html", "text/calendar", "text/vcard", "message/rfc822",
                                 "message/delivery-status", "application/json", "image/svg+xml"}) {
    auto send = says("Look");
    send.files = {{.name = "größer.txt", .type = type, .bytes = octets}};
    const auto mail = compose(send);
    const auto content = read_mail(mail);
    EXPECT_EQ(content.letter.value().text, "Look") << type;
    ASSERT_EQ(content.letter.value().attachments.size(), 1U) << type;
    EXPECT_EQ(content.letter.value().attachments[0].name, "größer.txt");
    EXPECT_EQ(files(mail).at(0)->body, octets) << type;
    EXPECT_EQ(mail.root.children.at(1).param("charset"), "") << type;
  }
}

TEST(Compose, C12OtherProgramsDoNotTakeATextFileForWords) {
  auto send = says("Look");
  send.files = {{.name = "a.txt", .type = "text/plain", .bytes = "x"}};
  EXPECT_EQ(compose(send).root.children.at(1).disposition, "attachment");
}

TEST(Compose, C03P01FilesWithoutWordsGetACaptionForPlainPrograms) {
  auto send = says("");
  send.files = {photo("a.jpg"), photo("b.jpg")};
  const auto mail = compose(send);
  ASSERT_EQ(mail.root.type, "multipart/mixed");
  EXPECT_EQ(mail.root.children.at(0).type, "text/plain");
  EXPECT_EQ(mail.root.children.at(0).body, "📷 2 photos\n");
  const auto content = read_mail(mail);
  EXPECT_EQ(content.letter.value().text, "");  // a chat program shows the photos alone
  EXPECT_EQ(content.letter.value().attachments.size(), 2U);
}

TEST(Compose, P01TheFirstPartIsReadableWhateverIsSent) {
  auto files = says("");
  files.files = {{.name = "plan.pdf", .type = "application/pdf", .bytes = "%PDF"}};
  auto facts = facts_to();
  facts.answered = bobs("chat$asked@example.net", "When?");
  for (const auto& tree :
       {compose_message(says("Hi"), alice, facts, now).tree, compose_message(files, alice, facts, now).tree,
        compose_message(answers("At eight"), alice, facts, now).tree,
        compose_receipt(*facts.answered, alice, "chat$r@example.org", now)}) {
    const auto root = parsed(written(tree)).root;
    const auto& first = root.children.empty() ? root : root.children.front();
    EXPECT_EQ(first.type, "text/plain");
    EXPECT_THAT(first.body, ContainsRegex("[[:alpha:]]"));
  }
}

// The quote is the other's words: beside it a plain program has to say what came.
TEST(Compose, P01AFileAsAnAnswerGetsACaptionToo) {
  auto send = answers("");
  send.files = {{.name = "plan.pdf", .type = "application/pdf", .bytes = "%PDF"}};
  auto facts = facts_to();
  facts.answered = bobs("chat$asked@example.net", "When?");
  const auto mail = compose(send, facts);
  EXPECT_EQ(mail.root.children.at(0).body, "> When?\n\n📎 plan.pdf\n");
  const auto content = read_mail(mail);
  EXPECT_EQ(content.letter.value().text, "");  // a chat program shows the file alone
  EXPECT_EQ(content.in_reply_to, "chat$asked@example.net");
  EXPECT_EQ(content.letter.value().attachments.size(), 1U);
}

TEST(Compose, C13P02TheSubjectIsReadableAndHoldsNoId) {
  EXPECT_EQ(header(compose(says("Shall we meet?")), "Subject"), "Chat: Shall we meet?");
  auto facts = facts_to();
  facts.chat->last = bobs("chat$latest@example.net", "Yes");
  EXPECT_EQ(header(compose(says("Good"), facts), "Subject"), "Re: Chat: Shall we");
  facts.chat->last->subject = "";
  EXPECT_EQ(header(compose(says("Good"), facts), "Subject"), "Re: Chat");
  auto file = says("");
  file.files = {photo()};
  EXPECT_EQ(header(compose(file), "Subject"), "Chat: lake.jpg");
}

TEST(Compose, C18TextIsFlowedUtf8) {
  const auto bytes = written(compose_message(says("Grüße"), alice, facts_to(), now).tree);
  EXPECT_THAT(parsed(bytes).root.param("charset"), "utf-8");
  EXPECT_THAT(parsed(bytes).root.param("format"), "flowed");
}

// What the other side shows is what was typed.
TEST(Compose, WhatIsWrittenReadsTheSame) {
  for (const std::string text :
       {"Hi", "Grüße aus Köln ✓ 🎉", "two\nlines", "a paragraph\n\nand another", "> this is mine and no quote",
        "--\nnot a signature", "--", "-- dashes", "From the start", " indented", "日本語のテキスト",
        "a line that is longer than a mail's "
        "line may be, so that it has to flow over several lines and come back as the one that it was when it was typed",
        "x\n> y\nz",
        "https://example.org/a_very_long_address/that_must_not_be_broken/because_nobody_could_follow_it_then/"
        "index.html"}) {
    const auto content = read_mail(compose(says(text)));
    EXPECT_EQ(content.letter.value().text, text) << text;
    EXPECT_EQ(content.letter.value().quote, "") << text;
    EXPECT_EQ(content.letter.value().footer, "") << text;
    EXPECT_TRUE(content.chat);
    EXPECT_EQ(content.evidence, PeerClass::coi);
    EXPECT_EQ(content.rfc_id, "chat$new@example.org");
    EXPECT_EQ(content.from, (Address{"Alice", "alice@example.org"}));
    EXPECT_EQ(content.date, now / 1000 * 1000);
    EXPECT_TRUE(content.letter.value().asks_chat_receipt);
    EXPECT_TRUE(content.letter.value().attachments.empty());
  }
}

// Formatted text has other forms beside it.
std::string plain_form(const mime::Mail& mail) {
  return mail.root.children.empty() ? mail.root.body : mail.root.children.front().body;
}

TEST(Compose, D15AnAnswerQuotesWhatItAnswers) {
  auto facts = facts_to();
  facts.answered = bobs("chat$asked@example.net", "When?\n\nAnd where?");
  for (const std::string own : {"At eight", "> eight", "two\nlines"}) {
    const auto mail = compose(answers(own), facts);
    const auto content = read_mail(mail);
    EXPECT_EQ(content.letter.value().text, own);
    EXPECT_EQ(content.letter.value().quote, "When?\n\nAnd where?");
    EXPECT_THAT(plain_form(mail), StartsWith("> When?\n> \n> And where?\n\n"));
    EXPECT_THAT(plain_form(mail), Not(HasSubstr("wrote")));
  }
}

TEST(Compose, D15OwnTextThatLooksLikeAQuoteGetsALineBefore) {
  EXPECT_THAT(plain_form(compose(says("> mine"))), StartsWith("\n> mine"));
}

TEST(Compose, D15AQuoteIsAReminderNotACopy) {
  auto facts = facts_to();
  std::string original;
  for (int i = 0; i < 100; ++i) original += fmt::format("line {}\n", i);
  facts.answered = bobs("chat$asked@example.net", original);
  const auto content = read_mail(compose(answers("Yes"), facts));
  EXPECT_EQ(content.letter.value().text, "Yes");
  EXPECT_THAT(content.letter.value().quote, StartsWith("line 0\nline 1\n"));
  EXPECT_LT(content.letter.value().quote.size(), 700U);
}

TEST(Compose, D15ALongParagraphIsQuotedByItsBeginning) {
  auto facts = facts_to();
  std::string words = "-";  // so that a character stands where the quote is cut
  while (words.size() < 2000) words += "größer ";
  facts.answered = bobs("chat$asked@example.net", words);
  const auto content = read_mail(compose(answers("Yes"), facts));
  EXPECT_EQ(content.letter.value().text, "Yes");
  EXPECT_THAT(content.letter.value().quote, StartsWith("-größer größer größer"));
  EXPECT_THAT(content.letter.value().quote, EndsWith(" grö…"));
  EXPECT_GT(content.letter.value().quote.size(), 500U);
  EXPECT_LT(content.letter.value().quote.size(), 700U);
}

TEST(Compose, D15AnAnswerToAPhotoHasNoEmptyQuote) {
  auto facts = facts_to();
  facts.answered = bobs("chat$photo@example.net", "");
  EXPECT_EQ(compose(answers("Nice"), facts).root.body, "Nice\n");
}

TEST(Compose, D16TheSignatureStandsBelowTheWords) {
  auto signer = alice;
  signer.signature = "Alice\nExample Street 1";
  const auto composed = compose_message(says("Hello -- there"), signer, facts_to(), now);
  EXPECT_EQ(composed.text, "Hello -- there");
  EXPECT_EQ(composed.footer, signer.signature);
  const auto mail = parsed(written(composed.tree));
  EXPECT_THAT(mail.root.body, EndsWith("\n-- \nAlice\nExample Street 1\n"));
  const auto split = reply::read(reply::lines_of(mail.root.body), reply::Origin::chat);
  EXPECT_EQ(split.text, "Hello -- there");
  EXPECT_EQ(split.footer, signer.signature);
}

TEST(Compose, D16WhatHasMarksOrIsSentByAProgramIsNotSigned) {
  auto signer = alice;
  signer.signature = "Alice";
  auto program = says("Hello");
  program.automatic = Automatic::generated;
  for (const auto& send : {says("**Hello**"), program}) {
    const auto composed = compose_message(send, signer, facts_to(), now);
    EXPECT_EQ(composed.footer, "");
    EXPECT_THAT(written(composed.tree), Not(HasSubstr("-- \r\n")));
  }
}

TEST(Compose, C38AProgramsMailAsksForNoReceipt) {
  auto program = says("Hello");
  EXPECT_EQ(header(compose(program), "Chat-Disposition-Notification-To"), "alice@example.org");
  program.automatic = Automatic::generated;
  EXPECT_EQ(header(compose(program), "Chat-Disposition-Notification-To"), "(none)");
  EXPECT_EQ(header(compose(program), "Disposition-Notification-To"), "(none)");
}

TEST(Compose, C77OnlyTheMailOfAPersonAsksAboutTheGroup) {
  auto facts = facts_to_group();
  facts.chat->last = bobs("chat$latest@example.net", "Yes");
  auto send = says("Hello");
  EXPECT_EQ(header(compose(send, facts), "Chat-Content"), "grouprequested");
  send.automatic = Automatic::generated;
  EXPECT_EQ(header(compose(send, facts), "Chat-Content"), "(none)");
}

TEST(Compose, D16OwnDashesAreNoSignatureForAnybody) {
  EXPECT_THAT(compose(says("one\n-- \ntwo")).root.body, Not(HasSubstr("\n-- \n")));
}

TEST(Compose, AMailSentAgainIsTheSameMail) {
  RetryFacts facts{.chat = ChatFacts{.peers = {{.addr = "bob@example.net"}}}};
  facts.message = MessageFacts{.id = MessageId{9},
                               .key = {"chat$sent@example.org", "alice@example.org"},
                               .outgoing = true,
                               .thread_root = "chat$root@example.org",
                               .subject = "Re: Chat: Hi",
                               .text = "At eight",
                               .quote = "When?",
                               .in_reply_to = "chat$asked@example.net",
                               .follows = "chat$asked@example.net"};
  const auto mail = parsed(written(compose_again({.message = MessageId{9}}, alice, facts, now)));
  const auto content = read_mail(mail);
  EXPECT_EQ(content.rfc_id, "chat$sent@example.org");
  EXPECT_EQ(content.letter.value().text, "At eight");
  EXPECT_EQ(content.letter.value().quote, "When?");
  EXPECT_EQ(content.in_reply_to, "chat$asked@example.net");
  EXPECT_THAT(content.references, ElementsAre("chat$root@example.org", "chat$asked@example.net"));
  EXPECT_EQ(content.subject, "Re: Chat: Hi");
}

TEST(Compose, C12AFileThatIsSentAgainKeepsItsOctetsToo) {
  RetryFacts facts{.chat = ChatFacts{.peers = {{.addr = "bob@example.net"}}}};
  facts.message =
      MessageFacts{.id = MessageId{9}, .key = {"chat$sent@example.org", "alice@example.org"}, .text = "Look"};
  const auto octets = "From: x\r\nSubject: \xE4\n\nb\0"s;
  const auto mail = parsed(written(
      compose_again({.message = MessageId{9}, .files = {{.name = "a.eml", .type = "message/rfc822", .bytes = octets}}},
                    alice, facts, now)));
  EXPECT_EQ(files(mail).at(0)->body, octets);
}

mime::Mail receipt() {
  return parsed(
      written(compose_receipt(bobs("chat$asked@example.net", "secret words"), alice, "chat$r@example.org", now)));
}

TEST(ComposeReceipt, C35IsAReportThatReadsBackAsOne) {
  const auto mail = receipt();
  EXPECT_EQ(mail.root.type, "multipart/report");
  EXPECT_EQ(mail.root.param("report-type"), "disposition-notification");
  EXPECT_EQ(header(mail, "Chat-Version"), "1.0");
  // Other programs look for these, not for our In-Reply-To.
  const auto& report = mail.root.children.at(1).body;
  EXPECT_THAT(report, HasSubstr("Original-Message-ID: <chat$asked@example.net>"));
  EXPECT_THAT(report, ContainsRegex("Disposition: [^;]*; displayed"));
  const auto content = read_mail(mail);
  ASSERT_EQ(content.remarks.size(), 1U);
  EXPECT_EQ(content.remarks[0].kind, RemarkKind::displayed);
  EXPECT_EQ(content.remarks[0].subject, "chat$asked@example.net");
  EXPECT_EQ(content.remarks[0].about, "alice@example.org");
}

TEST(ComposeReceipt, C36HasItsTextFirst) {
  const auto mail = receipt();
  ASSERT_EQ(mail.root.children.size(), 2U);
  EXPECT_EQ(mail.root.children[0].type, "text/plain");
  EXPECT_EQ(mail.root.children[1].type, "message/disposition-notification");
  EXPECT_EQ(mail.root.disposition, "");
}

TEST(ComposeReceipt, C35DoesNotSendTheMailBack) {
  EXPECT_THAT(
      written(compose_receipt(bobs("chat$asked@example.net", "secret words"), alice, "chat$r@example.org", now)),
      Not(HasSubstr("secret words")));
}

TEST(ComposeReceipt, C38AsksForNothingAndIsAutomatic) {
  const auto mail = receipt();
  EXPECT_EQ(header(mail, "Chat-Disposition-Notification-To"), "(none)");
  EXPECT_EQ(header(mail, "Disposition-Notification-To"), "(none)");
  EXPECT_EQ(header(mail, "Auto-Submitted"), "auto-replied");
  EXPECT_EQ(header(mail, "To"), "bob@example.net");
}

}  // namespace
}  // namespace coi::chat
