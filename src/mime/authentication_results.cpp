#include "mime/authentication_results.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/ascii.h"
#include "mime/blank.h"
#include "mime/domain.h"

namespace coi::mime {
namespace {

// One part of a field: CFWS (RFC 5322, section 3.2.2), ";", "=", a quoted string's content, or a run of anything else.
struct AuthToken {
  enum class Kind : std::uint8_t { space, semicolon, equals, string, word };
  Kind kind;
  std::string text{};
};
using AuthTokens = std::span<const AuthToken>;

// Cuts a field into its parts, in one pass.
class AuthScanner {
 public:
  // What is opened at `plain_from` or behind it, a comment or a string, is white space: it has no end.
  explicit AuthScanner(std::string_view value, std::size_t plain_from) : value_(value), plain_from_(plain_from) {}

  std::vector<AuthToken> tokens() {
    while (at_ < value_.size() && !open_) take();
    return std::move(tokens_);
  }
  // Where the comment or string begins that is open at the end.
  std::optional<std::size_t> open() const { return open_; }

 private:
  void take() {
    const char c = value_[at_];
    const bool plain = at_ >= plain_from_;
    if (is_space(c) || (plain && (c == '(' || c == ')' || c == '"'))) {
      ++at_;
      add_space();
    } else if (c == '(') {
      skip_comment();
    } else if (c == '"') {
      take_string();
    } else if (c == ';' || c == '=') {
      ++at_;
      tokens_.push_back({c == ';' ? AuthToken::Kind::semicolon : AuthToken::Kind::equals});
    } else {
      ++at_;
      if (tokens_.empty() || tokens_.back().kind != AuthToken::Kind::word) tokens_.push_back({AuthToken::Kind::word});
      tokens_.back().text += c;
    }
  }

  void add_space() {
    if (tokens_.empty() || tokens_.back().kind != AuthToken::Kind::space) tokens_.push_back({AuthToken::Kind::space});
  }

  // Comments nest.
  void skip_comment() {
    const auto start = at_;
    int depth = 0;
    for (; at_ < value_.size(); ++at_) {
      const char c = value_[at_];
      if (c == '\\') ++at_;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) break;
    }
    if (at_ >= value_.size()) open_ = start;
    ++at_;
    add_space();
  }

  void take_string() {
    const auto start = at_++;
    std::string text;
    for (; at_ < value_.size() && value_[at_] != '"'; ++at_) {
      if (value_[at_] == '\\' && at_ + 1 < value_.size()) ++at_;
      text += value_[at_];
    }
    if (at_ >= value_.size()) open_ = start;
    ++at_;
    tokens_.push_back({AuthToken::Kind::string, std::move(text)});
  }

  std::string_view value_;
  std::size_t plain_from_;
  std::size_t at_ = 0;
  std::vector<AuthToken> tokens_;
  std::optional<std::size_t> open_;
};

// A comment or string without an end hides nothing that stands behind it: a sender may have got its beginning into the
// field by the name that it gave itself.
std::vector<AuthToken> tokens_of(std::string_view value) {
  AuthScanner scanner(value, value.size());
  auto tokens = scanner.tokens();
  return scanner.open() ? AuthScanner(value, *scanner.open()).tokens() : tokens;
}

//   name "=" value. What is not of this form has no "=".
struct AuthPair {
  std::string name{};
  std::string value{};
  bool quoted = false;  // a string is part of it
};

// Reads the tokens of one resinfo pair by pair.
class AuthPairs {
 public:
  explicit AuthPairs(AuthTokens tokens) : tokens_(tokens) {}

  std::optional<AuthPair> next() {
    while (!tokens_.empty()) {
      AuthPair pair;
      if (!take_name(pair)) continue;
      take_value(pair);
      return pair;
    }
    return std::nullopt;
  }

 private:
  bool front_is(AuthToken::Kind kind) const { return !tokens_.empty() && tokens_.front().kind == kind; }
  void skip_space() {
    if (front_is(AuthToken::Kind::space)) tokens_ = tokens_.subspan(1);
  }

  // method [ "/" version ], or ptype "." property, with CFWS around "/" and ".", and the "=" behind it; false: a word
  // that has none.
  bool take_name(AuthPair& pair) {
    const auto joins = [](char c) { return c == '.' || c == '/'; };
    skip_space();
    while (front_is(AuthToken::Kind::word) || front_is(AuthToken::Kind::string)) {
      pair.quoted = pair.quoted || front_is(AuthToken::Kind::string);
      pair.name += tokens_.front().text;
      tokens_ = tokens_.subspan(1);
      if (!front_is(AuthToken::Kind::space)) continue;
      skip_space();
      if (front_is(AuthToken::Kind::word) && !joins(tokens_.front().text.front()) &&
          (pair.name.empty() || !joins(pair.name.back())))
        return false;
    }
    if (!front_is(AuthToken::Kind::equals)) return false;
    tokens_ = tokens_.subspan(1);
    return true;
  }

  // Up to CFWS. No CFWS has to part a string from the next name; one that is a local part goes on with "@".
  void take_value(AuthPair& pair) {
    skip_space();
    bool string_only = false;
    while (!tokens_.empty() && !front_is(AuthToken::Kind::space)) {
      const auto& token = tokens_.front();
      const bool is_string = token.kind == AuthToken::Kind::string;
      if (string_only && !is_string && !token.text.starts_with('@')) return;
      string_only = is_string && (string_only || pair.value.empty());
      pair.quoted = pair.quoted || is_string;
      pair.value += token.kind == AuthToken::Kind::equals ? "=" : token.text;
      tokens_ = tokens_.subspan(1);
    }
  }

  AuthTokens tokens_;
};

// A domain or, by some servers, an address, as header.from gives it. Either domain may be written in the letters of its
// script or in A-labels (RFC 5890).
bool speaks_of(std::string_view named, std::string_view author) {
  if (const auto sign = named.rfind('@'); sign != std::string_view::npos) named.remove_prefix(sign + 1);
  if (named.ends_with('.')) named.remove_suffix(1);
  if (named.empty()) return false;
  const auto checked = canonical_domain(named), domain = canonical_domain(author);
  return domain == checked || domain.ends_with("." + checked);
}

enum class Verdict : std::uint8_t { none, vouches, disowns };

// resinfo = method [ "/" version ] "=" result [ "reason" "=" value ] *( ptype "." property "=" value )
Verdict verdict_of(AuthTokens info, std::string_view domain) {
  AuthPairs pairs(info);
  const auto verdict = pairs.next();
  if (!verdict || verdict->quoted) return Verdict::none;
  const auto method = std::string_view(verdict->name);
  if (!ascii_iequal(method.substr(0, method.find('/')), "dmarc")) return Verdict::none;
  if (ascii_iequal(verdict->value, "fail")) return Verdict::disowns;
  if (!ascii_iequal(verdict->value, "pass")) return Verdict::none;
  auto found = Verdict::none;
  while (const auto pair = pairs.next()) {
    if (!ascii_iequal(pair->name, "header.from")) continue;
    if (!speaks_of(pair->value, domain)) return Verdict::disowns;
    found = Verdict::vouches;
  }
  return found;
}

// authserv-id [version]
std::string server_of(AuthTokens tokens) {
  std::string server;
  if (!tokens.empty() && tokens.front().kind == AuthToken::Kind::space) tokens = tokens.subspan(1);
  for (const auto& token : tokens) {
    if (token.kind == AuthToken::Kind::space || token.kind == AuthToken::Kind::semicolon) break;
    server += token.kind == AuthToken::Kind::equals ? "=" : token.text;
  }
  return server;
}

// value = authserv-id [version] *( ";" resinfo )
bool says(const std::vector<Header>& headers, std::string_view domain, Verdict wanted) {
  std::optional<std::string> server;
  for (const auto& header : headers) {
    if (!ascii_iequal(header.name, "Authentication-Results")) continue;
    const auto tokens = tokens_of(header.value);
    if (!server) server = server_of(tokens);
    if (!ascii_iequal(server_of(tokens), *server)) continue;
    auto semicolon = std::ranges::find(tokens, AuthToken::Kind::semicolon, &AuthToken::kind);
    while (semicolon != tokens.end()) {
      const auto next = std::ranges::find(semicolon + 1, tokens.end(), AuthToken::Kind::semicolon, &AuthToken::kind);
      if (verdict_of({semicolon + 1, next}, domain) == wanted) return true;
      semicolon = next;
    }
  }
  return false;
}

}  // namespace

bool disowns_author(const std::vector<Header>& headers, std::string_view domain) {
  return says(headers, domain, Verdict::disowns);
}

bool vouches_for_author(const std::vector<Header>& headers, std::string_view domain) {
  return says(headers, domain, Verdict::vouches);
}

}  // namespace coi::mime
