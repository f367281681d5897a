#include "mime/received.h"

#include <gtest/gtest.h>

#include "mime/date.h"

namespace coi::mime {
namespace {

std::optional<UnixMs> received(std::initializer_list<const char*> values) {
  std::vector<Header> headers = {{"Return-Path", "<a@b>; Mon, 1 Jan 2001 00:00:00 +0000"}};
  for (const auto* value : values) headers.push_back({"Received", value});
  return received_at(headers);
}

const auto monday = parse_date("Mon, 2 Nov 2026 10:00:00 +0100").value();

TEST(Received, TheTopmostBearsTheClockOfTheOwnServer) {
  EXPECT_EQ(received({"from a by mx (Postfix; x) with ESMTPS id 4; Mon, 2 Nov 2026 10:00:00 +0100",
                      "from b by a with SMTP; Mon, 2 Nov 2020 10:00:00 +0100"}),
            monday);
  EXPECT_EQ(received({"by 2002:a05:6a20 with SMTP id p13csp1; Mon, 2 Nov 2026 01:00:00 -0800 (PST)"}), monday);
  EXPECT_EQ(received({"from A.prod.outlook.com (2603::1) by B (version=TLS1_2, cipher=x) id 15.20; Mon, 2 Nov 2026 "
                      "09:00:00 +0000"}),
            monday);
}

TEST(Received, TheTimeStandsBehindTheLastSemicolonThatIsNoComments) {
  for (const auto* value :
       {"from a by b; Mon, 2 Nov 2026 10:00:00 +0100 (envelope-from <a@b>; qid 5)",
        "from a (x; \\) y) by b with \"c; d\"; Mon, 2 Nov 2026 10:00:00 +0100 (a (b; c); d)",
        "from a (x by b; Mon, 2 Nov 2026 10:00:00 +0100", "from a \"x by b; Mon, 2 Nov 2026 10:00:00 +0100"})
    EXPECT_EQ(received({value, "from b by a; Mon, 2 Nov 2020 10:00:00 +0100"}), monday) << value;
}

TEST(Received, AFieldWithoutTimeIsPassedOver) {
  EXPECT_EQ(received({"by localhost", "from x by y; yesterday", "from x by y; Mon, 2 Nov 2026 09:00:00 +0000"}),
            monday);
  EXPECT_EQ(received({"by localhost"}), std::nullopt);
  EXPECT_EQ(received({}), std::nullopt);
}

TEST(Received, AMailThatLayInAnotherMailboxWasReceivedThere) {
  EXPECT_EQ(received({"from localhost by home with ESMTP; Fri, 27 Nov 2026 08:00:01 +0000",
                      "from pop.old.example by localhost with POP3 (fetchmail); Fri, 27 Nov 2026 08:00:00 +0000",
                      "from a by mx.old.example with ESMTP; Mon, 2 Nov 2026 09:00:00 +0000",
                      "from b by a with ESMTP; Mon, 2 Nov 2015 09:00:00 +0000"}),
            monday);
  // Fetched soon after: news when it came here.
  EXPECT_EQ(received({"from pop.old.example by home with IMAP4; Mon, 2 Nov 2026 09:00:00 +0000",
                      "from a by mx.old.example with ESMTP; Sun, 1 Nov 2026 09:00:00 +0000"}),
            monday);
}

}  // namespace
}  // namespace coi::mime
