#include "html/poll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html/sanitize.h"

namespace coi::html {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Node tree(std::string_view html) { return parse(html, Limits{}).value(); }
Result<Poll> poll_of(std::string_view html) { return read_poll(tree(html)); }
Result<PollVote> vote_of(std::string_view html) { return read_poll_vote(tree(html)); }
Result<PollResult> result_of(std::string_view html) { return read_poll_result(tree(html)); }

std::string poll_with(std::string_view rest) {
  return "<div class=h-poll><b class=p-name>Which?</b><data class=p-id value=pl7Hq2Zx9Kd0Va></data>" +
         std::string(rest) + "</div>";
}
constexpr std::string_view two_options = "<ol><li class=p-poll-option>A<li class=p-poll-option>B</ol>";

constexpr std::string_view sample_poll =
    R"(<div class="h-poll"><p>Poll: <b class="p-name">Which film on Friday?</b></p><ol><li class="p-poll-option">Alien</li><li class="p-poll-option">Heat</li><li class="p-poll-option">Paprika</li></ol>
<p>Choose one or more: reply with the numbers. Open until <time class="dt-end" datetime="2026-06-12T12:00:00Z">12 June 2026, 12:00 UTC</time>.</p><data class="p-id" value="pl7Hq2Zx9Kd0Va"></data><data class="p-mode" value="multiple"></data><data class="p-revote" value="yes"></data></div>)";
constexpr std::string_view sample_vote =
    R"(<div class="h-poll-vote"><p>My vote in "Which film on Friday?": <data class="p-choice" value="1">1. Alien</data>, <data class="p-choice" value="3">3. Paprika</data></p><data class="p-id" value="pl7Hq2Zx9Kd0Va"></data></div>)";
constexpr std::string_view sample_result =
    R"(<div class="h-poll"><p>Poll closed: <b class="p-name">Which film on Friday?</b> <data class="p-voters" value="2">2 people voted.</data></p>
<ol><li><span class="p-poll-option">Alien</span>: <data class="p-votes" value="2">2 votes</data></li><li><span class="p-poll-option">Heat</span>: <data class="p-votes" value="0">0 votes</data></li><li><span class="p-poll-option">Paprika</span>: <data class="p-votes" value="1">1 vote</data></li></ol><data class="p-id" value="pl7Hq2Zx9Kd0Va"></data></div>)";

TEST(Poll, P17TheSampleIsRead) {
  const auto poll = poll_of(sample_poll).value();
  EXPECT_EQ(poll.id, "pl7Hq2Zx9Kd0Va");
  EXPECT_EQ(poll.question, "Which film on Friday?");
  EXPECT_EQ(poll.closes, from_rfc3339("2026-06-12T12:00:00Z"));
  EXPECT_TRUE(poll.multiple);
  EXPECT_TRUE(poll.revote);
  EXPECT_EQ(poll.options,
            (std::vector<PollOption>{
                {OptionKind::text, "Alien", ""}, {OptionKind::text, "Heat", ""}, {OptionKind::text, "Paprika", ""}}));
}

TEST(Poll, P17OptionsAreTextsDatesAndMediaInListOrder) {
  const auto poll =
      poll_of(poll_with("<ol><li class=dt-poll-option>2026-12-31</li>"
                        "<li><time class=dt-poll-option datetime='2026-06-12T12:00Z'>Friday</time></li>"
                        "<li><img class=u-poll-option src='cid:a%25b@x' alt='Cat'> Cat</li>"
                        "<li><a class=u-poll-option href='CID:v1@x'>Song</a></li>"
                        "<li class=u-poll-option>https://example.org/</li>"
                        "<li class=dt-poll-option>soon</li><li value=9 class=p-poll-option>Ten</ol>"));
  EXPECT_EQ(poll->options, (std::vector<PollOption>{{OptionKind::date, "2026-12-31", "2026-12-31"},
                                                    {OptionKind::date, "Friday", "2026-06-12T12:00Z"},
                                                    {OptionKind::image, "Cat", "a%b@x"},
                                                    {OptionKind::file, "Song", "v1@x"},
                                                    {OptionKind::text, "https://example.org/", ""},
                                                    {OptionKind::text, "soon", ""},
                                                    {OptionKind::text, "Ten", ""}}));
}

TEST(Poll, P17ATextMayHaveAValueOfItsOwn) {
  const auto poll = poll_of(poll_with("<ul><li><data class=p-poll-option value=Alien>1. Alien</data>"
                                      "<li><data class=p-poll-option value=Heat>Heat</data>"
                                      "<li><data class=p-poll-option value=Paprika></data></ul>"))
                        .value();
  EXPECT_EQ(poll.options, (std::vector<PollOption>{{OptionKind::text, "1. Alien", "Alien"},
                                                   {OptionKind::text, "Heat", ""},
                                                   {OptionKind::text, "Paprika", ""}}));
  EXPECT_EQ(poll_of(write_poll(poll, "", "")).value(), poll);
}

std::string with_medium(const std::string& id) {
  return poll_with("<ol><li class=p-poll-option>A<li><a class=u-poll-option href='cid:" + id + "'>B</a></ol>");
}

// Each character of it may take three in the URL.
TEST(Poll, P17AContentIdIsReadWholeOrNotAtAll) {
  const std::string id = std::string(400, '&') + "@x";
  const auto poll = poll_of(with_medium(id)).value();
  EXPECT_EQ(poll.options.at(1).value, id);
  EXPECT_EQ(poll_of(write_poll(poll, "lead", "note")).value().options, poll.options);
  for (const std::string& bad : {std::string("\xC3\xA9@x"), std::string("\xFF\xFF@x"), std::string(2000, 'a')}) {
    const auto text = poll_of(with_medium(bad)).value().options.at(1);
    EXPECT_EQ(text.kind, OptionKind::text);
    EXPECT_EQ(text.label, "B");
    EXPECT_EQ(text.value, "");
  }
}

TEST(Poll, ValuesThatSayNothingAreReadWithinALimit) {
  const auto question = [](int blank) {
    std::string html;
    while (blank-- > 0) html += "<data class=p-name value='" + std::string(90'000, ' ') + "'></data>";
    return "<div class=h-poll><i class=p-id>abcdefabcdef</i>" + html + "<i class=p-name>Q</i>" +
           std::string(two_options) + "</div>";
  };
  EXPECT_TRUE(poll_of(question(8)));
  const auto refused = read_poll(parse(question(20), Limits{.text = 4'000'000}).value());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::invalid);
}

TEST(Poll, P17ModesHaveDefaults) {
  const auto plain = poll_of(poll_with(two_options)).value();
  EXPECT_TRUE(plain.multiple);
  EXPECT_TRUE(plain.revote);
  EXPECT_EQ(plain.closes, std::nullopt);
  const auto strict = poll_of(poll_with(std::string(two_options) +
                                        "<data class=p-mode value=Single></data><data class=p-revote value=no></data>"
                                        "<data class=dt-end value=never></data>"));
  EXPECT_FALSE(strict->multiple);
  EXPECT_FALSE(strict->revote);
  EXPECT_EQ(strict->closes, std::nullopt);
}

TEST(Poll, P17ABadOneIsRefused) {
  const auto kind = [](std::string_view html) { return poll_of(html).error().kind(); };
  EXPECT_EQ(kind("<p>x"), ErrorKind::not_found);
  EXPECT_EQ(kind(poll_with("<ol><li class=p-poll-option>A</ol>")), ErrorKind::invalid);
  std::string many;
  for (int i = 0; i < 21; ++i) many += "<li class=p-poll-option>A";
  EXPECT_EQ(kind(poll_with(many)), ErrorKind::limit);
  EXPECT_EQ(kind("<div class=h-poll><b class=p-name>x</b><b class=p-id>short</b>" + std::string(two_options)),
            ErrorKind::invalid);
  EXPECT_EQ(kind("<div class=h-poll><b class=p-id>pl7Hq2Zx9Kd0Va</b>" + std::string(two_options)), ErrorKind::invalid);
}

TEST(Poll, P17AnIdHas12To32Letters) {
  EXPECT_FALSE(is_poll_id(std::string(11, 'a')));
  EXPECT_TRUE(is_poll_id(std::string(12, 'a')));
  EXPECT_TRUE(is_poll_id("ABCxyz019_-" + std::string(21, 'a')));
  EXPECT_FALSE(is_poll_id(std::string(33, 'a')));
  EXPECT_FALSE(is_poll_id("abcdefabcde."));
}

TEST(Poll, P16ExactlyOneMayStandThere) {
  EXPECT_EQ(poll_of(poll_with(two_options) + poll_with(two_options)).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(poll_of(poll_with(std::string(two_options) + "<div class=h-poll></div>")).error().kind(),
            ErrorKind::invalid);
}

TEST(Poll, P16ReadsBackAsItWasWritten) {
  const Poll poll{.id = "pl7Hq2Zx9Kd0Va",
                  .question = "A < B?",
                  .description = "one\ntwo & three",
                  .background = "bg%1@example.org",
                  .closes = from_rfc3339("2026-06-12T12:00:00Z"),
                  .multiple = false,
                  .revote = false,
                  .options = {{OptionKind::text, "<b>", ""},
                              {OptionKind::date, "Friday", "2026-06-12"},
                              {OptionKind::image, "\"Cat\"", "a&b@x"},
                              {OptionKind::file, "Song", "v 1@x"}}};
  auto expected = poll;
  const auto html = write_poll(poll, "Poll: ", "Reply with\nthe numbers.");
  expected.options[3] = {OptionKind::text, "Song", ""};  // a Content-ID has no space
  EXPECT_EQ(poll_of(html).value(), expected);
  EXPECT_THAT(html, HasSubstr("<p>Poll: <b class=\"p-name\">A &lt; B?</b>"));
  EXPECT_THAT(html, HasSubstr("<p>Reply with<br>the numbers.</p>"));
  EXPECT_EQ(sanitize(tree(html)).blocked, 0U);
}

TEST(PollVote, P20TheSampleIsReadAndWritten) {
  const auto vote = vote_of(sample_vote).value();
  EXPECT_EQ(vote, (PollVote{"pl7Hq2Zx9Kd0Va", {1, 3}}));
  const auto html = write_poll_vote(vote, "My vote in \"Which film on Friday?\": ", {"1. Alien", "3. Paprika"});
  EXPECT_EQ(tree(html), tree(sample_vote));
}

TEST(PollVote, P20NoChoiceIsAWithdrawnVote) {
  EXPECT_THAT(vote_of("<div class=h-poll-vote><b class=p-id>pl7Hq2Zx9Kd0Va</b></div>")->choices, IsEmpty());
  EXPECT_EQ(vote_of(write_poll_vote({"pl7Hq2Zx9Kd0Va", {}}, "No vote", {})).value(), (PollVote{"pl7Hq2Zx9Kd0Va", {}}));
}

TEST(PollVote, P21MayLeaveThePollToTheReply) {
  EXPECT_EQ(vote_of("<div class=h-poll-vote><b class=p-choice>2</b></div>").value(), (PollVote{"", {2}}));
}

TEST(PollVote, P22ChoicesAreNumbersOfOptions) {
  const auto with = [](const std::string& choices) {
    return vote_of("<div class=h-poll-vote><b class=p-id>pl7Hq2Zx9Kd0Va</b>" + choices + "</div>");
  };
  EXPECT_THAT(with("<b class=p-choice>3</b><b class=p-choice> 1 </b><b class=p-choice>3</b>")->choices,
              ElementsAre(1, 3));
  for (const char* bad : {"0", "21", "-1", "x", "", "99999999999"})
    EXPECT_EQ(with("<b class=p-choice>" + std::string(bad) + "</b>").error().kind(), ErrorKind::invalid) << bad;
}

TEST(PollResult, P24TheSampleIsReadAndWritten) {
  const auto result = result_of(sample_result).value();
  EXPECT_EQ(result,
            (PollResult{"pl7Hq2Zx9Kd0Va", "Which film on Friday?", {{"Alien", 2}, {"Heat", 0}, {"Paprika", 1}}, 2}));
  const auto html = write_poll_result(result, "Poll closed: ", "2 people voted.", {"2 votes", "0 votes", "1 vote"});
  EXPECT_EQ(result_of(html).value(), result);
  EXPECT_THAT(html,
              HasSubstr("<li><span class=\"p-poll-option\">Heat</span>: <data class=\"p-votes\" value=\"0\">0 votes"));
}

TEST(PollResult, P24EveryOptionHasItsNumber) {
  EXPECT_EQ(result_of(sample_poll).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(result_of(poll_with("<b class=p-poll-option>A</b><b class=p-poll-option>B</b><b class=p-votes>1</b>"))
                .error()
                .kind(),
            ErrorKind::invalid);
  const auto no_voters =
      result_of(poll_with("<b class=p-poll-option>A</b><b class=p-votes>1</b>"
                          "<b class=p-poll-option>B</b><b class=p-votes>0</b>"));
  EXPECT_EQ(no_voters->voters, std::nullopt);
}

}  // namespace
}  // namespace coi::html
