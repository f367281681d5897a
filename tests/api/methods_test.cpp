// The methods on an engine that reaches no server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "peer.h"

namespace coi::api {
namespace {

using testing::HasSubstr;

class Methods : public testing::Test {
 protected:
  Methods() {
    place_.add_account("A", "alice@example.org");
    peer_.emplace(place_.server());
  }

  json::Object send(std::string_view chat, std::string_view words) {
    return peer_->result("send_message", {{"chat", chat}, {"text", words}}).at("message").as_object();
  }

  Place place_;
  std::optional<Peer> peer_;
};

TEST(Reference, IsWhatStandsInTheDocs) {
  std::ifstream file(COI_API_REFERENCE);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), reference()) << "make it anew: coid --print-api >docs/api.md";
}

TEST(Protocol, AnswersWhatItCannotRead) {
  Place place;
  Peer peer(place.server());
  peer.write("{");
  const auto reply = peer.read();
  EXPECT_TRUE(reply.at("id").is_null());
  EXPECT_EQ(reply.at("error").at("code"), -32700);
  EXPECT_EQ(peer.error("frobnicate").at("code"), -32601);
  EXPECT_EQ(peer.error("messages").at("code"), -32602);
  EXPECT_THAT(text(peer.error("messages", {{"chat", true}})), HasSubstr("params.chat"));
  EXPECT_TRUE(peer.settled());
}

TEST(Protocol, TakesParamsByNameAlone) {
  Place place;
  Peer peer(place.server());
  peer.write(R"({"jsonrpc":"2.0","id":1,"method":"version","params":[1]})");
  EXPECT_EQ(peer.read().at("error").at("code"), -32602);
}

TEST(Protocol, SaysWhatIsWrongWithARequest) {
  Place place;
  place.add_account("A", "alice@example.org");
  Peer peer(place.server());
  const auto says = [&](std::string_view params) {
    peer.write(fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"messages","params":{}}})", params));
    const auto reply = peer.read().as_object();
    return reply.contains("error") ? std::string(reply.at("error").at("message").as_string()) : std::string("accepted");
  };
  EXPECT_THAT(says(R"({"chat":{}})"), HasSubstr("params.chat"));
  EXPECT_THAT(says(R"({"chat":1e300})"), HasSubstr("params.chat"));
  EXPECT_THAT(says(R"({"chat":-1})"), HasSubstr("params.chat"));
  EXPECT_THAT(says(R"({"chat":1,"most":-1})"), HasSubstr("params.most"));
  EXPECT_THAT(says(R"({"chat":1,"most":99999999999999999999999})"), HasSubstr("params.most"));
  EXPECT_THAT(says(R"({"chat":1,"most":"50"})"), HasSubstr("params.most"));
  EXPECT_THAT(says(R"({"chat":1,"before":1.5})"), HasSubstr("params.before"));
  EXPECT_THAT(says(R"({"chat":"self","unknown":[[[{}]]]})"), HasSubstr("accepted"));
  EXPECT_THAT(says(R"({"chat":"a\u0000b"})"), HasSubstr("no chat"));
  EXPECT_THAT(says("[]"), HasSubstr("params"));
  for (const auto* line : {"\xff\xfe", R"({"jsonrpc":"2.0","id":1,"method":"\xc3\x28"})", "\0", "nul", "{}"}) {
    peer.write(line);
    EXPECT_TRUE(peer.read().as_object().contains("error")) << line;
  }
  EXPECT_TRUE(peer.settled());
}

TEST(Protocol, AnswersABatchWithOneArray) {
  Place place;
  Peer peer(place.server());
  peer.write(R"([{"jsonrpc":"2.0","id":1,"method":"version"},{"jsonrpc":"2.0","method":"version"},
                 {"jsonrpc":"2.0","id":2,"method":"chats"},{"jsonrpc":"2.0","id":3}])");
  const auto replies = peer.read().as_array();
  ASSERT_EQ(replies.size(), 3U);
  std::set<std::int64_t> ids;
  for (const auto& reply : replies) ids.insert(reply.at("id").as_int64());
  EXPECT_THAT(ids, testing::ElementsAre(1, 2, 3));
}

TEST(Protocol, AnswersNoNotification) {
  Place place;
  Peer peer(place.server());
  peer.write(R"({"jsonrpc":"2.0","method":"version"})");
  peer.write(R"([{"jsonrpc":"2.0","method":"frobnicate"}])");
  EXPECT_TRUE(peer.settled());
  EXPECT_TRUE(peer.result("version").contains("version"));
}

TEST(Daemon, EndsOnRequest) {
  Place place;
  Peer peer(place.server());
  peer.result("shutdown");
  EXPECT_TRUE(place.ended());
}

TEST(Daemon, HasTheDataDirectoryAlone) {
  Place place;
  place.server();
  const auto second = Server::open(place.data(), {}, [] {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), ErrorKind::locked);
}

TEST(Accounts, AreMissedWithAHint) {
  Place place;
  Peer peer(place.server());
  const auto error = peer.error("chats");
  EXPECT_EQ(error.at("code"), -32000);
  EXPECT_EQ(kind(error), "not_found");
  EXPECT_THAT(word(error.at("data").at("hint")), HasSubstr("coi login"));
  EXPECT_TRUE(peer.result("accounts").at("accounts").as_array().empty());
}

TEST(Accounts, AreNotGuessedAmongSeveral) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.add_account("B", "bob@example.net");
  Peer peer(place.server());
  const auto several = peer.error("status");
  EXPECT_EQ(kind(several), "ambiguous");
  EXPECT_THAT(text(several), testing::AllOf(HasSubstr("alice@example.org"), HasSubstr("bob@example.net")));
  EXPECT_EQ(peer.result("status", {{"account", "bob@example.net"}}).at("account"), "B");
  EXPECT_EQ(peer.result("use", {{"account", "bob@example.net"}}).at("used"), true);
  EXPECT_EQ(peer.result("status").at("addr"), "bob@example.net");
  EXPECT_EQ(kind(peer.error("status", {{"account", "carol@example.org"}})), "not_found");
}

TEST(Accounts, GoWithAnEvent) {
  Place place;
  place.add_account("A", "alice@example.org");
  Peer peer(place.server());
  peer.result("subscribe");
  peer.result("logout", {{"account", "alice@example.org"}});
  const auto event = peer.event("account_changed");
  EXPECT_EQ(event.at("account"), "A");
  EXPECT_EQ(event.at("details").at("removed"), true);
  EXPECT_FALSE(std::filesystem::exists(place.data() / "accounts" / "A"));
  EXPECT_EQ(kind(peer.error("logout", {{"account", "alice@example.org"}})), "not_found");
}

TEST(Login, RefusesNonsenseBeforeAnythingIsStored) {
  Place place;
  Peer peer(place.server());
  const auto login = [&](json::Object params) { return peer.error("login", std::move(params)); };
  EXPECT_EQ(kind(login({{"addr", "nobody"}, {"password", "x"}})), "invalid");
  EXPECT_EQ(kind(login({{"addr", "a@example.org"}})), "invalid");
  EXPECT_EQ(kind(login({{"addr", "a@example.org"}, {"password", "x"}, {"token_command", "y"}})), "invalid");
  EXPECT_EQ(kind(login({{"addr", "a@example.org"}, {"password", "x"}, {"oauth", json::Object()}})), "invalid");
  EXPECT_EQ(kind(login({{"addr", "a@example.org"},
                        {"password", "x"},
                        {"imap", "imap+plain://mail.example.org"},
                        {"smtp", "smtp+plain://mail.example.org"}})),
            "not_allowed");
  EXPECT_TRUE(std::filesystem::is_empty(place.data() / "accounts"));
}

TEST(Login, TellsWhatItTriesAndThatNobodyListens) {
  Place place;
  Peer peer(place.server());
  peer.write(R"({"jsonrpc":"2.0","id":"l","method":"login","params":{"addr":"a@example.org","password":"secret-word",
                 "imap":"imap+plain://127.0.0.1:1","smtp":"smtp+plain://127.0.0.1:1"}})");
  const auto step = peer.read();
  EXPECT_EQ(step.at("method"), "login_step");
  EXPECT_EQ(step.at("params").at("request"), "l");
  EXPECT_THAT(word(step.at("params").at("step")), HasSubstr("127.0.0.1:1"));
  const auto reply = peer.read();
  EXPECT_EQ(reply.at("id"), "l");
  EXPECT_EQ(kind(reply.at("error").as_object()), "network");
  EXPECT_THAT(json::print(reply), testing::Not(HasSubstr("secret-word")));
}

TEST(Login, DoesNotHoldUpTheEnd) {
  // A server that takes connections and says nothing.
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(silent, 4), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  const auto begun = std::chrono::steady_clock::now();
  {
    Place place;
    Peer peer(place.server());
    peer.write(fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"login","params":{{"addr":"a@example.org",
                               "password":"x","imap":"imaps://127.0.0.1:{0}","smtp":"smtps://127.0.0.1:{0}"}}}})",
                           ntohs(address.sin_port)));
    EXPECT_EQ(peer.read().at("method"), "login_step");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  ::close(silent);
}

TEST_F(Methods, SendKeepsTheMessageWhileThereIsNoNetwork) {
  const auto message = send("bob@example.net", "Hello Bob");
  EXPECT_EQ(message.at("state"), "pending");
  EXPECT_EQ(message.at("outgoing"), true);
  EXPECT_EQ(message.at("recipients").at(0).at("addr"), "bob@example.net");
  const auto chats = peer_->result("chats");
  ASSERT_EQ(chats.at("chats").as_array().size(), 1U);
  const auto& chat = chats.at("chats").at(0);
  EXPECT_EQ(chat.at("account"), "A");
  EXPECT_EQ(chat.at("last").at("text"), "Hello Bob");
  EXPECT_EQ(chat.at("members").at(0).at("addr"), "bob@example.net");
  EXPECT_GT(chats.at("seq").as_int64(), 0);
  EXPECT_EQ(peer_->result("status").at("queue").at("outgoing"), 1);
}

TEST_F(Methods, NameAChatByIdAddressOrPartOfItsName) {
  const auto id = send("bob@example.net", "one").at("chat").as_int64();
  send("bobby@example.net", "two");
  peer_->result("name_contact", {{"addr", "bob@example.net"}, {"name", "Robert Miller"}});
  const auto found = [&](json::Value name) {
    return peer_->result("chat", {{"chat", std::move(name)}}).at("chat").at("id").as_int64();
  };
  EXPECT_EQ(found(id), id);
  EXPECT_EQ(found(json::Value(std::to_string(id))), id);
  EXPECT_EQ(found("Bob@Example.Net"), id);
  EXPECT_EQ(found("mill"), id);
  EXPECT_EQ(kind(peer_->error("chat", {{"chat", "carol"}})), "not_found");
  EXPECT_EQ(kind(peer_->error("chat", {{"chat", ""}})), "invalid");
  peer_->result("name_contact", {{"addr", "bobby@example.net"}, {"name", "Robert Smith"}});
  const auto both = peer_->error("chat", {{"chat", "robert"}});
  EXPECT_EQ(kind(both), "ambiguous");
  EXPECT_THAT(text(both), testing::AllOf(HasSubstr("Robert Miller <bob@example.net>"),
                                         HasSubstr("Robert Smith <bobby@example.net>")));
  const auto candidates = peer_->result("candidates", {{"chat", "robert"}}).at("candidates").as_array();
  ASSERT_EQ(candidates.size(), 2U);
  EXPECT_EQ(candidates[0].at("account_addr"), "alice@example.org");
  EXPECT_EQ(candidates[0].at("addr"), "bob@example.net");
}

// Every method that takes the name of a chat, with a name that a stranger bears.
TEST(Names, AStrangerTakesNoPart) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.receive("A", "evil@example.com", "Bob", "I am Bob");
  place.befriend("A", "bob@example.net", "Bob Miller");
  Peer peer(place.server());
  const auto eve = peer.result("chat", {{"chat", "evil@example.com"}}).at("chat").at("id");
  const auto sent = peer.result("send_message", {{"chat", "Bob"}, {"text", "for Bob alone"}}).at("message");
  EXPECT_EQ(sent.at("recipients").at(0).at("addr"), "bob@example.net");
  const auto bob = sent.at("chat");
  for (const auto* method : {"chat", "messages", "seen", "archive", "pin", "mute", "block"}) {
    EXPECT_EQ(peer.result(method, {{"chat", "Bob"}}).at("chat").at("id"), bob) << method;
    EXPECT_EQ(kind(peer.error(method, {{"chat", "evil"}})), "not_found") << method;
    EXPECT_EQ(peer.result(method, {{"chat", "evil@example.com"}}).at("chat").at("id"), eve) << method;
  }
  const auto refused = peer.error("accept", {{"chat", "evil"}});
  EXPECT_EQ(kind(refused), "not_found");
  EXPECT_THAT(std::string(refused.at("data").at("hint").as_string()), testing::HasSubstr("coi chats --requests"));
  EXPECT_EQ(kind(peer.error("search", {{"chat", "evil"}, {"words", "bob"}})), "not_found");
  EXPECT_EQ(peer.result("accept", {{"chat", eve}}).at("chat").at("request"), false);
}

// Who gets what is sent to this name.
json::Value recipient(Peer& peer, const std::string& name) {
  return peer.result("send_message", {{"chat", name}, {"text", "x"}}).at("message").at("recipients").at(0).at("addr");
}

TEST(Names, OfTwoKnownPeopleIsAskedFor) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "bob@example.net", "Bob Miller");
  place.befriend("A", "mallory@example.com", "bob");
  Peer peer(place.server());
  const json::Object to_bob{{"chat", "Bob"}, {"text", "x"}};
  EXPECT_EQ(kind(peer.error("send_message", to_bob)), "ambiguous") << "who took another's first name gets nothing";
  peer.result("name_contact", {{"addr", "bob@example.net"}, {"name", "Bob"}});
  EXPECT_EQ(recipient(peer, "Bob"), "bob@example.net");
  peer.result("name_contact", {{"addr", "bob@example.net"}, {"name", ""}});
  peer.result("send_message", {{"chat", "mallory@example.com"}, {"text", "x"}});
  peer.result("block", {{"chat", "mallory@example.com"}});
  EXPECT_EQ(recipient(peer, "Bob"), "bob@example.net") << "blocked people give way";
  EXPECT_EQ(peer.result("block", {{"chat", "Bob"}, {"blocked", false}}).at("chat").at("members").at(0).at("addr"),
            "mallory@example.com");
}

// "A unique part of the name": whoever calls himself by what the user writes for another gets nothing either.
TEST(Names, ThatBeginSoAreAsGoodAsThoseThatAreIt) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "bobby@example.net", "Bobby Miller");
  place.befriend("A", "mallory@example.com", "Bob");
  Peer peer(place.server());
  EXPECT_EQ(kind(peer.error("send_message", {{"chat", "bob"}, {"text", "x"}})), "ambiguous");
  EXPECT_EQ(recipient(peer, "bobb"), "bobby@example.net");
  EXPECT_EQ(recipient(peer, "ill"), "bobby@example.net") << "within a word";
  peer.result("send_message", {{"chat", "mallory@example.com"}, {"text", "x"}});
  peer.result("block", {{"chat", "mallory@example.com"}});
  EXPECT_EQ(recipient(peer, "bob"), "bobby@example.net") << "blocked people give way, however well they fit";
}

TEST(Names, OfWhichTheWordIsAPartAreAllMeant) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "joanna@example.net", "Joanna");
  place.befriend("A", "lee@example.com", "Anna Lee");
  Peer peer(place.server());
  for (const auto* part : {"anna", "Ann", "a"})
    EXPECT_EQ(kind(peer.error("send_message", {{"chat", part}, {"text", "x"}})), "ambiguous") << part;
  EXPECT_EQ(recipient(peer, "joan"), "joanna@example.net");
  EXPECT_EQ(recipient(peer, "anna l"), "lee@example.com");
  peer.result("name_contact", {{"addr", "lee@example.com"}, {"name", "Anna"}});
  EXPECT_EQ(recipient(peer, "anna"), "lee@example.com") << "the user called her so";
}

TEST(Names, AreTakenAsTheyArePrinted) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "bob@example.net", "Bob Miller");
  Peer peer(place.server());
  EXPECT_EQ(recipient(peer, "Bob Miller <bob@example.net>"), "bob@example.net");
  EXPECT_EQ(recipient(peer, "Bob Miller <mallory@example.com>"), "mallory@example.com") << "the address counts";
  EXPECT_EQ(recipient(peer, "bob@example.net <Carol@example.org>"), "carol@example.org");
  EXPECT_EQ(recipient(peer, "Bob <bob@example.net> <dan@example.org>"), "dan@example.org")
      << "the last one, as Bob calls himself";
  const auto set = [&](const char* method, json::Object params) {
    return peer.result(method, params).at("contact").at("addresses").at(0).at("addr");
  };
  EXPECT_EQ(set("name_contact", {{"addr", "Erin <Erin@example.org>"}, {"name", "Erin"}}), "erin@example.org");
  EXPECT_EQ(set("set_alias", {{"addr", "Erin <erin@example.org>"}, {"alias", "E <erin@example.com>"}}),
            "erin@example.com");
  EXPECT_EQ(kind(peer.error("name_contact", {{"addr", "Erin <erin"}, {"name", "Erin"}})), "invalid");
  EXPECT_EQ(kind(peer.error("use", {{"account", "Bob <bob@example.net>"}})), "not_found");
  EXPECT_EQ(peer.result("use", {{"account", "Alice <alice@example.org>"}}).at("addr"), "alice@example.org");
  EXPECT_EQ(peer.result("status", {{"account", "Alice <alice@example.org>"}}).at("addr"), "alice@example.org");
  for (const auto* name : {"Bob Miller <bob@example.net", "Bob Miller <>", "<@>", "a@b <c@d> e@f"})
    EXPECT_EQ(kind(peer.error("send_message", {{"chat", name}, {"text", "x"}})), "not_found") << name;
  EXPECT_EQ(peer.result("logout", {{"account", "Alice <alice@example.org>"}}), json::Object{});
}

TEST(Names, OfDigitsAreIds) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "agent@example.net", "007");
  Peer peer(place.server());
  for (int i = 1; i <= 7; ++i) peer.result("send_message", {{"chat", fmt::format("{}@example.com", i)}, {"text", "x"}});
  for (const auto* id : {"7", "007"})
    EXPECT_EQ(peer.result("chat", {{"chat", id}}).at("chat").at("members").at(0).at("addr"), "7@example.com") << id;
}

TEST_F(Methods, SendsNoBlankText) {
  for (const auto* text : {"", "  ", "\n\t \n"})
    EXPECT_EQ(kind(peer_->error("send_message", {{"chat", "bob@example.net"}, {"text", text}})), "invalid");
}

TEST_F(Methods, OnesOwnAddressIsSavedMessages) {
  for (const auto* name : {"alice@example.org", "Alice@Example.ORG", "saved", "Saved messages", "self"}) {
    const auto chat = peer_->result("chat", {{"chat", name}}).at("chat");
    EXPECT_EQ(chat.at("kind"), "self") << name;
    EXPECT_EQ(chat.at("id"), 0) << name;
    EXPECT_TRUE(peer_->result("messages", {{"chat", name}}).at("messages").as_array().empty()) << name;
    EXPECT_EQ(peer_->result("seen", {{"chat", name}}).at("chat").at("kind"), "self") << name;
    EXPECT_EQ(kind(peer_->error("block", {{"chat", name}})), "not_allowed") << name;
  }
  EXPECT_EQ(peer_->result("mute", {{"chat", "self"}}).at("chat").at("muted"), true);
  const auto note = send("saved", "a note");
  EXPECT_TRUE(note.at("recipients").as_array().empty() ||
              note.at("recipients").at(0).at("addr") == "alice@example.org");
  for (const auto* name : {"alice@example.org", "saved", "self", "saved mess"}) {
    EXPECT_EQ(peer_->result("messages", {{"chat", name}}).at("messages").as_array().size(), 1U) << name;
    for (const auto* method : {"archive", "pin", "mute", "seen"})
      EXPECT_EQ(peer_->result(method, {{"chat", name}}).at("chat").at("id"), note.at("chat")) << name << method;
  }
  EXPECT_EQ(kind(peer_->error("name_contact", {{"addr", "alice@example.org"}, {"name", "Me"}})), "not_allowed");
}

class TwoAccounts : public testing::Test {
 protected:
  TwoAccounts() {
    place_.add_account("A", "alice@example.org");
    place_.add_account("B", "alice@example.net");
    place_.befriend("A", "bob@example.net", "Bob Miller");
    place_.befriend("B", "carol@example.net", "Carol");
    place_.befriend("A", "dave@example.net", "Dave");
    place_.befriend("B", "dave@example.net", "Dave");
    peer_.emplace(place_.server());
  }

  json::Object send(std::string_view chat) {
    return peer_->result("send_message", {{"chat", chat}, {"text", "x"}}).at("message").as_object();
  }

  Place place_;
  std::optional<Peer> peer_;
};

TEST_F(TwoAccounts, TheOneThatHasItIsMeant) {
  EXPECT_EQ(send("bob").at("account"), "A");
  EXPECT_EQ(send("bob@example.net").at("account"), "A");
  const auto carol = send("carol");
  EXPECT_EQ(carol.at("account"), "B");
  EXPECT_EQ(send("alice@example.net").at("account"), "B") << "Saved messages of that account";
  EXPECT_EQ(peer_->result("messages", {{"chat", "carol"}}).at("chat").at("account"), "B");
  EXPECT_EQ(peer_->result("mute", {{"chat", "carol"}}).at("chat").at("account"), "B");
  EXPECT_EQ(
      peer_->result("name_contact", {{"addr", "carol@example.net"}, {"name", "Caro"}}).at("contact").at("account"),
      "B");
  EXPECT_EQ(kind(peer_->error("chat", {{"chat", "zoe"}})), "not_found");
}

// A folder whose file says nothing is an account all the same, and in nobody's way.
TEST(Accounts, ThatCannotBeReadHaveAStatusAndHinderNoOther) {
  Place place;
  place.add_account("A", "me@example.org");
  place.add_account("B", "other@example.org");
  std::filesystem::remove(place.data() / "accounts" / "B" / "account.json");
  std::filesystem::create_directory(place.data() / "accounts" / "B" / "account.json");
  std::ofstream(place.data() / "accounts" / "B" / "account.db");
  Peer peer(place.server());
  const auto status = peer.result("status", {{"account", "B"}});
  EXPECT_NE(status.at("problem").as_string(), "");
  EXPECT_EQ(status.at("connection").as_object().at("problem"), status.at("problem"));
  EXPECT_THAT(std::string(status.at("connection").as_object().at("hint").as_string()),
              testing::HasSubstr("coi logout B"));
  EXPECT_EQ(peer.result("status").at("addr"), "me@example.org") << "no choice is needed";
  EXPECT_EQ(
      peer.result("send_message", {{"chat", "you@example.net"}, {"text", "x"}}).at("message").as_object().at("account"),
      "A");
  peer.result("logout", {{"account", "B"}});
  EXPECT_EQ(peer.result("accounts").at("accounts").as_array().size(), 1U);
}

TEST_F(TwoAccounts, WhatSeveralHaveIsAskedFor) {
  send("bob");
  send("carol");
  const auto check = [&](std::string_view method, const json::Object& params) {
    const auto error = peer_->error(method, params);
    EXPECT_EQ(kind(error), "ambiguous") << method << json::print(params);
    EXPECT_THAT(text(error), testing::AllOf(HasSubstr("alice@example.org"), HasSubstr("alice@example.net")));
  };
  check("send_message", {{"chat", "dave"}, {"text", "x"}});
  check("send_message", {{"chat", "new@example.net"}, {"text", "x"}});
  check("create_poll", {{"chat", "new@example.net"}, {"question", "Which film?"}, {"options", json::Array{"A", "B"}}});
  check("set_draft", {{"chat", "new@example.net"}, {"text", "x"}});
  check("chat", {{"chat", 1}});
  check("message", {{"message", 1}});
  check("chat", {{"chat", "self"}});
  EXPECT_EQ(peer_->result("candidates", {{"chat", "dave"}}).at("candidates").as_array().size(), 2U);
  EXPECT_EQ(peer_->result("message", {{"message", 1}, {"account", "B"}}).at("message").at("account"), "B");
  peer_->result("use", {{"account", "alice@example.net"}});
  EXPECT_EQ(send("dave").at("account"), "B");
  EXPECT_EQ(send("new@example.net").at("account"), "B");
  EXPECT_EQ(send("bob").at("account"), "A") << "the chosen one has no Bob";
}

TEST_F(TwoAccounts, ListsAreOfAllOrOfTheChosenOne) {
  send("bob");
  send("carol");
  const auto all = peer_->result("chats");
  EXPECT_EQ(all.at("chats").as_array().size(), 2U);
  EXPECT_EQ(all.at("positions").as_array().size(), 2U);
  EXPECT_EQ(peer_->result("counts").at("main").at("chats"), 2);
  EXPECT_EQ(peer_->result("contacts").at("contacts").as_array().size(), 4U);
  EXPECT_EQ(peer_->result("search", {{"words", "x"}}).at("messages").as_array().size(), 2U);
  peer_->result("use", {{"account", "alice@example.net"}});
  EXPECT_EQ(peer_->result("chats").at("chats").as_array().size(), 1U);
  EXPECT_EQ(peer_->result("chats", {{"account", "*"}}).at("chats").as_array().size(), 2U);
  EXPECT_EQ(kind(peer_->error("sync", {{"account", "*"}, {"wait", true}})), "network");
}

TEST_F(Methods, AnAddressIsNeverTakenForAName) {
  const auto eve = send("eve@example.com", "one").at("chat").as_int64();
  peer_->result("name_contact", {{"addr", "eve@example.com"}, {"name", "bob@example.net"}});
  EXPECT_NE(send("bob@example.net", "for Bob alone").at("chat").as_int64(), eve);
}

TEST_F(Methods, SendRefusesWhatCannotGo) {
  EXPECT_EQ(kind(peer_->error("send_message", {{"chat", "bob@example.net"}})), "invalid");
  EXPECT_EQ(kind(peer_->error("send_message", {{"chat", "bob"}, {"text", "x"}})), "not_found");
  EXPECT_EQ(kind(peer_->error("send_message", {{"chat", "b@e.net"}, {"text", "x"}, {"reply_to", 99}})), "not_found");
  EXPECT_EQ(kind(peer_->error("send_message", {{"chat", "b@e.net"}, {"files", json::Array{"relative.txt"}}})),
            "invalid");
  EXPECT_EQ(kind(peer_->error("send_message", {{"chat", "b@e.net"}, {"files", json::Array{"/no/such"}}})), "not_found");
  EXPECT_TRUE(peer_->result("chats").at("chats").as_array().empty());
}

TEST_F(Methods, OneTokenSendsOnce) {
  const json::Object params{{"chat", "bob@example.net"}, {"text", "once"}, {"token", "Zb7-random"}};
  const auto first = peer_->result("send_message", params).at("message");
  for (int each = 0; each < 3; ++each)
    peer_->write(
        json::print(json::Object{{"jsonrpc", "2.0"}, {"id", -each}, {"method", "send_message"}, {"params", params}}));
  for (int each = 0; each < 3; ++each) EXPECT_EQ(peer_->read().at("result").at("message").at("id"), first.at("id"));
  auto at_once = params;
  at_once["token"] = "another";
  for (int each = 0; each < 2; ++each)
    peer_->write(
        json::print(json::Object{{"jsonrpc", "2.0"}, {"id", -each}, {"method", "send_message"}, {"params", at_once}}));
  const auto second = peer_->read().at("result").at("message").at("id");
  EXPECT_EQ(peer_->read().at("result").at("message").at("id"), second) << "two at once, stored in one transaction";
  EXPECT_NE(second, first.at("id"));
  EXPECT_EQ(peer_->result("messages", {{"chat", "bob@example.net"}}).at("messages").as_array().size(), 2U);
  auto elsewhere = params;
  elsewhere["chat"] = "carol@example.net";
  EXPECT_EQ(kind(peer_->error("send_message", elsewhere)), "invalid") << "its message is in another chat";
  EXPECT_EQ(peer_->result("chats").at("chats").as_array().size(), 1U);
  auto long_one = params;
  long_one["token"] = std::string(257, 'x');
  EXPECT_EQ(kind(peer_->error("send_message", long_one)), "invalid");
}

TEST_F(Methods, WhatAProgramSentIsMarked) {
  const auto params = [](std::string_view automatic) {
    return json::Object{{"chat", "bob@example.net"}, {"text", "x"}, {"automatic", automatic}};
  };
  EXPECT_EQ(send("bob@example.net", "by hand").at("automatic"), false);
  EXPECT_EQ(peer_->result("send_message", params("generated")).at("message").at("automatic"), true);
  EXPECT_EQ(peer_->result("send_message", params("replied")).at("message").at("automatic"), true);
  EXPECT_EQ(peer_->error("send_message", params("sometimes")).at("code"), -32602);
}

TEST(Sending, ProgramsDoNotAnswerOneAnother) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.change("A", {chat::PutMessage{.key = {"1@x", "bot@example.net"},
                                      .chat = chat::WithPerson{"bot@example.net"},
                                      .arrived_ms = 1000,
                                      .text = "I am a program",
                                      .is_chat = true,
                                      .automatic = true}});
  Peer peer(place.server());
  const json::Object answer{{"chat", "bot@example.net"}, {"text", "so am I"}, {"automatic", "replied"}};
  EXPECT_EQ(kind(peer.error("send_message", answer)), "not_allowed");
  auto to_it = answer;
  to_it["reply_to"] = 1;
  EXPECT_EQ(kind(peer.error("send_message", to_it)), "not_allowed");
  peer.result("send_message", {{"chat", "bot@example.net"}, {"text", "I am none"}});
}

json::Array files_of(const std::filesystem::path& folder, int count, std::uintmax_t octets) {
  json::Array files;
  for (int each = 0; each < count; ++each) {
    const auto path = folder / fmt::format("large{}", each);
    std::ofstream(path) << "";
    std::filesystem::resize_file(path, octets);
    files.emplace_back(path.string());
  }
  return files;
}

TEST_F(Methods, P12FilesThatAreTooLargeForOneMailGoInSeveral) {
  const json::Object wish = {
      {"chat", "bob@example.net"}, {"text", "Two"}, {"token", "t"}, {"files", files_of(place_.data(), 2, 10'000'000)}};
  const auto sent = peer_->result("send_message", wish);
  EXPECT_EQ(sent.at("message").at("text"), "Two");
  ASSERT_EQ(sent.at("further").as_array().size(), 1U);
  EXPECT_EQ(sent.at("further").at(0).at("attachments").at(0).at("name"), "large1");
  const auto again = peer_->result("send_message", wish);
  EXPECT_EQ(again.at("message").at("id"), sent.at("message").at("id"));
  EXPECT_EQ(again.at("further").as_array().size(), 1U) << "all that the first request sent";
}

TEST_F(Methods, P12WhatWaitsTogetherIsToldInItsOrderWhicheverIsNamed) {
  const auto at = to_rfc3339(system_now() + 3'600'000), later = to_rfc3339(system_now() + 7'200'000);
  const auto sent = peer_->result(
      "send_message",
      {{"chat", "bob@example.net"}, {"text", "Three"}, {"at", at}, {"files", files_of(place_.data(), 3, 10'000'000)}});
  const auto ids = [](const json::Object& answer) {
    json::Array all = {answer.at("message").at("id")};
    for (const auto& one : answer.at("further").as_array()) all.push_back(one.at("id"));
    return all;
  };
  const auto all = ids(sent);
  ASSERT_EQ(all.size(), 3U);
  const auto moved = peer_->result("reschedule", {{"message", all[1]}, {"at", later}});
  EXPECT_EQ(ids(moved), all);
  for (const auto& one : moved.at("further").as_array()) EXPECT_EQ(one.at("scheduled").as_string(), later);
  peer_->result("delete", {{"message", all[2]}});
  const auto taken = peer_->result("take_back", {{"message", all[1]}});
  EXPECT_EQ(ids(taken), (json::Array{all[0], all[1]})) << "the third was taken back by itself";
  EXPECT_EQ(taken.at("message").at("text").as_string(), "Three") << "so that the words can be written anew";
  EXPECT_TRUE(peer_->result("scheduled").at("messages").as_array().empty());
}

TEST_F(Methods, P12WhatWaitsTogetherGoesTogether) {
  const auto sent = peer_->result("send_message", {{"chat", "bob@example.net"},
                                                   {"at", to_rfc3339(system_now() + 3'600'000)},
                                                   {"files", files_of(place_.data(), 2, 10'000'000)}});
  const auto retried = peer_->result("retry", {{"message", sent.at("further").at(0).at("id")}});
  EXPECT_EQ(retried.at("message").at("id"), sent.at("message").at("id"));
  EXPECT_EQ(retried.at("further").as_array().size(), 1U);
}

TEST_F(Methods, AMailHasALimitWhateverItsFilesAre) {
  const auto refused = [&](const char* method, json::Object wish, int count, std::uintmax_t octets) {
    wish["chat"] = "bob@example.net";
    wish["files"] = files_of(place_.data(), count, octets);
    const auto error = peer_->error(method, wish);
    EXPECT_EQ(kind(error), "limit");
    return text(error);
  };
  EXPECT_THAT(refused("send_message", {}, 1, 26'000'000),
              HasSubstr("large0 is too large for a mail, which takes files of up to 25.0 MB"));
  EXPECT_THAT(refused("send_message", {}, 5, 21'000'000), HasSubstr("100 MB can be sent at once"));
  EXPECT_THAT(refused("create_poll", {{"question", "Which?"}, {"options", json::Array{"a", "b"}}}, 2, 13'000'000),
              HasSubstr("the files together are too large for a mail, which takes files of up to 25.0 MB"));
}

TEST_F(Methods, SettingsAreSeenAndChanged) {
  EXPECT_EQ(peer_->result("settings").at("name"), "Me");
  peer_->result("subscribe");
  const auto changed = peer_->result("change_settings", {{"name", "Alice"}, {"receipts", false}, {"filter", "seen"}});
  EXPECT_EQ(changed.at("name"), "Alice");
  EXPECT_EQ(changed.at("receipts"), false);
  EXPECT_EQ(changed.at("filter"), "seen");
  EXPECT_EQ(peer_->event("account_changed").at("details").at("name"), "Alice");
  const auto now = peer_->result("change_settings", {{"receipts", true}});
  EXPECT_EQ(now.at("name"), "Alice");
  EXPECT_EQ(now.at("receipts"), true);
  EXPECT_EQ(now.at("filter"), "seen");
  EXPECT_FALSE(now.contains("contacts")) << "the user was not asked";
  const auto both = peer_->result("change_settings", {{"filter", "none"}, {"contacts", true}});
  EXPECT_EQ(both.at("filter"), "none");
  EXPECT_EQ(both.at("contacts"), true);
  EXPECT_EQ(peer_->result("change_settings", {{"contacts", false}}).at("contacts"), false);
  EXPECT_EQ(engine::load(place_.data() / "accounts" / "A").value().name, "Alice");
  send("bob@example.net", "goes on");
}

TEST_F(Methods, ABatchHasALimit) {
  json::Array batch;
  for (int each = 0; each < 1001; ++each)
    batch.push_back(json::Object{{"jsonrpc", "2.0"}, {"id", each}, {"method", "version"}});
  peer_->write(json::print(batch));
  EXPECT_EQ(peer_->read().at("error").at("data").at("kind"), "limit");
  for (int each = 0; each < 12; ++each) send("bob@example.net", std::string(900'000, 'x'));
  const auto page = peer_->result("messages", {{"chat", "bob@example.net"}}).at("messages").as_array();
  EXPECT_THAT(page.size(), testing::AllOf(testing::Ge(8U), testing::Le(9U))) << "8 MB of text";
  batch.clear();
  for (int each = 0; each < 10; ++each)
    batch.push_back(json::Object{
        {"jsonrpc", "2.0"}, {"id", each}, {"method", "messages"}, {"params", {{"chat", "bob@example.net"}}}});
  peer_->write(json::print(batch));
  const auto answers = peer_->read().as_array();
  ASSERT_EQ(answers.size(), 10U);
  EXPECT_LT(std::ranges::count_if(answers, [](const auto& one) { return one.as_object().contains("result"); }), 2);
}

TEST_F(Methods, SendTakesFilesAndGivesThemBack) {
  const auto path = place_.data() / "note.txt";
  std::ofstream(path) << "content";
  const auto message =
      peer_->result("send_message", {{"chat", "bob@example.net"}, {"files", json::Array{path.string()}}}).at("message");
  EXPECT_EQ(message.at("kind"), "media");
  const auto& file = message.at("attachments").at(0);
  EXPECT_EQ(file.at("name"), "note.txt");
  EXPECT_EQ(file.at("size"), 7);
  EXPECT_EQ(file.at("state"), "local");
  const auto saved = peer_->result("save_attachment", {{"attachment", file.at("id")}});
  std::ifstream stream(word(saved.at("path")));
  std::string content;
  stream >> content;
  EXPECT_EQ(content, "content");
  EXPECT_EQ(kind(peer_->error("save_attachment", {{"attachment", 99}})), "not_found");
}

TEST_F(Methods, MessagesComeInPages) {
  for (const auto* words : {"one", "two", "three"}) send("bob@example.net", words);
  const auto newest = peer_->result("messages", {{"chat", 1}, {"most", 2}});
  ASSERT_EQ(newest.at("messages").as_array().size(), 2U);
  EXPECT_EQ(newest.at("messages").at(0).at("text"), "two");
  EXPECT_EQ(newest.at("chat").at("id"), 1);
  const auto before = newest.at("messages").at(0).at("id");
  const auto older = peer_->result("messages", {{"chat", 1}, {"before", before}});
  ASSERT_EQ(older.at("messages").as_array().size(), 1U);
  EXPECT_EQ(older.at("messages").at(0).at("text"), "one");
  EXPECT_EQ(kind(peer_->error("messages", {{"chat", 1}, {"before", 99}})), "not_found");
  EXPECT_EQ(peer_->result("message", {{"message", before}}).at("message").at("text"), "two");
}

TEST_F(Methods, AMessageOfAnotherChatIsNoBound) {
  send("bob@example.net", "one");
  const auto elsewhere = send("carol@example.net", "two").at("id");
  for (const auto* bound : {"from", "up_to"}) {
    EXPECT_EQ(kind(peer_->error("seen", {{"chat", 1}, {bound, 99}})), "not_found") << bound;
    EXPECT_EQ(kind(peer_->error("seen", {{"chat", 1}, {bound, elsewhere}})), "invalid") << bound;
  }
  EXPECT_EQ(kind(peer_->error("messages", {{"chat", 1}, {"before", elsewhere}})), "invalid");
}

TEST_F(Methods, SearchFindsBeginningsOfWords) {
  send("bob@example.net", "The quick brown fox");
  send("carol@example.net", "A quick answer");
  EXPECT_EQ(peer_->result("search", {{"words", "QUI"}}).at("messages").as_array().size(), 2U);
  const auto one = peer_->result("search", {{"words", "quick"}, {"chat", "carol"}});
  ASSERT_EQ(one.at("messages").as_array().size(), 1U);
  EXPECT_EQ(one.at("chats").at(0).at("members").at(0).at("addr"), "carol@example.net");
  EXPECT_EQ(kind(peer_->error("search", {{"words", " "}})), "invalid");
}

TEST_F(Methods, ChangesOfAChatAreInTheReply) {
  send("bob@example.net", "hi");
  const auto change = [&](std::string_view method, json::Object params) {
    params.emplace("chat", "bob@example.net");
    return peer_->result(method, std::move(params)).at("chat").as_object();
  };
  EXPECT_EQ(change("archive", {}).at("archived"), true);
  EXPECT_TRUE(peer_->result("chats").at("chats").as_array().empty());
  EXPECT_EQ(peer_->result("chats", {{"archived", true}}).at("chats").as_array().size(), 1U);
  EXPECT_EQ(peer_->result("counts").at("archived").at("chats"), 1);
  EXPECT_EQ(peer_->result("counts").at("main").at("chats"), 0);
  EXPECT_EQ(change("archive", {{"archived", false}}).at("archived"), false);
  EXPECT_EQ(change("pin", {}).at("pinned"), true);
  EXPECT_EQ(change("set_draft", {{"text", "Not yet"}}).at("draft"), "Not yet");
  EXPECT_EQ(peer_->result("chat", {{"chat", "bob@example.net"}}).at("chat").at("draft"), "Not yet");
  EXPECT_EQ(change("set_draft", {{"text", ""}}).at("draft"), "");
  EXPECT_EQ(kind(peer_->error("set_draft", {{"chat", "bob@example.net"}, {"text", std::string(20'000, 'x')}})),
            "limit");
  const auto muted = change("mute", {});
  EXPECT_EQ(muted.at("muted"), true);
  EXPECT_FALSE(muted.contains("muted_until"));
  EXPECT_EQ(change("mute", {{"until", "2999-01-01T00:00:00Z"}}).at("muted_until"), "2999-01-01T00:00:00.000Z");
  EXPECT_EQ(change("mute", {{"until", "2001-01-01T00:00:00Z"}}).at("muted"), false);
  EXPECT_EQ(change("mute", {{"muted", false}}).at("muted"), false);
  EXPECT_EQ(change("block", {}).at("blocked"), true);
  EXPECT_TRUE(peer_->result("chats").at("chats").as_array().empty());
  EXPECT_EQ(change("block", {{"blocked", false}}).at("blocked"), false);
  EXPECT_EQ(change("accept", {}).at("request"), false);
  EXPECT_EQ(change("seen", {}).at("unread"), 0);
  EXPECT_EQ(kind(peer_->error("archive", {{"chat", "nobody"}})), "not_found");
}

TEST_F(Methods, ContactsHaveTheirGivenName) {
  const auto named = peer_->result("name_contact", {{"addr", "Carol@Example.org"}, {"name", "Carol"}}).at("contact");
  EXPECT_EQ(named.at("name"), "Carol");
  EXPECT_EQ(named.at("addresses").at(0).at("addr"), "carol@example.org");
  EXPECT_EQ(peer_->result("contacts").at("contacts").as_array().size(), 1U);
  EXPECT_EQ(kind(peer_->error("name_contact", {{"addr", "carol"}, {"name", "C"}})), "invalid");
}

TEST_F(Methods, TwoAddressesBecomeOnePersonAndTwoAgain) {
  send("bob@example.net", "to one");
  send("bob@example.com", "to the other");
  peer_->result("subscribe");
  const auto bob =
      peer_->result("set_alias", {{"addr", "bob@example.net"}, {"alias", "Bob@Example.com"}}).at("contact");
  EXPECT_EQ(bob.at("addresses").as_array().size(), 2U);
  EXPECT_EQ(peer_->event("resync").at("account"), "A") << "a chat is gone: everything is to be read anew";
  ASSERT_EQ(peer_->result("chats").at("chats").as_array().size(), 1U);
  EXPECT_EQ(peer_->result("messages", {{"chat", "bob@example.com"}}).at("messages").as_array().size(), 2U);
  const json::Object apart{{"addr", "bob@example.net"}, {"alias", "bob@example.com"}, {"joined", false}};
  const auto left = peer_->result("set_alias", apart).at("contact");
  EXPECT_EQ(left.at("addresses").as_array().size(), 1U);
  EXPECT_EQ(peer_->result("chats").at("chats").as_array().size(), 2U);
  EXPECT_EQ(kind(peer_->error("set_alias", apart)), "not_found");
  EXPECT_EQ(kind(peer_->error("set_alias", {{"addr", "bob@example.net"}, {"alias", "bob"}})), "invalid");
}

TEST_F(Methods, FilterShowsInTheStatus) {
  EXPECT_EQ(peer_->result("set_filter", {{"filter", "active"}}).at("connection").at("filter"), "active");
  EXPECT_EQ(peer_->result("status").at("connection").at("filter"), "active");
  EXPECT_EQ(peer_->error("set_filter", {{"filter", "sometimes"}}).at("code"), -32602);
}

TEST_F(Methods, SyncSaysWhyItCannot) {
  EXPECT_EQ(kind(peer_->error("sync", {{"wait", true}})), "network");
  peer_->result("sync");
  peer_->result("network_changed");
}

TEST_F(Methods, UnknownMessagesAreMissed) {
  for (const auto* method : {"message", "retry", "answer_receipt", "original"})
    EXPECT_EQ(kind(peer_->error(method, {{"message", 99}})), "not_found") << method;
}

TEST_F(Methods, EventsCarryWholeObjectsInOrder) {
  const auto positions = peer_->result("subscribe").at("positions").as_array();
  ASSERT_EQ(positions.size(), 1U);
  EXPECT_EQ(positions.front().at("account"), "A");
  send("bob@example.net", "hi");
  const auto added = peer_->event("message_added");
  EXPECT_EQ(added.at("message").at("text"), "hi");
  EXPECT_EQ(added.at("notify"), false);
  EXPECT_GT(added.at("seq").as_int64(), positions.front().at("seq").as_int64());
  const auto chat = peer_->event("chat_changed");
  EXPECT_EQ(chat.at("chat").at("last").at("text"), "hi");
  EXPECT_GT(chat.at("seq").as_int64(), added.at("seq").as_int64());
  // A reply contains the events up to its seq.
  EXPECT_GE(peer_->result("chats").at("seq").as_int64(), chat.at("seq").as_int64());
}

TEST_F(Methods, EventsGoToThoseWhoAsked) {
  Peer other(place_.server());
  other.result("subscribe");
  peer_->result("subscribe");
  peer_->result("unsubscribe");
  send("bob@example.net", "hi");
  EXPECT_EQ(other.event("message_added").at("message").at("text"), "hi");
  peer_->write(R"({"jsonrpc":"2.0","id":"last","method":"version"})");
  EXPECT_EQ(peer_->read().at("id"), "last");
}

TEST_F(Methods, WhoComesBackHearsWhatCameMeanwhile) {
  send("bob@example.net", "before");
  const auto seq = peer_->result("chats").at("seq").as_int64();
  send("bob@example.net", "meanwhile");
  const auto since = [](std::int64_t from) {
    return json::Object{{"since", json::Array{json::Object{{"account", "A"}, {"seq", from}}}}};
  };
  Peer back(place_.server());
  back.result("subscribe", since(seq));
  const auto missed = back.event("message_added");
  EXPECT_EQ(missed.at("message").at("text"), "meanwhile");
  EXPECT_EQ(missed.at("history"), false);
  EXPECT_GT(missed.at("seq").as_int64(), seq);
  send("bob@example.net", "now");
  EXPECT_EQ(back.event("message_added").at("message").at("text"), "now");
  Peer lost(place_.server());
  lost.result("subscribe", since(1'000'000));
  EXPECT_EQ(lost.event("resync").at("account"), "A") << "a number of another life";
}

TEST_F(Methods, SubscribeToOneAccountAlone) {
  EXPECT_EQ(kind(peer_->error("subscribe", {{"account", "nobody@example.org"}})), "not_found");
  EXPECT_EQ(peer_->result("subscribe", {{"account", "alice@example.org"}}).at("positions").as_array().size(), 1U);
}

TEST_F(Methods, CommandsAreCarriedOutInTheirOrder) {
  // Every other one has a file to copy first, and so would be overtaken.
  const auto path = place_.data() / "large";
  std::ofstream(path) << std::string(1'000'000, 'x');
  constexpr int count = 8;
  for (int number = 0; number < count; ++number) {
    json::Object params{{"chat", "bob@example.net"}, {"text", std::to_string(number)}};
    if (number % 2 == 0) params.emplace("files", json::Array{path.string()});
    peer_->write(json::print(
        json::Object{{"jsonrpc", "2.0"}, {"id", -number}, {"method", "send_message"}, {"params", std::move(params)}}));
  }
  for (int number = 0; number < count; ++number) peer_->read();
  const auto messages = peer_->result("messages", {{"chat", "bob"}, {"most", count}}).at("messages").as_array();
  ASSERT_EQ(messages.size(), count);
  for (int number = 0; number < count; ++number)
    EXPECT_EQ(word(messages[static_cast<std::size_t>(number)].at("text")), std::to_string(number));
}

TEST_F(Methods, CommandsAreAnsweredInTheirOrder) {
  constexpr int count = 200;
  for (int number = 0; number < count; ++number)
    peer_->write(
        json::print(json::Object{{"jsonrpc", "2.0"},
                                 {"id", number},
                                 {"method", "send_message"},
                                 {"params", {{"chat", "bob@example.net"}, {"text", std::to_string(number)}}}}));
  for (int number = 0; number < count; ++number) ASSERT_EQ(peer_->read().at("id").as_int64(), number);
}

TEST_F(Methods, AClientThatLeavesStopsNothing) {
  {
    Peer hasty(place_.server());
    hasty.write(R"({"jsonrpc":"2.0","id":1,"method":"send_message","params":{"chat":"bob@example.net","text":"bye"}})");
  }
  peer_->result("subscribe");
  const auto sent = [&] { return peer_->result("chats").at("chats").as_array().size() == 1; };
  if (!sent()) peer_->event("message_added");
  EXPECT_TRUE(sent());
}

}  // namespace
}  // namespace coi::api
