#include "imap/login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation.h"

namespace coi::imap {
namespace {

using testing::HasSubstr;
using testing::Not;

LoginOptions joe() {
  LoginOptions options;
  options.credentials = {
      .user = "joe", .password = Secret("pw"), .host = "imap.example.org", .port = 993, .nonce = "nonce"};
  options.client_name = "coi";
  options.client_version = "0.1";
  return options;
}

LoginOptions joe_with_token() {
  auto options = joe();
  options.credentials.token = Secret("t0ken");
  return options;
}

class LoginTalk : public Conversation {
 public:
  explicit LoginTalk(LoginOptions options) : login(std::move(options)) {}

  // Feeds the lines; what the client then says, or the error's kind and text.
  template <class... Lines>
  std::string say(const Lines&... lines) {
    server(lines...);
    for (auto& event : events()) {
      auto result = login.take(session, event);
      if (!result) {
        error = std::move(result).error();
        return fmt::format("{}: {}", name(error->kind()), error->text());
      }
      step = *result;
    }
    return client();
  }

  Login login;
  LoginStep step = LoginStep::going_on;
  std::optional<Error> error;
};

TEST(Login, GoesAllTheWay) {
  auto options = joe();
  options.security = Security::starttls;
  options.compress = true;
  LoginTalk talk(options);
  EXPECT_EQ(talk.say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi"), "C1 STARTTLS\r\n");
  EXPECT_EQ(talk.say("C1 OK go"), "");
  ASSERT_EQ(talk.step, LoginStep::start_tls);
  talk.session.tls_started();
  EXPECT_EQ(talk.login.resume(talk.session).value(), LoginStep::going_on);
  EXPECT_EQ(talk.client(), "C2 CAPABILITY\r\n");
  EXPECT_EQ(talk.say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN", "C2 OK"), "C3 AUTHENTICATE PLAIN AGpvZQBwdw==\r\n");
  EXPECT_EQ(talk.say("C3 OK in"), "C4 CAPABILITY\r\n");
  EXPECT_EQ(talk.say("* CAPABILITY IMAP4rev1 ID ENABLE QRESYNC CONDSTORE NAMESPACE COMPRESS=DEFLATE", "C4 OK"),
            "C5 ID (\"name\" \"coi\" \"version\" \"0.1\")\r\nC6 ENABLE QRESYNC\r\nC7 NAMESPACE\r\n");
  EXPECT_EQ(talk.say("* ID (\"name\" \"Dovecot\")", "C5 OK", "* ENABLED QRESYNC", "C6 OK",
                     "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL", "C7 OK"),
            "C8 COMPRESS DEFLATE\r\n");
  talk.say("C8 OK");
  ASSERT_EQ(talk.step, LoginStep::start_compression);
  talk.session.compression_started();
  EXPECT_EQ(talk.login.resume(talk.session).value(), LoginStep::done);
  EXPECT_TRUE(talk.session.enabled().has("QRESYNC"));
  EXPECT_EQ(talk.login.namespaces().personal.at(0).prefix, "INBOX.");
  EXPECT_EQ(talk.login.server().fields.at("NAME"), "Dovecot");
}

TEST(Login, IsDoneAtOnceWhereNothingMoreIsOffered) {
  LoginTalk talk(joe());
  EXPECT_EQ(talk.say("* OK [CAPABILITY IMAP4rev1] hi"), "C1 LOGIN joe \"pw\"\r\n");
  EXPECT_EQ(talk.say("C1 OK [CAPABILITY IMAP4rev1] in"), "");
  EXPECT_EQ(talk.step, LoginStep::done);
}

TEST(Login, TakesTheBestWayOffered) {
  const auto way = [](LoginOptions options, const std::string& offered) {
    LoginTalk talk(std::move(options));
    return talk.say("* OK [CAPABILITY IMAP4rev1 " + offered + "] hi");
  };
  EXPECT_EQ(way(joe(), "AUTH=PLAIN AUTH=SCRAM-SHA-256 AUTH=XOAUTH2"), "C1 AUTHENTICATE SCRAM-SHA-256\r\n");
  EXPECT_EQ(way(joe(), "AUTH=PLAIN AUTH=CRAM-MD5 AUTH=XOAUTH2"), "C1 AUTHENTICATE PLAIN\r\n");
  EXPECT_EQ(way(joe(), "AUTH=CRAM-MD5"), "C1 LOGIN joe \"pw\"\r\n");
  EXPECT_THAT(way(joe(), "AUTH=CRAM-MD5 LOGINDISABLED"), HasSubstr("not_allowed: "));
  EXPECT_THAT(way(joe(), "AUTH=XOAUTH2 AUTH=OAUTHBEARER"), HasSubstr("needs_oauth: "));
  EXPECT_EQ(way(joe_with_token(), "AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER"), "C1 AUTHENTICATE OAUTHBEARER\r\n");
  EXPECT_EQ(way(joe_with_token(), "AUTH=PLAIN AUTH=XOAUTH2"), "C1 AUTHENTICATE XOAUTH2\r\n");
  EXPECT_THAT(way(joe_with_token(), "AUTH=PLAIN"), HasSubstr("auth: "));
  EXPECT_THAT(way(joe_with_token(), ""), HasSubstr("auth: ")) << "LOGIN takes a password";
  EXPECT_THAT(way(joe_with_token(), "AUTH=CRAM-MD5 LOGINDISABLED"), HasSubstr("not_allowed: "));
  EXPECT_THAT(way(joe(), "AUTH=XOAUTH2 LOGINDISABLED"), HasSubstr("needs_oauth: "));
  EXPECT_EQ(way(joe(), "AUTH=LOGIN AUTH=XOAUTH2"), "C1 LOGIN joe \"pw\"\r\n");
  EXPECT_EQ(way(joe(), "AUTH=LOGIN LOGINDISABLED"), "C1 AUTHENTICATE LOGIN\r\n");
}

TEST(Login, SpeaksScramToTheEnd) {
  auto options = joe();
  options.credentials = {.user = "user", .password = Secret("pencil"), .nonce = "rOprNGfwEbeRWgbNEkqO"};
  LoginTalk talk(options);
  EXPECT_EQ(talk.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] hi"),
            "C1 AUTHENTICATE SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=\r\n");
  EXPECT_EQ(
      talk.say("+ cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2"
               "Z1E9PSxpPTQwOTY="),
      "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0"
      "YWc5empmTUhnc3FtbWl6N0FuZFZRPQ==\r\n");
  EXPECT_EQ(talk.say("+ dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ=="), "\r\n");
  talk.say("C1 OK [CAPABILITY IMAP4rev1] in");
  EXPECT_EQ(talk.step, LoginStep::done);
}

TEST(Login, RefusesToGoOnWithoutEncryption) {
  auto options = joe();
  options.security = Security::starttls;
  EXPECT_THAT(LoginTalk(options).say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi"), HasSubstr("not_allowed: "));
  EXPECT_THAT(LoginTalk(options).say("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] in already"),
              HasSubstr("not_allowed: "));
  LoginTalk talk(options);
  EXPECT_EQ(talk.say("* OK hi"), "C1 STARTTLS\r\n");
  EXPECT_THAT(talk.say("C1 NO not today"), HasSubstr("not_allowed: "));
  options.security = Security::none;
  LoginTalk in_clear(options);
  EXPECT_THAT(in_clear.say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi"), HasSubstr("not_allowed: "));
  EXPECT_THAT(in_clear.error->hint(), HasSubstr("TLS"));
}

TEST(Login, SaysWhoseFaultARefusalIs) {
  const auto refused = [](LoginOptions options, const std::string& offered, const std::string& answer) {
    LoginTalk talk(std::move(options));
    talk.say("* OK [CAPABILITY IMAP4rev1 SASL-IR " + offered + "] hi");
    return talk.say("C1 " + answer);
  };
  EXPECT_EQ(refused(joe(), "AUTH=PLAIN", "NO [AUTHENTICATIONFAILED] Authentication failed."),
            "auth: cannot log in: the server says: Authentication failed.");
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO Login failed"), HasSubstr("auth: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO [ALERT] Application-specific password required"), HasSubstr("auth: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO [UNAVAILABLE] Temporary authentication failure."),
              HasSubstr("network: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO [LIMIT] x"), HasSubstr("network: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO [INUSE] x"), HasSubstr("network: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO [ALERT] Too many simultaneous connections. (Failure)"),
              HasSubstr("network: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "NO [PRIVACYREQUIRED] x"), HasSubstr("not_allowed: "));
  EXPECT_THAT(refused(joe(), "AUTH=PLAIN", "BAD x"), HasSubstr("protocol: "));
}

TEST(Login, HintsAtAnAppPasswordWhereOauthIsOffered) {
  LoginTalk talk(joe());
  talk.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2] hi");
  talk.say("C1 NO [AUTHENTICATIONFAILED] Invalid credentials");
  EXPECT_THAT(talk.error->hint(), HasSubstr("app password"));
}

TEST(Login, AnswersTheReasonOfARefusedToken) {
  LoginTalk talk(joe_with_token());
  EXPECT_THAT(talk.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi"), HasSubstr("C1 AUTHENTICATE XOAUTH2 "));
  EXPECT_EQ(talk.say("+ eyJzdGF0dXMiOiI0MDAifQ=="), "\r\n");
  EXPECT_THAT(talk.say("C1 NO [AUTHENTICATIONFAILED] Invalid"), HasSubstr("auth: "));
  EXPECT_THAT(talk.error->hint(), HasSubstr("sign in"));
}

TEST(Login, TriesLaterWhenTheServerHangsUp) {
  EXPECT_THAT(LoginTalk(joe()).say("* BYE overloaded"), HasSubstr("network: "));
  LoginTalk talk(joe());
  talk.say("* OK hi");
  EXPECT_THAT(talk.say("* BYE [UNAVAILABLE] Maximum number of connections exceeded"), HasSubstr("network: "));
}

// RFC 3501 demands it; a gateway may not know it all the same.
TEST(Login, GoesOnWhereCapabilityIsNotKnown) {
  LoginTalk talk(joe());
  EXPECT_EQ(talk.say("* OK hi"), "C1 CAPABILITY\r\n");
  EXPECT_EQ(talk.say("C1 BAD what"), "C2 LOGIN joe \"pw\"\r\n");
  EXPECT_THAT(LoginTalk(joe()).say("* OK hi", "C1 NO [UNAVAILABLE] later"), Not(HasSubstr("LOGIN")));
}

TEST(Login, GoesOnWhenExtrasAreRefused) {
  LoginTalk talk(joe());
  EXPECT_THAT(talk.say("* PREAUTH [CAPABILITY IMAP4rev1 ID NAMESPACE ENABLE CONDSTORE] in"),
              HasSubstr("C2 ENABLE CONDSTORE\r\n"));
  talk.say("C1 BAD no", "C2 NO no", "C3 BAD no");
  EXPECT_EQ(talk.step, LoginStep::done);
}

}  // namespace
}  // namespace coi::imap
