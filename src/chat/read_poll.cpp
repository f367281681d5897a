#include "chat/read_poll.h"

#include <algorithm>

#include "chat/marked_part.h"
#include "html/poll.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

bool is_chat_marked(const mime::Part& root, wire::Content word) {
  return root.header(wire::chat_version) != nullptr && is_marked(root, word);
}

const mime::Part* html_part(const mime::Part& part) {
  if (part.type == "text/html" && part.is_text()) return &part;
  for (const auto& child : part.children)
    if (const auto* found = html_part(child)) return found;
  return nullptr;
}

// What `read` finds in the HTML of the mail.
template <class Read>
auto from_html(const mime::Mail& mail, Read read)
    -> std::optional<typename std::invoke_result_t<Read, html::Node>::value_type> {
  const auto* part = html_part(mail.root);
  if (part == nullptr) return std::nullopt;
  const auto document = html::parse(part->body, Limits{});
  if (!document) return std::nullopt;
  auto found = read(*document);
  return found ? std::optional(std::move(*found)) : std::nullopt;
}

PollOption option_of(const html::PollOption& read, const std::vector<File>& files) {
  PollOption option{.label = read.label};
  switch (read.kind) {
    case html::OptionKind::text:
      break;
    case html::OptionKind::date:
      option.kind = PollOption::Kind::date;
      option.value = read.value;
      break;
    case html::OptionKind::image:
    case html::OptionKind::file: {
      option.kind = PollOption::Kind::file;
      const auto at =
          std::ranges::find_if(files, [&](const File& file) { return file.part->content_id == read.value; });
      if (at != files.end() && !read.value.empty()) option.file = static_cast<std::uint32_t>(at - files.begin()) + 1;
      break;
    }
  }
  return option;
}

// P-21.
Remark about_poll(RemarkKind kind, const std::string& id, const std::string& in_reply_to, std::string value) {
  return {.kind = kind,
          .subject = id.empty() ? in_reply_to : id,
          .author = {},
          .about = id.empty() ? std::string() : in_reply_to,
          .value = std::move(value)};
}

}  // namespace

std::optional<Poll> read_poll(const mime::Mail& mail, const std::vector<File>& files) {
  if (!is_chat_marked(mail.root, wire::Content::poll)) return std::nullopt;
  auto read = from_html(mail, html::read_poll);
  if (!read) return std::nullopt;
  Poll poll{.id = std::move(read->id),
            .question = std::move(read->question),
            .description = std::move(read->description),
            .closes = read->closes,
            .multiple = read->multiple,
            .revote = read->revote};
  for (const auto& option : read->options) poll.options.push_back(option_of(option, files));
  return poll;
}

std::optional<SaidOfPoll> read_vote(const mime::Mail& mail, const std::string& in_reply_to) {
  if (!is_chat_marked(mail.root, wire::Content::pollvote)) return std::nullopt;
  const auto vote = from_html(mail, html::read_poll_vote);
  if (!vote) return std::nullopt;
  return SaidOfPoll{.remark = about_poll(RemarkKind::vote, vote->id, in_reply_to, choices_text(vote->choices)),
                    .notice = {}};
}

std::optional<SaidOfPoll> read_close(const mime::Mail& mail, const std::string& in_reply_to) {
  if (!is_chat_marked(mail.root, wire::Content::pollclose)) return std::nullopt;
  const auto result = from_html(mail, html::read_poll_result);
  if (!result) return std::nullopt;
  PollNumbers numbers{.votes = {}, .voters = result->voters};
  std::vector<std::string> labels;
  for (const auto& option : result->options) {
    numbers.votes.push_back(option.votes);
    labels.push_back(option.label);
  }
  return SaidOfPoll{.remark = about_poll(RemarkKind::poll_closed, result->id, in_reply_to, numbers_text(numbers)),
                    .notice = closed_notice(result->question, labels, numbers)};
}

Notice closed_notice(const std::string& question, const std::vector<std::string>& labels, const PollNumbers& numbers) {
  Notice notice{.code = "poll_closed", .params = {{"question", question}}};
  std::uint32_t most = 0;
  for (const auto votes : numbers.votes) most = std::max(most, votes);
  if (most > 0) {
    std::string best;
    for (std::size_t i = 0; i < std::min(labels.size(), numbers.votes.size()); ++i)
      if (numbers.votes[i] == most) best += (best.empty() ? "" : ", ") + labels[i];
    notice.params.emplace("best", best);
  }
  notice.params.emplace("votes", std::to_string(most));
  if (numbers.voters) notice.params.emplace("voters", std::to_string(*numbers.voters));
  return notice;
}

}  // namespace coi::chat
