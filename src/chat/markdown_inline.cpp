#include "chat/markdown_inline.h"

#include <algorithm>

#include <md4c.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/inline_marks.h"
#include "chat/mention.h"

namespace coi::chat {
namespace {

constexpr std::size_t longest_paragraph = 16 * 1024;
constexpr std::size_t most_link_octets = 64 * 1024;  // of all runs of a paragraph; many runs may have one long link
constexpr char edge = '.';  // stands before and behind: no line begins a block, no space is at an end

TextRun mention_run(const Mention& mention, std::string_view text, Style style) {
  if (mention.addr.empty())  // "@all", as it was written
    return {.text = std::string(text.substr(mention.start, mention.length)), .style = style, .mention = true};
  return {.text = shown_mention(mention), .style = style, .link = mailto_url(mention.addr), .mention = true};
}

// Takes what md4c says about the masked text, and gives the octets of the text itself.
class Reader {
 public:
  Reader(std::string_view text, const InlineMarks& found)
      : text_(text), found_(found), line_(edge + found.masked + edge), seen_(text.size()) {}

  // False: md4c failed, or left out what is no mark.
  bool run() {
    MD_PARSER parser{};
    parser.flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE, void*, void*) { return 0; };
    parser.leave_block = [](MD_BLOCKTYPE, void*, void*) { return 0; };
    parser.enter_span = [](MD_SPANTYPE type, void*, void* self) { return static_cast<Reader*>(self)->span(type, 1); };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) { return static_cast<Reader*>(self)->span(type, -1); };
    parser.text = [](MD_TEXTTYPE, const MD_CHAR* text, MD_SIZE size, void* self) {
      return static_cast<Reader*>(self)->text(text, size);
    };
    return md_parse(line_.data(), static_cast<MD_SIZE>(line_.size()), &parser, this) == 0 && left_out_only_marks();
  }

  std::vector<TextRun> take() { return std::move(runs_); }

 private:
  int span(MD_SPANTYPE type, int by) {
    switch (type) {
      case MD_SPAN_EM:
        italic_ += by;
        return 0;
      case MD_SPAN_STRONG:
        bold_ += by;
        return 0;
      case MD_SPAN_DEL:
        strike_ += by;
        return 0;
      case MD_SPAN_CODE:
        code_ += by;
        return 0;
      case MD_SPAN_A:
        in_link_ = by > 0;
        return 0;
      default:
        return 1;
    }
  }

  int text(const char* said, std::size_t size) {
    if (said < line_.data() || said + size > line_.data() + line_.size()) return 1;  // none of what we gave
    for (auto at = static_cast<std::size_t>(said - line_.data()); size > 0; ++at, --size) {
      if (at == 0 || at > text_.size()) continue;
      octet(at - 1);
    }
    return link_octets_ > most_link_octets ? 1 : 0;
  }

  void octet(std::size_t at) {
    if (seen_[at]) return;
    seen_[at] = true;
    if (found_.spoilers[at] == Spoiler::mark) return;
    const auto* mention = in_link_ ? nullptr : mention_around(at);
    if (mention != nullptr && at != mention->start) return;
    TextRun run{.style = {.bold = bold_ > 0,
                          .italic = italic_ > 0,
                          .strike = strike_ > 0,
                          .code = code_ > 0,
                          .spoiler = found_.spoilers[at] == Spoiler::inside}};
    const auto link = in_link_ ? link_around(at) : no_link;
    if (mention != nullptr) {
      runs_.push_back(mention_run(*mention, text_, run.style));
    } else if (!runs_.empty() && !runs_.back().mention && runs_.back().style == run.style && link == last_link_) {
      runs_.back().text += text_[at];
    } else {
      run.text = text_[at];
      if (link != no_link)
        run.link = text_.substr(found_.links[link].close + 2, found_.links[link].end - found_.links[link].close - 2);
      link_octets_ += run.link.size();
      runs_.push_back(std::move(run));
    }
    last_link_ = link;
  }

  static constexpr std::size_t no_link = std::string::npos;

  // Its place among found_.links.
  std::size_t link_around(std::size_t at) const {
    const auto link = std::ranges::lower_bound(found_.links, at, {}, &LinkMarks::close);
    if (link == found_.links.end() || at < link->open) return no_link;
    return static_cast<std::size_t>(link - found_.links.begin());
  }

  const Mention* mention_around(std::size_t at) const {
    auto mention = std::ranges::upper_bound(found_.mentions, at, {}, &Mention::start);
    if (mention == found_.mentions.begin()) return nullptr;
    --mention;
    return at < mention->start + mention->length ? &*mention : nullptr;
  }

  bool left_out_only_marks() const {
    auto link = found_.links.begin();
    for (std::size_t at = 0; at < text_.size(); ++at) {
      while (link != found_.links.end() && link->end < at) ++link;
      const bool of_link = link != found_.links.end() && at > link->close;
      const bool left_out = !seen_[at] && !of_link;
      if (left_out && !std::string_view("*_~`|[]\\").contains(text_[at]) && found_.masked[at] != ' ') return false;
    }
    return true;
  }

  std::string_view text_;
  const InlineMarks& found_;
  std::string line_;
  std::vector<bool> seen_;
  std::vector<TextRun> runs_;
  int bold_ = 0, italic_ = 0, strike_ = 0, code_ = 0;
  bool in_link_ = false;
  std::size_t last_link_ = no_link;
  std::size_t link_octets_ = 0;
};

}  // namespace

void add_run(std::vector<TextRun>& runs, TextRun run) {
  if (run.text.empty()) return;
  const bool same = !runs.empty() && runs.back().style == run.style && runs.back().link == run.link &&
                    !runs.back().mention && !run.mention;
  if (same)
    runs.back().text += run.text;
  else
    runs.push_back(std::move(run));
}

std::vector<TextRun> read_verbatim(std::string_view text) {
  std::vector<TextRun> runs;
  std::size_t done = 0;
  for (const auto& mention : find_mentions(text)) {
    add_run(runs, {.text = std::string(text.substr(done, mention.start - done))});
    done = mention.start + mention.length;
    add_run(runs, mention_run(mention, text, {}));
  }
  add_run(runs, {.text = std::string(text.substr(done))});
  return runs;
}

std::vector<TextRun> read_inline(std::string_view paragraph) {
  if (paragraph.size() > longest_paragraph || paragraph.find_first_of("*_~`|[\\") == std::string_view::npos)
    return read_verbatim(paragraph);
  const auto found = find_marks(paragraph);
  Reader reader(paragraph, found);
  return reader.run() ? reader.take() : read_verbatim(paragraph);
}

std::size_t link_length(std::string_view text) {
  constexpr std::size_t longest = 2000;
  std::size_t scheme = 0;
  for (const std::string_view front : {"http://", "https://", "mailto:"})
    if (ascii_istarts_with(text, front)) scheme = front.size();
  if (scheme == 0) return 0;
  std::size_t brackets = 0;
  text = text.substr(0, longest + 1);
  auto rest = text;
  while (!rest.empty()) {
    const auto here = rest;
    const bool well_formed = utf8_sequence(rest) > 0;
    const auto character = utf8_take(rest);
    const bool ends = !well_formed || is_control(character) || is_bidi_control(character) ||
                      (character < 0x80 && std::string_view(" <>[]\"'\\`").contains(here.front())) ||
                      (character == ')' && brackets == 0);
    if (ends) {
      rest = here;
      break;
    }
    if (character == '(') ++brackets;
    if (character == ')') --brackets;
  }
  const auto length = text.size() - rest.size();
  return length > scheme && length <= longest && brackets == 0 ? length : 0;
}

}  // namespace coi::chat
