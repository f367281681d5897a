#include <gtest/gtest.h>

#include "net/dns_answer.h"
#include "net/resolve.h"

namespace coi::net {
namespace {

using namespace std::string_literals;

std::string u16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)}; }

// "mail.example.org" as labels, uncompressed.
std::string labels(std::string_view name) {
  std::string bytes;
  while (!name.empty()) {
    const auto end = std::min(name.find('.'), name.size());
    bytes += static_cast<char>(end);
    bytes += name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return bytes + '\0';
}

constexpr unsigned mx = 15;
constexpr unsigned srv = 33;
constexpr unsigned a = 1;

// An answer for example.org; every record's owner points back at the question (RFC 1035 4.1.4).
std::string answer(unsigned type, const std::vector<std::pair<unsigned, std::string>>& records) {
  std::string packet = u16(4711) + u16(0x8180) + u16(1) + u16(static_cast<unsigned>(records.size())) + u16(0) + u16(0);
  packet += labels("example.org") + u16(type) + u16(1);
  for (const auto& [kind, data] : records)
    packet += "\xc0\x0c"s + u16(kind) + u16(1) + "\0\0\x0e\x10"s + u16(static_cast<unsigned>(data.size())) + data;
  return packet;
}

std::string srv_data(unsigned priority, unsigned weight, unsigned port, const std::string& target) {
  return u16(priority) + u16(weight) + u16(port) + target;
}

TEST(Dns, SrvBestFirst) {
  const auto packet = answer(srv, {{srv, srv_data(20, 0, 143, labels("Backup.Example.NET"))},
                                   {srv, srv_data(10, 1, 993, labels("small.example.org"))},
                                   {a, "\x7f\0\0\x01"s},
                                   {srv, srv_data(10, 90, 993, labels("imap") + "")},
                                   {srv, srv_data(10, 60, 1993, "\x03mid\xc0\x0c"s)}});
  EXPECT_EQ(parse_srv_answer(packet).value(), (std::vector<SrvRecord>{{"imap", 993, 10, 90},
                                                                      {"mid.example.org", 1993, 10, 60},
                                                                      {"small.example.org", 993, 10, 1},
                                                                      {"backup.example.net", 143, 20, 0}}));
}

TEST(Dns, NotOfferedAndNoHostAreLeftOut) {
  EXPECT_TRUE(parse_srv_answer(answer(srv, {{srv, srv_data(0, 0, 0, "\0"s)}})).value().empty());
  EXPECT_TRUE(parse_srv_answer(answer(srv, {{srv, srv_data(0, 0, 1,
                                                           "\x03"
                                                           "a b\0"s)}}))
                  .value()
                  .empty());
  EXPECT_TRUE(parse_srv_answer(answer(srv, {{srv, "\0\0"s}})).value().empty());
  EXPECT_TRUE(parse_srv_answer(answer(srv, {{srv, srv_data(0, 0, 1, "\xc0\xff"s)}})).value().empty());
  EXPECT_TRUE(parse_srv_answer(answer(srv, {})).value().empty());
  EXPECT_TRUE(parse_mx_answer(answer(mx, {{mx, u16(0) + "\0"s}})).value().empty());
}

TEST(Dns, MxBestFirst) {
  const auto packet = answer(mx, {{mx, u16(20) + labels("b.example.org")},
                                  {mx, u16(10) + "\x01"
                                                 "a\xc0\x0c"s}});
  EXPECT_EQ(parse_mx_answer(packet).value(), (std::vector<MxRecord>{{"a.example.org", 10}, {"b.example.org", 20}}));
}

TEST(Dns, EveryCutPacketIsAnError) {
  const auto packet = answer(srv, {{srv, srv_data(10, 1, 993, labels("imap.example.org"))}});
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_EQ(parse_srv_answer(std::string_view(packet).substr(0, size)).error().kind(), ErrorKind::protocol) << size;
}

TEST(Dns, ANameThatPointsAtItselfEnds) {
  std::string packet = answer(srv, {{srv, srv_data(0, 0, 1, "\xc0\0"s)}});
  packet.back() = static_cast<char>(packet.size() - 2);
  EXPECT_TRUE(parse_srv_answer(packet).value().empty());
}

TEST(Dns, DeadlineAndCancelEndALookUp) {
  const auto late = resolve_mx("example.org", after(std::chrono::milliseconds(-1)));
  EXPECT_EQ(late.error().kind(), ErrorKind::network);
  const auto waker = Waker::create().value();
  waker.cancel();
  EXPECT_EQ(resolve_srv("_imaps._tcp", "example.org", Deadline::max(), waker).error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(resolve_srv("_imaps._tcp", "not a host", Deadline::max()).error().kind(), ErrorKind::invalid);
}

}  // namespace
}  // namespace coi::net
