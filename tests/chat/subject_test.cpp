// Subjects that read well in any mail program (P-02).
#include <gtest/gtest.h>

#include "chat/subject.h"

namespace coi::chat {
namespace {

TEST(Subject, TheFirstOneHoldsTheFirstWords) {
  EXPECT_EQ(first_subject("Shall we meet?"), "Chat: Shall we meet?");
  EXPECT_EQ(first_subject("  two\n\nlines\tof text "), "Chat: two lines of text");
}

TEST(Subject, ALongTextIsCutBetweenWords) {
  const auto subject =
      first_subject("The ferry leaves at half past nine and we should be at the harbour well before that");
  EXPECT_EQ(subject, "Chat: The ferry leaves at half past nine and we should be at the…");
}

TEST(Subject, NoCharacterIsCutInTwo) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "ü";
  EXPECT_EQ(first_subject(text), "Chat: " + text.substr(0, 60) + "…");
  EXPECT_EQ(first_subject("x" + text), "Chat: x" + text.substr(0, 58) + "…");
}

TEST(Subject, P02IsNeverEmpty) {
  for (const auto text : {"", " ", "\n\n", "\t"}) EXPECT_EQ(first_subject(text), "Chat");
  for (const auto subject : {"", "Re:", "AW: Fwd: "}) EXPECT_EQ(reply_subject(subject), "Re: Chat");
}

TEST(Subject, AReplyHasOnePrefixWhateverCameBefore) {
  for (const auto subject :
       {"Chat: Hi", "Re: Chat: Hi", "RE: AW: SV: Chat: Hi", "Re[3]: Chat: Hi", "Antw: Fwd: Chat: Hi", "re : Chat: Hi"})
    EXPECT_EQ(reply_subject(subject), "Re: Chat: Hi") << subject;
}

TEST(Subject, AWordWithAColonIsNoPrefix) {
  for (const auto subject : {"Chat: Hi", "Budget: final", "Tomorrow: dinner", "12:30 at the quay"})
    EXPECT_EQ(strip_reply_prefix(subject), subject);
}

}  // namespace
}  // namespace coi::chat
