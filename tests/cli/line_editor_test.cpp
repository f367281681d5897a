#include "line_editor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>

namespace coi::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Editor : public testing::Test {
 protected:
  Editor() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

  std::string line(std::string_view octets) {
    editor_.feed(octets);
    return editor_.view(1000).text;
  }

  LineEditor editor_;
};

TEST_F(Editor, GivesLinesAtEnter) {
  EXPECT_THAT(editor_.feed("hel"), IsEmpty());
  EXPECT_THAT(editor_.feed("lo\rtwo\rth"), ElementsAre("hello", "two"));
  EXPECT_EQ(editor_.view(10).text, "th");
}

TEST_F(Editor, TakesCharactersInPieces) {
  for (const char octet : std::string("é漢😀")) editor_.feed({&octet, 1});
  EXPECT_EQ(editor_.view(10).text, "é漢😀");
  EXPECT_EQ(line("\x7f"), "é漢");
}

TEST_F(Editor, MovesAndErases) {
  EXPECT_EQ(line("bc\x01"
                 "a"),
            "abc");
  EXPECT_EQ(line("\x05"
                 "d"),
            "abcd");
  EXPECT_EQ(line("\033[D\033[DX"), "abXcd");
  EXPECT_EQ(line("\033[C\x7f"), "abXd");
  EXPECT_EQ(line("\033[H\033[3~"), "bXd");
  EXPECT_EQ(line("\033[F e f\x17"), "bXd e ");
  EXPECT_EQ(line("\x01\x06\x0b"), "b");
  EXPECT_EQ(line("\x15"), "");
  EXPECT_EQ(line("\x7f\x02\x06"
                 "a"),
            "a")
      << "at the ends nothing happens";
}

TEST_F(Editor, TakesSequencesInPieces) {
  for (const char octet : std::string("ab\033[DX\033OD\033[1;5CY")) editor_.feed({&octet, 1});
  EXPECT_EQ(editor_.view(10).text, "aYXb");
}

TEST_F(Editor, RemembersLines) {
  editor_.feed("one\rtwo\rnew");
  EXPECT_EQ(line("\033[A"), "two");
  EXPECT_EQ(line("\033[A\033[A"), "one");
  EXPECT_EQ(line("\033[B\033[B"), "new");
  EXPECT_EQ(line("\033[B"), "new");
}

TEST_F(Editor, KeepsPastedLinesTogether) {
  EXPECT_THAT(editor_.feed("\033[200~a\rb\nc\x03\033[201~"), IsEmpty());
  EXPECT_EQ(editor_.view(10).text, "a⏎b⏎c");
  EXPECT_THAT(editor_.feed("\r"), ElementsAre("a\nb\nc"));
}

TEST_F(Editor, EndsByControlDOnAnEmptyLineAlone) {
  editor_.feed("ab\x01\x04");
  EXPECT_FALSE(editor_.ended());
  EXPECT_EQ(editor_.view(10).text, "b");
  editor_.feed("\x04\x04");
  EXPECT_TRUE(editor_.ended());
}

TEST_F(Editor, EndsByControlC) {
  editor_.feed("ab\x03");
  EXPECT_TRUE(editor_.ended());
}

TEST_F(Editor, ShowsThePartAroundTheCursor) {
  editor_.feed("0123456789");
  auto view = editor_.view(5);
  EXPECT_EQ(view.text, "6789");
  EXPECT_EQ(view.cursor, 4U);
  editor_.feed("\x01");
  view = editor_.view(5);
  EXPECT_EQ(view.text, "01234");
  EXPECT_EQ(view.cursor, 0U);
}

}  // namespace
}  // namespace coi::cli
