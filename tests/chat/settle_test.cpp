// What counts of that which several mails say about one.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/settle.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;

Remark bob_says(RemarkKind kind, UnixMs at, std::string value = {}) {
  return {.kind = kind,
          .subject = "a@b",
          .about = "bob@example.net",
          .value = std::move(value),
          .rfc_id = std::to_string(at),
          .at_ms = at};
}

TEST(SettledReports, TheFirstReceiptAndTheLastBounceCountWhateverTheOrder) {
  const auto phone = bob_says(RemarkKind::displayed, 100), laptop = bob_says(RemarkKind::displayed, 200);
  const auto full = bob_says(RemarkKind::failed, 300, "full"), gone = bob_says(RemarkKind::failed, 400, "no such user");
  std::vector<Remark> remarks = {phone, laptop, full, gone};  // by time, as next_permutation wants it
  do {
    EXPECT_THAT(settled_reports(remarks), ElementsAre(phone, gone));
  } while (std::ranges::next_permutation(remarks, {}, &Remark::at_ms).found);
}

TEST(SettledReports, OfTwoAtOnceTheOneThatSaysWhyCounts) {
  const auto silent = bob_says(RemarkKind::failed, 100), full = bob_says(RemarkKind::failed, 100, "full");
  EXPECT_THAT(settled_reports({silent, full}), ElementsAre(full));
  EXPECT_THAT(settled_reports({full, silent}), ElementsAre(full));
}

TEST(SettledReports, EachRecipientHasHisOwn) {
  auto carols = bob_says(RemarkKind::displayed, 50);
  carols.about = "carol@example.com";
  const auto bobs = bob_says(RemarkKind::displayed, 100);
  EXPECT_THAT(settled_reports({carols, bobs}), ElementsAre(bobs, carols));
}

}  // namespace
}  // namespace coi::chat
