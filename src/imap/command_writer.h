// Puts the arguments of a command together: a space between two, strings in their safe form. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "imap/search_key.h"

namespace coi::imap {

class CommandWriter {
 public:
  // As it is: atoms, numbers, flags, parentheses that belong to `text` alone.
  CommandWriter& word(std::string_view text);
  // "(" and ")" around what comes between.
  CommandWriter& open();
  CommandWriter& close();
  // astring / quoted / literal
  CommandWriter& string(std::string_view octets);
  // The same, never as atom: where the grammar has `string`.
  CommandWriter& quoted(std::string_view octets);
  CommandWriter& mailbox(std::string_view utf8);
  // list-mailbox: "*" and "%" keep their meaning.
  CommandWriter& pattern(std::string_view utf8);
  CommandWriter& literal(std::string octets);
  CommandWriter& secret(const Secret& octets);
  // "(" *flag ")". What is no flag is left out: it can only be nonsense that a server once told.
  CommandWriter& flags(const std::vector<std::string>& all);
  CommandWriter& pieces(const std::vector<Piece>& all);

  std::vector<Piece> take() { return std::move(pieces_); }

 private:
  void space();
  void put(std::string_view text);

  std::vector<Piece> pieces_;
  bool first_in_list_ = true;  // nothing stands before it that needs a space; the session writes none after the name
};

// flag = ["\"] atom
bool is_flag(std::string_view text);

}  // namespace coi::imap
