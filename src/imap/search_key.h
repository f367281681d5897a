// Pieces of commands, and search criteria made of them (RFC 3501 section 6.4.4).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/number_set.h"
#include "base/secret.h"

namespace coi::imap {

struct Literal {
  std::string octets;
};
struct SecretLiteral {
  Secret octets;
};
// A mailbox, UTF-8; the session knows how the server writes it (imap/mailbox_names.h).
struct NamedMailbox {
  std::string name;
  bool quoted = false;  // where the grammar takes no atom
};
// Text and Secret go out as they are.
using Piece = std::variant<std::string, Literal, Secret, SecretLiteral, NamedMailbox>;

class SearchKey {
 public:
  static SearchKey all();
  static SearchKey uid(const NumberSet& uids);
  // Mails that have this field with `value` in it, compared without case; "" any value.
  static SearchKey header(std::string_view field, std::string_view value);
  // "\Seen" or a keyword; what is neither, no mail has.
  static SearchKey flag(std::string_view flag);

  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  explicit SearchKey(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  std::vector<Piece> pieces_;
};

}  // namespace coi::imap
