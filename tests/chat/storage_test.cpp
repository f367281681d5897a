// Mails in Contacts: read, and written so that they read the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/chat_folders.h"
#include "chat/compose_storage.h"
#include "chat/keep.h"
#include "chat/read_storage.h"
#include "mime/build.h"
#include "plans.h"
#include "wire/contact_hash.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string bob_addr = "bob@example.net";
const std::string card =
    "<div class=\"h-card\"><span class=\"p-name\">Bob</span><a class=\"u-email\" "
    "href=\"mailto:bob@example.net\">b</a>";
constexpr UnixMs dated = 1'795'449'600'000;  // Mon, 23 Nov 2026 16:00:00 UTC
constexpr auto date_field = "Date: Mon, 23 Nov 2026 16:00:00 +0000\r\n";

std::optional<StorageMail> read(const std::string& fields, const std::string& body = card + "</div>") {
  const auto mail = mime::parse("From: alice@example.org\r\nChat-Content: contact\r\nContent-Type: text/html\r\n" +
                                    std::string(date_field) + fields + "\r\n" + body,
                                Limits{});
  return read_storage(*mail);
}

std::string value(const StorageMail& mail, ChoiceKind kind) {
  for (const auto& choice : mail.choices)
    if (choice.kind == kind) return choice.value;
  return "-";
}

UnixMs at(const StorageMail& mail, ChoiceKind kind) {
  for (const auto& choice : mail.choices)
    if (choice.kind == kind) return choice.at_ms;
  return 0;
}

// As another device reads what this one writes.
StorageMail storage_mail(const StorageFacts& facts) {
  const auto composed = compose_storage(facts, alice());
  const auto bytes = mime::build(composed.tree, "seed").value();
  return read_storage(*mime::parse(bytes, Limits{})).value();
}

StorageFacts about_bob(std::vector<Choice> choices) {
  return {.about = WithPerson{bob_addr},
          .chosen = {.addrs = {bob_addr}, .name = "Bob", .choices = std::move(choices), .group = {}},
          .mails = {}};
}

KeptMail kept(StorageMail mail, std::uint32_t uid = 1) {
  return {.place = {FolderId{5}, 50, uid}, .rfc_id = std::to_string(uid) + "@example.org", .mail = std::move(mail)};
}

TEST(ReadStorage, C45C48WhatAnotherProgramWroteWasDecidedAtItsDate) {
  const auto mail = read("COI-Blocked: whatever\r\n").value();
  EXPECT_THAT(mail.addrs, ElementsAre(bob_addr));
  EXPECT_THAT(mail.keys, ElementsAre(wire::contact_hash(bob_addr)));
  EXPECT_EQ(value(mail, ChoiceKind::blocked), "1") << "that it is there counts";
  EXPECT_EQ(value(mail, ChoiceKind::name), "Bob");
  EXPECT_EQ(at(mail, ChoiceKind::name), dated);
  EXPECT_EQ(value(mail, ChoiceKind::muted), "-") << "nobody said";
  EXPECT_EQ(value(read("").value(), ChoiceKind::blocked), "0");
}

TEST(ReadStorage, C46NotificationsThatAreOffMute) {
  const auto with = [](const std::string& notification) {
    return read("", card + "<span class=\"p-notification\">" + notification + "</span></div>").value();
  };
  EXPECT_EQ(value(with("enabled=no"), ChoiceKind::muted), std::to_string(muted_for_good));
  EXPECT_EQ(value(with("sounds=a.ogg"), ChoiceKind::muted), "0");
}

TEST(ReadStorage, WhatTheCardMustHaveIsNoNameThatTheUserGave) {
  const auto mail = read("", "<div class=\"h-card\"><p class=\"p-name u-email\">Bob@Example.net</p></div>").value();
  EXPECT_EQ(value(mail, ChoiceKind::name), "");
}

TEST(ReadStorage, OurOwnTimesCountUntilAnotherProgramWritesTheMail) {
  const std::string ours = "X-COI-Choices: name=1795449600500:here; pinned=1795449000000:1\r\n";
  EXPECT_EQ(at(read(ours).value(), ChoiceKind::name), 1'795'449'600'500);
  EXPECT_EQ(at(read(ours).value(), ChoiceKind::blocked), 0);
  const std::string older = "X-COI-Choices: name=1795449000500:here; pinned=1795449000000:1\r\n";
  EXPECT_EQ(at(read(older).value(), ChoiceKind::name), dated);
  EXPECT_EQ(at(read(older).value(), ChoiceKind::pinned), 1'795'449'000'000) << "no other program writes that";
}

TEST(ReadStorage, NonsenseIsNotBelieved) {
  const auto mail = read(
                        "X-COI-Choices: pinned=1795449600000:2; muted=x:1; =; a=1:2; pinned; archived=0:1;;"
                        " name=99999999999999999999:here; muted=1795449600000:-5\r\n")
                        .value();
  EXPECT_EQ(value(mail, ChoiceKind::pinned), "-");
  EXPECT_EQ(value(mail, ChoiceKind::muted), "-");
  EXPECT_EQ(value(mail, ChoiceKind::archived), "-");
  EXPECT_FALSE(read("", "<p>no card</p>"));
  EXPECT_FALSE(read("", "<div class=\"h-card\"><span class=\"p-name\">Nobody</span></div>")) << "C-45";
}

TEST(ReadStorage, WhatCannotBeKeptWhollyIsNotReplaced) {
  EXPECT_TRUE(read("").value().whole);
  EXPECT_FALSE(read("COI-TokenIn: " + std::string(2000, 'x') + "\r\n").value().whole) << "no line holds it";
  EXPECT_FALSE(read("COI-TokenIn: \xC3\xA4\r\n").value().whole) << "it would be written in other octets";
  EXPECT_FALSE(read("", card + "</div>" + card + "</div>").value().whole) << "there are two people in it";
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "X-" + std::to_string(i) + ": " + std::string(90, 'y') + "\r\n";
  EXPECT_FALSE(read(many).value().whole);
}

TEST(ComposeStorage, WhatIsWrittenReadsTheSame) {
  const std::vector<Choice> choices = {{ChoiceKind::name, "Bobby <b> & \"co\"", now},
                                       {ChoiceKind::accepted, "1", now - 5},
                                       {ChoiceKind::blocked, "1", now - 4},
                                       {ChoiceKind::muted, std::to_string(muted_for_good), now - 3},
                                       {ChoiceKind::pinned, "0", now - 2},
                                       {ChoiceKind::archived, "1", now - 1},
                                       {ChoiceKind::draft, "Not\n  yet 100%41 \xC2\xA0\t<b>\xC3\xA4 \n", now - minute},
                                       {ChoiceKind::folders, "Work & <b>,\xC3\x84rzte", now - 6}};
  const auto facts = about_bob(choices);
  const auto mail = storage_mail(facts);
  EXPECT_EQ(mail.choices, choices);
  EXPECT_TRUE(mail.whole);
  EXPECT_TRUE(stands_for_all(kept(mail), facts));
  EXPECT_EQ(mail.date_ms, now / 1000 * 1000) << "C-43: that of the last deliberate change";
}

TEST(ChatFolders, AreNamesApartByCommas) {
  EXPECT_EQ(written_folders({" Old  friends ", "Work", "", "Work"}).value(), "Old friends,Work");
  EXPECT_EQ(written_folders({}).value(), "");
  EXPECT_FALSE(written_folders({"Work, home"}));
  EXPECT_FALSE(written_folders({"Work\nhome"}));
  EXPECT_FALSE(written_folders({std::string(longest_folder + 1, 'x')}));
  EXPECT_TRUE(written_folders({std::string(longest_folder, 'x')}));
  std::vector<std::string> many;
  for (std::size_t i = 0; i < most_folders; ++i) many.push_back(std::to_string(i));
  EXPECT_TRUE(written_folders(many));
  many.emplace_back("more");
  EXPECT_FALSE(written_folders(many));
}

TEST(ChatFolders, OfAnotherProgramAreTakenAsFarAsTheyAreNames) {
  EXPECT_EQ(folders_of("Work , ,Old  friends,Work"), (std::vector<std::string>{"Old friends", "Work"}));
  EXPECT_EQ(folders_of(std::string(longest_folder + 1, 'x') + ",a\tb"), std::vector<std::string>());
}

TEST(ComposeStorage, ANameThatTheUserTookBackIsNoName) {
  const auto mail = storage_mail(about_bob({{ChoiceKind::name, "", now}}));
  EXPECT_EQ(mail.name, "Bob") << "C-45: a card has one";
  EXPECT_EQ(value(mail, ChoiceKind::name), "");
}

TEST(ComposeStorage, C44C50TokensOfAllAreKeptAndOfTokenOutTheNewest) {
  auto facts = about_bob({{ChoiceKind::name, "Bob", now}});
  auto older = read("COI-TokenIn: a;  b=\"c\"\r\nCOI-TokenOut: old\r\nX-Foo: =?utf-8?q?=C3=A4?=\r\n").value();
  auto newer = read("COI-TokenIn: d\r\nCOI-TokenOut: new\r\n").value();
  newer.date_ms += 1000;
  facts.mails = {kept(older, 1), kept(newer, 2)};
  const auto mail = storage_mail(facts);
  EXPECT_THAT(mail.fields, testing::AllOf(HasSubstr("COI-TokenIn: a;  b=\"c\"\n"), HasSubstr("COI-TokenIn: d\n"),
                                          HasSubstr("COI-TokenOut: new\n"), HasSubstr("X-Foo: =?utf-8?q?=C3=A4?=\n")));
  EXPECT_THAT(mail.fields, testing::Not(HasSubstr("old")));
  EXPECT_THAT(mail.replaces, ElementsAre("1@example.org", "2@example.org"));
}

TEST(ReadStorage, C42HashesOfUnknownLengthAreNoKeys) {
  const auto own = wire::contact_hash(bob_addr), other = wire::contact_hash("robert@example.com");
  EXPECT_THAT(read("COI-From-Hash: " + other + "\r\n").value().keys, ElementsAre(own, other));
  EXPECT_THAT(read("COI-From-Hash: " + other.substr(1) + "\r\n").value().keys, ElementsAre(own));
  EXPECT_THAT(read("COI-From-Hash: " + other + "00\r\n").value().keys, ElementsAre(own));
}

TEST(ComposeStorage, TwoDevicesThatKnowTheSameWriteTheSame) {
  auto facts = about_bob({{ChoiceKind::name, "Bob", now}});
  facts.mails = {kept(read("X-A: 1\r\n").value(), 1), kept(read("X-B: 2\r\n").value(), 2)};
  const auto one = compose_storage(facts, alice()).rfc_id;
  std::ranges::reverse(facts.mails);
  EXPECT_EQ(compose_storage(facts, alice()).rfc_id, one);
}

Known keeping(std::vector<KeptMail> mails = {}) {
  auto known = facts();
  known.account.keeps_contacts = true;
  known.chat = chat_with(bob());
  known.chosen = {.addrs = {bob_addr}, .name = "Bob", .choices = {}, .group = {}};
  known.storage = std::move(mails);
  return known;
}

TEST(Keep, C39WithoutConsentNothingIsWritten) {
  auto known = keeping();
  EXPECT_EQ(only<PutOutgoing>(decide(NamePerson{bob_addr, "Bobby"}, known, now)).file_in, FolderRole::contacts);
  known.account.keeps_contacts = false;
  const auto plan = decide(NamePerson{bob_addr, "Bobby"}, known, now);
  EXPECT_THAT(all<PutOutgoing>(plan), IsEmpty());
  EXPECT_THAT(only<PutChoices>(plan).choices,
              ElementsAre(Choice{ChoiceKind::name, "Bobby", now}, Choice{ChoiceKind::accepted, "1", now}));
}

TEST(Keep, ADecisionIsNewerThanTheOneBeforeWhateverTheClockSays) {
  auto known = keeping();
  known.chosen.choices = {{ChoiceKind::pinned, "1", now + minute}};
  const auto unpinned = decide(ChangeChat{.chat = ChatId{3}, .pinned = false}, known, now);
  EXPECT_EQ(only<PutChoices>(unpinned).choices.at(0).at_ms, now + minute + 1);
  EXPECT_THAT(all<PutChoices>(decide(ChangeChat{.chat = ChatId{3}, .pinned = true}, known, now)), IsEmpty())
      << "it is so already";
}

TEST(Keep, C49WhatAnotherMailStandsForIsRemovedAndNothingElse) {
  const std::vector<Choice> choices = {{ChoiceKind::name, "Bobby", now}};
  auto facts_before = about_bob(choices);
  facts_before.mails = {kept(read("").value(), 1)};
  const auto newer = storage_mail(facts_before);
  auto mine = read("").value(), cut = mine;
  mine.ours = cut.ours = true;
  cut.whole = false;
  auto elsewhere = mine;
  elsewhere.addrs.push_back("robert@example.com");
  auto known = keeping({kept(mine, 1), kept(cut, 2), kept(read("").value(), 4), kept(elsewhere, 5)});
  known.chosen.choices = choices;
  auto mail = arrived({.rfc_id = "3@example.org", .from = {"", "alice@example.org"}, .storage = newer});
  mail.role = FolderRole::contacts;
  mail.place = {FolderId{5}, 50, 3};
  const auto plan = decide(mail, known, now);
  const auto removed = jobs(plan, JobKind::remove_storage);
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_THAT(removed[0].places, ElementsAre(Place{FolderId{5}, 50, 1}));
  EXPECT_THAT(all<PutOutgoing>(plan), IsEmpty());
}

// Whatever happens between the two, one of them is there.
TEST(Keep, C49NothingIsRemovedBeforeTheNewMailIsThere) {
  auto mine = read("").value();
  mine.ours = true;
  const auto plan = decide(NamePerson{bob_addr, "Bobby"}, keeping({kept(mine, 1)}), now);
  EXPECT_EQ(only<PutOutgoing>(plan).file_in, FolderRole::contacts);
  EXPECT_THAT(all<PutJob>(plan), IsEmpty());
}

// Whether or not its trace tells a time.
TEST(ReadStorage, WhatAServerReceivedIsNone) {
  EXPECT_TRUE(read(""));
  EXPECT_FALSE(read("Received: from evil by mx.example.org\r\n"));
}

// A mail that names nobody as its person, or several, would not be read again, and one more be written each time.
TEST(Keep, OfAChatWithSomebodyWithoutAnAddressNothingIsWritten) {
  for (const auto* addr : {"", "a@x.example, b@y.example"}) {
    auto known = keeping();
    known.chat->ref = WithPerson{addr};
    known.chosen.addrs = {addr};
    EXPECT_THAT(all<PutOutgoing>(decide(ChangeChat{.chat = ChatId{3}, .pinned = true}, known, now)), IsEmpty()) << addr;
  }
}

TEST(Keep, C50AnOwnAddressInACardMakesNobodyOfUs) {
  const auto with = [](const std::string& addr) {
    auto content = read("", card + "<span class=\"u-email\">" + addr + "</span></div>").value();
    auto mail = arrived({.rfc_id = "3@example.org", .from = {"", "alice@example.org"}, .storage = content});
    mail.role = FolderRole::contacts;
    return all<PutAlias>(decide(mail, keeping(), now)).size();
  };
  EXPECT_EQ(with("robert@example.com"), 1U);
  EXPECT_EQ(with("a.smith@example.org"), 0U);
}

TEST(Keep, OnlyMailsOfOursAreBelieved) {
  auto mail = arrived({.rfc_id = "3@example.org", .from = {"", "alice@example.org"}, .storage = read("").value()});
  mail.role = FolderRole::contacts;
  EXPECT_EQ(all<PutStorage>(decide(mail, keeping(), now)).size(), 1U);
  mail.content.from.addr = bob_addr;
  EXPECT_THAT(all<PutStorage>(decide(mail, keeping(), now)), IsEmpty());
}

TEST(Keep, ATimeInTheFutureDoesNotStayTheNewestForYears) {
  auto content = read("").value();
  content.choices = {{ChoiceKind::pinned, "1", now + 1000 * day}};
  auto mail = arrived({.rfc_id = "3@example.org", .from = {"", "alice@example.org"}, .storage = content});
  mail.role = FolderRole::contacts;
  EXPECT_LE(only<PutChoices>(decide(mail, keeping(), now)).choices.at(0).at_ms, now + day);
}

}  // namespace
}  // namespace coi::chat
