// Mails of other programs, each with what a user should see of it: tests/data/cases, and those of a folder that
// COI_CASES names. NAME.eml beside NAME.expect.txt, whose lines are
//   # why                    for people
//   text:                    the whole text, in the lines below that begin with "| "
//   contains: x / lacks: x   a passage of it
//   files: a.txt, b.jpg      the names, in order; or none
//   name: Bob                of the author
//   time: sent / received    what is shown: the author's Date, or when the mail came
// White space at the ends of lines does not count.
#include <gtest/gtest.h>

#include <cstdlib>

#include <fmt/ranges.h>

#include "base/ascii.h"
#include "chat/arrival.h"
#include "mails.h"

namespace coi::chat {
namespace {

namespace fs = std::filesystem;

constexpr UnixMs arrival_time = 1'800'000'000'000;  // 2027-01-15: behind every Date that is not absurd

std::string octets_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string tidy(std::string_view text) {
  std::string out;
  for (const auto line : ascii_split(text, '\n')) {
    out += line.substr(0, line.find_last_not_of(" \t\r") + 1);
    out += '\n';
  }
  return std::string(ascii_trim(out));
}

std::string names_of(const Content& mail) {
  std::vector<std::string> names;
  for (const auto& file : mail.letter.value().attachments) names.push_back(file.name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

// What is not as it should be, for people to read; "" if nothing is.
std::string differences(const Content& mail, std::string_view expectation) {
  std::string wrong, text;
  bool whole_text = false;
  const auto check = [&](bool holds, std::string_view line) {
    if (!holds) wrong += fmt::format("\n  wanted {}", line);
  };
  for (const auto line : ascii_split(expectation, '\n')) {
    const auto value = ascii_trim(line.substr(std::min(line.find(':'), line.size() - 1) + 1));
    if (line.starts_with("text:")) whole_text = true;
    if (line.starts_with("|")) text += fmt::format("{}\n", line.substr(std::min<std::size_t>(line.size(), 2)));
    if (line.starts_with("contains:")) check(mail.letter.value().text.contains(value), line);
    if (line.starts_with("lacks:")) check(!mail.letter.value().text.contains(value), line);
    if (line.starts_with("files:")) check(names_of(mail) == value, line);
    if (line.starts_with("name:")) check(mail.from.name == value, line);
    if (line.starts_with("time:")) {
      const auto shown = shown_time(mail.date.value_or(0), arrival_time);
      check((shown == arrival_time) == (value == "received"), line);
    }
  }
  if (whole_text) check(tidy(mail.letter.value().text) == tidy(text), "text:\n" + tidy(text));
  if (!wrong.empty())
    wrong +=
        fmt::format("\n  is\n{}\n  files: {}\n  name: {}", mail.letter.value().text, names_of(mail), mail.from.name);
  return wrong;
}

std::vector<fs::path> cases_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".eml") found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

std::string judge(fs::path path) {
  const auto mail = read_text(octets_of(path));
  const auto expectation = octets_of(path.replace_extension(".expect.txt"));
  return expectation.empty() ? "nobody says what should be seen" : differences(mail, expectation);
}

class Case : public testing::TestWithParam<fs::path> {};
TEST_P(Case, ShowsWhatAUserShouldSee) {
  const auto wrong = judge(GetParam());
  EXPECT_TRUE(wrong.empty()) << GetParam().stem().string() << wrong;
}
INSTANTIATE_TEST_SUITE_P(Mail, Case, testing::ValuesIn(cases_in(fs::path(COI_TEST_DATA) / "cases")),
                         [](const auto& test) {
                           auto name = test.param.stem().string();
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Judges nothing: prints what each case of another folder comes to.
TEST(OtherCases, ArePrinted) {
  const char* folder = std::getenv("COI_CASES");
  if (folder == nullptr) return;
  for (const auto& path : cases_in(folder)) {
    const auto wrong = judge(path);
    fmt::print("{} {}{}\n", wrong.empty() ? "pass" : "FAIL", path.stem().string(), wrong);
  }
}

}  // namespace
}  // namespace coi::chat
