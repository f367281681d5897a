#include "conversation.h"
#include "hash/base64.h"

namespace coi::smtp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

INSTANTIATE_TEST_SUITE_P(, SessionTest, testing::Bool(), how_fed);

using sasl::Credentials;

Credentials with_password(std::string password = "sesame") {
  return {.user = "alice@example.org", .password = Secret(std::move(password)), .nonce = "rOprNGfwEbeRWgbNEkqO"};
}
Credentials with_token(std::string token = "ya29.token") {
  return {.user = "alice@example.org", .token = Secret(std::move(token)), .host = "mail.example.org", .port = 465};
}
std::string base64(std::string_view text) { return hash::base64_encode(text); }

TEST_P(SessionTest, GreetsAndIsReadyWithoutLogin) {
  auto c = talk({.client_name = "[192.0.2.7]"});
  EXPECT_EQ(c.drives(), "") << "the server speaks first";
  EXPECT_EQ(c.hears("220-mail.example.org\r\n220 ESMTP\r\n"), "EHLO [192.0.2.7]\r\n");
  EXPECT_FALSE(c.session().is_ready());
  EXPECT_EQ(c.hears("250-mail.example.org\r\n250 PIPELINING\r\n"), "");
  EXPECT_TRUE(c.session().is_ready());
  EXPECT_TRUE(c.session().capabilities().pipelining);
}

TEST_P(SessionTest, StartTlsForgetsWhatWasSaidInClear) {
  auto c = talk({.starttls = true, .login = with_password()});
  c.hears("220 hi\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250-AUTH LOGIN\r\n250-CHUNKING\r\n250 STARTTLS\r\n"), "STARTTLS\r\n");
  EXPECT_EQ(c.hears("220 2.0.0 go on\r\n"), "");
  EXPECT_THAT(c.events(), ElementsAre("start TLS"));
  c.session().tls_started();
  EXPECT_EQ(c.drives(), "EHLO [127.0.0.1]\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250 AUTH PLAIN\r\n"),
            fmt::format("AUTH PLAIN {}\r\n", base64(std::string_view("\0alice@example.org\0sesame", 25))));
  EXPECT_FALSE(c.session().capabilities().chunking);
  c.hears("235 2.7.0 welcome\r\n");
  EXPECT_THAT(c.events(), ElementsAre("ready"));
}

TEST_P(SessionTest, StartTlsIsNeverOptional) {
  auto c = talk({.starttls = true, .login = with_password()});
  c.hears("220 hi\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250 AUTH PLAIN\r\n"), "QUIT\r\n");
  EXPECT_THAT(c.events(), ElementsAre("closed: not_allowed"));

  auto refused = talk({.starttls = true, .login = with_password()});
  refused.hears("220 hi\r\n");
  refused.hears("250-hi\r\n250 STARTTLS\r\n");
  EXPECT_EQ(refused.hears("454 4.7.0 no certificate\r\n"), "QUIT\r\n");
  EXPECT_THAT(refused.events(), ElementsAre("closed: network"));
}

TEST_P(SessionTest, WordsInClearAfterStartTlsAreAnAttack) {
  auto c = talk({.starttls = true});
  c.hears("220 hi\r\n");
  c.hears("250-hi\r\n250 STARTTLS\r\n");
  EXPECT_EQ(c.hears("220 go on\r\n250-hi\r\n250 AUTH PLAIN\r\n"), "");
  EXPECT_EQ(c.events().back(), "closed: protocol");
}

TEST_P(SessionTest, ScramVectorOfRfc7677) {
  auto c = talk({.login = Credentials{.user = "user", .password = Secret("pencil"), .nonce = "rOprNGfwEbeRWgbNEkqO"}});
  c.hears("220 hi\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250 AUTH LOGIN PLAIN SCRAM-SHA-256\r\n"),
            fmt::format("AUTH SCRAM-SHA-256 {}\r\n", base64("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")));
  const std::string nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  EXPECT_EQ(c.hears(fmt::format("334 {}\r\n", base64("r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))),
            base64("c=biws,r=" + nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=") + "\r\n");
  EXPECT_EQ(c.hears(fmt::format("334 {}\r\n", base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))), "\r\n");
  c.hears("235 2.7.0 ok\r\n");
  EXPECT_THAT(c.events(), ElementsAre("ready"));
}

TEST_P(SessionTest, ScramServerHasToProveItself) {
  const std::string nonce = "rOprNGfwEbeRWgbNEkqOserver";
  const std::string challenge = fmt::format("334 {}\r\n", base64("r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
  const auto begin = [] {
    auto c = talk({.login = with_password()});
    c.hears("220 hi\r\n");
    c.hears("250-hi\r\n250 AUTH SCRAM-SHA-256\r\n");
    return c;
  };
  auto silent = begin();
  silent.hears(challenge);
  silent.hears("235 welcome\r\n");
  EXPECT_THAT(silent.events(), ElementsAre("closed: auth"));

  auto wrong = begin();
  wrong.hears(challenge);
  EXPECT_EQ(wrong.hears(fmt::format("334 {}\r\n", base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))),
            "*\r\nQUIT\r\n");
  EXPECT_THAT(wrong.events(), ElementsAre("closed: auth"));

  for (const auto* const nonsense :
       {"r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "r=rOprNGfwEbeRWgbNEkqO,s=QQ==,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=QQ==,i=4096x", ""}) {
    auto c = begin();
    c.hears(fmt::format("334 {}\r\n", base64(nonsense)));
    EXPECT_THAT(c.events(), ElementsAre("closed: protocol")) << nonsense;
  }
  auto busy = begin();
  busy.hears(fmt::format("334 {}\r\n", base64("r=" + nonce + ",s=QQ==,i=4000000000")));
  EXPECT_THAT(busy.events(), ElementsAre("closed: limit"));
}

TEST_P(SessionTest, LoginMechanism) {
  auto c = talk({.login = with_password()});
  c.hears("220 hi\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250 AUTH LOGIN\r\n"), "AUTH LOGIN\r\n");
  EXPECT_EQ(c.hears("334 VXNlcm5hbWU6\r\n"), base64("alice@example.org") + "\r\n");
  EXPECT_EQ(c.hears("334 Password:\r\n"), base64("sesame") + "\r\n");
  c.hears("235 ok\r\n");
  EXPECT_THAT(c.events(), ElementsAre("ready"));
}

TEST_P(SessionTest, OauthBearerAndXoauth2) {
  auto c = talk({.login = with_token()});
  c.hears("220 hi\r\n");
  EXPECT_EQ(
      c.hears("250-hi\r\n250 AUTH PLAIN XOAUTH2 OAUTHBEARER\r\n"),
      fmt::format("AUTH OAUTHBEARER {}\r\n", base64("n,a=alice@example.org,\x01host=mail.example.org\x01port=465\x01"
                                                    "auth=Bearer ya29.token\x01\x01")));
  EXPECT_EQ(c.hears("334 eyJzdGF0dXMiOiI0MDEifQ==\r\n"), "AQ==\r\n")
      << "the server explains, and wants to hear 'go on'";
  EXPECT_EQ(c.hears("535 5.7.8 token expired\r\n"), "QUIT\r\n");
  EXPECT_THAT(c.events(), ElementsAre("closed: auth"));

  auto x = talk({.login = with_token()});
  x.hears("220 hi\r\n");
  EXPECT_EQ(x.hears("250-hi\r\n250 AUTH PLAIN XOAUTH2\r\n"),
            fmt::format("AUTH XOAUTH2 {}\r\n", base64("user=alice@example.org\x01"
                                                      "auth=Bearer ya29.token\x01\x01")));
  x.hears("235 ok\r\n");
  EXPECT_THAT(x.events(), ElementsAre("ready"));
}

TEST_P(SessionTest, ALongTokenWaitsForTheServersTurn) {
  const std::string token(900, 't');
  auto c = talk({.login = with_token(token)});
  c.hears("220 hi\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250 AUTH XOAUTH2\r\n"), "AUTH XOAUTH2\r\n");
  EXPECT_EQ(c.hears("334 \r\n"), base64("user=alice@example.org\x01"
                                        "auth=Bearer " +
                                        token + "\x01\x01") +
                                     "\r\n");
  c.hears("235 ok\r\n");
  EXPECT_THAT(c.events(), ElementsAre("ready"));
}

TEST_P(SessionTest, SaysWhatTheServerWantsInstead) {
  const auto closed_by = [](const std::string& auth, const Credentials& login) {
    auto c = talk({.login = login});
    c.hears("220 hi\r\n");
    EXPECT_EQ(c.hears("250-hi\r\n250 " + auth + "\r\n"), "QUIT\r\n");
    return c.events().back();
  };
  EXPECT_EQ(closed_by("AUTH XOAUTH2 OAUTHBEARER", with_password()), "closed: needs_oauth");
  EXPECT_EQ(closed_by("AUTH PLAIN", with_token()), "closed: auth");
  EXPECT_EQ(closed_by("AUTH GSSAPI", with_password()), "closed: not_allowed");
  EXPECT_EQ(closed_by("PIPELINING", with_password()), "closed: not_allowed");
}

TEST_P(SessionTest, RejectedLogins) {
  const auto answer = [](const std::string& reply, const std::string& auth = "AUTH PLAIN XOAUTH2") {
    auto c = talk({.login = with_password()});
    c.hears("220 hi\r\n");
    c.hears("250-hi\r\n250 " + auth + "\r\n");
    c.hears(reply);
    return *c.error();
  };
  const Error rejected = answer("535 5.7.8 authentication failed\r\n");
  EXPECT_EQ(rejected.kind(), ErrorKind::auth);
  EXPECT_THAT(rejected.text(), HasSubstr("535 5.7.8 authentication failed"));
  EXPECT_FALSE(rejected.hint().empty());
  EXPECT_EQ(answer("534 5.7.9 application-specific password required\r\n").kind(), ErrorKind::auth);
  EXPECT_EQ(answer("535 5.7.139 basic authentication is disabled\r\n").kind(), ErrorKind::needs_oauth);
  EXPECT_EQ(answer("535 5.7.139 disabled\r\n", "AUTH PLAIN").kind(), ErrorKind::auth);
  EXPECT_EQ(answer("454 4.7.0 temporary failure\r\n").kind(), ErrorKind::network);
  EXPECT_EQ(answer("421 4.7.0 too many errors\r\n").kind(), ErrorKind::network);
  EXPECT_EQ(answer("538 5.7.11 encryption required\r\n").kind(), ErrorKind::not_allowed);
}

// Who shows a token has no password to check.
TEST_P(SessionTest, ARejectedTokenIsSpokenOfAsOne) {
  auto c = talk({.login = with_token()});
  c.hears("220 hi\r\n");
  c.hears("250-hi\r\n250 AUTH PLAIN XOAUTH2\r\n");
  c.hears("535 5.7.8 authentication failed\r\n");
  const auto rejected = *c.error();
  EXPECT_EQ(rejected.kind(), ErrorKind::auth);
  EXPECT_THAT(rejected.hint(), Not(HasSubstr("password")));
  EXPECT_THAT(rejected.hint(), HasSubstr("sign in"));
}

TEST_P(SessionTest, TriesTheNextMechanismOnlyIfTheFirstIsNoMatterOfThePassword) {
  auto c = talk({.login = with_password()});
  c.hears("220 hi\r\n");
  c.hears("250-hi\r\n250 AUTH SCRAM-SHA-256 PLAIN LOGIN\r\n");
  EXPECT_THAT(c.hears("504 5.5.4 unknown mechanism\r\n"), HasSubstr("AUTH PLAIN "));
  EXPECT_EQ(c.hears("535 5.7.8 no\r\n"), "QUIT\r\n");
}

TEST_P(SessionTest, AServerThatRefusesAnAddressIsToldAName) {
  for (const auto* const refusal : {"501 5.5.4 invalid name", "504 5.5.2 need fully-qualified hostname", "550 no",
                                    "553 no", "554 no", "450 4.7.1 host not found"}) {
    auto c = talk({.login = with_password()});
    EXPECT_EQ(c.hears("220 hi\r\n"), "EHLO [127.0.0.1]\r\n");
    EXPECT_EQ(c.hears(fmt::format("{}\r\n", refusal)), "EHLO localhost.localdomain\r\n");
    EXPECT_THAT(c.hears("250-hi\r\n250 AUTH PLAIN\r\n"), testing::StartsWith("AUTH PLAIN"));
    c.hears("235 ok\r\n");
    EXPECT_THAT(c.events(), ElementsAre("ready")) << refusal;
  }
}

TEST_P(SessionTest, ARefusedNameIsNotTriedForEver) {
  auto twice = talk();
  twice.hears("220 hi\r\n");
  twice.hears("550 not you\r\n");
  EXPECT_EQ(twice.hears("550 still not you\r\n"), "QUIT\r\n");
  EXPECT_THAT(twice.events(), ElementsAre("closed: not_allowed"));
  EXPECT_THAT(twice.error()->text(), HasSubstr("550 still not you"));

  auto hung_up = talk();
  hung_up.hears("220 hi\r\n");
  hung_up.hears("554 5.7.1 go away\r\n");
  hung_up.session().connection_lost();
  hung_up.drives();
  EXPECT_THAT(hung_up.error()->text(), HasSubstr("554 5.7.1 go away"));
}

TEST_P(SessionTest, TheNameThatWasTakenIsSaidAgainBehindTls) {
  auto c = talk({.starttls = true});
  c.hears("220 hi\r\n");
  c.hears("501 no\r\n");
  EXPECT_EQ(c.hears("250-hi\r\n250 STARTTLS\r\n"), "STARTTLS\r\n");
  c.hears("220 go on\r\n");
  c.session().tls_started();
  EXPECT_EQ(c.drives(), "EHLO localhost.localdomain\r\n");
}

TEST_P(SessionTest, HeloWhereNothingIsLostByIt) {
  for (const auto* const unknown : {"500 what?\r\n", "502 5.5.1 not here\r\n"}) {
    auto c = talk();
    c.hears("220 hi\r\n");
    EXPECT_EQ(c.hears(unknown), "HELO [127.0.0.1]\r\n");
    c.hears("250 hi\r\n");
    EXPECT_THAT(c.events(), ElementsAre("ready"));

    auto login = talk({.login = with_password()});
    login.hears("220 hi\r\n");
    EXPECT_EQ(login.hears(unknown), "QUIT\r\n");
    EXPECT_THAT(login.events(), ElementsAre("closed: not_allowed"));
  }
}

TEST_P(SessionTest, AGreetingWithoutEnd) {
  auto c = talk();
  c.hears("220 " + std::string(50'000, 'x') + "\r\n");
  EXPECT_THAT(c.events(), IsEmpty()) << "long, and over";
  auto refusal = talk();
  refusal.hears("554-" + std::string(30'000, 'x') + "\r\n554 no\r\n");
  EXPECT_THAT(refusal.events(), ElementsAre("closed: not_allowed"));
  EXPECT_LT(refusal.error()->text().size(), 1100U);
  auto endless = talk();
  std::string lines;
  for (int i = 0; i < 10; ++i) lines += "220-" + std::string(10'000, 'x') + "\r\n";
  endless.hears(lines);
  EXPECT_THAT(endless.events(), ElementsAre("closed: limit"));
}

TEST_P(SessionTest, GreetingsThatAreNone) {
  const auto closed_by = [](std::string_view greeting) {
    auto c = talk();
    c.hears(greeting);
    return c.events().back();
  };
  EXPECT_EQ(closed_by("554 5.7.1 no service for you\r\n"), "closed: not_allowed");
  EXPECT_EQ(closed_by("421 4.3.2 too busy\r\n"), "closed: network");
  EXPECT_EQ(closed_by("* OK IMAP4rev1\r\n"), "closed: protocol");
  EXPECT_EQ(closed_by("220-a\r\n250 b\r\n"), "closed: protocol");
}

TEST_P(SessionTest, ThePasswordNeverReachesTheLog) {
  std::string log;
  const Log sink([&](LogLevel, std::string_view line) { log += fmt::format("{}\n", line); });
  auto c = talk({.login = with_password(), .log = sink});
  c.hears("220 hi\r\n");
  c.hears("250-hi\r\n250 AUTH PLAIN\r\n");
  c.hears("235 ok\r\n");
  EXPECT_THAT(log, HasSubstr("AUTH PLAIN"));
  EXPECT_THAT(log, testing::Not(HasSubstr(base64(std::string_view("\0alice@example.org\0sesame", 25)))));
  EXPECT_THAT(log, testing::Not(HasSubstr("sesame")));
}

TEST_P(SessionTest, Quits) {
  auto c = ready({});
  c.session().quit();
  EXPECT_EQ(c.drives(), "QUIT\r\n");
  c.hears("221 bye\r\n");
  EXPECT_THAT(c.events(), ElementsAre("closed"));
  EXPECT_EQ(c.hears("250 still here\r\n"), "");
  EXPECT_THAT(c.events(), IsEmpty());
}

TEST_P(SessionTest, TheServerMayLeaveAtAnyMoment) {
  auto idle = ready({});
  idle.hears("421 4.4.2 idle too long\r\n");
  EXPECT_THAT(idle.events(), ElementsAre("closed: network"));
  EXPECT_THAT(idle.error()->text(), HasSubstr("idle too long"));

  auto gone = ready({});
  gone.session().connection_lost();
  gone.drives();
  EXPECT_THAT(gone.events(), ElementsAre("closed: network"));

  auto odd = ready({});
  odd.hears("250 what?\r\n");
  EXPECT_THAT(odd.events(), ElementsAre("closed: protocol"));
}

}  // namespace
}  // namespace coi::smtp::test
