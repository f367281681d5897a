#include "chat/safe_view.h"

#include <gtest/gtest.h>

#include "chat/markdown.h"

namespace coi::chat {
namespace {

TEST(SafeView, P09OurHtmlIsShownElseMarkdownElseText) {
  const std::string markdown = "a **b**", html = to_html(markdown);
  EXPECT_EQ(choose_form({.plain = "a b", .markdown = markdown, .html = html, .chat = true}),
            (Shown{.form = ShownForm::html, .text = markdown, .formatted = true}));
  EXPECT_EQ(
      choose_form({.plain = "a b", .markdown = markdown, .html = "<p>a <img src=https://x.example>", .chat = true}),
      (Shown{.form = ShownForm::markdown, .text = markdown, .formatted = true}));
  EXPECT_EQ(choose_form({.plain = "a b", .html = "<div>a <b>b</b></div>", .chat = true}),
            (Shown{.form = ShownForm::plain, .text = "a b"}));
  EXPECT_EQ(choose_form({.html = "<div>a</div>", .chat = true}), (Shown{.form = ShownForm::html}));
  EXPECT_EQ(choose_form({.plain = " \n", .chat = true}), Shown{});
}

TEST(SafeView, P07OnlyChatMailIsReadAsFormattedText) {
  EXPECT_EQ(choose_form({.plain = "a **b**", .markdown = "a **b**", .html = to_html("a **b**")}),
            (Shown{.form = ShownForm::plain, .text = "a **b**"}));
  EXPECT_EQ(choose_form({.html = to_html("a **b**")}), (Shown{.form = ShownForm::html}));
}

TEST(SafeView, P08TextWithoutMarkupIsNotFormatted) {
  EXPECT_EQ(choose_form({.markdown = "2 * 3 * 4", .chat = true}),
            (Shown{.form = ShownForm::markdown, .text = "2 * 3 * 4"}));
}

}  // namespace
}  // namespace coi::chat
