// coi files, links: what a chat's messages brought
#include <fmt/format.h>

#include "arguments.h"
#include "base/size_text.h"
#include "commands.h"
#include "paging.h"
#include "proto/media.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

const std::vector<std::string> sorts = {"media", "sound", "other"};

struct MediaWishes {
  std::string chat;
  std::string sort = "media";
  PageWish page;
};

std::string author_of(const auto& one) {
  if (one.outgoing) return "You";
  return one_line(one.from.name.empty() ? one.from.addr : one.from.name);
}

void add_options(CLI::App& command, MediaWishes& wishes, const std::string& entry) {
  command.add_option("CHAT", wishes.chat, "Chat id, address, or part of the name")->required();
  add_page_options(command, wishes.page, proto::usual_page, entry);
}

//    7  holiday.jpg · 1.2 MB  Bob, 5 min
Result<> files(Shell& shell, const MediaWishes& wishes) {
  proto::ListFiles params{.chat = {wishes.chat},
                          .sort = COI_TRY(json::decode<proto::FileSort>(json::Value(wishes.sort)))};
  set_page(wishes.page, params);
  const auto found = COI_TRY(shell.ask(params));
  auto& out = shell.out();
  for (const auto& file : found.files) {
    if (out.json()) {
      out.object(file);
      continue;
    }
    out.line(fmt::format("{:>5}  {} · {}{}", file.attachment.id.value, one_line(file.attachment.name),
                         size_text(file.attachment.size), file.attachment.awaited ? " · has not arrived yet" : "") +
             out.styled(Style::dim, fmt::format("  {}, {}, message {}", author_of(file),
                                                ago(file.time.ms, system_now()), file.message.value)));
  }
  if (found.files.empty() && !out.json())
    out.line(wishes.sort == "media" ? "No picture or film is there; --sort sound and --sort other show the other files."
                                    : "There are no such files.");
  if (found.more_after) tell_more(out, found.files.back().attachment.id.value);
  return {};
}

Result<> links(Shell& shell, const MediaWishes& wishes) {
  proto::ListLinks params{.chat = {wishes.chat}};
  set_page(wishes.page, params);
  const auto found = COI_TRY(shell.ask(params));
  auto& out = shell.out();
  for (const auto& message : found.messages) {
    if (out.json()) {
      out.object(message);
      continue;
    }
    for (const auto& link : message.links)
      out.line(fmt::format("{:>5}  {}{}", message.message.value, link.text.empty() ? "" : one_line(link.text) + "  ",
                           one_line(link.url)));
    out.line(
        out.styled(Style::dim, fmt::format("       {}, {}", author_of(message), ago(message.time.ms, system_now()))));
  }
  if (found.messages.empty() && !out.json()) out.line("There are no links.");
  if (found.more_after) tell_more(out, found.messages.back().message.value);
  return {};
}

}  // namespace

void add_media(Commands& commands) {
  auto wishes = std::make_shared<MediaWishes>();
  auto& command =
      commands.add("files", "Pictures and films of a chat, or other files, the newest first", "Conversations");
  add_options(command, *wishes, "ATTACHMENT");
  command
      .add_option("--sort", wishes->sort,
                  "Which ones: media are pictures and films, other what is no sound either (default: media)")
      ->type_name(choice_words(sorts))
      ->check(one_of(sorts));
  command.footer("The number before a file is its own, as coi save takes it.");
  commands.on(command, [wishes](Shell& shell) { return files(shell, *wishes); });

  auto of_links = std::make_shared<MediaWishes>();
  auto& list = commands.add("links", "The links in a chat, the newest first", "Conversations");
  add_options(list, *of_links, "MSG");
  commands.on(list, [of_links](Shell& shell) { return links(shell, *of_links); });
}

}  // namespace coi::cli
