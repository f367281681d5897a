#include "json/codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace coi::json {
namespace {

using ChatId = StrongId<struct ChatTag>;

enum class Presence { online, away };
BOOST_DESCRIBE_ENUM(Presence, online, away)

struct File {
  std::string name;
  std::uint32_t size = 0;
  static constexpr std::string_view required[] = {"name"};
  friend bool operator==(const File&, const File&) = default;
};
BOOST_DESCRIBE_STRUCT(File, (), (name, size))

struct Message {
  ChatId chat;
  std::string text = "none";
  std::optional<std::string> subject;
  std::vector<File> files;
  std::map<std::string, int> votes;
  Presence presence = Presence::away;
  bool urgent = true;
  double score = 0.5;
  Rfc3339 sent;
  UnixMs sort_ms = 0;
  static constexpr std::string_view required[] = {"chat"};
  friend bool operator==(const Message&, const Message&) = default;
};
BOOST_DESCRIBE_STRUCT(Message, (), (chat, text, subject, files, votes, presence, urgent, score, sent, sort_ms))

struct Reply : File {
  std::int8_t stars = 0;
};
BOOST_DESCRIBE_STRUCT(Reply, (File), (stars))

struct Changed {
  static constexpr std::string_view type = "changed";
  ChatId chat;
  friend bool operator==(const Changed&, const Changed&) = default;
};
BOOST_DESCRIBE_STRUCT(Changed, (), (chat))

struct Resync {
  static constexpr std::string_view type = "resync";
  std::string account;
  friend bool operator==(const Resync&, const Resync&) = default;
};
BOOST_DESCRIBE_STRUCT(Resync, (), (account))

using Event = std::variant<Changed, Resync>;

template <class T>
Result<T> read(std::string_view text, std::string_view name = "params") {
  return decode<T>(parse(text, {}).value(), name);
}

template <class T>
std::string error_of(std::string_view text) {
  const auto result = read<T>(text);
  if (result) return "no error";
  EXPECT_EQ(result.error().kind(), ErrorKind::invalid);
  return result.error().text();
}

TEST(Codec, StructRoundTrip) {
  const Message message{.chat = ChatId(7),
                        .text = "Grüße",
                        .subject = "Hi",
                        .files = {{"a.png", 3}, {"b.txt", 4'294'967'295}},
                        .votes = {{"no", 2}, {"yes", -1}},
                        .presence = Presence::online,
                        .urgent = false,
                        .score = 1.25,
                        .sent = {1'000},
                        .sort_ms = 1'795'498'965'123};
  const auto text = encode(message);
  EXPECT_EQ(text, R"({"chat":7,"text":"Grüße","subject":"Hi","files":[{"name":"a.png","size":3},)"
                  R"({"name":"b.txt","size":4294967295}],"votes":{"no":2,"yes":-1},"presence":"online",)"
                  R"("urgent":false,"score":1.25E0,"sent":"1970-01-01T00:00:01.000Z","sort_ms":1795498965123})");
  EXPECT_EQ(read<Message>(text).value(), message);
}

TEST(Codec, AbsentMembersKeepTheirDefaults) {
  const auto message = read<Message>(R"({"chat":1})").value();
  Message defaults;
  defaults.chat = ChatId(1);
  EXPECT_EQ(message, defaults);
  EXPECT_EQ(message.text, "none");
  EXPECT_TRUE(message.urgent);
}

TEST(Codec, UnknownMembersArePassedOver) {
  EXPECT_EQ(read<File>(R"({"colour":{"r":[1]},"name":"a"})").value(), (File{.name = "a"}));
}

TEST(Codec, RequiredMembersMustBeThere) {
  EXPECT_EQ(error_of<Message>("{}"), "params.chat: is missing");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"files":[{"name":"a"},{}]})"), "params.files[1].name: is missing");
}

TEST(Codec, ErrorsNameThePlace) {
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"files":[{"name":"a"},{"name":"b"},{"name":3}]})"),
            "params.files[2].name: expected a string");
  EXPECT_EQ(error_of<Message>(R"({"chat":"1"})"),
            "params.chat: expected a whole number from -9223372036854775808 to 9223372036854775807");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"votes":{"yes":true}})"),
            "params.votes.yes: expected a whole number from -2147483648 to 2147483647");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"presence":"gone"})"), R"(params.presence: expected "online" or "away")");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"presence":1})"), R"(params.presence: expected "online" or "away")");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"urgent":0})"), "params.urgent: expected true or false");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"text":null})"), "params.text: expected a string");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"files":{}})"), "params.files: expected an array");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"votes":[]})"), "params.votes: expected an object");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"sent":"yesterday"})"), "params.sent: expected a date-time of RFC 3339");
  EXPECT_EQ(error_of<Message>(R"({"chat":1,"score":"much"})"), "params.score: expected a number");
  EXPECT_EQ(error_of<Message>("[]"), "params: expected an object");
  EXPECT_EQ(read<Message>("[]", "").error().text(), "expected an object");
  EXPECT_EQ(read<std::vector<int>>("[1,null]", "").error().text(),
            "[1]: expected a whole number from -2147483648 to 2147483647");
}

TEST(Codec, OptionalIsAbsentNullOrValue) {
  EXPECT_EQ(read<Message>(R"({"chat":1,"subject":null})").value().subject, std::nullopt);
  EXPECT_EQ(read<Message>(R"({"chat":1,"subject":""})").value().subject, "");
  EXPECT_EQ(encode(Message{}).find("subject"), std::string::npos);
  EXPECT_EQ(encode(std::vector<std::optional<int>>{1, std::nullopt}), "[1,null]");
}

TEST(Codec, WholeNumbersKeepTheirRange) {
  EXPECT_EQ(read<std::int8_t>("-128").value(), -128);
  EXPECT_EQ(error_of<std::int8_t>("128"), "params: expected a whole number from -128 to 127");
  EXPECT_EQ(read<std::uint8_t>("255").value(), 255);
  EXPECT_FALSE(read<std::uint8_t>("256"));
  EXPECT_FALSE(read<std::uint8_t>("-1"));
  EXPECT_EQ(read<std::uint64_t>("18446744073709551615").value(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(encode(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_FALSE(read<std::int64_t>("9223372036854775808"));
  EXPECT_FALSE(read<std::uint64_t>("18446744073709551616"));
}

TEST(Codec, WholeNumbersMayBeWrittenWithFractionOrExponent) {
  EXPECT_EQ(read<int>("5.0").value(), 5);
  EXPECT_EQ(read<unsigned>("1e3").value(), 1000);
  for (const auto* bad : {"5.5", "1e300", "-1e300", "9007199254740993.0", "null", "\"5\"", "true"})
    EXPECT_FALSE(read<std::int64_t>(bad)) << bad;
}

TEST(Codec, NumbersAreFinite) {
  EXPECT_EQ(read<double>("3").value(), 3.0);
  EXPECT_EQ(read<double>("-2.5e-3").value(), -0.0025);
  EXPECT_FALSE(read<double>("null"));
  EXPECT_EQ(encode(std::numeric_limits<double>::infinity()), "null");
}

TEST(Codec, InheritedMembersComeFirstAndAreRequiredToo) {
  Reply reply;
  reply.name = "a";
  reply.stars = 5;
  EXPECT_EQ(encode(reply), R"({"name":"a","size":0,"stars":5})");
  EXPECT_EQ(read<Reply>(R"({"name":"b","stars":-1})").value().name, "b");
  EXPECT_EQ(error_of<Reply>(R"({"stars":-1})"), "params.name: is missing");
}

TEST(Codec, VariantIsTaggedByType) {
  const Event event = Resync{.account = "a"};
  EXPECT_EQ(encode(event), R"({"type":"resync","account":"a"})");
  EXPECT_EQ(read<Event>(R"({"account":"a","type":"resync"})").value(), event);
  EXPECT_EQ(read<Event>(R"({"type":"changed","chat":3})").value(), Event(Changed{.chat = ChatId(3)}));
  EXPECT_EQ(error_of<Event>(R"({"type":"gone"})"), R"(params.type: expected "changed" or "resync")");
  EXPECT_EQ(error_of<Event>(R"({"type":1})"), "params.type: expected a string");
  EXPECT_EQ(error_of<Event>(R"({})"), "params.type: is missing");
  EXPECT_EQ(error_of<Event>(R"({"type":"resync","account":7})"), "params.account: expected a string");
  EXPECT_EQ(error_of<Event>(R"("resync")"), "params: expected an object");
}

TEST(Codec, ValueStandsForAnything) {
  EXPECT_EQ(encode(read<Value>(R"([1,{"a":null}])").value()), R"([1,{"a":null}])");
}

TEST(Codec, SecretTravelsAsString) {
  EXPECT_EQ(read<Secret>(R"("pw")").value(), Secret("pw"));
  EXPECT_EQ(encode(Secret("pw")), R"("pw")");
}

}  // namespace
}  // namespace coi::json
