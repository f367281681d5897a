#include "mime/boundary_guess.h"

#include <map>
#include <vector>

#include "base/ascii.h"
#include "mime/blank.h"
#include "mime/header_field.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_boundary = 200;  // RFC 2046, 5.1.1 allows 70
constexpr std::size_t most_candidates = 100;   // that wait for something that speaks for them

struct Candidate {
  std::string_view boundary;
  bool surely = false;
};

// Behind "--", without white space at its end.
bool may_be_boundary(std::string_view text) {
  if (text.empty() || text.size() > longest_boundary || text.find_first_not_of("-_=*~. ") == std::string_view::npos)
    return false;
  return !text.starts_with("---BEGIN ") && !text.starts_with("---END ");
}

class Guess {
 public:
  explicit Guess(std::string_view body) : body_(body) {}

  std::string_view boundary() {
    for (std::size_t at = 0; at < body_.size();) {
      if (body_.substr(at, 2) == "--" && look_at(at)) break;
      const auto next = body_.find("\n--", at);
      if (next == std::string_view::npos) break;
      at = next + 1;
    }
    for (const auto& candidate : candidates_)
      if (candidate.surely) return candidate.boundary;
    return {};
  }

 private:
  std::string_view line_at(std::size_t at) const {
    return body_.substr(at, std::min(body_.find('\n', at), body_.size() - 1) + 1 - at);
  }

  // True when it is decided.
  bool look_at(std::size_t at) {
    const auto line = line_at(at);
    auto text = line.substr(2);
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (const auto closed = text.ends_with("--") ? known_.find(text.substr(0, text.size() - 2)) : known_.end();
        closed != known_.end())
      candidates_[closed->second].surely = true;
    if (const auto again = known_.find(text); again != known_.end()) candidates_[again->second].surely = true;
    if (candidates_.empty() ? false : candidates_.front().surely) return true;
    if (!may_be_boundary(text) || candidates_.size() >= most_candidates || known_.contains(text)) return false;
    const auto behind = at + line.size();
    const auto next = behind < body_.size() ? line_at(behind) : std::string_view();
    const bool header = starts_field(next) && ascii_istarts_with(next, "Content-");
    const bool one_word = text.find_first_of(" \t") == std::string_view::npos;
    if (!header && (!one_word || (!is_empty(next) && !starts_field(next)))) return false;
    const bool first = body_.substr(0, at).find_first_not_of(" \t\r\n") == std::string_view::npos;
    known_.emplace(text, candidates_.size());
    candidates_.push_back({text, header || first});
    return candidates_.front().surely;
  }

  std::string_view body_;
  std::vector<Candidate> candidates_;  // in order
  std::map<std::string_view, std::size_t> known_;
};

}  // namespace

std::string_view guess_boundary(std::string_view body) { return Guess(body).boundary(); }

}  // namespace coi::mime
