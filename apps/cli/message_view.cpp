#include "message_view.h"
#include "base/length_text.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/size_text.h"
#include "formatted.h"
#include "poll_view.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

constexpr std::size_t id_width = 5;
constexpr std::size_t widest_name = 20;
constexpr std::size_t least_text = 20;

std::string file_line(const proto::Attachment& file) {
  const auto named = fmt::format("▪ {} · {}", one_line(file.name), size_text(file.size));
  return file.awaited ? named + " · has not arrived yet" : fmt::format("{} · coi save {}", named, file.id.value);
}

// For a terminal that shows no formatted text.
const std::string& words_of(const proto::Message& message) {
  return message.plain.empty() ? message.text : message.plain;
}

std::string voice_text(std::uint64_t duration) {
  const auto seconds = (duration + 500) / 1000;
  return duration == 0 ? "🎤 voice note" : fmt::format("🎤 voice note, {}:{:02}", seconds / 60, seconds % 60);
}

// What it is besides words and files. A program for maps takes the URI of a place (RFC 5870).
std::string matter_of(const proto::Message& message) {
  if (message.kind == proto::MessageKind::location && message.location)
    return fmt::format("geo:{},{}", message.location->latitude, message.location->longitude);
  if (message.kind == proto::MessageKind::contact && message.contact)
    return fmt::format("👤 {}{}", one_line(message.contact->name),
                       message.contact->addr.empty() || message.contact->addr == message.contact->name
                           ? ""
                           : fmt::format(" <{}>", one_line(message.contact->addr)));
  if (message.kind != proto::MessageKind::voice) return {};
  return voice_text(message.duration);
}

// Its coordinates end the text of a place, for programs that show no more; they stand above it here already.
std::string text_of(const proto::Message& message) {
  const auto& text = words_of(message);
  if (message.kind != proto::MessageKind::location || !message.location) return text;
  const auto last = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  constexpr std::string_view pin = "📍 ";
  const auto line = std::string_view(text).substr(last);
  if (!line.starts_with(pin) || line.find_first_not_of("0123456789.,- ", pin.size()) != std::string_view::npos)
    return text;
  return text.substr(0, last == 0 ? 0 : last - 1);
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
  auto addr = chat.request || namesakes.has(chat) ? address_beside_name(chat) : "";
  // Whoever makes a group chooses its name: who wrote tells more.
  if (chat.request && chat.kind == proto::ChatKind::group && chat.last) addr = one_line(chat.last->from.addr);
  if (addr.empty()) return {};
  const auto width = out.width() == 0 ? 0 : std::max(out.width() - std::min(out.width(), indent), least_text);
  std::vector<std::string> lines;
  for (const auto& line : wrap(addr, width)) lines.push_back(std::string(indent, ' ') + out.styled(Style::dim, line));
  return lines;
}

std::string request_text(const proto::Chat& chat) {
  if (chat.kind == proto::ChatKind::group)
    return fmt::format("{} is a group that nobody you know brought you into: coi accept {}, or coi block {}",
                       whom(chat), chat.id.value, chat.id.value);
  return fmt::format("{} is nobody you know: coi accept {}, or coi block {}", whom(chat), chat.id.value, chat.id.value);
}

namespace {

std::string timer_text(const std::string& param) {
  std::int64_t seconds = 0;
  std::from_chars(param.data(), param.data() + param.size(), seconds);
  return seconds <= 0
             ? "turned disappearing messages off"
             : fmt::format("set messages to disappear after {} in programs that support it", length_text(seconds));
}

}  // namespace

// What a notice says, after the name of who did it. Empty: the mail's own words say it.
std::string notice_text(const proto::Notice& notice, bool own) {
  const auto param = [&](const char* name) {
    const auto found = notice.params.find(name);
    return found == notice.params.end() ? std::string() : one_line(found->second);
  };
  if (notice.code == "member_added") return fmt::format("added {}", param("addr"));
  if (notice.code == "member_removed") return fmt::format("removed {}", param("addr"));
  if (notice.code == "message_pinned") return "pinned a message";
  if (notice.code == "timer_changed") return timer_text(param("seconds"));
  if (notice.code == "call") return own ? "called from another program" : "called: calls are not supported here";
  if (notice.code == "member_left") return "left the group";
  if (notice.code == "group_renamed") return fmt::format("renamed the group to \"{}\"", param("name"));
  if (notice.code == "group_pictured") return "changed the picture of the group";
  if (notice.code == "group_unpictured") return "removed the picture of the group";
  if (notice.code == "group_described") {
    if (!notice.params.contains("description")) return "changed the description of the group";  // of earlier versions
    const auto text = param("description");
    return text.empty() ? "removed the description of the group"
                        : fmt::format("changed the description of the group to \"{}\"", text);
  }
  if (notice.code == "poll_closed")
    return param("best").empty() ? fmt::format("closed the poll \"{}\": nobody has voted", param("question"))
                                 : fmt::format("closed the poll \"{}\": {} ({})", param("question"), param("best"),
                                               param("votes") == "1" ? "1 vote" : param("votes") + " votes");
  return own ? "changed the group" : "";
}

std::string summary_of(const proto::Preview& message) {
  if (message.deleted) return "(deleted)";
  if (message.notice)
    if (auto text = notice_text(*message.notice, false); !text.empty()) return text;
  const auto text = one_line(message.text);
  if (message.kind == proto::MessageKind::poll) return "poll: " + text;
  if (message.kind == proto::MessageKind::contact) return "👤 " + text;
  if (message.kind == proto::MessageKind::voice && text.empty()) return voice_text(message.duration);
  return text.empty() && message.kind == proto::MessageKind::location ? "a place" : text;
}

std::string summary_of(const proto::Message& message) {
  if (message.deleted) return "(deleted)";
  if (message.notice)
    if (auto text = notice_text(*message.notice, false); !text.empty()) return text;
  if (message.poll) return "poll: " + one_line(message.poll->question);
  if (auto text = one_line(words_of(message)); !text.empty()) return text;
  if (auto text = matter_of(message); !text.empty()) return text;
  return message.attachments.empty() ? one_line(message.subject) : files_of(message);
}

std::string files_of(const proto::Message& message) {
  std::string names;
  for (const auto& file : message.attachments) names += (names.empty() ? "▪ " : ", ") + one_line(file.name);
  return names;
}

std::string mark_of(const Output& out, proto::MessageState state) {
  switch (state) {
    case proto::MessageState::scheduled:
      return out.styled(Style::dim, "◷");
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

namespace {

// As the list of members says, whatever the mail calls its author; by the address, where that could be another member.
std::string author_in_group(const proto::Message& message, const proto::Chat& chat) {
  const auto addr = one_line(message.from.addr);
  const auto member = std::ranges::find(chat.members, message.from.addr, &proto::Member::addr);
  const auto name = one_line(member != chat.members.end() ? member->name : message.from.name);
  const auto is_called_so = [&](const proto::Member& other) {
    return other.addr != message.from.addr && one_line(other.name) == name &&
           (!other.person || other.person != message.from.person);
  };
  if (!name.empty() && (addr.empty() || std::ranges::none_of(chat.members, is_called_so))) return name;
  return addr.empty() ? "(nobody)" : addr;
}

}  // namespace

std::string author_of(const proto::Message& message, const proto::Chat& chat) {
  if (message.outgoing) return "You";
  if (chat.kind == proto::ChatKind::group) return author_in_group(message, chat);
  const bool is_acquaintance = !chat.request && chat.kind == proto::ChatKind::single;
  if (is_acquaintance && !address_beside_name(chat).empty()) return one_line(chat.name);
  if (!message.from.name.empty()) return one_line(message.from.name);
  return message.from.addr.empty() ? "(nobody)" : one_line(message.from.addr);
}

std::vector<std::string> others_of(const proto::Reaction& reaction, const proto::Chat& chat) {
  std::vector<std::string> names;
  if (chat.kind == proto::ChatKind::group) {
    // Who is in no list of members is us, or has left.
    std::size_t others = 0;
    for (const auto& addr : reaction.from) {
      const auto member = std::ranges::find(chat.members, addr, &proto::Member::addr);
      if (member == chat.members.end())
        ++others;
      else
        names.push_back(one_line(member->name));
    }
    if (others > std::size_t{reaction.own}) names.push_back(fmt::format("{} who left", others - reaction.own));
    return names;
  }
  // In the chat with one person whoever is not us is that person.
  if (reaction.from.size() > std::size_t{reaction.own})
    names.push_back(one_line(chat.name.empty() ? reaction.from.front() : chat.name));
  return names;
}

std::string reactions_of(const proto::Message& message, const proto::Chat& chat) {
  std::string all;
  for (const auto& reaction : message.reactions) {
    std::string names = reaction.own ? "You" : "";
    for (const auto& name : others_of(reaction, chat)) names += (names.empty() ? "" : ", ") + name;
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
  if (message.deleted) add(Style::dim, "(deleted)");
  if (message.forwarded) add(Style::dim, "forwarded");
  if (const auto matter = matter_of(message); !matter.empty()) add(Style::accent, matter);
  const auto notice = message.notice ? notice_text(*message.notice, message.outgoing) : std::string();
  if (!notice.empty())
    add(Style::dim, notice);
  else if (message.poll)
    std::ranges::move(poll_lines(out_, message, chat, width, now_), std::back_inserter(lines));
  else if (const auto shown = blocks_ && message.formatted ? blocks_(message) : std::vector<proto::TextBlock>();
           !shown.empty())
    std::ranges::move(formatted_lines(out_, shown, width), std::back_inserter(lines));
  else if (const auto text = text_of(message); !text.empty())
    add(Style::plain, printable(text));
  if (message.edited) add(Style::dim, fmt::format("edited: coi history {}", message.id.value));
  if (message.pinned) add(Style::dim, "pinned");
  for (const auto& file : message.attachments) add(Style::accent, file_line(file));
  if (!message.quote.empty()) {
    const auto count = std::ranges::count(message.quote, '\n') + 1;
    add(Style::dim, count == 1 ? "(1 quoted line)" : fmt::format("({} quoted lines)", count));
  }
  if (message.asks_receipt) add(Style::dim, fmt::format("asks for a read receipt: coi receipt {}", message.id.value));
  if (lines.empty()) add(Style::dim, "(empty)");
  if (const auto mark = mark_of(out_, message.state); !mark.empty()) lines.back() += "  " + mark;
  if (message.scheduled)
    lines.back() += out_.styled(Style::dim, " " + moment_text(message.scheduled->ms, system_now()));
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
  if (message.id == first_unread_)
    out.push_back(std::string(id_width + 2, ' ') + out_.styled(Style::dim, "── unread ──"));
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
