#include "reply/fold.h"

#include <algorithm>
#include <optional>

#include "reply/attribution.h"
#include "reply/copied_header.h"
#include "reply/footer.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

// Lines from one that begins a quote to behind its last. `intro_end`: behind its attribution or header.
struct Quote {
  std::size_t begin = 0, intro_end = 0, end = 0;
  bool introduced() const { return intro_end > begin; }
};

struct Intro {
  std::size_t begin = 0, end = 0;
};

class Fold {
 public:
  Fold(Lines lines, bool forwarded) : lines_(lines), forwarded_(forwarded), parts_(lines.size(), Part::text) {}

  std::vector<Part> mail() {
    find_intros();
    find_quotes();
    fold_footers();
    fold_quotes();
    if (!any_text()) show_quotes();
    return std::move(parts_);
  }

  // D-15: the quote stands at the very start. D-16: what stands behind "-- " is the footer.
  std::vector<Part> chat() {
    std::size_t end = 0;
    while (end < lines_.size() && lines_[end].depth > 0) ++end;
    set(0, end, Part::quote);
    set(end + signature_begin(lines_.subspan(end)), lines_.size(), Part::footer);
    return std::move(parts_);
  }

  // Where what is passed on begins; the number of lines for nothing.
  std::size_t forward() const { return forward_; }

 private:
  void set(std::size_t begin, std::size_t end, Part part) {
    std::fill(parts_.begin() + static_cast<std::ptrdiff_t>(begin), parts_.begin() + static_cast<std::ptrdiff_t>(end),
              part);
  }

  // Attributions are known by their last line, and begin above it.
  void find_intros() {
    intros_.resize(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].blank()) continue;
      if (const auto begin = attribution_ending(lines_, i)) intros_[*begin] = i + 1;
    }
  }

  // A rule with a header below it, or one that says what it is, a header, or an attribution.
  std::optional<Intro> intro_at(std::size_t at) const {
    auto below = at;
    bool original = false;
    while (below < lines_.size()) {
      const auto rule = rule_of(lines_[below]);
      if (rule != Rule::line && rule != Rule::original) break;
      original = original || rule == Rule::original;
      below = next_written(lines_, below + 1);
    }
    if (below < lines_.size() && lines_[below].depth == lines_[at].depth) {
      if (const auto end = copied_header(lines_, below)) return Intro{at, *end};
      if (intros_[below] > 0 && (below == at || original)) return Intro{at, intros_[below]};
    }
    if (original) return Intro{at, below};
    return std::nullopt;
  }

  bool is_forward(std::size_t at) const {
    if (rule_of(lines_[at]) == Rule::forward) return true;
    return forwarded_ && copied_header(lines_, at).has_value();
  }

  // The end of the quote that has no marks: all that is below, or what the program marks as the answered mail.
  std::size_t unmarked_end(std::size_t at) const {
    const auto container = lines_[at].container;
    if (container == 0) return lines_.size();
    while (at < lines_.size() && (lines_[at].container == container || lines_[at].blank() || lines_[at].depth > 0))
      ++at;
    return at;
  }

  // A long line that the sending program cut, and whose rest lost its mark: it goes on with a small letter, amid a
  // sentence, and the next line is marked again.
  bool is_rest_of_line(std::size_t at) const {
    constexpr std::size_t least = 70, most = 100;  // octets of a line that is cut
    if (at == 0 || at + 1 >= lines_.size() || lines_[at - 1].depth == 0 || lines_[at + 1].depth == 0 ||
        lines_[at].blank())
      return false;
    const auto above = lines_[at - 1].kept;
    const auto first = lines_[at].text.front();
    const auto word = lines_[at].text.substr(0, lines_[at].text.find(' '));
    return above.size() >= least && above.size() <= most && above.size() + 1 + word.size() > 76 && !above.empty() &&
           !std::string_view(".?!:;").contains(bare(above).back()) && first >= 'a' && first <= 'z' &&
           lines_[at].text.size() < above.size();
  }

  std::size_t marked_end(std::size_t at) const {
    auto end = at;
    for (auto i = at; i < lines_.size(); ++i) {
      if (lines_[i].depth > 0 || is_rest_of_line(i))
        end = i + 1;
      else if (!lines_[i].blank())
        break;
    }
    return end;
  }

  void find_quotes() {
    for (auto at = next_written(lines_, 0); at < lines_.size(); at = next_written(lines_, at)) {
      if (is_forward(at)) {
        forward_ = at;
        return;
      }
      if (const auto quote = is_rule_above_quote(at) ? next_written(lines_, at + 1) : at; lines_[quote].depth > 0) {
        const auto end = marked_end(quote);
        const auto inner = next_written(lines_, quote);
        const auto intro = intro_at(inner);
        // What says inside whose words it is, is said as well.
        quotes_.push_back({at, intro ? intro->end : at, end});
        at = end;
      } else if (const auto intro = intro_at(at); intro && is_header_of_all(*intro)) {
        at = intro->end;
      } else if (intro) {
        const auto below = next_written(lines_, intro->end);
        const bool marked = below < lines_.size() && lines_[below].depth > 0;
        const auto end = marked ? marked_end(below) : unmarked_end(at);
        quotes_.push_back({at, intro->end, std::max(end, intro->end)});
        at = quotes_.back().end;
      } else {
        ++at;
      }
    }
  }

  // A rule that a program drew between the answer and the quote.
  bool is_rule_above_quote(std::size_t at) const {
    const auto below = next_written(lines_, at + 1);
    return lines_[at].depth == 0 && lines_[at].said == Said::rule && below < lines_.size() && lines_[below].depth > 0;
  }

  // Nothing but this header stands above the text: it is the mail's own, which somebody's program put into it.
  bool is_header_of_all(const Intro& intro) const {
    return intro.begin == next_written(lines_, 0) && intros_[intro.begin] == 0 &&
           rule_of(lines_[intro.begin]) == Rule::none;
  }

  // Between the quotes, what its author wrote in one go has its own footers.
  void fold_footers() {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= quotes_.size(); ++i) {
      const auto end = i < quotes_.size() ? quotes_[i].begin : std::min(forward_, lines_.size());
      if (begin < end) {
        const auto footer = begin + footer_begin(lines_.subspan(begin, end - begin));
        set(footer, end, Part::footer);
      }
      if (i < quotes_.size()) begin = quotes_[i].end;
    }
  }

  bool any_text(std::size_t begin, std::size_t end) const {
    for (auto i = begin; i < end; ++i)
      if (parts_[i] == Part::text && !lines_[i].blank() && rule_of(lines_[i]) != Rule::line) return true;
    return false;
  }
  bool any_text() const { return any_text(0, lines_.size()); }

  // A quote with an answer below it is needed to understand that, where there is more than one. One alone is the mail
  // that is answered below it, if its introduction says so or nothing stands above it.
  void fold_quotes() {
    std::vector<bool> answered(quotes_.size(), false);
    std::size_t answers = 0;
    for (std::size_t i = 0; i < quotes_.size(); ++i) {
      answered[i] = any_text(quotes_[i].end, i + 1 < quotes_.size() ? quotes_[i + 1].begin : lines_.size());
      answers += answered[i] ? 1 : 0;
    }
    bool below = false;  // an answer stands somewhere below
    for (auto i = quotes_.size(); i > 0; --i) {
      const auto& quote = quotes_[i - 1];
      below = below || answered[i - 1];
      const bool alone = answers == 1 && (quote.introduced() || !any_text(0, quote.begin));
      const bool is_sure = quote.introduced() || is_cited(quote);
      if (is_sure && (!below || alone)) set(quote.begin, quote.end, Part::quote);
    }
  }

  // Marked as a quote by ">" or by the program, and not by indentation alone.
  bool is_cited(const Quote& quote) const {
    return std::all_of(lines_.begin() + static_cast<std::ptrdiff_t>(quote.begin),
                       lines_.begin() + static_cast<std::ptrdiff_t>(quote.end),
                       [](const Seen& line) { return line.blank() || line.cited; });
  }

  void show_quotes() {
    std::ranges::replace(parts_, Part::quote, Part::text);
    if (!any_text()) std::ranges::fill(parts_, Part::text);
  }

  Lines lines_;
  bool forwarded_;
  std::vector<Part> parts_;
  std::vector<std::size_t> intros_;  // for each line, behind the last line of the attribution that begins there; 0
  std::vector<Quote> quotes_;
  std::size_t forward_ = lines_.size();
};

}  // namespace

Folded fold(std::span<const Seen> lines, Origin origin, bool forwarded) {
  Fold fold(lines, forwarded);
  auto parts = origin == Origin::chat ? fold.chat() : fold.mail();
  return {std::move(parts), fold.forward()};
}

}  // namespace coi::reply
