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

  // The lines that Enter completed; the last key that was for the caller is in key_.
  std::vector<std::string> feed(std::string_view octets) {
    std::vector<std::string> lines;
    while (true) {
      const auto key = editor_.feed(octets);
      if (key == Key::none) return lines;
      key_ = key;
      if (key == Key::line) lines.push_back(editor_.taken_line());
    }
  }

  std::string line(std::string_view octets) {
    feed(octets);
    return editor_.view(1000).text;
  }

  LineEditor editor_;
  Key key_ = Key::none;
};

TEST_F(Editor, GivesLinesAtEnter) {
  EXPECT_THAT(feed("hel"), IsEmpty());
  EXPECT_THAT(feed("lo\rtwo\rth"), ElementsAre("hello", "two"));
  EXPECT_EQ(editor_.view(10).text, "th");
}

TEST_F(Editor, TakesCharactersInPieces) {
  for (const char octet : std::string("é漢😀")) feed({&octet, 1});
  EXPECT_EQ(editor_.view(10).text, "é漢😀");
  EXPECT_EQ(line("\x7f"), "é漢");
}

TEST_F(Editor, MovesByWords) {
  EXPECT_EQ(line("one  två\033[1;5DX"), "one  Xtvå");
  EXPECT_EQ(line("\033b\033bY"), "Yone  Xtvå");
  EXPECT_EQ(line("\033[1;5CZ"), "YoneZ  Xtvå");
  EXPECT_EQ(line("\033f!"), "YoneZ  Xtvå!");
  EXPECT_EQ(line("\033f\033b\033b\033b\033b?"), "?YoneZ  Xtvå!");
}

TEST_F(Editor, TakesCrLfInAPasteForOneLineEnd) {
  EXPECT_THAT(feed("\033[200~a\r\nb\r\rc\n\nd\r\033[201~\r"), ElementsAre("a\nb\n\nc\n\nd\n"));
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
  for (const char octet : std::string("ab\033[DX\033OD\033[1;6CY")) feed({&octet, 1});
  EXPECT_EQ(editor_.view(10).text, "aYXb");
}

TEST_F(Editor, RemembersLines) {
  feed("one\rtwo\rnew");
  EXPECT_EQ(line("\033[A"), "two");
  EXPECT_EQ(line("\033[A\033[A"), "one");
  EXPECT_EQ(line("\033[B\033[B"), "new");
  EXPECT_EQ(line("\033[B"), "new");
}

TEST_F(Editor, KeepsPastedLinesTogether) {
  EXPECT_THAT(feed("\033[200~a\rb\nc\x03\033[201~"), IsEmpty());
  EXPECT_EQ(editor_.view(10).text, "a⏎b⏎c");
  EXPECT_THAT(feed("\r"), ElementsAre("a\nb\nc"));
}

TEST_F(Editor, LeavesByControlDOnAnEmptyLineAlone) {
  feed("ab\x01\x04");
  EXPECT_EQ(key_, Key::none);
  EXPECT_EQ(editor_.view(10).text, "b");
  feed("\x04\x04");
  EXPECT_EQ(key_, Key::leave);
}

TEST_F(Editor, ClearsTheLineByControlCAndThenLeaves) {
  EXPECT_EQ(line("ab\033[D\x03"), "");
  EXPECT_EQ(key_, Key::none);
  feed("\x03");
  EXPECT_EQ(key_, Key::leave);
}

TEST_F(Editor, TellsWhatIsForTheTerminal) {
  std::string_view octets =
      "ab\x1a"
      "cd\x0c"
      "e";
  EXPECT_EQ(editor_.feed(octets), Key::suspend);
  EXPECT_EQ(editor_.feed(octets), Key::redraw);
  EXPECT_EQ(editor_.feed(octets), Key::none);
  EXPECT_EQ(editor_.view(10).text, "abcde");
}

// One key, one character as people count them: family, flag, skin tone, heart with a variation selector, accents,
// keycap.
TEST_F(Editor, MovesAndErasesWholeGraphemes) {
  for (const std::string one : {"👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️", "e\u0301\u0323", "1️⃣", "각",
                                "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"}) {
    SCOPED_TRACE(one);
    EXPECT_EQ(line("\x15"
                   "a" +
                   one + one + "\x7f"),
              "a" + one);
    EXPECT_EQ(line("\x02X"), "aX" + one);
    EXPECT_EQ(line("\x06Y"), "aX" + one + "Y");
    EXPECT_EQ(line("\x01\x06\x06\x04"), "aXY");
    feed("\x05\x15");
  }
}

TEST_F(Editor, CountsFlagsFromTheFirst) {
  std::string flags;
  for (int i = 0; i < 100; ++i) flags += "🇩🇪";
  feed(flags + "\x7f\x02\x7f");
  EXPECT_EQ(editor_.view(1000).text.size(), 98 * std::string("🇩🇪").size());
  EXPECT_EQ(editor_.view(1000).cursor, 97U * 2);
}

TEST_F(Editor, TakesBackWhatWasRefused) {
  EXPECT_TRUE(editor_.put_back("again\nand"));
  EXPECT_EQ(line("!"), "again⏎and!");
  EXPECT_FALSE(editor_.put_back("other"));
  EXPECT_THAT(feed("\r"), ElementsAre("again\nand!"));
}

TEST_F(Editor, PassesOverWhatIsNoText) { EXPECT_EQ(line(std::string_view("a\0\xff\xc0\x07z", 6)), "az"); }

TEST_F(Editor, ShowsThePartAroundTheCursor) {
  feed("0123456789");
  auto view = editor_.view(5);
  EXPECT_EQ(view.text, "6789");
  EXPECT_EQ(view.cursor, 4U);
  feed("\x01");
  view = editor_.view(5);
  EXPECT_EQ(view.text, "01234");
  EXPECT_EQ(view.cursor, 0U);
}

}  // namespace
}  // namespace coi::cli
