// What a mail's header says about its group, and which group that is.
#include <gtest/gtest.h>

#include "chat/group.h"
#include "mails.h"
#include "plans.h"
#include "wire/group_id.h"

namespace coi::chat {
namespace {

using Names = std::vector<std::string>;

const std::string club = "AAAAbbbbCCCCddddEEEEffff";

std::optional<InGroup> group_of_mail(std::string_view fields) { return group_of(read_text(from_bob(fields)), alice()); }

std::string id_of(std::string_view fields) {
  const auto group = group_of_mail(fields);
  return group ? group->id : "none";
}

TEST(ReadGroup, C59ItsOwnIdsCountBeforeThoseOfTheMailsThatItRefersTo) {
  const std::string header = "Chat-Version: 1.0\nChat-Group-ID: " + club + "\n";
  const std::string other = "Message-ID: <chat$group.1234567890ab.x@example.net>\n";
  const std::string refers = "References: <a@b> <chat$group.ba0987654321.y@example.net>\nCc: carol@example.com\n";
  EXPECT_EQ(id_of(header + other + refers), club);
  EXPECT_EQ(id_of(other + refers), "1234567890ab");
  EXPECT_EQ(id_of("Message-ID: <m@x>\n" + refers), "ba0987654321");
  EXPECT_EQ(id_of("Message-ID: <m@x>\nIn-Reply-To: <chat$group.ba0987654321.y@x>\nCc: carol@example.com\n"),
            "ba0987654321");
}

TEST(ReadGroup, C59OfSeveralReferencesTheFirstCounts) {
  EXPECT_EQ(id_of("Message-ID: <m@x>\nCc: carol@example.com\n"
                  "References: <chat$group.ba0987654321.y@example.net> <chat$group.1234567890ab.x@example.net>\n"),
            "ba0987654321");
}

TEST(ReadGroup, C57AnIdOfAnotherFormIsNone) {
  EXPECT_EQ(id_of("Chat-Version: 1.0\nChat-Group-ID: short\n"), "none");
  EXPECT_EQ(id_of("Chat-Version: 1.0\nChat-Group-ID: " + std::string(129, 'a') + "\n"), "none");
  EXPECT_EQ(id_of("Chat-Version: 1.0\nChat-Group-ID: aaaa bbbb cccc\n"), "none");
}

TEST(ReadGroup, C73AReplyToOneOfUsAloneIsForTheirChat) {
  const std::string refers = "Message-ID: <m@x>\nReferences: <chat$group.ba0987654321.y@example.net>\n";
  EXPECT_EQ(id_of(refers), "none");
  EXPECT_EQ(id_of(refers + "Cc: carol@example.com\n"), "ba0987654321");
  // A program that writes no id names the group all the same.
  EXPECT_EQ(id_of(refers + "Chat-Version: 1.0\nChat-Group-Name: Club\n"), "ba0987654321");
}

TEST(ReadGroup, C69APlainMailToSeveralHasAGroupOfItsThreadAndItsPeople) {
  const auto mail = [](std::string_view id, std::string_view cc) {
    return id_of(fmt::format("Message-ID: <{}>\nReferences: <root@x> <other@x>\nCc: {}\n", id, cc));
  };
  EXPECT_TRUE(wire::is_derived_group_id(mail("m@x", "carol@example.com")));
  EXPECT_EQ(mail("m@x", "carol@example.com"), mail("n@x", "carol@example.com"));
  EXPECT_NE(mail("m@x", "carol@example.com"), mail("m@x", "carol@example.com, dora@example.com"));
  EXPECT_EQ(mail("m@x", "carol@example.com, dora@example.com"), mail("n@x", "dora@example.com, carol@example.com"));
}

TEST(ReadGroup, OfAllWhomAMailNamesSoManyTakePart) {
  const auto group_of_size = [](std::size_t people) {
    std::string cc;
    for (std::size_t i = 2; i < people; ++i) cc += fmt::format("{}@x.org, ", i);  // with Alice and Bob
    return id_of("Message-ID: <m@x>\nCc: " + cc + "\n");
  };
  const auto most = group_of_size(most_named);
  EXPECT_EQ(group_of_size(most_named + 100), most);
  EXPECT_NE(group_of_size(most_named - 1), most);
}

TEST(ReadGroup, WhatIsForgedOrOfAListOrOfAProgramIsInNone) {
  EXPECT_EQ(id_of("Cc: carol@example.com\nList-Id: <l.example.net>\n"), "none");
  EXPECT_EQ(id_of("Cc: carol@example.com\nAuto-Submitted: auto-generated\n"), "none");
  EXPECT_EQ(
      id_of("Cc: carol@example.com\nAuthentication-Results: mx.example.org; dmarc=fail\nChat-Group-ID: " + club + "\n"),
      "none");
  // Alice is not named: she got it unseen.
  EXPECT_FALSE(
      group_of(read_text("From: bob@example.net\nTo: carol@example.com, dora@example.com\n\nHello\n"), alice()));
}

TEST(ReadGroup, D17D20TheNameAndTheDescriptionAreRead) {
  const auto said =
      read_text(from_bob("Chat-Version: 1.0\nChat-Group-ID: " + club +
                         "\nChat-Group-Name: =?utf-8?q?K=C3=BCche?=\nChat-Group-Name-Timestamp: 1700000000\n"
                         "Chat-Group-Name-Changed: Kitchen\nChat-Group-Description: We cook\n"
                         "Chat-Group-Description-Timestamp: 1700000001\n"))
          .group;
  EXPECT_EQ(said.name, "Küche");
  EXPECT_EQ(said.name_ms, 1'700'000'000'000);
  EXPECT_TRUE(said.renamed);
  EXPECT_EQ(said.old_name, "Kitchen");
  EXPECT_EQ(said.description, "We cook");
  EXPECT_EQ(said.description_ms, 1'700'000'001'000);
}

// Programs that write none of Delta Chat's fields.
TEST(ReadGroup, C66C74WhatGroupinfoSaysIsReadWhereTheHeaderDoesNotSayIt) {
  const auto said = [](const std::string& fields, const std::string& mark) {
    return read_text(from_bob("Chat-Version: 1.0\nMessage-ID: <chat$group." + club + ".x@example.net>\n" + fields +
                                  "Content-Type: multipart/alternative; boundary=b\n",
                              "--b\n\nHello\n--b\nContent-Type: text/html\nChat-Content: " + mark +
                                  "\n\n<div class=h-group><span class=p-name>Club</span><span class=p-description>Films"
                                  "</span><img class=u-photo src=\"data:image/jpeg;base64,AAAA\"></div>\n--b--\n"))
        .group;
  };
  for (const auto* mark : {"groupinfo", "groupprofile"}) {
    const auto group = said("", mark);
    EXPECT_EQ(group.name, "Club");
    EXPECT_EQ(group.description, "Films");
    ASSERT_TRUE(group.picture);
    EXPECT_EQ(group.picture->base64, "AAAA");
  }
  EXPECT_EQ(said("Chat-Group-Name: Cinema\nChat-Group-Description: \n", "groupinfo").name, "Cinema");
  EXPECT_EQ(said("Chat-Group-Name: Cinema\nChat-Group-Description: \n", "groupinfo").description, "");
  EXPECT_EQ(said("", "contact").name, "");
}

// HTML has no encoded words. A description is written into a header field again, which has one line.
TEST(ReadGroup, C66WhatGroupinfoSaysIsTakenAsItStands) {
  const auto group =
      read_text(from_bob("Chat-Version: 1.0\nMessage-ID: <chat$group." + club +
                             ".x@example.net>\nContent-Type: "
                             "text/html\nChat-Content: groupinfo\n",
                         "<div class=h-group><b class=p-name>=?utf-8?q?a?=</b><p class=p-description>Films<br>"
                         "=?utf-8?q?b?=</p></div>"))
          .group;
  EXPECT_EQ(group.name, "=?utf-8?q?a?=");
  EXPECT_EQ(group.description, "Films =?utf-8?q?b?=");
}

TEST(ReadGroup, ASubjectThatNamesAGroupIsAsShortAsAnyName) {
  std::string subject = "Re: ";
  for (int i = 0; i < 5000; ++i) subject += "ä";
  EXPECT_EQ(group_name_of(subject), subject.substr(4, 1000));
  subject.insert(4, "x");
  EXPECT_EQ(group_name_of(subject), subject.substr(4, 999)) << "no half a character";
}

// What cannot be shown here is no removal of what is.
TEST(ReadGroup, D20OnlyAMailWithoutAnyPhotoTakesThePictureAway) {
  const auto picture = [](const std::string& photo) {
    return read_text(from_bob("Chat-Version: 1.0\nChat-Group-ID: " + club +
                                  "\nChat-Group-Name: Club\nChat-Content: group-avatar-changed\n"
                                  "Content-Type: multipart/alternative; boundary=b\n",
                              "--b\n\nHello\n--b\nContent-Type: text/html\nChat-Content: groupinfo\n\n"
                              "<div class=h-group><span class=p-name>Club</span>" +
                                  photo + "</div>\n--b--\n"))
        .group.picture;
  };
  EXPECT_EQ(picture(""), Picture{});
  EXPECT_EQ(picture("<img class=u-photo src=\"https://example.net/a.jpg\">"), std::nullopt);
  EXPECT_EQ(picture("<img class=u-photo src=\"data:image/avif;base64,AAAA\">"), std::nullopt);
}

TEST(ReadGroup, D18TimesBelongToThoseInToAndThenToPastMembers) {
  const auto said = [](std::string_view times) {
    return read_text(
               "From: bob@example.net\nTo: alice@example.org, Carol <carol@EXAMPLE.com>\nChat-Version: 1.0\n"
               "Chat-Group-Past-Members: dora@example.com\nChat-Group-Member-Timestamps: " +
               std::string(times) + "\n\nHi\n")
        .group;
  };
  const auto good = said("100 200 300");
  EXPECT_EQ(good.joined, (std::vector<MemberTime>{{"alice@example.org", 100'000}, {"carol@example.com", 200'000}}));
  EXPECT_EQ(good.parted, (std::vector<MemberTime>{{"dora@example.com", 300'000}}));
  for (const auto* wrong : {"100 200", "100 200 300 400", "", "a b c"}) {
    EXPECT_TRUE(said(wrong).joined.empty()) << wrong;
    EXPECT_TRUE(said(wrong).parted.empty()) << wrong;
  }
}

// P-06: neither what programs send nor what hides its subject says what the group is called.
TEST(ReadGroup, C70OnlyTheSubjectThatSomebodyWroteIsAName) {
  const auto subject_of = [](const std::string& fields) {
    const auto content =
        read_text(from_bob("Message-ID: <m@x>\nIn-Reply-To: <chat$group.ba0987654321.y@example.net>\n"
                           "References: <chat$group.ba0987654321.y@example.net>\nCc: carol@example.com\n" +
                               fields,
                           "👍\n"));
    return std::get<PutGroup>(group_operations(content, alice(), now).at(0)).subject;
  };
  EXPECT_EQ(subject_of("Subject: AW: Re: Cinema\n"), "Cinema");
  EXPECT_EQ(subject_of("Subject: Out of office\nAuto-Submitted: auto-replied\n"), "");
  EXPECT_EQ(subject_of("Subject: Reaction\nContent-Disposition: reaction\n"), "");
  EXPECT_EQ(subject_of("Subject: Cinema\nChat-Version: 1.0\nChat-Group-Name: Film Club\n"), "");
  for (const auto* hidden : {"[...]", "Re: [...]", "...", "Re: ..."})
    EXPECT_EQ(subject_of(std::string("Subject: ") + hidden + "\n"), "") << hidden;
}

// Programs give each change a second of its own, and then the mail may be there before its Date: it counts as they
// count it themselves. A Date far ahead is a wrong clock.
TEST(ReadGroup, D18AChangeGoesByItsDateAlsoASecondAhead) {
  const auto content = read_text(
      from_bob("Chat-Version: 1.0\nChat-Group-ID: " + club + "\nChat-Group-Member-Removed: carol@example.com\n"));
  const auto said_of = [&](UnixMs arrived) {
    return std::get<PutGroup>(group_operations(content, alice(), arrived).at(0)).said_ms;
  };
  constexpr UnixMs date = 1'795'510'800'000, hour = 3'600'000;
  EXPECT_EQ(said_of(date + 1000), date);
  EXPECT_EQ(said_of(date - 1000), date);
  EXPECT_EQ(said_of(date - hour), date - hour);
}

TEST(ReadGroup, D18NobodyIsToldToHaveJoinedMuchLaterThanTheMailCame) {
  const auto told_of = [&](const std::string& seconds, UnixMs arrived) {
    const auto content = read_text(
        from_bob("Chat-Version: 1.0\nChat-Group-ID: " + club + "\nChat-Group-Member-Timestamps: " + seconds + "\n"));
    return std::get<PutGroup>(group_operations(content, alice(), arrived).at(0)).joined.at(0).at_ms;
  };
  constexpr UnixMs date = 1'795'510'800'000, minute = 60'000;
  EXPECT_EQ(told_of("1795510830", date), date + 30'000);
  EXPECT_EQ(told_of("1795599999", date), date + minute);
  EXPECT_EQ(told_of("1795599999", date - 30'000), date + 30'000) << "the Date is ahead, too";
  EXPECT_EQ(told_of("1795599999", date + 60 * minute), date + minute) << "dated back";
}

TEST(ReadGroup, C67C68WhoLeftIsTheAuthorUnlessAnotherIsNamed) {
  EXPECT_EQ(read_text(from_bob("Chat-Version: 1.0\nChat-Content: groupleft\n")).group.removed, "bob@example.net");
  EXPECT_EQ(read_text(from_bob("Chat-Version: 1.0\nChat-Content: groupleft\n"
                               "Chat-Group-Member-Removed: Carol@example.com\n"))
                .group.removed,
            "carol@example.com");
}

// Also what a plain program may have quoted in its header: only chat programs speak of groups.
TEST(ReadGroup, P07APlainMailSaysNothingOfNamesAndMembers) {
  const auto said = read_text(from_bob("Chat-Group-Name: X\nChat-Group-Member-Removed: alice@example.org\n")).group;
  EXPECT_EQ(said.name, "");
  EXPECT_EQ(said.removed, "");
}

TEST(ReadGroup, AMemberListOf6000AndALongNameAreHarmless) {
  std::string to = "To: alice@example.org", times = "1";
  for (int i = 0; i < 6000; ++i) {
    to += fmt::format(",\n member{}@example.com", i);
    times += " 1";
  }
  const auto said = read_text("From: bob@example.net\n" + to + "\nChat-Version: 1.0\nChat-Group-ID: " + club +
                              "\nChat-Group-Member-Timestamps: " + times +
                              "\nChat-Group-Name: " + std::string(50'000, 'x') + "\n\nHi\n")
                        .group;
  EXPECT_TRUE(said.joined.empty());
  EXPECT_LE(said.name.size(), 1000U);
}

}  // namespace
}  // namespace coi::chat
