#include "html/poll.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "html/class_names.h"
#include "html/escaped.h"
#include "html/items.h"
#include "html/markup.h"

namespace coi::html {
namespace {

constexpr std::size_t most_poll_description = 10'000;
constexpr std::size_t most_value = 100'000;  // octets of a property before it is understood
constexpr std::size_t most_date = 40;
constexpr std::size_t most_content_id = 998;  // octets: a line of a mail
constexpr std::size_t most_read = 1'000'000;  // octets of values until one that says something

// The elements of one item: what stands in it and, if it is a <p> that a list in it has ended, behind it.
struct Item {
  const Outline& outline;
  std::vector<std::size_t> elements;  // none that belongs to another item

  const Node& node(std::size_t element) const { return *outline.elements[element].node; }
  // The first value of this property that is not empty.
  std::string value(std::string_view property, std::size_t most) const {
    std::size_t read = 0;
    for (const auto element : elements) {
      if (!outline.elements[element].has(property)) continue;
      Values values(node(element));
      const auto written = values.of(property);
      if (auto value = lines(written, most); !value.empty()) return value;
      if ((read += written.size()) > most_read) break;
    }
    return {};
  }
  std::string line(std::string_view property, std::size_t most) const {
    return one_line(value(property, most_value), most);
  }
};

void add_elements(Item& item, Range range) {
  for (auto i = range.begin; i < range.end; ++i) {
    const auto& element = item.outline.elements[i];
    if (element.is_item()) {
      i = element.end - 1;
    } else if (!element.classes.empty()) {
      item.elements.push_back(i);
    }
  }
}

Result<Item> only_item(const Outline& outline, std::string_view name) {
  const auto at = outline.find(name, outline.all());
  if (!at) return fail(ErrorKind::not_found, fmt::format("no {}", name));
  if (outline.find(name, {*at + 1, outline.elements.size()}))
    return fail(ErrorKind::invalid, fmt::format("more than one {}", name));
  Item item{outline, {}};
  add_elements(item, outline.inside(*at));
  if (outline.elements[*at].node->tag == "p") add_elements(item, outline.behind(*at, name));
  return item;
}

// RFC 2392; "" if it is no cid: URL, or one of more than a Content-ID can be, which is ASCII (RFC 5322 section 3.6.4).
std::string content_id_of(std::string_view url) {
  constexpr std::string_view scheme = "cid:";
  url = ascii_trim(url);
  if (!ascii_istarts_with(url, scheme)) return {};
  url.remove_prefix(scheme.size());
  auto id = ascii_undo_percent(url);
  const bool fits = std::ranges::all_of(id, [](char c) { return c > ' ' && c < 0x7F && c != '<' && c != '>'; });
  return fits && id.size() <= most_content_id ? id : std::string();
}

std::string content_id_url(std::string_view id) {
  std::string out = "cid:";
  for (const char c : id) {
    const bool plain = ascii_alnum(c) || std::string_view("@.-_$+~!*'=").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

bool is_date(std::string_view text) {
  return !text.empty() && text.size() <= most_date && std::ranges::any_of(text, ascii_digit) &&
         std::ranges::all_of(text, [](char c) {
           return ascii_digit(c) || std::string_view("-:.+TWZ ").find(c) != std::string_view::npos;
         });
}

// RFC 3339, also without seconds.
std::optional<UnixMs> end_of(std::string text) {
  constexpr std::size_t seconds_at = 16;  // "2026-06-12T12:00"
  if (const auto time = from_rfc3339(text)) return time;
  if (text.size() < seconds_at) return std::nullopt;
  return from_rfc3339(text.insert(seconds_at, ":00"));
}

// Never fails: a value that makes no sense is a text, since the options behind it keep their numbers.
PollOption option_of(const Node& node, std::string_view property) {
  PollOption out;
  out.label = one_line(text_of(node, most_value), most_question);
  if (out.label.empty() && node.tag == "img") out.label = one_line(node.attribute("alt"), most_question);
  const auto written = one_line(Values(node).of(property), most_value);
  const auto value = one_line(written, most_question);
  if (property == date_option_class && is_date(value)) {
    out.kind = OptionKind::date;
    out.value = value;
  } else if (property == medium_option_class) {
    out.value = content_id_of(written);
    if (!out.value.empty()) out.kind = node.tag == "img" ? OptionKind::image : OptionKind::file;
  } else if (property == text_option_class && !out.label.empty() && value != out.label) {
    out.value = value;
  }
  if (out.label.empty() && out.kind != OptionKind::image && out.kind != OptionKind::file) out.label = value;
  return out;
}

std::optional<std::string_view> option_property(const Outline::Element& element) {
  for (const auto name : {text_option_class, date_option_class, medium_option_class})
    if (element.has(name)) return name;
  return std::nullopt;
}

// The options with the index of the element that each is.
std::vector<std::pair<std::size_t, PollOption>> options_of(const Item& item) {
  std::vector<std::pair<std::size_t, PollOption>> out;
  std::size_t end = 0;  // of the last one: nothing in it is an option
  for (const auto at : item.elements) {
    const auto& element = item.outline.elements[at];
    const auto property = option_property(element);
    if (at < end || !property) continue;
    end = element.end;
    out.emplace_back(at, option_of(*element.node, *property));
    if (out.size() > most_options) break;
  }
  return out;
}

Result<> check_options(std::size_t count) {
  if (count > most_options) return fail(ErrorKind::limit, fmt::format("a poll of more than {} options", most_options));
  if (count < least_options) return fail(ErrorKind::invalid, "a poll of fewer than two options");
  return {};
}

// Of a vote and a result, which may do without.
Result<std::string> optional_id(const Item& item) {
  auto id = item.line(id_class, most_question);
  if (!id.empty() && !is_poll_id(id)) return fail(ErrorKind::invalid, "a bad id of a poll");
  return id;
}

std::string option_markup(const PollOption& option) {
  switch (option.kind) {
    case OptionKind::text:
      if (option.value.empty()) return element("li", text_option_class, option.label);
      return fmt::format("<li><data class=\"{}\" value=\"{}\">{}</data></li>", text_option_class, escaped(option.value),
                         escaped(option.label));
    case OptionKind::date:
      return fmt::format("<li><time class=\"{}\" datetime=\"{}\">{}</time></li>", date_option_class,
                         escaped(option.value), escaped(option.label));
    case OptionKind::image:
      return fmt::format("<li>{}<br>{}</li>", picture(medium_option_class, content_id_url(option.value), option.label),
                         escaped(option.label));
    case OptionKind::file:
      return fmt::format("<li><a class=\"{}\" href=\"{}\">{}</a></li>", medium_option_class,
                         escaped(content_id_url(option.value)), escaped(option.label));
  }
  return {};
}

std::string_view at_or_empty(const std::vector<std::string>& texts, std::size_t index) {
  return index < texts.size() ? std::string_view(texts[index]) : std::string_view();
}

std::string numbered(std::string_view property, std::uint32_t number, std::string_view text) {
  return fmt::format("<data class=\"{}\" value=\"{}\">{}</data>", property, number, escaped(text));
}

}  // namespace

bool is_poll_id(std::string_view text) {
  return text.size() >= 12 && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return ascii_alnum(c) || c == '_' || c == '-'; });
}

Result<Poll> read_poll(const Node& document) {
  const Outline outline(document);
  const auto item = COI_TRY(only_item(outline, poll_class));
  Poll poll;
  poll.id = item.line(id_class, most_question);
  if (!is_poll_id(poll.id)) return fail(ErrorKind::invalid, "a poll without a good id");
  poll.question = item.line(name_class, most_question);
  if (poll.question.empty()) return fail(ErrorKind::invalid, "a poll without a question");
  auto options = options_of(item);
  COI_TRY(check_options(options.size()));
  for (auto& [at, option] : options) poll.options.push_back(std::move(option));
  poll.description = item.value(description_class, most_poll_description);
  poll.background = content_id_of(item.line(background_class, most_value));
  poll.closes = end_of(item.line(end_class, most_date));
  poll.multiple = !ascii_iequal(item.line(mode_class, most_question), "single");
  poll.revote = !ascii_iequal(item.line(revote_class, most_question), "no");
  return poll;
}

Result<PollVote> read_poll_vote(const Node& document) {
  const Outline outline(document);
  const auto item = COI_TRY(only_item(outline, poll_vote_class));
  PollVote vote{COI_TRY(optional_id(item)), {}};
  for (const auto at : item.elements) {
    if (!outline.elements[at].has(choice_class)) continue;
    const auto number = ascii_number(one_line(Values(item.node(at)).of(choice_class), most_question));
    if (!number || *number == 0 || *number > most_options)
      return fail(ErrorKind::invalid, "a vote for what is no option");
    vote.choices.push_back(*number);
  }
  std::ranges::sort(vote.choices);
  const auto twice = std::ranges::unique(vote.choices);
  vote.choices.erase(twice.begin(), twice.end());
  return vote;
}

Result<PollResult> read_poll_result(const Node& document) {
  const Outline outline(document);
  const auto item = COI_TRY(only_item(outline, poll_class));
  PollResult result{COI_TRY(optional_id(item)), item.line(name_class, most_question), {}, {}};
  auto options = options_of(item);
  COI_TRY(check_options(options.size()));
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto next = i + 1 < options.size() ? options[i + 1].first : outline.elements.size();
    const auto votes = std::ranges::find_if(item.elements, [&](std::size_t at) {
      return at > options[i].first && at < next && outline.elements[at].has(votes_class);
    });
    const auto number = votes == item.elements.end()
                            ? std::nullopt
                            : ascii_number(one_line(Values(item.node(*votes)).of(votes_class), most_question));
    if (!number) return fail(ErrorKind::invalid, "an option without a number of votes");
    result.options.push_back({std::move(options[i].second.label), *number});
  }
  result.voters = ascii_number(item.line(voters_class, most_question));
  return result;
}

std::string write_poll(const Poll& poll, std::string_view lead, std::string_view note) {
  std::string out =
      fmt::format("<div class=\"{}\"><p>{}{}", poll_class, escaped(lead), element("b", name_class, poll.question));
  if (!poll.description.empty()) out += "<br>" + element("span", description_class, poll.description);
  out += "</p><ol>";
  for (const auto& option : poll.options) out += option_markup(option);
  out += "</ol>";
  if (!note.empty()) out += fmt::format("<p>{}</p>", escaped_lines(note));
  out += hidden(id_class, poll.id);
  if (poll.closes) out += hidden(end_class, to_rfc3339(*poll.closes));
  if (!poll.background.empty()) out += hidden(background_class, content_id_url(poll.background));
  out += hidden(mode_class, poll.multiple ? "multiple" : "single");
  out += hidden(revote_class, poll.revote ? "yes" : "no");
  return out + "</div>";
}

std::string write_poll_vote(const PollVote& vote, std::string_view lead, const std::vector<std::string>& labels) {
  std::string choices;
  for (std::size_t i = 0; i < vote.choices.size(); ++i) {
    if (i > 0) choices += ", ";
    choices += numbered(choice_class, vote.choices[i], at_or_empty(labels, i));
  }
  return fmt::format("<div class=\"{}\"><p>{}{}</p>{}</div>", poll_vote_class, escaped(lead), choices,
                     hidden(id_class, vote.id));
}

std::string write_poll_result(const PollResult& result, std::string_view lead, std::string_view voters,
                              const std::vector<std::string>& votes) {
  std::string out =
      fmt::format("<div class=\"{}\"><p>{}{}", poll_class, escaped(lead), element("b", name_class, result.question));
  if (result.voters) out += " " + numbered(voters_class, *result.voters, voters);
  out += "</p><ol>";
  for (std::size_t i = 0; i < result.options.size(); ++i) {
    const auto& [label, count] = result.options[i];
    out += fmt::format("<li>{}: {}</li>", element("span", text_option_class, label),
                       numbered(votes_class, count, at_or_empty(votes, i)));
  }
  return out + fmt::format("</ol>{}</div>", hidden(id_class, result.id));
}

}  // namespace coi::html
