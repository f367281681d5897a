// People, each with one or more addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/ids.h"
#include "proto/page.h"
#include "proto/position.h"

namespace coi::proto {

// What the program of an address can show, from its newest mail.
enum class Program : std::uint8_t {
  unknown,
  plain,  // an ordinary mail program
  delta,  // Delta Chat
  coi,
};
BOOST_DESCRIBE_ENUM(Program, unknown, plain, delta, coi)

struct ContactAddress {
  std::string addr;
  Program program = Program::unknown;
};
BOOST_DESCRIBE_STRUCT(ContactAddress, (), (addr, program))

struct Contact {
  std::string account;
  ContactId id;
  std::string name;    // given by the user, else what the mails say; may be empty
  bool known = false;  // accepted, named or written to
  bool blocked = false;
  std::vector<ContactAddress> addresses;
  std::optional<ChatId> chat;
  std::string status;                   // what they last said of themselves
  std::string picture;                  // theirs: says which, for the method `picture`; empty: none is known
  std::string birthday;                 // "1998-12-24", or "--12-24" without the year; empty: not told
  std::vector<std::string> categories;  // in which the user put them, sorted
};
BOOST_DESCRIBE_STRUCT(Contact, (),
                      (account, id, name, known, blocked, addresses, chat, status, picture, birthday, categories))

struct OneContact {
  std::int64_t seq = 0;
  Contact contact;
};
BOOST_DESCRIBE_STRUCT(OneContact, (), (seq, contact))

struct ContactList {
  std::int64_t seq = 0;             // of the only account; 0 where there are several
  std::vector<Position> positions;  // of each account
  std::vector<Contact> contacts;    // by their names
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(ContactList, (), (seq, positions, contacts, more_before, more_after))

struct ListContacts {
  static constexpr std::string_view method = "contacts";
  using Result = ContactList;

  std::string account;  // "*": of all accounts
  std::optional<Anchor> before, after, around;
  std::uint32_t most = usual_page;
};
BOOST_DESCRIBE_STRUCT(ListContacts, (), (account, before, after, around, most))

struct NameContact {
  static constexpr std::string_view method = "name_contact";
  using Result = OneContact;

  std::string account;
  std::string addr;
  std::string name;  // empty: the name that the mails carry
  static constexpr std::string_view required[] = {"addr", "name"};
};
BOOST_DESCRIBE_STRUCT(NameContact, (), (account, addr, name))

struct CategorizeContact {
  static constexpr std::string_view method = "categorize_contact";
  using Result = OneContact;

  std::string account;
  std::string addr;
  std::vector<std::string> categories;  // "friend", "family", "work", "partner" or other words; empty: none
  static constexpr std::string_view required[] = {"addr", "categories"};
};
BOOST_DESCRIBE_STRUCT(CategorizeContact, (), (account, addr, categories))

struct SetAlias {
  static constexpr std::string_view method = "set_alias";
  using Result = OneContact;

  std::string account;
  std::string addr;
  std::string alias;   // joined: with all other addresses of its person
  bool joined = true;  // false: a person of its own again
  static constexpr std::string_view required[] = {"addr", "alias"};
};
BOOST_DESCRIBE_STRUCT(SetAlias, (), (account, addr, alias, joined))

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::ContactAddress>;
extern template struct StructCodec<proto::Contact>;
}  // namespace coi::json
