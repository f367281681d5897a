#include "html/link_text.h"

#include <gtest/gtest.h>

#include "html/sanitize.h"

namespace coi::html {
namespace {

// What is shown for a link.
std::string shown(std::string_view url, std::string_view label) {
  const auto link = "<a href=\"" + std::string(url) + "\">" + std::string(label) + "</a>";
  std::string out;
  bool tag = false;
  for (const char c : sanitize(parse(link, Limits{}).value()).html) {
    if (c == '<') tag = true;
    if (!tag) out += c;
    if (c == '>') tag = false;
  }
  return out;
}
bool has_note(std::string_view url, std::string_view label) { return shown(url, label).ends_with(']'); }

TEST(LinkText, TheTargetIsTheHostAsBrowsersReadIt) {
  for (const auto& [url, target] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"https://X.Example/a", "x.example"},
           {"http://x.example:8080/", "x.example"},
           {"https://x.example./", "x.example"},
           {"https://user:pw@x.example", "x.example"},
           {"https://bank.example@x.example:1/", "x.example"},
           {"https:\\\\x.example\\@bank.example", "x.example"},
           {"https:x.example", "x.example"},
           {"https:///x.example/", "x.example"},
           {" ht\ntps://x.exa\tmple#@bank.example", "x.example"},
           {"https://x.example?@bank.example", "x.example"},
           {"https://[2001:db8::1]/", "[2001:db8::1]"},
           {"https://[2001:DB8::1]:8443/x", "[2001:db8::1]"},
           {"https://a@[::1", ""},
           {"MAILTO:Al@X.example?subject=b@c.example", "al@x.example"},
           {"mailto:al%2Bb%40X.example", "al+b@x.example"},
           {"mailto:", ""},
           {"tel:+1", ""},
           {"ftp://x.example/", ""},
           {"", ""}})
    EXPECT_EQ(target_of_link(url), target) << url;
}

TEST(LinkText, P07OrdinaryLabelsGetNoNote) {
  for (const auto* label : {"Great offer.<br>Click here",
                            "<div>Save today.</div><div>Shop now</div>",
                            "<p>One.</p><p>Two</p>",
                            "<ul><li>One.</li><li>Two</li></ul>",
                            "<h2>One.</h2>Two",
                            "<blockquote>One.</blockquote>Two",
                            "<table><tr><td>One.</td></tr><tr><td>Two</td></tr></table>",
                            "\u8A73\u3057\u304F\u306F\u3053\u3061\u3089\u3002\u4ECA\u3059\u3050\u8CFC\u5165",
                            "\u8A73\u3057\u304F\uFF61\u4ECA\u3059\u3050",
                            "Join at 10.30am",
                            "1.5kg",
                            "3.14",
                            "\u201Cx.example\u201D",
                            "\U0001F449x.example",
                            "x.example\u2019s",
                            "\u2192 x.example",
                            "\u00ABx.example\u00BB",
                            "\u300Cx.example\u300D",
                            "x.example?u=a.bc",
                            "x.example#a.bc",
                            "x.example/a.bc",
                            "x.example:8080/a.bc",
                            "https://x.example/?a.bc#d.ef",
                            "x.example:8080",
                            "me@x.example",
                            "me@x.example?subject=a.bc",
                            "photo.heic",
                            "mail.eml",
                            "book.epub",
                            "data.json",
                            "all.rar",
                            "sum.xlsm",
                            "scan.tiff",
                            "setup.exe"})
    EXPECT_FALSE(has_note("https://www.x.example/c", label)) << shown("https://www.x.example/c", label);
  for (const auto& [url, label] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"mailto:john.smith@x.example", "john.smith@x.example"},
           {"mailto:john.smith+tag@x.example", "john.smith+tag@x.example"},
           {"mailto:john.smith%2Btag@x.example", "John.Smith+tag@X.example"},
           {"mailto:o'neil.j@x.example", "Write to o'neil.j@x.example."},
           {"mailto:a@x.example,%20b@y.example", "a@x.example, b@y.example"},
           {"mailto:al@x.example?subject=c", "x.example"},
           {"mailto:al@x.example", "Al (al@x.example)"}})
    EXPECT_FALSE(has_note(url, label)) << shown(url, label);
}

TEST(LinkText, P07WhatNamesAnotherTargetGetsANote) {
  for (const auto* label : {"Login/bank.example",
                            "Login?bank.example",
                            "Login#bank.example",
                            "bank.example@x.example",
                            "bank.example+me@x.example",
                            "me+bank.example@x.example",
                            "https://bank.example@x.example/",
                            "bank.example/login@x.example",
                            "bank.example:443/x.example",
                            "bank\u3002example",
                            "bank\uFF61\u200Bexample",
                            "b\u00E4nk\uFF0Eexample",
                            "\u201Cbank.example\u201D",
                            "<table><tr><td>bank.</td><td>example</td></tr></table>",
                            "bank<b>.example</b>",
                            "10.30am at bank.example",
                            "x.example/a bank.example",
                            "john.smith@bank.example",
                            "[2001:db8::1] bank.example",
                            "bank.example.",
                            "report.pdf/bank.example",
                            "192.0.2.1"})
    EXPECT_TRUE(has_note("https://x.example/", label)) << shown("https://x.example/", label);
  EXPECT_EQ(shown("mailto:al@x.example", "bob@x.example"), "bob@x.example [al@x.example]");
  EXPECT_EQ(shown("mailto:al@x.example", "al+b@x.example"), "al+b@x.example [al@x.example]");
  EXPECT_EQ(shown("mailto:al@x.example", "al@sub.x.example"), "al@sub.x.example [al@x.example]");
}

TEST(LinkText, P07AHostThatEndsAsAnotherLiesInItOnlyBehindADot) {
  EXPECT_EQ(shown("https://evilbank.example/", "bank.example"), "bank.example [evilbank.example]");
  EXPECT_EQ(shown("https://login.bank.example/", "bank.example"), "bank.example");
}

TEST(LinkText, ALongLabelIsReadInReasonableTime) {
  std::string label;
  for (int i = 0; i < 100'000; ++i) label += "a+.?";
  EXPECT_EQ(unsaid_target(label, "https://x.example"), "");
  EXPECT_EQ(unsaid_target(label + " bank.example", "https://x.example"), "x.example");
  std::string words(64, '+');
  for (int i = 0; i < 32; ++i) words[2 * i] = 'a';
  EXPECT_EQ(unsaid_target(words + "@" + std::string(400'000, 'x'), "mailto:al@x.example"), "");
}

}  // namespace
}  // namespace coi::html
