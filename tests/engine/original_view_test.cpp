// The HTML of a mail, safe to show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/original_view.h"

namespace coi::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

OriginalView view_of(const std::string& mail) { return original_view(mail, Limits{}).value(); }

TEST(OriginalView, P07RunsNothingAndLoadsNothing) {
  const auto view = view_of(
      "Content-Type: text/html\n\n<p onclick=x()>Hi <script>evil()</script><img src=https://x.example/a.png>"
      "<form action=https://x.example/><input></form></p>");
  EXPECT_THAT(view.html, HasSubstr("Hi"));
  for (const char* bad : {"script", "evil", "onclick", "x.example", "form", "input"})
    EXPECT_THAT(view.html, Not(HasSubstr(bad))) << bad;
  EXPECT_GE(view.blocked, 1U);
}

std::string related(const std::string& html, const std::string& picture) {
  return "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n" + html +
         "\n--b\nContent-Type: image/png\nContent-ID: <a@b>\n\n" + picture + "\n--b--\n";
}

TEST(OriginalView, ShowsTheMailsOwnPictures) {
  EXPECT_THAT(view_of(related("<img src=\"cid:a@b\" alt=x>", "abc")).html, HasSubstr("data:image/png;base64,YWJj"));
  EXPECT_THAT(view_of(related("<img src=\"cid:other@b\" alt=x>", "abc")).html, Not(HasSubstr("cid:")));
}

TEST(OriginalView, APictureNamedAThousandTimesIsBounded) {
  std::string html;
  for (int i = 0; i < 10'000; ++i) html += "<img src=cid:a@b>";
  const auto view = original_view(related(html, std::string(1024 * 1024, 'x')), Limits{});
  EXPECT_TRUE(!view || view->html.size() < 8 * 1024 * 1024);
}

TEST(OriginalView, OfMailWithoutHtmlThereIsNone) {
  EXPECT_EQ(original_view("Subject: x\n\nHi", Limits{}).error().kind(), ErrorKind::not_found);
  EXPECT_FALSE(original_view("", Limits{}));
  std::string bomb = "Content-Type: text/html\n\n";
  for (int i = 0; i < 100'000; ++i) bomb += "<div>";
  static_cast<void>(original_view(bomb, Limits{}));
}

}  // namespace
}  // namespace coi::engine
