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
};
BOOST_DESCRIBE_STRUCT(Contact, (), (account, id, name, known, blocked, addresses, chat))

struct OneContact {
  std::int64_t seq = 0;
  Contact contact;
};
BOOST_DESCRIBE_STRUCT(OneContact, (), (seq, contact))

struct ContactList {
  std::int64_t seq = 0;             // of the only account; 0 where there are several
  std::vector<Position> positions;  // of each account
  std::vector<Contact> contacts;
};
BOOST_DESCRIBE_STRUCT(ContactList, (), (seq, positions, contacts))

struct ListContacts {
  static constexpr std::string_view method = "contacts";
  using Result = ContactList;

  std::string account;  // "*": of all accounts
};
BOOST_DESCRIBE_STRUCT(ListContacts, (), (account))

struct NameContact {
  static constexpr std::string_view method = "name_contact";
  using Result = OneContact;

  std::string account;
  std::string addr;
  std::string name;  // empty: the name that the mails carry
  static constexpr std::string_view required[] = {"addr", "name"};
};
BOOST_DESCRIBE_STRUCT(NameContact, (), (account, addr, name))

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
