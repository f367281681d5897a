// Lists, a page at a time, of one account and of several.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <fmt/format.h>

#include "peer.h"

namespace coi::api {
namespace {

// "… b c" has more before it.
std::string line(const json::Object& page, std::string_view list, auto word) {
  std::string text = page.at("more_before").as_bool() ? "…" : "";
  for (const auto& one : page.at(list).as_array())
    text += (text.empty() ? "" : " ") + std::string(word(one).as_string());
  return page.at("more_after").as_bool() ? text + " …" : text;
}

class Lists : public testing::Test {
 protected:
  Lists() { place_.add_account("A", "alice@example.org"); }

  Peer& peer() {
    if (!peer_) peer_.emplace(place_.server());
    return *peer_;
  }
  std::string messages(json::Object params) {
    params["chat"] = "bob@example.net";
    return line(peer().result("messages", std::move(params)), "messages",
                [](const json::Value& one) { return one.at("text"); });
  }

  // As a known person writes it at that minute.
  void write(const std::string& account, const std::string& addr, const std::string& text, int minute) {
    const auto at = 60'000LL * (minute + 1);
    place_.change(account, {chat::LearnAddress{.addr = addr, .name = text, .known = true, .at_ms = at, .rfc_id = text},
                            chat::PutMessage{.key = {text, addr},
                                             .chat = chat::WithPerson{addr},
                                             .arrived_ms = at,
                                             .date_ms = at,
                                             .received_ms = at,
                                             .text = text,
                                             .is_chat = true}});
  }

  Place place_;
  std::optional<Peer> peer_;
};

TEST_F(Lists, OfMessagesAreReadBeforeBehindAndAroundOne) {
  for (int i = 1; i <= 5; ++i) write("A", "bob@example.net", fmt::format("{}", i), i);
  const auto all = peer().result("messages", {{"chat", "bob@example.net"}});
  const auto id = [&](std::size_t i) { return all.at("messages").as_array().at(i - 1).at("id"); };
  EXPECT_EQ(messages({{"most", 2}}), "… 4 5");
  EXPECT_EQ(messages({{"before", id(4)}, {"most", 2}}), "… 2 3 …");
  EXPECT_EQ(messages({{"after", id(3)}}), "… 4 5");
  EXPECT_EQ(messages({{"around", id(3)}, {"most", 3}}), "… 2 3 4 …");
  EXPECT_EQ(kind(peer().error("messages", {{"chat", 1}, {"around", id(3)}, {"after", id(3)}})), "invalid");
  EXPECT_EQ(kind(peer().error("messages", {{"chat", 1}, {"after", 99}})), "not_found");
  EXPECT_EQ(all.at("chat").at("first_unread"), id(1));
  peer().result("seen", {{"chat", "bob@example.net"}, {"up_to", id(2)}});
  const auto chat = peer().result("chat", {{"chat", "bob@example.net"}}).at("chat");
  EXPECT_EQ(chat.at("first_unread"), id(3));
  EXPECT_EQ(chat.at("unread"), 3);
}

TEST_F(Lists, AndEventsNameAFewMembersOfAGroupAndHowManyThereAre) {
  peer().result("subscribe");
  json::Array addresses;
  for (int i = 1; i <= 6; ++i) addresses.emplace_back(fmt::format("p{}@example.net", i));
  const auto made = peer().result("create_group", {{"name", "Club"}, {"members", addresses}}).at("chat").as_object();
  const auto named = [](const json::Value& chat) {
    EXPECT_EQ(chat.at("member_count").to_number<int>(), 6);
    std::string all;
    for (const auto& member : chat.at("members").as_array()) all += std::string(member.at("addr").as_string(), 0, 2);
    return all;
  };
  EXPECT_EQ(named(made), "p1p2p3p4p5p6");
  EXPECT_EQ(named(peer().event("chat_changed").at("chat")), "p1p2p3p4p5");
  EXPECT_EQ(named(peer().result("chats").at("chats").as_array().at(0)), "p1p2p3p4p5");
  EXPECT_EQ(named(peer().result("chat", {{"chat", "Club"}}).at("chat")), "p1p2p3p4p5p6");
  EXPECT_EQ(named(peer().result("messages", {{"chat", "Club"}}).at("chat")), "p1p2p3p4p5p6");
}

TEST_F(Lists, OfChatsAreSortedIntoFolders) {
  for (const char* who : {"bob", "carol", "dave"}) write("A", fmt::format("{}@example.net", who), who, 1);
  const auto sort = [&](const std::string& who, std::vector<std::string> into) {
    json::Array names(into.begin(), into.end());
    return peer().result("set_folders", {{"chat", who + "@example.net"}, {"folders", names}});
  };
  const auto chats = [&](const std::string& folder) {
    return line(peer().result("chats", {{"folder", folder}}), "chats", [](const auto& one) { return one.at("name"); });
  };
  sort("bob", {"Work", "Band"});
  EXPECT_EQ(sort("carol", {" Work "}).at("chat").at("folders"), json::Array{"Work"});
  EXPECT_EQ(chats("Work"), "carol bob");
  EXPECT_EQ(chats("Band"), "bob");
  EXPECT_EQ(chats("work"), "carol bob") << "people write either";
  EXPECT_EQ(sort("dave", {"work", "WORK"}).at("chat").at("folders").as_array().size(), 1U);
  EXPECT_EQ(chats("Work"), "dave carol bob");
  EXPECT_EQ(peer().result("folders", {}).at("folders").as_array().size(), 2U);
  sort("dave", {});
  EXPECT_EQ(chats("Wor"), "");
  EXPECT_EQ(chats(""), "dave carol bob");
  peer().result("seen", {{"chat", "bob@example.net"}});
  const auto folders = peer().result("folders", {}).at("folders").as_array();
  ASSERT_EQ(folders.size(), 2U);
  EXPECT_EQ(folders[0].at("name"), "Band");
  EXPECT_EQ(folders[0].at("counts").at("unread"), 0);
  EXPECT_EQ(folders[1].at("counts").at("chats"), 2);
  EXPECT_EQ(folders[1].at("counts").at("unread"), 1);
  EXPECT_EQ(kind(peer().error("chats", {{"folder", "Band,Work"}})), "invalid");
  peer().result("archive", {{"chat", "bob@example.net"}});
  EXPECT_EQ(peer().result("folders", {}).at("folders").at(0).at("counts").at("chats"), 0) << "Band has archived chats";
  peer().result("archive", {{"chat", "bob@example.net"}, {"archived", false}});
  sort("bob", {});
  EXPECT_EQ(peer().result("folders", {}).at("folders").as_array().size(), 1U) << "Band is empty, and so is gone";
  EXPECT_EQ(kind(peer().error("set_folders", {{"chat", "bob@example.net"}, {"folders", json::Array{"a,b"}}})),
            "invalid");
}

class SharedLists : public Lists {
 protected:
  // A has the odd ones and B the even; 5 and 6 came in one millisecond.
  SharedLists() {
    place_.add_account("B", "work@example.org");
    for (int i = 1; i <= 6; ++i)
      write(i % 2 == 0 ? "B" : "A", fmt::format("{}@example.net", i), fmt::format("hello{}", i), i == 6 ? 5 : i);
  }
  json::Object anchor(std::string_view method, std::string_view list, std::string_view name, std::string_view word) {
    const auto page = peer().result(method, {{"words", "hello"}, {"most", 100}});
    for (const auto& one : page.at(list).as_array())
      if (one.at(word).as_string() == name) return {{"account", one.at("account")}, {"id", one.at("id")}};
    throw std::runtime_error("not in the list");
  }
  std::string page(std::string_view method, std::string_view list, std::string_view word, json::Object params) {
    params["words"] = "hello";
    return line(peer().result(method, std::move(params)), list, [&](const json::Value& one) { return one.at(word); });
  }
  // Every page of two, one behind the other, and back.
  void check_walk(std::string_view method, std::string_view list, std::string_view word,
                  const std::vector<std::string>& order) {
    std::vector<std::string> seen;
    json::Object params{{"words", "hello"}, {"most", 2}};
    while (seen.size() < 20) {
      const auto found = peer().result(method, params);
      for (const auto& one : found.at(list).as_array()) {
        seen.emplace_back(one.at(word).as_string());
        params["after"] = json::Object{{"account", one.at("account")}, {"id", one.at("id")}};
      }
      if (!found.at("more_after").as_bool()) break;
    }
    EXPECT_EQ(seen, order) << method;
    const auto last = anchor(method, list, order.back(), word);
    EXPECT_EQ(page(method, list, word, {{"before", last}, {"most", 2}}),
              fmt::format("… {} {} …", order[order.size() - 3], order[order.size() - 2]));
    const auto third = anchor(method, list, order[2], word);
    EXPECT_EQ(page(method, list, word, {{"around", third}, {"most", 3}}),
              fmt::format("… {} {} {} …", order[1], order[2], order[3]));
  }
};

TEST_F(SharedLists, OfChatsArePagedAsOne) {
  check_walk("chats", "chats", "name", {"hello5", "hello6", "hello4", "hello3", "hello2", "hello1"});
}

TEST_F(SharedLists, FoldersOfOneNameAreOne) {
  for (const char* name : {"hello1", "hello2", "hello3"}) {
    const auto one = anchor("chats", "chats", name, "name");
    peer().result("set_folders",
                  {{"account", one.at("account")}, {"chat", one.at("id")}, {"folders", json::Array{"Work"}}});
  }
  const auto folders = peer().result("folders", {{"account", "*"}}).at("folders").as_array();
  ASSERT_EQ(folders.size(), 1U);
  EXPECT_EQ(folders[0].at("counts").at("chats"), 3);
  EXPECT_EQ(page("chats", "chats", "name", {{"account", "*"}, {"folder", "Work"}}), "hello3 hello2 hello1");
}

TEST_F(SharedLists, OfContactsArePagedAsOne) {
  check_walk("contacts", "contacts", "name", {"hello1", "hello2", "hello3", "hello4", "hello5", "hello6"});
}

TEST_F(SharedLists, OfHitsArePagedAsOne) {
  check_walk("search", "messages", "text", {"hello5", "hello6", "hello4", "hello3", "hello2", "hello1"});
}

TEST_F(SharedLists, WantToKnowWhoseEntryIsMeant) {
  EXPECT_EQ(kind(peer().error("chats", {{"after", 1}})), "ambiguous");
  EXPECT_EQ(page("chats", "chats", "name", {{"account", "A"}, {"after", 1}, {"most", 9}}), "…");
  const json::Object nobody{{"account", "A"}, {"id", 99}};
  EXPECT_EQ(kind(peer().error("chats", {{"after", nobody}})), "not_found");
}

TEST_F(SharedLists, AreCountedTogether) {
  const auto counts = peer().result("counts");
  EXPECT_EQ(counts.at("main").at("chats"), 6);
  EXPECT_EQ(counts.at("main").at("unread"), 6);
  EXPECT_EQ(peer().result("counts", {{"account", "B"}}).at("main").at("unread_chats"), 3);
}

TEST_F(Lists, OfAChatsFilesAndLinks) {
  place_.change("A", {chat::LearnAddress{.addr = "bob@example.net", .known = true}});
  peer();  // which takes a directory that is empty
  const auto path = place_.data() / "picture.png";
  std::ofstream(path) << "no picture, but called one";
  peer().result("send_message", {{"chat", "bob@example.net"}, {"files", json::Array{path.string()}}});
  const auto sent =
      peer().result("send_message", {{"chat", "bob@example.net"}, {"text", "Look: https://example.org/x."}});
  const auto files = peer().result("files", {{"chat", "bob@example.net"}, {"sort", "media"}});
  ASSERT_EQ(files.at("files").as_array().size(), 1U);
  EXPECT_EQ(files.at("files").at(0).at("attachment").at("name"), "picture.png");
  EXPECT_TRUE(peer().result("files", {{"chat", "bob@example.net"}, {"sort", "other"}}).at("files").as_array().empty());
  const auto links = peer().result("links", {{"chat", "bob@example.net"}}).at("messages").as_array();
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links.at(0).at("links").at(0).at("url"), "https://example.org/x");
  EXPECT_EQ(links.at(0).at("message"), sent.at("message").at("id"));
}

TEST_F(Lists, CarryTheFrontOfAnyLongMessage) {
  write("A", "bob@example.net", std::string(100'000, 'x'), 1);
  const auto chats = peer().result("chats");
  EXPECT_EQ(chats.at("chats").at(0).at("last").at("text").as_string().size(), 500U);
}

TEST_F(Lists, TheSignatureIsASettingAndStandsBelowWhatIsWritten) {
  EXPECT_EQ(peer().result("settings").at("signature"), "");
  EXPECT_EQ(peer().result("change_settings", {{"signature", " Alice\nexample.org "}}).at("signature"),
            "Alice\nexample.org");
  const auto sent = peer().result("send_message", {{"chat", "bob@example.net"}, {"text", "Hello"}}).at("message");
  EXPECT_EQ(sent.at("text"), "Hello");
  EXPECT_EQ(sent.at("footer"), "Alice\nexample.org");
  EXPECT_EQ(kind(peer().error("change_settings", {{"signature", std::string(501, 'a')}})), "invalid");
}

}  // namespace
}  // namespace coi::api
