#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "proto/chat.h"
#include "proto/error.h"
#include "proto/event.h"
#include "proto/location.h"
#include "proto/rpc.h"
#include "temporary_directory.h"

namespace coi::proto {
namespace {

json::Value parse(std::string_view text) { return json::parse(text, Limits{}).value(); }

TEST(Error, KeepsItsKindOnTheWay) {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
    const Error error(static_cast<ErrorKind>(kind), "what", "hint");
    const auto back = to_error(to_failure(error));
    EXPECT_EQ(back.kind(), error.kind());
    EXPECT_EQ(back.text(), "what");
    EXPECT_EQ(back.hint(), "hint");
  }
}

TEST(Error, OfANewerProgramIsInternal) {
  EXPECT_EQ(to_error({.kind = "gravity", .text = "t", .hint = ""}).kind(), ErrorKind::internal);
}

TEST(ChatName, IsTextOrNumber) {
  EXPECT_EQ(json::decode<ChatName>(parse("7"))->text, "7");
  EXPECT_EQ(json::decode<ChatName>(parse("\"Bob\""))->text, "Bob");
  EXPECT_FALSE(json::decode<ChatName>(parse("-1")));
  EXPECT_FALSE(json::decode<ChatName>(parse("true")));
}

TEST(Params, SayWhatIsMissing) {
  const auto decoded = json::decode<SendMessage>(parse(R"({"text":"hi"})"), "params");
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().text(), "params.chat: is missing");
  EXPECT_EQ(json::decode<ListMessages>(parse(R"({"chat":1,"later":true})"))->most, 50U);
}

TEST(Event, CarriesItsTypeAndTheWholeObject) {
  MessageAdded added{.account = "A", .seq = 7, .notify = true};
  added.message.id = MessageId(3);
  added.message.text = "hi";
  added.message.time = {0};
  const auto value = parse(json::encode(Event(added)));
  EXPECT_EQ(value.at("type"), "message_added");
  EXPECT_EQ(value.at("seq"), 7);
  EXPECT_EQ(value.at("message").at("text"), "hi");
  EXPECT_EQ(value.at("message").at("time"), "1970-01-01T00:00:00.000Z");
  const auto back = json::decode<Event>(value);
  ASSERT_TRUE(back);
  EXPECT_TRUE(std::get<MessageAdded>(*back).notify);
  EXPECT_EQ(std::get<MessageAdded>(*back).message.id, MessageId(3));
}

TEST(RpcMessage, TellsRepliesFromNotifications) {
  const auto reply =
      json::decode<RpcMessage>(parse(R"({"jsonrpc":"2.0","id":4,"error":{"code":-32000,"message":"m"}})"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(*reply->id, 4);
  EXPECT_EQ(reply->error->message, "m");
  const auto notification = json::decode<RpcMessage>(parse(R"({"jsonrpc":"2.0","method":"event","params":{}})"));
  EXPECT_FALSE(notification->id);
  EXPECT_EQ(notification->method, event_method);
}

class Location : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"COI_DATA", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"}) ::unsetenv(name);
  }

  const TemporaryDirectory temporary_;
  const std::filesystem::path& directory_ = temporary_.path();
};

TEST_F(Location, OfDataGoesByTheEnvironment) {
  ::setenv("HOME", "/home/a", 1);
  EXPECT_EQ(data_directory("").value(), "/home/a/.local/share/coi");
  ::setenv("XDG_DATA_HOME", "/x", 1);
  EXPECT_EQ(data_directory("").value(), "/x/coi");
  ::setenv("COI_DATA", "/y", 1);
  EXPECT_EQ(data_directory("").value(), "/y");
  EXPECT_EQ(data_directory("/z").value(), "/z");
  EXPECT_EQ(data_directory("~/z").value(), "/home/a/z");
  EXPECT_EQ(data_directory("~z").value(), std::filesystem::current_path() / "~z");
}

TEST_F(Location, OfTheSocketIsInTheDataDirectoryWithoutARuntimeDirectory) {
  EXPECT_EQ(socket_path(directory_), directory_ / "coid.sock");
  EXPECT_EQ(socket_path(directory_ / ""), directory_ / "coid.sock");
  ::setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
  EXPECT_EQ(socket_path(directory_), directory_ / "coid.sock");
}

TEST_F(Location, OfTheSocketIsTheSameForEveryWayToNameTheDirectory) {
  ::setenv("XDG_RUNTIME_DIR", directory_.c_str(), 1);
  const auto data = directory_ / "data";
  const auto path = socket_path(data);
  EXPECT_EQ(path.parent_path(), directory_ / "coi");
  EXPECT_EQ(path.extension(), ".sock");
  EXPECT_EQ(socket_path(directory_ / "." / "other" / ".." / "data"), path);
  std::filesystem::create_directory(data);
  EXPECT_EQ(socket_path(data), path);
  EXPECT_NE(socket_path(directory_ / "data2"), path);
}

}  // namespace
}  // namespace coi::proto
