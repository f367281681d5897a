#include "json/json.h"

#include <gtest/gtest.h>

namespace coi::json {
namespace {

TEST(Parse, ReadsWhatItPrints) {
  for (const auto* text : {"null", "true", "-7", "1.5E0", "\"\"", "[]", "{}", R"({"b":[1,{"a":null}],"a":"\n\u0000ä"})",
                           "18446744073709551615", "-9223372036854775808"})
    EXPECT_EQ(print(parse(text, {}).value()), text);
}

TEST(Parse, TakesWhiteSpaceAroundAndPrintsOnOneLine) {
  EXPECT_EQ(print(parse(" \r\n{ \"a\" :\t[ 1 ,\n2 ] }\n ", {}).value()), R"({"a":[1,2]})");
}

TEST(Parse, ErrorNamesTheOffset) {
  const auto error = parse(R"({"a": nul})", {}).error();
  EXPECT_EQ(error.kind(), ErrorKind::invalid);
  EXPECT_EQ(error.text(), "not JSON at offset 6: syntax error");
  EXPECT_EQ(parse("[1, 2] 3", {}).error().text(), "not JSON at offset 7: extra data");
  EXPECT_EQ(parse("[1, 2", {}).error().text(), "not JSON at offset 5: incomplete JSON");
}

TEST(Parse, RefusesWhatIsNotOneText) {
  for (const auto* text : {"", " ", "{", "[1,]", "{\"a\":1,}", "1 2", "{}x", "'a'", "\"a", "NaN", "01", "[1] // no",
                           "\"\xff\"", "\"\xed\xa0\x80\"", "\"\\ud800\"", "\"\n\"", "\xef\xbb\xbf{}"})
    EXPECT_EQ(parse(text, {}).error().kind(), ErrorKind::invalid) << text;
}

TEST(Parse, TheLastOfEqualNamesCounts) { EXPECT_EQ(print(parse(R"({"a":1,"a":2})", {}).value()), R"({"a":2})"); }

TEST(Parse, NumbersBeyondDoubleAreRefused) {
  EXPECT_EQ(parse(R"([{"a":1e999}])", {}).error().text(), "a JSON number is too large");
  EXPECT_EQ(parse("-1e999", {}).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(print(parse("1e-999", {}).value()), "0E0");
}

TEST(Parse, DepthIsLimited) {
  const Limits limits{.nesting = 3};
  EXPECT_TRUE(parse("[[[1]]]", limits));
  const auto error = parse("[[[[1]]]]", limits).error();
  EXPECT_EQ(error.kind(), ErrorKind::limit);
  EXPECT_EQ(error.text(), "JSON nests deeper than 3 levels at offset 3");
  EXPECT_EQ(parse(std::string(1'000'000, '['), {}).error().kind(), ErrorKind::limit);
}

}  // namespace
}  // namespace coi::json
