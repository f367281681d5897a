// Groups as the store keeps them: ids that turn out to be one group's, whatever comes first.
#include <gtest/gtest.h>

#include <algorithm>

#include "chat/group.h"
#include "stored.h"

namespace coi::store {
namespace {

const AccountFacts alice{.addr = "alice@example.org", .own = {"alice@example.org"}};

Content mail(std::string id, std::vector<std::string> references, bool program, std::string group = {}) {
  Content content{.rfc_id = std::move(id),
                  .from = {"", "bob@example.net"},
                  .to = {{"", "alice@example.org"}, {"", "carol@example.com"}},
                  .date = now,
                  .subject = "Club",
                  .references = std::move(references),
                  .chat = program,
                  .evidence = program ? PeerClass::delta : PeerClass::plain,
                  .letter = Letter{.text = "Hello"}};
  content.group.id = std::move(group);
  if (program) content.group.name = "Club";
  return content;
}

std::vector<Operation> operations_of(const Content& content) {
  auto operations = group_operations(content, alice, now);
  auto message = bobs(content.rfc_id, "Hello");
  message.chat = *group_of(content, alice);
  operations.emplace_back(std::move(message));
  return operations;
}

std::vector<std::string> addresses(const ChatRow& chat) {
  std::vector<std::string> all;
  for (const auto& member : chat.members) all.push_back(member.addr);
  return all;
}

// In each order: how many chats there are, and with how many messages.
std::vector<std::string> shapes(std::vector<Content> mails) {
  std::vector<std::string> found;
  std::ranges::sort(mails, {}, &Content::rfc_id);
  do {
    Stored stored;
    for (const auto& content : mails) stored.apply(operations_of(content));
    std::vector<std::string> chats;
    const auto rows = stored.reader().chats({.requests = true}).value();
    for (const auto& row : rows.value.rows)
      chats.push_back(fmt::format("{} ", stored.reader().messages(row.id, {.most = 100}).value().value.rows.size()));
    std::ranges::sort(chats);
    std::string shape;
    for (const auto& chat : chats) shape += chat;
    if (std::ranges::find(found, shape) == found.end()) found.push_back(shape);
  } while (std::ranges::next_permutation(mails, {}, &Content::rfc_id).found);
  return found;
}

using Shapes = std::vector<std::string>;

TEST(GroupIds, C59MailsWithoutIdGoByThoseThatTheyReferTo) {
  EXPECT_EQ(shapes({mail("a@x", {"a@x"}, true), mail("b@x", {"a@x"}, true), mail("c@x", {"b@x"}, true),
                    mail("z@x", {"z@x"}, true)}),
            (Shapes{"1 3 "}));
}

TEST(GroupIds, C69APlainReplyInThatThreadIsInTheGroup) {
  EXPECT_EQ(shapes({mail("a@x", {"a@x"}, true), mail("b@x", {"a@x"}, true), mail("p@x", {"a@x", "b@x"}, false)}),
            (Shapes{"3 "}));
}

// That a chat program refers to a plain mail makes no group of those who got other answers to that.
TEST(GroupIds, C69AReferenceJoinsNoOtherPeoplesMails) {
  auto to_dora = mail("q@x", {"a@x"}, false);
  to_dora.to.back().addr = "dora@example.com";
  EXPECT_EQ(shapes({mail("p@x", {"a@x"}, false), to_dora, mail("b@x", {"a@x", "p@x"}, true)}), (Shapes{"1 1 1 "}));
}

TEST(GroupIds, C69AnIdThatComesLaterNamesTheGroup) {
  auto refers = mail("c@x", {"b@x", "chat$group.1234567890ab.y@x"}, true, "1234567890ab");
  refers.group.by_reference = true;
  EXPECT_EQ(shapes({mail("a@x", {"a@x"}, true), mail("b@x", {"a@x"}, true), refers,
                    mail("chat$group.1234567890ab.y@x", {}, true, "1234567890ab")}),
            (Shapes{"4 "}));
}

TEST(GroupIds, P13ConsentIsForNoGroupThatHadNoneBeforeTheyBecameOne) {
  Stored stored;
  const auto chat_of = [&](const std::string& id) { return stored.facts_of({id, "bob@example.net"}).chat; };
  stored.apply(operations_of(mail("a@x", {"a@x"}, true)));
  stored.apply(operations_of(mail("c@x", {"b@x"}, true)));
  ASSERT_NE(chat_of("a@x"), chat_of("c@x"));
  stored.apply({PatchChat{.chat = chat_of("a@x"), .removes_expired = true}});
  stored.apply(operations_of(mail("b@x", {"a@x"}, true)));
  ASSERT_EQ(chat_of("a@x"), chat_of("c@x"));
  EXPECT_FALSE(stored.find(FindChat{chat_of("a@x")}).value().removes_expired);
}

// A mail that refers to two groups makes no one of them; the mails without id go with one of the two, always the same.
TEST(GroupIds, C60TwoThatProgramsNamedStayApart) {
  const std::string one = "1111111111ab", two = "2222222222ab";
  auto to_one = mail("c@x", {"a@x", "chat$group." + one + ".y@x"}, true, one);
  auto to_two = mail("d@x", {"a@x", "chat$group." + two + ".y@x"}, true, two);
  to_one.group.by_reference = to_two.group.by_reference = true;
  EXPECT_EQ(
      shapes({mail("a@x", {"a@x"}, true), to_one, to_two, mail("y@x", {}, true, one), mail("z@x", {}, true, two)}),
      (Shapes{"2 3 "}));
}

// As with a remark that is put twice: the order in which the groups are united does not matter.
TEST(GroupIds, OfWhatOneMailSaysInBothTheGreaterValueIsKept) {
  const auto put = [](std::vector<std::string> threads, std::string rfc_id) {
    auto group = said_of_group("bob@example.net", {{"bob@example.net", now}, {"alice@example.org", now}}, {}, now);
    group.id = group_of_thread(threads.front());
    group.threads = std::move(threads);
    group.rfc_id = std::move(rfc_id);
    return group;
  };
  const auto named = [](const std::string& thread, std::string name) {
    auto said = remark(RemarkKind::group_name, group_of_thread(thread), {}, now, std::move(name));
    said.remark.author = "bob@example.net";
    return said;
  };
  for (const bool swapped : {false, true}) {
    Stored stored;
    stored.apply({put({"a@x"}, "a@x"), put({"b@x"}, "b@x"), named("a@x", swapped ? "Beta" : "Alpha"),
                  named("b@x", swapped ? "Alpha" : "Beta")});
    auto message = bobs("c@x", "Hello");
    message.chat = InGroup{group_of_thread("a@x")};
    stored.apply({put({"a@x", "b@x"}, "c@x"), message});
    EXPECT_EQ(stored.chat_of(message.key).name, "Beta") << swapped;
  }
}

// A group may have thousands.
TEST(Group, AListNamesTheFirstFiveMembersAndCountsThemAll) {
  Stored stored;
  auto first = mail("a@x", {"a@x"}, true);
  for (int i = 5; i > 0; --i) first.to.push_back(Address{.name = {}, .addr = fmt::format("p{}@example.net", i)});
  stored.apply(operations_of(first));
  const auto listed = stored.reader().chats({.requests = true}).value().value.rows.at(0);
  const auto whole = stored.reader().chat(listed.id).value().value.value();
  const std::vector<std::string> all = {"bob@example.net", "carol@example.com", "p1@example.net", "p2@example.net",
                                        "p3@example.net",  "p4@example.net",    "p5@example.net"};
  EXPECT_EQ(addresses(whole), all);
  EXPECT_EQ(addresses(listed), std::vector(all.begin(), all.begin() + 5));
  for (const auto& chat : {listed, whole}) {
    EXPECT_EQ(chat.member_count, 7U);
    EXPECT_TRUE(chat.is_member);
  }
}

// By the user's name for the person, else by the newest of any of their addresses.
TEST(Group, MembersAreCalledAsThePersonIs) {
  Stored stored;
  stored.apply(operations_of(mail("a@x", {"a@x"}, true)));
  const auto carol = [&] {
    const auto chats = stored.reader().chats({.requests = true}).value();
    for (const auto& member : chats.value.rows.at(0).members)
      if (member.addr == "carol@example.com") return member.name;
    return std::string("no member");
  };
  EXPECT_EQ(carol(), "") << "the address alone is known";
  const LearnAddress here{.addr = "carol@example.com", .name = "Carol", .at_ms = now, .rfc_id = "1@x"};
  stored.apply({here});
  EXPECT_EQ(carol(), "Carol");
  const LearnAddress there{.addr = "carol@x", .name = "Caroline", .at_ms = now + 1, .rfc_id = "2@x"};
  stored.apply({there, PutAlias{.alias = "carol@x", .addr = "carol@example.com"}});
  EXPECT_EQ(carol(), "Caroline");
  stored.apply({PatchPerson{"carol@x", "My aunt"}});
  EXPECT_EQ(carol(), "My aunt");
}

}  // namespace
}  // namespace coi::store
