// The small words of the protocol: mailbox names, dates, codes, SCRAM.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imap/date_time.h"
#include "imap/mailbox_name.h"
#include "imap/status.h"

namespace coi::imap {
namespace {

TEST(MailboxName, GoesBothWays) {
  const std::pair<std::string, std::string> names[] = {
      {"INBOX", "INBOX"},
      {"Entwürfe", "Entw&APw-rfe"},
      {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},  // the example of RFC 3501 section 5.1.3
      {"A & B", "A &- B"},
      {"😀", "&2D3eAA-"},
      {"ä&ö", "&AOQ-&-&APY-"},
      {"tab\there", "tab&AAk-here"},
      {"", ""},
  };
  for (const auto& [utf8, wire] : names) {
    EXPECT_EQ(mailbox_to_wire(utf8), wire);
    EXPECT_EQ(mailbox_from_wire(wire), utf8);
  }
}

TEST(MailboxName, KnowsInboxInAnyCase) { EXPECT_EQ(mailbox_from_wire("inbox"), "INBOX"); }

TEST(MailboxName, LeavesWhatIsNoModifiedUtf7) {
  for (const auto* name : {"a&b", "&AAA", "&!!-", "&2D0-", "&3gA-", "&APx-", "Entwürfe", "&-&"})
    EXPECT_EQ(mailbox_from_wire(name), name);
}

TEST(MailboxName, ReplacesWhatIsNoUtf8) {
  for (const auto* bad : {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    EXPECT_TRUE(mailbox_from_wire(mailbox_to_wire(bad)).starts_with("\xef\xbf\xbd")) << bad;
}

TEST(DateTime, GoesBothWays) {
  EXPECT_EQ(parse_date_time(" 5-Jun-2026 18:00:00 +0200"), from_rfc3339("2026-06-05T16:00:00Z"));
  EXPECT_EQ(parse_date_time("05-jun-2026 18:00:00 -0330"), from_rfc3339("2026-06-05T21:30:00Z"));
  EXPECT_EQ(parse_date_time("29-Feb-2024 00:00:00 +0000"), from_rfc3339("2024-02-29T00:00:00Z"));
  for (const auto* text : {" 5-Jun-2026 16:00:00 +0000", "31-Dec-1969 23:59:59 +0000", "17-Jul-1996 02:44:25 +0000"})
    EXPECT_EQ(print_date_time(parse_date_time(text).value()), text);
  for (const auto* bad : {"", "31-Feb-2026 00:00:00 +0000", "5-Jun-2026 24:00:00 +0000", "5-Jun-2026 18:00 +0200",
                          "5-Jux-2026 18:00:00 +0200", "5-Jun-2026 18:00:00 0200", "5-Jun-2026 18:00:00"})
    EXPECT_FALSE(parse_date_time(bad)) << bad;
}

Code code(std::string_view text) { return parse_status(Status::Kind::ok, "", text).code; }

TEST(Code, IsTyped) {
  EXPECT_EQ(std::get<AppendUid>(code("[APPENDUID 38505 3955] done")).uid, 3955U);
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  EXPECT_EQ(std::get<CopyUid>(code("[COPYUID 38505 304,319:320 3956:3958] Done")).uids,
            (Pairs{{304, 3956}, {319, 3957}, {320, 3958}}));
  EXPECT_EQ(std::get<HighestModseq>(code("[HIGHESTMODSEQ 18446744073709551615]")).value, 18446744073709551615U);
  EXPECT_EQ(std::get<PermanentFlags>(code("[PERMANENTFLAGS (\\Seen \\*)] x")).flags,
            (std::vector<std::string>{"\\Seen", "\\*"}));
  EXPECT_THAT(std::get<Capabilities>(code("[CAPABILITY IMAP4rev1 auth=Plain AUTH=XOAUTH2 ZZZ]")).mechanisms(),
              testing::ElementsAre("PLAIN", "XOAUTH2"));
  EXPECT_EQ(std::get<CodeWord>(code("[trycreate] no such")), CodeWord::trycreate);
  EXPECT_EQ(std::get<CodeWord>(code("[METADATA TOOMANY]")), CodeWord::metadata_toomany);
  EXPECT_EQ(std::get<MetadataMaxSize>(code("[METADATA MAXSIZE 1024]")).octets, 1024U);
  EXPECT_EQ(std::get<OtherCode>(code("[X-New 1 \"2\"] text")).arguments, "1 \"2\"");
}

TEST(Code, ThatMakesNoSenseIsOther) {
  for (const auto* text :
       {"[UIDVALIDITY x]", "[APPENDUID 1]", "[COPYUID 1 1:2 1]", "[COPYUID 1 1:4294967295 1:4294967295]",
        "[HIGHESTMODSEQ -1]", "[UIDNEXT]", "[MODIFIED *]", "[METADATA]"})
    EXPECT_TRUE(std::holds_alternative<OtherCode>(code(text))) << text;
  EXPECT_EQ(parse_status(Status::Kind::no, "", "[ no end").text, "[ no end");
}

TEST(Status, BecomesAnErrorToActOn) {
  const auto kind = [](std::string_view text) {
    return to_error(parse_status(Status::Kind::no, "C1", text), "cannot copy").kind();
  };
  EXPECT_EQ(kind("[OVERQUOTA] full"), ErrorKind::full);
  EXPECT_EQ(kind("[TRYCREATE] no such"), ErrorKind::not_found);
  EXPECT_EQ(kind("[UNAVAILABLE] later"), ErrorKind::network);
  EXPECT_EQ(kind("[EXPIRED] password"), ErrorKind::auth);
  EXPECT_EQ(kind("[LIMIT] too many flags"), ErrorKind::not_allowed);
  EXPECT_EQ(kind("no reason"), ErrorKind::not_allowed);
  EXPECT_EQ(to_error(parse_status(Status::Kind::bad, "C1", "what?"), "cannot copy").kind(), ErrorKind::protocol);
  EXPECT_EQ(to_error(parse_status(Status::Kind::no, "C1", "[OVERQUOTA] full"), "cannot copy").text(),
            "cannot copy: the server says: full");
  EXPECT_EQ(to_error(parse_status(Status::Kind::no, "C1",
                                  "Gr\xFC\xDF"
                                  "e\x1B[2J"),
                     "x")
                .text(),
            "x: the server says: Gr??e [2J");
}

}  // namespace
}  // namespace coi::imap
