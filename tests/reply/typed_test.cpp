// Words that their author typed are never folded away: words that stand nowhere else, typed before, between and after
// the quotes of every program, are in the text.
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/ascii.h"
#include "reply/reply.h"

namespace coi::reply {
namespace {

constexpr std::string_view beginnings_of_quotes[] = {
    "On Mon, Mar 4, 2024 at 10:15 AM You <you@example.org> wrote:",
    "On Mon, Mar 4, 2024 at 10:15 AM A Very Long Name <\na.very.long.name@example.org> wrote:",
    "On 04.03.24 10:15, You wrote:",
    "You wrote:",
    "Am 04.03.2024 um 10:15 schrieb You:",
    "Am Mo., 4. März 2024 um 10:15 Uhr schrieb You <you@example.org>:",
    "Le lun. 4 mars 2024 à 10:15, You <you@example.org> a écrit :",
    "El lun, 4 mar 2024 a las 10:15, You (<you@example.org>) escribió:",
    "Il giorno lun 4 mar 2024 alle ore 10:15 You <you@example.org> ha scritto:",
    "Op ma 4 mrt 2024 om 10:15 schreef You <you@example.org>:",
    "W dniu 4.03.2024 o 10:15, You pisze:",
    "04.03.2024, 10:15, \"You\" <you@example.org>:",
    "2024年3月4日(月) 10:15 You <you@example.org>:",
    "пн, 4 мар. 2024 г. в 10:15, You <you@example.org>:",
    ""};

// What a person types, with all that may mislead.
constexpr std::string_view words[] = {"See you on Monday",
                                      "From: Berlin",
                                      "On the other hand:",
                                      "Date: 4 March 2024",
                                      "I wrote to bob@x.org:",
                                      "The train leaves at 10:15, from platform 3:",
                                      "I sent it from my iPad",
                                      "- a point",
                                      "1. First of all",
                                      "What he wrote:",
                                      "---",
                                      "====",
                                      "Sent from my desk, as always before the meeting.",
                                      "Best regards",
                                      "Re: the menu",
                                      "To: all of us",
                                      "Subject: lunch",
                                      "see https://example.org/a:",
                                      ">:(",
                                      "To unsubscribe from the club I had to call them"};

class Reply {
 public:
  explicit Reply(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }

  // A passage of the author's, each of whose lines has a word of its own.
  std::string typed() {
    std::string text;
    for (auto lines = 1 + below(3); lines > 0; --lines) {
      const auto token = fmt::format("tok{}x", tokens_.size());
      tokens_.push_back(token);
      text += below(2) == 0 ? fmt::format("{} {}\n", token, words[below(std::size(words))])
                            : fmt::format("{} {}\n", words[below(std::size(words))], token);
    }
    return text;
  }

  std::string quote() {
    std::string text;
    for (auto lines = 1 + below(4); lines > 0; --lines)
      text += below(5) == 0 ? ">\n" : below(4) == 0 ? "> > older words\n" : "> Shall we meet at noon, or at one?\n";
    return text;
  }

  std::string blank() { return below(3) == 0 ? "" : "\n"; }

  std::string mail() {
    std::string text = below(4) == 0 ? "" : typed() + "\n";
    const auto attribution = beginnings_of_quotes[below(std::size(beginnings_of_quotes))];
    if (!attribution.empty()) text += fmt::format("{}\n{}", attribution, blank());
    text += quote();
    for (auto answers = below(3); answers > 0; --answers) text += blank() + typed() + blank() + quote();
    if (below(2) == 0) text += blank() + typed();
    if (below(3) == 0) text += "\n-- \nMara Lind\n";
    if (below(4) == 0) text += "\nSent from my iPhone\n";
    return text;
  }

  const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  std::mt19937 random_;
  std::vector<std::string> tokens_;
};

TEST(Typed, StaysInTheTextWhateverStandsAroundIt) {
  for (unsigned seed = 1; seed <= 4000; ++seed) {
    Reply reply(seed);
    const auto mail = reply.mail();
    const auto text = read(lines_of(mail), Origin::mail).text;
    for (const auto& token : reply.tokens())
      ASSERT_TRUE(text.contains(token)) << token << " in\n" << mail << "\nshows\n" << text;
  }
}

// Every line that is seen stands in exactly one of the three.
TEST(Typed, NothingIsLostOrDoubled) {
  const auto letters = [](std::string_view text) {
    std::string out;
    for (const char c : text)
      if (ascii_alnum(c)) out += c;
    std::ranges::sort(out);
    return out;
  };
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    const auto mail = Reply(seed).mail();
    const auto answer = read(lines_of(mail), Origin::mail);
    ASSERT_EQ(letters(answer.text + answer.quote + answer.footer), letters(mail)) << mail;
  }
}

}  // namespace
}  // namespace coi::reply
