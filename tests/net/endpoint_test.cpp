#include "net/endpoint.h"

#include <gtest/gtest.h>

namespace coi::net {
namespace {

TEST(Endpoint, SchemesSayProtectionAndPort) {
  EXPECT_EQ(parse_url(Service::imap, "imaps://mail.example.org").value(),
            (Endpoint{"mail.example.org", 993, Security::tls}));
  EXPECT_EQ(parse_url(Service::imap, "imap://mail.example.org").value(),
            (Endpoint{"mail.example.org", 143, Security::starttls}));
  EXPECT_EQ(parse_url(Service::smtp, "SMTPS://Mail.Example.ORG/").value(),
            (Endpoint{"mail.example.org", 465, Security::tls}));
  EXPECT_EQ(parse_url(Service::smtp, "smtp://mail.example.org:2525").value(),
            (Endpoint{"mail.example.org", 2525, Security::starttls}));
}

TEST(Endpoint, AddressesAndInternationalNames) {
  EXPECT_EQ(parse_url(Service::imap, "imaps://[2001:DB8::1]:1993").value(),
            (Endpoint{"2001:db8::1", 1993, Security::tls}));
  EXPECT_EQ(parse_url(Service::imap, "imaps://192.0.2.1").value().host, "192.0.2.1");
  EXPECT_EQ(parse_url(Service::imap, "imaps://Bücher.example").value().host, "xn--bcher-kva.example");
  EXPECT_EQ(parse_url(Service::imap, "imaps://faß.example").value().host, "xn--fa-hia.example");
}

TEST(Endpoint, ClearTextOnLoopbackOnly) {
  for (const auto* const url :
       {"imap+plain://localhost:1143", "imap+plain://127.0.0.1:1143", "imap+plain://[::1]:1143"})
    EXPECT_EQ(parse_url(Service::imap, url).value().security, Security::plain) << url;
  for (const auto* const url :
       {"imap+plain://mail.example.org", "imap+plain://192.168.0.1", "imap+plain://localhost.example.org"}) {
    const auto endpoint = parse_url(Service::imap, url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::not_allowed) << url;
    EXPECT_FALSE(endpoint.error().hint().empty());
  }
}

TEST(Endpoint, RefusesWhatIsNoServer) {
  for (const auto* const url :
       {"", "mail.example.org", "smtps://mail.example.org", "imaps://", "imaps://:993", "imaps://host:0",
        "imaps://host:65536", "imaps://host:x", "imaps://user@host", "imaps://host/INBOX", "imaps://host?x",
        "imaps://ho st", "imaps://a%00b", "imaps://a%0d%0ab", "https://host", "imaps://[::1", "imaps://a..b"}) {
    const auto endpoint = parse_url(Service::imap, url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::invalid) << url;
  }
}

TEST(Endpoint, NeverShowsAPassword) {
  EXPECT_FALSE(parse_url(Service::imap, "imaps://me:sesame@host").error().text().contains("sesame"));
}

TEST(Endpoint, UrlRoundTrip) {
  for (const auto* const url : {"imaps://mail.example.org", "imap://[2001:db8::1]:1143", "imap+plain://localhost:1143"})
    EXPECT_EQ(to_url(Service::imap, parse_url(Service::imap, url).value()), url);
  EXPECT_EQ(to_url(Service::smtp, parse_url(Service::smtp, "smtp://h:587").value()), "smtp://h");
}

TEST(Endpoint, Loopback) {
  for (const auto* const host : {"localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const auto* const host : {"", "localhost.com", "128.0.0.1", "::2", "notlocalhost"})
    EXPECT_FALSE(is_loopback(host)) << host;
  EXPECT_FALSE(is_loopback(std::string_view("127.0.0.1\0.example.org", 22)));
  EXPECT_FALSE(is_ip_address(std::string_view("127.0.0.1\0.example.org", 22)));
}

TEST(Endpoint, IsRefusedOnOneLine) {
  EXPECT_EQ(parse_url(Service::imap, "imaps://a%1B%0Ab").error().text(), "'a  b' is no host name");
  EXPECT_EQ(parse_url(Service::imap, "imaps://a%0Ab/path").error().text(),
            "the address of 'a b' holds more than a host and a port");
}

}  // namespace
}  // namespace coi::net
