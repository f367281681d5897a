#include "html/microformats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html/sanitize.h"

namespace coi::html {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Node microformats(std::string_view html) { return parse(html, Limits{}).value(); }
Result<Group> group_of(std::string_view html) { return read_group(microformats(html)); }
std::vector<Card> cards_of(std::string_view html) { return read_cards(microformats(html)); }
Card card_of(std::string_view html) { return cards_of(html).at(0); }
Card card_with(std::string_view properties) {
  return card_of("<div class=h-card><b class=p-name>Al</b>" + std::string(properties) + "</div>");
}

std::vector<std::string> names(const std::vector<Card>& cards) {
  std::vector<std::string> out;
  for (const auto& card : cards) out.push_back(card.name);
  return out;
}

std::string nested(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

constexpr std::string_view pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

Card full_card() {
  return {.name = "Al & <Bo>",
          .nickname = "\"Al\"",
          .emails = {"al@example.org", "al@work.example"},
          .categories = {"friend", "work"},
          .status = "gone\nfishing",
          .birthday = "--12-09",
          .photo = Data{"image/png", std::string(pixel)},
          .key = Data{"application/pgp-keys", "AAEC"},
          .notification = Notification{false, {"sound", "banner"}, {"friend"}, {"message", "mention"}, {"org.x=1"}},
          .hash = "abc",
          .others = {{"p-role", "a\nb \"c\"", {}}, {"p-adr h-adr", "", {{"p-locality", "Oulu", {}}}}}};
}

TEST(Card, C40C45IsReadAsTheDraftWritesIt) {
  const auto card = card_of(R"(<html><body style="font-family: sans"><p class="h-card" style="white-space: nowrap">
    <img class="u-photo" alt="" style="float: left" src="data:image/png;base64,
      iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB
      0C8AAAAASUVORK5CYII=">
    <span class="p-name">Ann
      Lee</span><br>Nickname: <span class="p-nickname">Annie</span><br>
    Email: <span class="u-email">ann@example.org</span><br>Email: <span class="u-email">ann@example.com</span><br>
    <span class="p-status">at the lake</span><span class="p-category" style="display: none">friend, work</span>
    <time class="dt-bday" style="display: none">--12-09</time>
    <span class="p-notification" style="display: none">enabled=true;
      types=sound,banner;sounds=friend;filters=message,mention</span></p></body></html>)");
  EXPECT_EQ(card.name, "Ann Lee");
  EXPECT_EQ(card.nickname, "Annie");
  EXPECT_THAT(card.emails, ElementsAre("ann@example.org", "ann@example.com"));
  EXPECT_EQ(card.status, "at the lake");
  EXPECT_THAT(card.categories, ElementsAre("friend", "work"));
  EXPECT_EQ(card.birthday, "--12-09");
  EXPECT_EQ(card.photo, (Data{"image/png", std::string(pixel)}));
  EXPECT_EQ(card.notification, (Notification{true, {"sound", "banner"}, {"friend"}, {"message", "mention"}, {}}));
  EXPECT_THAT(card.others, IsEmpty());
}

TEST(Card, C45NameAndAddressAreFoundInAnyElement) {
  const auto card = card_of(
      "<div class='H-CARD'><b class='P-Name'>Al</b><a class='u-Email' "
      "href='MAILTO:al@example.org?subject=x'>write</a></div>");
  EXPECT_EQ(card.name, "Al");
  EXPECT_THAT(card.emails, ElementsAre("al@example.org"));
}

TEST(Card, C45EscapesInAMailtoUrlAreUndone) {
  const auto emails = [](std::string_view url) {
    return card_with("<a class=u-email href='" + std::string(url) + "'>x</a>").emails;
  };
  EXPECT_THAT(emails("mailto:al%2Bnews@example.org?subject=x"), ElementsAre("al+news@example.org"));
  EXPECT_THAT(emails("mailto:al%40example.org"), ElementsAre("al@example.org"));
  EXPECT_THAT(emails("mailto:al@example.org%0D%0ABcc:eve@example.org"), IsEmpty());
  EXPECT_THAT(emails("mailto:al%FF@example.org"), IsEmpty());
}

TEST(Card, C46NotificationsAreOnUnlessSwitchedOff) {
  const auto enabled = [](std::string_view text) {
    return card_with("<i class=p-notification>" + std::string(text) + "</i>").notification->enabled;
  };
  EXPECT_TRUE(enabled("types=sound"));
  EXPECT_TRUE(enabled("enabled = maybe"));
  EXPECT_FALSE(enabled("enabled = No ; types=sound"));
  EXPECT_FALSE(enabled("ENABLED=false"));
  EXPECT_EQ(card_with("").notification, std::nullopt);
}

TEST(Card, C46ABirthdayMayHaveNoYear) {
  EXPECT_EQ(card_with("<time class=dt-bday datetime=1998-12-24>Xmas</time>").birthday, "1998-12-24");
  EXPECT_EQ(card_with("<b class=dt-bday>--04-30</b>").birthday, "--04-30");
  for (const char* bad : {"--13-01", "1998-12-32", "98-12-24", "--1224", "x", "1998/12/24"})
    EXPECT_EQ(card_with("<b class=dt-bday>" + std::string(bad) + "</b>").birthday, "") << bad;
}

TEST(Card, C47EitherStatusIsReadAndBothClassesAreSent) {
  EXPECT_EQ(card_with("<i class=x-coi-status>away</i>").status, "away");
  EXPECT_EQ(card_with("<i class=p-status>away</i>").status, "away");
  const auto both = card_with("<i class='p-status x-coi-status'>away</i>");
  EXPECT_EQ(both.status, "away");
  EXPECT_THAT(both.others, IsEmpty());
  EXPECT_THAT(write_card({.name = "Al", .status = "away"}), HasSubstr("class=\"p-status x-coi-status\""));
}

TEST(Card, C49WhatWeDoNotKnowSurvivesARewrite) {
  const auto card = card_with(
      "<i class=p-role>boss<br>of all</i><a class=u-url href='https://example.org/?a=1&b=2'>x</a>"
      "<div class='p-adr h-adr'><i class=p-locality>Oulu</i></div><img class=u-photo src='https://example.org/x.png'>");
  const std::vector<Property> others = {{"p-role", "boss\nof all", {}},
                                        {"u-url", "https://example.org/?a=1&b=2", {}},
                                        {"p-adr h-adr", "", {{"p-locality", "Oulu", {}}}},
                                        {"u-photo", "https://example.org/x.png", {}}};
  EXPECT_EQ(card.others, others);
  EXPECT_EQ(card_of(write_card(card)), card);
}

TEST(Card, C49AnItemWithAnImpliedNameSurvivesARewrite) {
  const auto card = card_with("<span class='p-org h-card'>Mill <b>Ltd</b></span><div class=h-geo>nowhere</div>");
  EXPECT_EQ(card.others, (std::vector<Property>{{"p-org h-card", "Mill Ltd", {}}}));
  EXPECT_EQ(card_of(write_card(card)), card);
}

TEST(Card, C49ForeignPropertiesCountAsTheyAreWritten) {
  const auto padded = "<data class=p-x value='" + std::string(most_other_octets / 4, ' ') + "y'></data>";
  EXPECT_EQ(card_with(nested(padded, 10)).others.size(), 3U);
}

TEST(Card, AKeyHasAMediaTypeOfTwoWords) {
  const auto key = [](std::string_view type) {
    return card_with("<a class=u-key href='data:" + std::string(type) + ";base64,AAEC'>x</a>").key;
  };
  EXPECT_TRUE(key("application/pgp-keys"));
  for (const auto* bad : {"/", "a/", "/b", "a", "a/b/c"}) EXPECT_FALSE(key(bad)) << bad;
}

TEST(Card, C54ReadsBackAsItWasWritten) {
  EXPECT_EQ(card_of(write_card(full_card())), full_card());
  EXPECT_EQ(card_of(write_card(full_card(), Photo::hidden)), full_card());
  EXPECT_THAT(write_card(full_card(), Photo::hidden), Not(HasSubstr("<img")));
  EXPECT_EQ(card_of(write_card({.hash = "abc"})), Card{.hash = "abc"});
}

TEST(Card, C56PicturesAboveTheLimitAndOfOtherKindsAreNoPhotos) {
  const auto photo = [](const std::string& url) { return card_with("<img class=u-photo src='" + url + "'>").photo; };
  EXPECT_TRUE(photo("data:image/jpeg;base64,AAAA"));
  EXPECT_TRUE(photo("data:image/jpeg;base64," + std::string(most_photo / 3 * 4, 'A')));
  EXPECT_FALSE(photo("data:image/jpeg;base64," + std::string(most_photo / 3 * 4 + 8, 'A')));
  EXPECT_FALSE(photo("data:image/svg+xml;base64,AAAA"));
  EXPECT_FALSE(photo("data:text/html;base64,AAAA"));
  EXPECT_FALSE(photo("data:image/png;base64,<b>"));
  EXPECT_FALSE(photo("data:image/png,AAAA"));
  EXPECT_FALSE(photo("https://example.org/a.png"));
  EXPECT_EQ(photo("data:IMAGE/JPG;base64,AA"), (Data{"image/jpeg", "AA=="}));
}

TEST(Card, P07WhatIsWrittenHoldsNothingThatIsLoaded) {
  auto card = full_card();
  card.name = "<img src=https://example.org/x.png>";
  card.others.push_back({"u-photo", "https://example.org/\"><img src=x>", {}});
  card.others.push_back({"p-x\" onclick=\"x", "y", {}});
  const auto html = write_card(card);
  EXPECT_EQ(sanitize(microformats(html)).blocked, 0U);
  EXPECT_THAT(html, Not(HasSubstr("<img src=")));
  EXPECT_THAT(html, Not(HasSubstr("onclick")));
}

TEST(Card, SeveralAreReadInOrder) {
  EXPECT_THAT(names(cards_of("<div class=h-card><i class=p-name>A</i></div><section><p class=h-card>"
                             "<i class=p-name>B</i></p></section>")),
              ElementsAre("A", "B"));
}

TEST(Card, WhatBelongsToAnotherThingIsNoCardOfItsOwn) {
  const auto cards = cards_of(
      "<div class=h-card><i class=p-name>Al</i><div class='p-org h-card'>"
      "<i class=p-name>Mill</i><i class=u-email>mill@example.org</i></div></div>");
  ASSERT_EQ(cards.size(), 1U);
  EXPECT_THAT(cards[0].emails, IsEmpty());
  EXPECT_EQ(cards[0].others[0].classes, "p-org h-card");
}

// The nesting of the draft's example: paragraphs in paragraphs, which end the outer ones.
constexpr std::string_view broken_group = R"(<html><body> <p class="h-group">
  <img class="u-photo" alt="" src="data:image/png;base64,AAAA">
  Name: <span class="p-name">Crew</span><br/>Description: <span class="p-description">Fun</span><br/>
  <p class="p-id" style="display: none;">1234abcd4321</p>
  <span class="p-notification" style="display: none">enabled=true;types=banner;filters=mention</span>
  <hr/><p>Participants</p>
  <div class="e-participants"><p class="h-card"><p class="p-hash" style="display: none;">5457</p>
      <img class="u-photo" alt="" src="data:image/gif;base64,AAAA"><span class="p-name">Ann</span><br>
      Email: <span class="u-email">ann@example.org</span><br>PGP: <span class="u-key">AAEC</span><br/>
      Birthday: <span class="dt-bday">--04-30</span><br><span class="x-coi-status">away</span></p>
    <p class="h-card"><span class="p-name">Bo</span><br>Email: <span class="u-email">bo@example.org</span><br>
      PGP: <span class="key">...no key...</span><br/></p>
  </div></p></body></html>)";

TEST(Group, C65MembersCountWhereTheDraftsOwnNestingPutsThemOutside) {
  const auto group = group_of(broken_group).value();
  EXPECT_EQ(group.id, "1234abcd4321");
  EXPECT_EQ(group.name, "Crew");
  EXPECT_EQ(group.description, "Fun");
  EXPECT_EQ(group.photo->type, "image/png");
  EXPECT_EQ(group.notification, (Notification{true, {"banner"}, {}, {"mention"}, {}}));
  ASSERT_THAT(names(group.members), ElementsAre("Ann", "Bo"));
  const auto& ann = group.members[0];
  EXPECT_THAT(ann.emails, ElementsAre("ann@example.org"));
  EXPECT_EQ(ann.hash, "5457");
  EXPECT_EQ(ann.photo->type, "image/gif");
  EXPECT_EQ(ann.key, (Data{"", "AAEC"}));
  EXPECT_EQ(ann.birthday, "--04-30");
  EXPECT_EQ(ann.status, "away");
  EXPECT_EQ(group.members[1].key, std::nullopt);
  EXPECT_THAT(group.others, IsEmpty());
}

TEST(Group, C65AllSpellingsAreRead) {
  for (const char* id : {"p-Id", "p-id", "P-ID"})
    EXPECT_EQ(group_of("<div class=h-group><i class=" + std::string(id) + ">1234abcd4321</i></div>")->id,
              "1234abcd4321");
  for (const char* members : {"e-participants", "p-participants", "E-Participants p-participants"})
    EXPECT_EQ(group_of("<div class=H-Group><ul class='" + std::string(members) +
                       "'><li class=h-card><i class=p-name>Al</i><i class=key>AAEC</i></ul></div>")
                  ->members,
              (std::vector<Card>{{.name = "Al", .key = Data{"", "AAEC"}}}));
  EXPECT_THAT(
      names(group_of("<div class=h-group><p class='p-participants h-card'><i class=p-name>Al</i></div>")->members),
      ElementsAre("Al"));
}

TEST(Group, C65CardsBesideAWellNestedGroupAreNoMembers) {
  const auto group = group_of(
      "<div class=h-group><ul class=e-participants><li class=h-card><i class=p-name>Al</i>"
      "</ul></div><div class=h-card><i class=p-name>Bo</i></div>");
  EXPECT_THAT(names(group->members), ElementsAre("Al"));
}

TEST(Group, C65AMemberThatIsNotClosedHoldsNotTheNextOne) {
  const auto group = group_of(
      "<div class=h-group><b class=p-name>Crew</b><div class=h-card><i class=p-name>A</i>"
      "<div class=h-card><i class=p-name>B</i><i class=u-email>b@example.org</i>");
  EXPECT_EQ(group->name, "Crew");
  EXPECT_THAT(names(group->members), ElementsAre("A", "B"));
  EXPECT_THAT(group->members[0].emails, IsEmpty());
}

TEST(Group, AMemberWithoutANameHasTheAddressOnce) {
  const Group group{.name = "Crew",
                    .members = {{.name = "bo@example.org", .emails = {"bo@example.org", "bo@example.net"}}}};
  const auto html = write_group(group);
  EXPECT_EQ(html.find("bo@example.org"), html.rfind("bo@example.org"));
  EXPECT_EQ(group_of(html).value(), group);
}

TEST(Group, C64ReadsBackAsItWasWritten) {
  Group group{.id = "1234abcd4321",
              .name = "<Crew>",
              .description = "a\n\nb & c",
              .photo = Data{"image/png", std::string(pixel)},
              .notification = Notification{},
              .members = {full_card(), {.emails = {"bo@example.org"}}, {.hash = "abc"}},
              .others = {{"u-url", "https://example.org/", {}}, {"h-geo", "", {{"p-latitude", "1", {}}}}}};
  const auto html = write_group(group);
  EXPECT_EQ(group_of(html).value(), group);
  EXPECT_THAT(html, HasSubstr("class=\"p-id\""));
  EXPECT_THAT(html, HasSubstr("class=\"e-participants p-participants\""));
  EXPECT_THAT(html, HasSubstr("class=\"u-key\""));
  EXPECT_EQ(sanitize(microformats(html)).blocked, 0U);
}

TEST(Group, OfMoreMembersThanTheLimitIsRefused) {
  const auto of = [](std::size_t count) {
    return group_of("<div class=h-group>" + nested("<p class=h-card><i class=p-hash>x</i>", count));
  };
  EXPECT_EQ(of(most_members)->members.size(), most_members);
  EXPECT_EQ(of(most_members + 1).error().kind(), ErrorKind::limit);
  EXPECT_EQ(group_of("<p>none").error().kind(), ErrorKind::not_found);
}

TEST(Geo, C81IsReadAsTheDraftWritesItAndReadsBack) {
  const auto geo =
      read_geo(microformats("<p class=\"h-geo\"><span class=\"p-latitude\">53.07516</span>,\n"
                            "<span class=\"p-longitude\">-8.80777</span></p>"));
  EXPECT_EQ(geo.value(), (Geo{53.07516, -8.80777}));
  EXPECT_EQ(write_geo(*geo),
            "<p class=\"h-geo\"><span class=\"p-latitude\">53.07516</span>, "
            "<span class=\"p-longitude\">-8.80777</span></p>");
  EXPECT_EQ(read_geo(microformats(write_geo({-90, 0.0000001}))).value(), (Geo{-90, 0.0000001}));
  EXPECT_EQ(read_geo(microformats(write_geo({-0.00000001, 180}))).value(), (Geo{0, 180}));
}

TEST(Geo, C81PlacesBeyondTheEarthAreRefused) {
  const auto kind = [](std::string_view latitude, std::string_view longitude) {
    return read_geo(microformats("<p class=h-geo><data class=p-latitude value='" + std::string(latitude) +
                                 "'></data><data class=p-longitude value='" + std::string(longitude) + "'></data>"))
        .error()
        .kind();
  };
  for (const char* bad : {"90.0001", "-91", "nan", "inf", "1e1", "", "x", "1 2"})
    EXPECT_EQ(kind(bad, "1"), ErrorKind::invalid) << bad;
  for (const char* bad : {"180.1", "-180.1", "1,5"}) EXPECT_EQ(kind("1", bad), ErrorKind::invalid) << bad;
  EXPECT_EQ(read_geo(microformats("<p class=h-geo><b class=p-latitude>1")).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(read_geo(microformats("<p>")).error().kind(), ErrorKind::not_found);
}

TEST(Microformats, HostileDocumentsAreReadWithinTheLimits) {
  const std::string hostile[] = {
      nested("<div class='h-card p-x h-y'>", 500) + "x",
      nested("<span class='p-x p-y p-z p-name'>", 500) + std::string(900'000, 'x'),
      "<div class=h-card>" +
          nested("<i class='p-a p-b p-c p-d p-e p-f p-g p-h p-i p-j p-k p-l p-m p-n p-category u-email'>", 500) +
          nested("<b>a,</b>", 9000),
      nested("<p class=h-card><b>", 5000),
      nested("<p class=h-group><div class=e-participants>", 5000),
      "<div class=h-card>" + nested("<i class='p-a p-b p-c'>x</i>", 9'900),
      "<div class='h-card " + nested("p-a ", 200'000) + "'>x",
      "<div class=h-card>" + nested("<i class=u-email>a@b</i>", 9'900),
  };
  std::vector<std::size_t> cards;
  for (const auto& html : hostile) {
    const auto document = parse(html, Limits{});
    ASSERT_TRUE(document) << html.substr(0, 50);
    cards.push_back(read_cards(*document).size());
    EXPECT_FALSE(read_geo(*document));
    EXPECT_EQ(read_group(*document).has_value(), html.contains("h-group"));
  }
  EXPECT_THAT(cards, ElementsAre(0, 0, 0, 0, 0, 0, 0, 1));
}

}  // namespace
}  // namespace coi::html
