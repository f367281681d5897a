// Pieces of commands, and search criteria made of them (RFC 3501 section 6.4.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/number_set.h"
#include "base/secret.h"
#include "base/time.h"

namespace coi::imap {

struct Literal {
  std::string octets;
};
struct SecretLiteral {
  Secret octets;
};
// Text and Secret go out as they are.
using Piece = std::variant<std::string, Literal, Secret, SecretLiteral>;

class SearchKey {
 public:
  static SearchKey all();
  static SearchKey uid(const NumberSet& uids);
  static SearchKey uid_from(std::uint32_t first);  // "first:*", the greatest UID always included
  // Mails that have this field with `value` in it, compared without case; "" any value.
  static SearchKey header(std::string_view field, std::string_view value);
  static SearchKey text(std::string_view words);  // anywhere in header or body
  static SearchKey since(UnixMs day);             // INTERNALDATE, this UTC day or later
  static SearchKey before(UnixMs day);            // INTERNALDATE, before this UTC day
  // "\Seen" or a keyword, set or not set; what is neither, no mail has.
  static SearchKey flag(std::string_view flag, bool set = true);
  static SearchKey modseq(std::uint64_t least);  // RFC 7162
  static SearchKey larger(std::uint64_t octets);

  static SearchKey both(const SearchKey& a, const SearchKey& b);
  static SearchKey either(const SearchKey& a, const SearchKey& b);
  static SearchKey no(const SearchKey& key);

  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  explicit SearchKey(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  std::vector<Piece> pieces_;
};

}  // namespace coi::imap
