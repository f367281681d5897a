// What a server gets to read.
#include "imap/command.h"

#include <gtest/gtest.h>

#include "conversation.h"

namespace coi::imap {
namespace {

std::string sent(Command command, const std::string& capabilities = "IMAP4rev1 LITERAL+") {
  Conversation talk;
  talk.server("* OK [CAPABILITY " + capabilities + "] hi");
  talk.session.submit(std::move(command));
  return talk.client();
}

TEST(Command, ChoosesTheSafeFormOfAString) {
  const auto asking_for = [](const std::string& text) { return sent(getmetadata("", "0", {text})); };
  EXPECT_EQ(asking_for("/private/a"), "C1 GETMETADATA \"\" (/private/a)\r\n");
  EXPECT_EQ(asking_for(""), "C1 GETMETADATA \"\" (\"\")\r\n");
  EXPECT_EQ(asking_for("nil"), "C1 GETMETADATA \"\" (\"nil\")\r\n");
  EXPECT_EQ(asking_for("a b"), "C1 GETMETADATA \"\" (\"a b\")\r\n");
  EXPECT_EQ(asking_for("a\"\\"), "C1 GETMETADATA \"\" (\"a\\\"\\\\\")\r\n");
  EXPECT_EQ(asking_for("a\r\nC9 LOGOUT"), "C1 GETMETADATA \"\" ({12+}\r\na\r\nC9 LOGOUT)\r\n");
  EXPECT_EQ(asking_for("ä"), "C1 GETMETADATA \"\" ({2+}\r\nä)\r\n");
}

TEST(Command, WritesMailboxNamesInModifiedUtf7) {
  EXPECT_EQ(sent(create("Entwürfe & mehr")), "C1 CREATE \"Entw&APw-rfe &- mehr\"\r\n");
  EXPECT_EQ(sent(create("b\nc")), "C1 CREATE b&AAo-c\r\n");
  EXPECT_EQ(sent(subscribe("COI/Chats")), "C1 SUBSCRIBE COI/Chats\r\n");
  EXPECT_EQ(sent(create("")), "C1 CREATE \"\"\r\n");
}

TEST(Command, Lists) {
  EXPECT_EQ(sent(list("*")), "C1 LIST \"\" \"*\"\r\n");
  ListOptions options{.special_use = true, .status_items = "MESSAGES UIDNEXT"};
  EXPECT_EQ(sent(list("%", options)), "C1 LIST \"\" \"%\"\r\n") << "nothing extended without LIST-EXTENDED";
  options.extended = true;
  options.subscribed_only = true;
  EXPECT_EQ(sent(list("%", options)),
            "C1 LIST (SUBSCRIBED) \"\" \"%\" RETURN (SPECIAL-USE STATUS (MESSAGES UIDNEXT))\r\n");
}

TEST(Command, Selects) {
  EXPECT_EQ(sent(select({.mailbox = "INBOX"})), "C1 SELECT INBOX\r\n");
  EXPECT_EQ(sent(select({.mailbox = "INBOX", .read_only = true, .condstore = true})),
            "C1 EXAMINE INBOX (CONDSTORE)\r\n");
  const Qresync known{.uidvalidity = 67890007, .modseq = 20050715194045000, .known_uids = NumberSet(41, 211)};
  EXPECT_EQ(sent(select({.mailbox = "INBOX", .qresync = known})),
            "C1 SELECT INBOX (QRESYNC (67890007 20050715194045000 41:211))\r\n");
}

TEST(Command, FetchesAndStores) {
  FetchItems items{.flags = true, .internaldate = true, .size = true, .structure = true};
  items.sections = {{.name = ""}, {.name = "1.2", .partial = {{0, 100}}}, {.name = "3", .binary = true}};
  EXPECT_EQ(sent(uid_fetch(NumberSet(1, 5), items)),
            "C1 UID FETCH 1:5 (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[] BODY.PEEK[1.2]<0.100> "
            "BINARY.PEEK[3])\r\n");
  EXPECT_EQ(sent(uid_fetch(MessageSet::from(7), {}, {.changed_since = 12, .vanished = true})),
            "C1 UID FETCH 7:* (UID) (CHANGEDSINCE 12 VANISHED)\r\n");
  EXPECT_EQ(sent(uid_store(NumberSet(1, 2), {.flags = {"\\Seen", "$Chat"}})),
            "C1 UID STORE 1:2 +FLAGS.SILENT (\\Seen $Chat)\r\n");
  EXPECT_EQ(sent(uid_store(NumberSet(1, 1), {StoreMode::remove, {"\\Seen"}, false, 9})),
            "C1 UID STORE 1 (UNCHANGEDSINCE 9) -FLAGS (\\Seen)\r\n");
  EXPECT_EQ(sent(uid_move(NumberSet(1, 1), "a b")), "C1 UID MOVE 1 \"a b\"\r\n");
}

TEST(Command, SendsNoFlagThatIsNone) {
  EXPECT_EQ(
      sent(uid_store(NumberSet(1, 1), {.flags = {"a b", "\\Seen", "", "\\", "x\r\nC9 LOGOUT", "ü", "(", "$Chat"}})),
      "C1 UID STORE 1 +FLAGS.SILENT (\\Seen $Chat)\r\n");
  EXPECT_EQ(sent(uid_search(SearchKey::flag("x y"))), "C1 UID SEARCH NOT ALL\r\n");
}

TEST(Command, Searches) {
  EXPECT_EQ(sent(uid_search(SearchKey::header("Message-ID", "<1@x>"), SearchReturn::all)),
            "C1 UID SEARCH RETURN (ALL) HEADER Message-ID \"<1@x>\"\r\n");
  EXPECT_EQ(sent(uid_search(SearchKey::header("Message-ID", "ü"))),
            "C1 UID SEARCH CHARSET UTF-8 HEADER Message-ID {2+}\r\nü\r\n");
  EXPECT_EQ(sent(uid_search(SearchKey::flag("\\Deleted"))), "C1 UID SEARCH DELETED\r\n");
  EXPECT_EQ(sent(uid_search(SearchKey::flag("$Chat"))), "C1 UID SEARCH KEYWORD $Chat\r\n");
}

TEST(Command, AppendsWithFlagsAndDate) {
  EXPECT_EQ(sent(append({"Sent", {"\\Seen"}, 0, "From: a\r\n\r\nb\r\n"})),
            "C1 APPEND Sent (\\Seen) \" 1-Jan-1970 00:00:00 +0000\" {14+}\r\nFrom: a\r\n\r\nb\r\n\r\n");
}

TEST(Command, SpeaksMetadataInTheOrderOfTheGrammar) {
  EXPECT_EQ(sent(getmetadata("", "1", {"/private/vendor/vendor.dovecot/coi/config"})),
            "C1 GETMETADATA (DEPTH 1) \"\" (/private/vendor/vendor.dovecot/coi/config)\r\n");
  EXPECT_EQ(sent(setmetadata("", {{"/private/a", "yes"}, {"/private/b", std::nullopt}})),
            "C1 SETMETADATA \"\" (/private/a \"yes\" /private/b NIL)\r\n");
}

TEST(Command, AsksForNotifications) {
  EXPECT_EQ(sent(notify({.mailboxes = {"COI/Chats", "Sent"}})),
            "C1 NOTIFY SET STATUS (SELECTED (MessageNew MessageExpunge FlagChange)) "
            "(MAILBOXES (COI/Chats Sent) (MessageNew MessageExpunge FlagChange))\r\n");
  EXPECT_EQ(sent(notify({.status_first = false})),
            "C1 NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange)) "
            "(PERSONAL (MessageNew MessageExpunge FlagChange))\r\n");
}

TEST(Command, IntroducesItself) {
  EXPECT_EQ(sent(id({{"name", "coi"}})), "C1 ID (\"name\" \"coi\")\r\n");
  EXPECT_EQ(sent(id({})), "C1 ID NIL\r\n");
}

}  // namespace
}  // namespace coi::imap
