#include "message_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/size_text.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

constexpr std::size_t id_width = 5;
constexpr std::size_t widest_name = 20;
constexpr std::size_t least_text = 20;

std::string file_line(const proto::Attachment& file) {
  return fmt::format("▪ {} · {} · coi save {}", one_line(file.name), size_text(file.size), file.id.value);
}

bool shows_subject(const proto::Message& message) { return !message.is_chat && !message.subject.empty(); }

}  // namespace

std::string whom(const proto::Chat& chat) {
  if (chat.kind == proto::ChatKind::self) return std::string(name_of_self);
  const auto addr = address_beside_name(chat);
  return addr.empty() ? one_line(chat.name) : fmt::format("{} <{}>", one_line(chat.name), addr);
}

std::vector<std::string> address_lines(const Output& out, const proto::Chat& chat, std::size_t indent,
                                       const Namesakes& namesakes) {
  const auto addr = chat.request || namesakes.has(chat) ? address_beside_name(chat) : "";
  if (addr.empty()) return {};
  const auto width = out.width() == 0 ? 0 : std::max(out.width() - std::min(out.width(), indent), least_text);
  std::vector<std::string> lines;
  for (const auto& line : wrap(addr, width)) lines.push_back(std::string(indent, ' ') + out.styled(Style::dim, line));
  return lines;
}

std::string request_text(const proto::Chat& chat) {
  return fmt::format("{} is nobody you know: coi accept {}, or coi block {}", whom(chat), chat.id.value, chat.id.value);
}

std::string summary_of(const proto::Message& message) {
  if (auto text = one_line(message.text); !text.empty()) return text;
  if (!message.attachments.empty()) {
    std::string names;
    for (const auto& file : message.attachments) names += (names.empty() ? "▪ " : ", ") + one_line(file.name);
    return names;
  }
  return one_line(message.subject);
}

std::string mark_of(const Output& out, proto::MessageState state) {
  switch (state) {
    case proto::MessageState::pending:
      return out.styled(Style::dim, "…");
    case proto::MessageState::sent:
      return out.styled(Style::dim, "✓");
    case proto::MessageState::read:
      return out.styled(Style::good, "✓✓");
    case proto::MessageState::partly:
      return out.styled(Style::bad, "!");
    case proto::MessageState::failed:
      return out.styled(Style::bad, "✗");
    case proto::MessageState::fresh:
    case proto::MessageState::seen:
      break;
  }
  return {};
}

std::string author_of(const proto::Message& message, const proto::Chat& chat) {
  if (message.outgoing) return "You";
  const bool is_acquaintance = !chat.request && chat.kind == proto::ChatKind::single;
  if (is_acquaintance && !address_beside_name(chat).empty()) return one_line(chat.name);
  if (!message.from.name.empty()) return one_line(message.from.name);
  return message.from.addr.empty() ? "(nobody)" : one_line(message.from.addr);
}

std::string reactions_of(const proto::Message& message, const proto::Chat& chat) {
  std::string all;
  for (const auto& reaction : message.reactions) {
    std::string names = reaction.own ? "You" : "";
    // In the chat with one person whoever is not us is that person.
    const auto others = reaction.from.size() - (reaction.own ? 1 : 0);
    if (others > 0)
      names += (names.empty() ? "" : ", ") + one_line(chat.name.empty() ? reaction.from.front() : chat.name);
    all += fmt::format("{}{} {}", all.empty() ? "" : "  ", one_line(reaction.emoji), names);
  }
  return all;
}

void Conversation::make_room(const std::vector<proto::Message>& messages, const proto::Chat& chat) {
  for (const auto& message : messages)
    name_width_ = std::max(name_width_, std::min(columns(author_of(message, chat)), widest_name));
}

std::vector<std::string> Conversation::body(const proto::Message& message, const proto::Chat& chat,
                                            std::size_t width) const {
  std::vector<std::string> lines;
  const auto add = [&](Style style, std::string_view text) {
    for (const auto& line : wrap(text, width)) lines.push_back(out_.styled(style, line));
  };
  if (shows_subject(message)) add(Style::bold, one_line(message.subject));
  if (message.reply_to) add(Style::dim, fmt::format("↪ {}", message.reply_to->value));
  if (!message.text.empty()) add(Style::plain, printable(message.text));
  for (const auto& file : message.attachments) add(Style::accent, file_line(file));
  if (!message.quote.empty()) {
    const auto count = std::ranges::count(message.quote, '\n') + 1;
    add(Style::dim, count == 1 ? "(1 quoted line)" : fmt::format("({} quoted lines)", count));
  }
  if (message.asks_receipt) add(Style::dim, fmt::format("asks for a read receipt: coi receipt {}", message.id.value));
  if (lines.empty()) add(Style::dim, "(empty)");
  if (const auto mark = mark_of(out_, message.state); !mark.empty()) lines.back() += "  " + mark;
  if (const auto reactions = reactions_of(message, chat); !reactions.empty()) add(Style::plain, reactions);
  if (!message.error.empty()) add(Style::bad, one_line(message.error));
  if (message.forged) add(Style::bad, "forged? the mail server denies the sender, or several are named");
  if (message.dated) add(Style::dim, fmt::format("dated {} by the sender", day_text(message.dated->ms, now_)));
  return lines;
}

std::vector<std::string> Conversation::lines(const proto::Message& message, const proto::Chat& chat,
                                             std::string_view more) {
  std::vector<std::string> out;
  if (auto day = day_text(message.time.ms, now_); day != day_) {
    if (!day_.empty()) out.emplace_back();
    out.push_back(out_.styled(Style::bold, day));
    out.emplace_back();
    day_ = std::move(day);
  }
  make_room({message}, chat);
  auto name = fit(author_of(message, chat), name_width_);
  auto head =
      out_.styled(Style::dim, fmt::format("{:>{}}  {}", message.id.value, id_width, clock_text(message.time.ms))) +
      "  " + out_.styled(message.outgoing ? Style::dim : Style::accent, name) + "  ";
  std::size_t indent = id_width + 2 + 5 + 2 + name_width_ + 2;
  if (!more.empty()) {
    head += out_.styled(Style::dim, fmt::format("{}: ", more));
    indent += columns(more) + 2;
  }
  const auto width = out_.width() == 0 ? 0 : std::max(out_.width() - std::min(out_.width(), indent + 4), least_text);
  bool first = true;
  for (auto& line : body(message, chat, width)) {
    out.push_back((first ? head : std::string(indent, ' ')) + line);
    first = false;
  }
  return out;
}

}  // namespace coi::cli
