#include "imap/session.h"
#include "imap/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation.h"

namespace coi::imap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto greeting = "* OK [CAPABILITY IMAP4rev1 IDLE] ready";
constexpr auto greeting_with_literal_plus = "* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL+ IDLE] ready";

std::vector<std::string> told(Conversation& talk) {
  std::vector<std::string> lines;
  for (const auto& event : talk.events()) lines.push_back(describe(event));
  return lines;
}

TEST(Session, SaysNothingBeforeTheGreeting) {
  Conversation talk;
  talk.session.submit(capability());
  EXPECT_EQ(talk.client(), "");
  talk.server("* OK hello");
  EXPECT_EQ(talk.client(), "C1 CAPABILITY\r\n");
  EXPECT_FALSE(talk.session.quiet());
  talk.server("* CAPABILITY IMAP4rev1 X", "C1 OK done");
  EXPECT_TRUE(talk.session.quiet());
  EXPECT_TRUE(talk.session.capabilities().has("x"));
}

TEST(Session, FailsOnWhatIsNoImapServer) {
  for (const auto* line : {"220 mail.example.org ESMTP", "* NO go away", "HTTP/1.1 400 Bad Request", "+ hm"}) {
    Conversation talk;
    talk.server(line);
    const auto failed = talk.last<Failed>();
    ASSERT_TRUE(failed) << line;
    EXPECT_EQ(failed->error.kind(), ErrorKind::protocol);
    talk.server("* OK hello");
    EXPECT_TRUE(talk.events().empty()) << "nothing follows";
  }
}

TEST(Session, PipelinesWhatMayBePipelined) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(uid_fetch(NumberSet(1, 1), {}));
  talk.session.submit(uid_store(NumberSet(1, 1), {.flags = {"\\Seen"}}));
  talk.session.submit(noop());
  EXPECT_EQ(talk.client(), "C1 UID FETCH 1 (UID)\r\nC2 UID STORE 1 +FLAGS.SILENT (\\Seen)\r\nC3 NOOP\r\n");
  talk.server("C2 OK out of order", "C1 OK a", "C3 OK b");
  EXPECT_THAT(told(talk), ElementsAre(HasSubstr("greeting"), HasSubstr("2 completed"), HasSubstr("1 completed"),
                                      HasSubstr("3 completed")));
}

TEST(Session, SendsOneSearchAtATime) {
  Conversation talk;
  talk.server(greeting);
  const auto first = talk.session.submit(uid_search(SearchKey::all()));
  const auto second = talk.session.submit(uid_search(SearchKey::flag("\\Seen")));
  EXPECT_EQ(talk.client(), "C1 UID SEARCH ALL\r\n");
  talk.server("* SEARCH 3 1 2");
  auto found = talk.last<Search>();
  EXPECT_EQ(found->command, first);
  EXPECT_EQ(found->all.text(), "1:3");
  talk.server("C1 OK", "* SEARCH 2");
  EXPECT_EQ(talk.client(), "C2 UID SEARCH SEEN\r\n");
  EXPECT_EQ(talk.last<Search>()->command, second);
}

TEST(Session, SelectsAloneAndKeepsTheState) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(select({.mailbox = "Entwürfe"}));
  talk.session.submit(uid_fetch(MessageSet::from(1), {}));
  EXPECT_EQ(talk.client(), "C1 SELECT Entw&APw-rfe\r\n");
  talk.server("* FLAGS (\\Seen)", "* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 9] x",
              "* OK [HIGHESTMODSEQ 5] x", "* OK [PERMANENTFLAGS (\\Seen \\*)] x", "C1 OK [READ-WRITE] selected");
  EXPECT_EQ(talk.client(), "C2 UID FETCH 1:* (UID)\r\n");
  const auto& mailbox = talk.session.mailbox();
  ASSERT_TRUE(mailbox);
  EXPECT_EQ(mailbox->name, "Entwürfe");
  EXPECT_EQ(mailbox->uidvalidity, 7U);
  EXPECT_EQ(mailbox->uidnext, 9U);
  EXPECT_EQ(mailbox->highestmodseq, 5U);
  EXPECT_FALSE(mailbox->read_only);
  EXPECT_THAT(mailbox->permanent_flags, ElementsAre("\\Seen", "\\*"));
  talk.server("* 4 EXISTS", "* 1 EXPUNGE", "* VANISHED 5:6");
  EXPECT_EQ(mailbox->messages, 1U);
}

TEST(Session, TellsOldMailboxFromNew) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(select({.mailbox = "a"}));
  talk.server("* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "C1 OK");
  talk.session.submit(select({.mailbox = "b", .read_only = true}));
  talk.events();
  talk.server("* 4 EXISTS", "* OK [CLOSED] x", "* OK [UIDVALIDITY 2] x", "C2 OK [READ-ONLY] x");
  EXPECT_THAT(told(talk),
              ElementsAre("EXISTS 4", "closed", HasSubstr("UIDVALIDITY 2"), "selected b", HasSubstr("2 completed")));
  EXPECT_EQ(talk.session.mailbox()->name, "b");
  EXPECT_EQ(talk.session.mailbox()->messages, std::nullopt) << "the four are in the other mailbox";
  EXPECT_TRUE(talk.session.mailbox()->read_only);
  talk.session.submit(select({.mailbox = "c"}));
  talk.server("C3 BAD what?");
  EXPECT_EQ(talk.session.mailbox()->name, "b");
  talk.session.submit(select({.mailbox = "c"}));
  talk.server("C4 NO no such mailbox");
  EXPECT_FALSE(talk.session.mailbox());
}

TEST(Session, WaitsForTheServerBeforeALiteral) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(append({.mailbox = "a", .octets = "mail"}));
  talk.session.submit(noop());
  EXPECT_EQ(talk.client(), "C1 APPEND a {4}\r\n");
  talk.server("+ go on");
  EXPECT_EQ(talk.client(), "mail\r\nC2 NOOP\r\n");
}

TEST(Session, GoesOnWhenALiteralIsRefused) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(append({.mailbox = "a", .octets = "mail"}));
  talk.session.submit(noop());
  talk.client();
  talk.server("C1 NO [OVERQUOTA] full");
  EXPECT_EQ(talk.client(), "C2 NOOP\r\n");
}

TEST(Session, AsksForEachOfSeveralLiterals) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(login("jö", Secret("pä")));
  EXPECT_EQ(talk.client(), "C1 LOGIN {3}\r\n");
  talk.server("+");
  EXPECT_EQ(talk.client(), "jö {3}\r\n");
  talk.server("+");
  EXPECT_EQ(talk.client(), "pä\r\n");
}

TEST(Session, OnlySmallLiteralsGoUnasked) {
  for (const std::string word : {"LITERAL-", "LITERAL+"}) {
    Conversation talk;
    talk.server("* PREAUTH [CAPABILITY IMAP4rev1 " + word + "] x");
    const std::string small(4096, 'x');
    talk.session.submit(append({.mailbox = "a", .octets = small}));
    EXPECT_EQ(talk.client(), "C1 APPEND a {4096+}\r\n" + small + "\r\n");
    talk.session.submit(append({.mailbox = "a", .octets = small + 'x'}));
    EXPECT_EQ(talk.client(), "C2 APPEND a {4097}\r\n");
  }
}

TEST(Session, EndsIdleForAnotherCommand) {
  Conversation talk;
  talk.server(greeting);
  const auto idle_id = talk.session.submit(idle());
  EXPECT_EQ(talk.client(), "C1 IDLE\r\n");
  talk.server("+ idling");
  EXPECT_EQ(talk.last<Idling>()->id, idle_id);
  EXPECT_TRUE(talk.session.idling());
  talk.server("* 5 EXISTS");
  EXPECT_EQ(talk.last<Exists>()->messages, 5U);
  talk.session.submit(noop());
  talk.session.submit(noop());
  EXPECT_EQ(talk.client(), "DONE\r\nC2 NOOP\r\nC3 NOOP\r\n");
  talk.server("C1 OK", "C2 OK", "C3 OK");
  EXPECT_FALSE(talk.session.idling());
  EXPECT_TRUE(talk.session.quiet());
}

TEST(Session, SaysDoneOnlyAfterTheServerTookIdle) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(idle());
  talk.session.submit(noop());
  EXPECT_EQ(talk.client(), "C1 IDLE\r\n");
  talk.server("+ idling");
  EXPECT_EQ(talk.client(), "DONE\r\nC2 NOOP\r\n");
  talk.server("C1 OK", "C2 OK");
  talk.session.submit(idle());
  talk.server("C3 BAD no IDLE here");
  talk.session.submit(noop());
  EXPECT_EQ(talk.client(), "C3 IDLE\r\nC4 NOOP\r\n");
}

TEST(Session, EndsIdleOnceWhenAsked) {
  Conversation talk;
  talk.server(greeting);
  talk.session.end_idle();
  talk.session.submit(idle());
  talk.session.end_idle();
  EXPECT_EQ(talk.client(), "C1 IDLE\r\n");
  talk.server("+");
  talk.session.end_idle();
  EXPECT_EQ(talk.client(), "DONE\r\n");
  talk.session.submit(select({.mailbox = "a"}));
  EXPECT_EQ(talk.client(), "") << "SELECT stands alone";
  talk.server("C1 OK");
  EXPECT_EQ(talk.client(), "C2 SELECT a\r\n");
}

TEST(Session, StopsForTls) {
  Conversation talk;
  talk.server("* OK [CAPABILITY IMAP4rev1 STARTTLS LITERAL+] x");
  talk.session.submit(starttls());
  talk.session.submit(capability());
  talk.server("C1 OK begin");
  EXPECT_EQ(talk.client(), "C1 STARTTLS\r\n");
  EXPECT_EQ(talk.session.hold(), Hold::tls);
  EXPECT_TRUE(talk.session.capabilities().empty()) << "said in clear, maybe by somebody else";
  talk.session.tls_started();
  EXPECT_EQ(talk.client(), "C2 CAPABILITY\r\n");
  talk.server("* CAPABILITY IMAP4rev1", "C2 OK");
  EXPECT_FALSE(talk.session.failed());
}

TEST(Session, RefusesWhatIsInjectedBehindStarttls) {
  for (const bool at_once : {true, false}) {
    Conversation talk;
    talk.server(greeting);
    talk.session.submit(starttls());
    if (at_once) {
      talk.session.feed("C1 OK begin\r\n* PREAUTH [CAPABILITY IMAP4rev1] owned\r\n");
    } else {
      talk.session.feed("C1 OK begin\r\n");
      talk.session.feed("*");
    }
    EXPECT_EQ(talk.last<Failed>()->error.kind(), ErrorKind::protocol);
    EXPECT_TRUE(talk.session.failed());
  }
}

TEST(Session, HandsOverWhatIsCompressedAlready) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(compress());
  talk.session.submit(noop());
  talk.session.feed("C1 OK DEFLATE active\r\n\x01\x02");
  talk.session.feed("\x03");
  EXPECT_EQ(talk.session.hold(), Hold::compression);
  EXPECT_EQ(talk.client(), "C1 COMPRESS DEFLATE\r\n");
  EXPECT_EQ(talk.session.compression_started(), "\x01\x02\x03");
  EXPECT_EQ(talk.client(), "C2 NOOP\r\n");
}

sasl::Exchange exchange(sasl::Mechanism mechanism, const char* password) {
  return sasl::Exchange::begin(mechanism, {.user = "joe", .password = Secret(password), .nonce = "nonce"}).value();
}

TEST(Session, AuthenticatesWithAndWithoutInitialResponse) {
  for (const auto* hello : {greeting, greeting_with_literal_plus}) {
    Conversation talk;
    talk.server(hello);
    talk.session.submit(authenticate(exchange(sasl::Mechanism::plain, "pw")));
    if (hello == greeting) {
      EXPECT_EQ(talk.client(), "C1 AUTHENTICATE PLAIN\r\n");
      talk.server("+ ");
      EXPECT_EQ(talk.client(), "AGpvZQBwdw==\r\n");
    } else {
      EXPECT_EQ(talk.client(), "C1 AUTHENTICATE PLAIN AGpvZQBwdw==\r\n");
    }
    talk.server("C1 OK [CAPABILITY IMAP4rev1 MOVE] in");
    EXPECT_TRUE(talk.session.capabilities().has("MOVE"));
  }
}

TEST(Session, LetsTheServerSpeakFirstWhereTheMechanismSaysSo) {
  Conversation talk;
  talk.server(greeting_with_literal_plus);
  talk.session.submit(authenticate(exchange(sasl::Mechanism::login, "pw")));
  EXPECT_EQ(talk.client(), "C1 AUTHENTICATE LOGIN\r\n");
  talk.server("+ VXNlcm5hbWU6");
  EXPECT_EQ(talk.client(), "am9l\r\n");
  talk.server("+ UGFzc3dvcmQ6");
  EXPECT_EQ(talk.client(), "cHc=\r\n");
  talk.server("C1 OK in");
  EXPECT_FALSE(talk.session.failed());
}

TEST(Session, FailsOnAChallengeThatIsNoBase64) {
  Conversation talk;
  talk.server(greeting_with_literal_plus);
  talk.session.submit(authenticate(exchange(sasl::Mechanism::scram_sha_256, "pw")));
  talk.server("+ r=nonce!");
  EXPECT_EQ(talk.last<Failed>()->error.kind(), ErrorKind::protocol);
}

TEST(Session, ForgetsCapabilitiesOverALoginThatDoesNotTellThem) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(login("joe", Secret("pw")));
  talk.server("C1 NO wrong");
  EXPECT_FALSE(talk.session.capabilities().empty());
  talk.session.submit(login("joe", Secret("pw")));
  talk.server("C2 OK in");
  EXPECT_TRUE(talk.session.capabilities().empty());
  talk.session.submit(login("joe", Secret("pw")));
  talk.server("* CAPABILITY IMAP4rev1 MOVE", "C3 OK in");
  EXPECT_TRUE(talk.session.capabilities().has("MOVE"));
}

TEST(Session, FailsWhenTheServerSkipsItsProof) {
  Conversation talk;
  talk.server(greeting_with_literal_plus);
  talk.session.submit(authenticate(exchange(sasl::Mechanism::scram_sha_256, "pencil")));
  talk.server("C1 OK trust me");
  EXPECT_EQ(talk.last<Failed>()->error.kind(), ErrorKind::auth);
}

TEST(Session, TellsAlertsAndGoodBye) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(logout());
  talk.server("* NO [ALERT] Disk is 95% full", "* BYE so long", "C1 OK [ALERT] really");
  EXPECT_THAT(told(talk), ElementsAre(HasSubstr("greeting"), "alert Disk is 95% full", HasSubstr("status  no"),
                                      HasSubstr("bye  bye"), "alert really", HasSubstr("1 completed")));
}

// Each is shown to the user.
TEST(Session, TellsOnlySoManyAlerts) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(noop());
  for (int i = 0; i < 50; ++i) talk.server("* OK [ALERT] call 0190");
  talk.server("C1 OK done");
  std::size_t alerts = 0;
  for (const auto& event : talk.events()) alerts += std::holds_alternative<Alert>(event) ? 1 : 0;
  EXPECT_EQ(alerts, Limits{}.alerts);
}

// Whatever is in it, a response ends where its line does, and the next one is read.
TEST(Session, OutlivesEveryResponseThatCannotBeRead) {
  for (const std::string line : {"* 1 FETCH (UID",
                                 "* 1 FETCH (UID x)",
                                 "* VANISHED a",
                                 "* LIST (",
                                 "* SEARCH 1 x",
                                 "C9 OK hm",
                                 "* 1 FETCH UID 1",
                                 "* STATUS a (MESSAGES)",
                                 "* 1 FETCH (MODSEQ 1)",
                                 "(a)",
                                 "* LIST () \"/\" \"unfinished",
                                 "* LIST () \"/\"",
                                 "DONE BAD Error in IMAP command",
                                 "BAD malformed",
                                 "* 99999999999 EXISTS",
                                 "* QUOTA \"\" (STORAGE 10 -1)",
                                 "* ID (\"name\" \"x\" \"version\")",
                                 "* NAMESPACE ((\"\" \"/\"))",
                                 "* 1 FETCH (\"",
                                 "* X {3}\r\n* \" {5}\r\n1 EXI",
                                 "\"\\",
                                 "* 1 FETCH (BODY[ {3}\r\n)\"(",
                                 "* VANISHED (EARLIER 1"}) {
    Conversation talk;
    talk.server(greeting);
    talk.session.submit(noop());
    talk.events();
    talk.server(line, "* 7 EXISTS", "C1 OK done");
    EXPECT_FALSE(talk.session.failed()) << line;
    const auto all = told(talk);
    ASSERT_GE(all.size(), 2U) << line;
    EXPECT_EQ(all[all.size() - 2], "EXISTS 7") << line;
    EXPECT_THAT(all.back(), HasSubstr("1 completed C1 ok")) << line;
  }
}

TEST(Session, LeavesTheOtherItemsOfAFetchAsTheyAre) {
  for (const std::string bad : {"BODYSTRUCTURE NIL", "BODYSTRUCTURE (NIL NIL)", "BODYSTRUCTURE", "MODSEQ (x)",
                                "INTERNALDATE NIL", "RFC822.SIZE -1", "BODY[1] atom", "BODY[1] (\"a\" (b))"}) {
    Conversation talk;
    talk.server(greeting, "* 4 FETCH (UID 7 " + bad + " FLAGS (\\Seen) BODY[] {3}\r\nabc)");
    const auto fetch = talk.last<Fetch>();
    ASSERT_TRUE(fetch) << bad;
    EXPECT_EQ(fetch->uid, 7U) << bad;
    EXPECT_TRUE(fetch->flags && has_flag(*fetch->flags, "\\Seen")) << bad;
    ASSERT_NE(fetch->find(""), nullptr) << bad;
    EXPECT_EQ(fetch->find("")->octets, "abc") << bad;
    ASSERT_EQ(fetch->unreadable.size(), 1U) << bad;
    EXPECT_TRUE(fetch->is_unreadable(bad.substr(0, bad.find(' ')))) << bad;
  }
}

TEST(Session, TakesAnyWordBehindATagForAnAnswer) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(noop());
  talk.server("C1 PERHAPS");
  EXPECT_EQ(talk.last<Completed>()->status.kind, Status::Kind::bad);
}

TEST(Session, CallsASearchRefusedWhoseAnswerCannotBeRead) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(uid_search(SearchKey::all()));
  talk.server("* SEARCH 1 2 x 4", "C1 OK done");
  EXPECT_EQ(talk.last<Completed>()->status.kind, Status::Kind::no);
}

TEST(Session, LogsWhatItPassedOverOnce) {
  std::string log;
  {
    Conversation talk({}, Log([&](LogLevel level, std::string_view line) {
                        if (level == LogLevel::warning) (log += line) += '\n';
                      }));
    talk.server(greeting);
    for (int i = 0; i < 100; ++i) talk.server("* LIST (");
  }
  EXPECT_EQ(log, "imap: LIST could not be read, 100 times\n");
}

TEST(Session, EndsAtAnAnswerWithoutEnd) {
  Limits limits;
  limits.answer = 1000;
  limits.responses = 50;
  for (const std::string line : {"* LIST () \"/\" a-rather-long-name", "* 1 EXISTS", "* 1 FETCH (UID 1)"}) {
    Conversation talk(limits);
    talk.server(greeting);
    talk.session.submit(noop());
    for (int i = 0; i < 60; ++i) talk.server(line);
    EXPECT_EQ(talk.last<Failed>()->error.kind(), ErrorKind::limit) << line;
  }
}

// Mailboxes have as much to say as they hold mails; all else has a bound of its own.
TEST(Session, TakesOfAnAnswerWhatTheMailboxAccountsFor) {
  Limits limits;
  limits.unasked = 20;
  limits.whole_mail = 1000;
  limits.literal = 1000;
  const auto lasts = [&](const std::string& line, int times) {
    Conversation talk(limits);
    talk.server(greeting);
    talk.session.submit(select({.mailbox = "INBOX"}));
    talk.server("* 100 EXISTS", "* OK [UIDVALIDITY 1] x", "C1 OK open");
    talk.session.submit(noop());
    for (int i = 0; i < times; ++i) talk.server(line);
    return !talk.session.failed() && talk.session.answer().responses() == static_cast<std::size_t>(times);
  };
  const std::string literal = "* 1 FETCH (UID 1 BODY[] {1000}\r\n" + std::string(1000, 'x') + ")";
  for (const std::string line : {"* 1 FETCH (FLAGS ())", "* 1 EXISTS", "* 1 EXPUNGE", "* VANISHED 1"}) {
    EXPECT_TRUE(lasts(line, 420)) << line;
    EXPECT_FALSE(lasts(line, 421)) << line;
  }
  for (const std::string line : {"* OK x", "* BAD x", "* FLAGS ()", "* X-THING", "+ go on", "* CAPABILITY x"}) {
    EXPECT_TRUE(lasts(line, 20)) << line;
    EXPECT_FALSE(lasts(line, 21)) << line;
  }
  EXPECT_TRUE(lasts(literal, 404));
  EXPECT_FALSE(lasts(literal, 405));
  EXPECT_TRUE(lasts("* LIST () \"/\" a", 1000));
}

TEST(Session, BlamesNoMailForAnAnswerWithoutEnd) {
  Limits limits;
  limits.unasked = 5;
  limits.literal = 10;
  Conversation endless(limits), large(limits);
  for (auto* talk : {&endless, &large}) {
    talk->server(greeting);
    talk->session.submit(noop());
  }
  for (int i = 0; i < 6; ++i) endless.server("* OK x");
  large.server("* 1 FETCH (BODY[] {11}");
  EXPECT_TRUE(endless.session.failed() && endless.session.answer_was_endless());
  EXPECT_TRUE(large.session.failed() && !large.session.answer_was_endless());
}

TEST(Session, PassesOverWhatIsSaidBeforeTheGreeting) {
  Conversation talk;
  talk.server("* PING 1", "* 0 EXISTS", "* LIST (", "", greeting);
  EXPECT_TRUE(talk.last<Greeting>());
  for (const std::string other : {"+OK POP3 here", "220 smtp.example.org", "+ go on", "SSH-2.0-x"}) {
    Conversation foreign;
    foreign.server(other);
    EXPECT_TRUE(foreign.last<Failed>()) << other;
  }
}

TEST(Session, TakesAPlusWithoutABlankForAContinuation) {
  for (const std::string plus : {"+", "+ ", "+idling", "+ idling"}) {
    Conversation talk;
    talk.server(greeting);
    talk.session.submit(idle());
    talk.server(plus);
    EXPECT_TRUE(talk.session.idling()) << plus;
  }
  for (const std::string_view plus : {"+PDEyMz4=\r\n", "+ PDEyMz4=\r\n"}) {
    auto rest = plus;
    const auto response = parse_response(*Lexer().next(rest).value()).response;
    ASSERT_TRUE(std::holds_alternative<Continuation>(response)) << plus;
    EXPECT_EQ(std::get<Continuation>(response).text, "PDEyMz4=") << plus;
  }
}

TEST(Session, TakesASectionThatIsNamedAsItWasAskedFor) {
  Conversation talk;
  talk.server(greeting, "* 1 FETCH (UID 7 BODY.PEEK[]<0> {3}\r\nabc FLAGS ())");
  const auto fetch = talk.last<Fetch>();
  ASSERT_TRUE(fetch && fetch->find(""));
  EXPECT_EQ(fetch->find("")->octets, "abc");
  EXPECT_FALSE(fetch->find("")->binary);
}

TEST(Session, ForgetsWhatWasSaidBeforeTls) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(starttls());
  talk.server("* ENABLED QRESYNC", "* NAMESPACE ((\"evil/\" \"/\")) NIL NIL", "* OK [ALERT] call 0190", "C1 OK begin");
  talk.session.tls_started();
  EXPECT_TRUE(talk.session.enabled().empty());
  EXPECT_TRUE(talk.session.capabilities().empty());
  EXPECT_TRUE(talk.events().empty());
}

TEST(Session, StaysFailedThoughTlsIsStartedAfterAll) {
  Conversation talk;
  talk.server(greeting);
  talk.session.submit(starttls());
  talk.session.feed("C1 OK begin\r\n* OK in clear\r\n");
  talk.session.tls_started();
  EXPECT_TRUE(talk.last<Failed>());
}

TEST(Session, OutlivesAMailThatIsNestedTooDeep) {
  std::string body = R"(("text" "plain" NIL NIL NIL "7bit" 1 1))";
  for (int i = 0; i < 200; ++i) body = "(" + body + R"( "mixed"))";
  Conversation talk;
  talk.server(greeting, "* 1 FETCH (UID 7 BODYSTRUCTURE " + body + " FLAGS (\\Seen))");
  const auto fetch = talk.last<Fetch>();
  ASSERT_TRUE(fetch);
  EXPECT_TRUE(has_flag(*fetch->flags, "\\seen"));
  int depth = 0;
  for (const auto* part = &*fetch->structure; !part->parts.empty(); part = &part->parts[0]) ++depth;
  EXPECT_EQ(depth, 63);
}

TEST(Session, PassesOverResponsesItDoesNotKnow) {
  Conversation talk;
  talk.server(greeting);
  talk.events();
  talk.server("* X-THING (a", "* 5 X-THING \"", "* GENURLAUTH", "* (a)", "", "* 7 RECENT", "* 7", "+ stray");
  EXPECT_TRUE(talk.events().empty());
  EXPECT_FALSE(talk.session.failed());
}

TEST(Session, LogsNoSecretsAndNoText) {
  std::string log;
  Conversation talk({}, Log([&](LogLevel, std::string_view line) { (log += line) += '\n'; }));
  talk.server(greeting_with_literal_plus);
  talk.session.submit(login("joe", Secret("hunter2")));
  talk.server("C1 OK welcome joe");
  talk.session.submit(authenticate(exchange(sasl::Mechanism::plain, "hunter2")));
  talk.server("C2 NO [AUTHENTICATIONFAILED] not you, joe");
  talk.session.submit(append({.mailbox = "Sent", .octets = "private words"}));
  talk.server("+", "* 1 FETCH (BODY[] {3}\r\nabc)", "C3 OK");
  talk.session.submit(uid_search(SearchKey::header("Subject", "private words")));
  EXPECT_THAT(log, HasSubstr("C3 APPEND: ok, 1 responses"));
  for (const auto* secret : {"hunter2", "aHVudGVyMg", "joe", "private", "abc"})
    EXPECT_THAT(log, testing::Not(HasSubstr(secret)));
}

TEST(Session, LimitsWhatIsUnanswered) {
  Conversation talk;
  talk.server(greeting);
  for (int i = 0; i < 100; ++i) talk.session.submit(noop());
  EXPECT_THAT(talk.client(), testing::AllOf(HasSubstr("C32 NOOP"), testing::Not(HasSubstr("C33 "))));
  talk.server("C1 OK");
  EXPECT_EQ(talk.client(), "C33 NOOP\r\n");
}

}  // namespace
}  // namespace coi::imap
