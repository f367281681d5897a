// What is shown of a mail's body, and what is a file.
#include <gtest/gtest.h>

#include <map>

#include "chat/decide.h"
#include "chat/parts.h"
#include "mails.h"
#include "plans.h"

namespace coi::chat {
namespace {

std::string alternative(std::string_view plain, std::string_view html) {
  return from_bob(
      "Chat-Version: 1.0\nMessage-ID: <chat$1@example.net>\nContent-Type: multipart/alternative; boundary=b\n",
      fmt::format("--b\n\n{}\n--b\nContent-Type: text/html\n\n{}\n--b--\n", plain, html));
}

TEST(Body, C80AMentionIsReadFromTheHtml) {
  const auto letter =
      read_text(alternative("Hi @Carol", R"(<p>Hi <a class="mention" href="mailto:carol@x.org">@Carol</a></p>)"))
          .letter.value();
  EXPECT_EQ(letter.text, "Hi @Carol:carol@x.org");
  EXPECT_FALSE(letter.details.formatted);
}

// Whether HTML says anything is seen by reading all of it.
TEST(Body, EachTextOfNestedAlternativesIsReadOnce) {
  constexpr int depth = 40;
  std::string fields, body;
  for (int i = 0; i < depth; ++i) {
    (i == 0 ? fields : body) += fmt::format("Content-Type: multipart/alternative; boundary=b{}\n", i);
    body += fmt::format("\n--b{}\n", i);
  }
  body += "Content-Type: text/html\n\n<p>Hi</p>\n";
  std::map<const mime::Part*, int> asked;
  const auto mail = parsed(from_bob(fields, body));
  const auto found = find_parts(mail, [&](const mime::Part& part) { return ++asked[&part] > 0; });
  ASSERT_EQ(found.words.size(), 1U);
  EXPECT_EQ(asked, (std::map<const mime::Part*, int>{{found.words.front().part, 1}}));
}

std::string with_preview(std::string_view fields, std::string_view more) {
  return from_bob(fmt::format("{}Content-Type: multipart/mixed; boundary=b\n", fields),
                  fmt::format("--b\n\nLook\n--b\nContent-Type: image/png; name=small.png\nChat-Content: preview\n\nx\n"
                              "{}--b--\n",
                              more));
}

TEST(Body, C25APreviewWithoutAFileIsAPicture) {
  const auto names = [](const std::string& mail) {
    std::string all;
    const auto letter = read_text(mail).letter.value();
    for (const auto& file : letter.attachments) all += file.name + " " + file.preview + ";";
    return all;
  };
  const std::string large = "--b\nContent-Type: image/png; name=large.png\n\nx\n";
  EXPECT_EQ(names(with_preview("Chat-Version: 1.0\n", large)), "large.png 2;");
  EXPECT_EQ(names(with_preview("Chat-Version: 1.0\n", "")), "small.png ;");
}

TEST(Body, D16ThePlainAnswerToAChatMailHasASignatureAndNoStatus) {
  auto mail = arrived(read_text(from_bob("References: <chat$1@example.org>\n", "Yes\n-- \nBob Ltd\n")));
  const auto learned = only<LearnAddress>(decide(mail, facts(), now));
  EXPECT_EQ(learned.addr, "bob@example.net");
  EXPECT_FALSE(learned.status);
  mail = arrived(read_text(from_bob("Chat-Version: 1.0\n", "Yes\n-- \nOut for lunch\n")));
  EXPECT_EQ(only<LearnAddress>(decide(mail, facts(), now)).status, "Out for lunch");
}

}  // namespace
}  // namespace coi::chat
