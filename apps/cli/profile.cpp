// coi profile
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands.h"
#include "proto/account.h"
#include "proto/profile.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

struct ProfileWishes {
  std::optional<std::string> name, status, birthday, picture;
  std::vector<std::string> categories;
  bool remove = false;

  bool changes_part() const { return status || birthday || picture || remove; }
};

// "12-24" as "--12-24": an argument that begins with dashes would be an option.
std::string birthday_of(const std::string& typed) { return typed.size() == 5 ? "--" + typed : typed; }

void print(Output& out, const std::string& name, const proto::Profile& profile) {
  constexpr std::size_t width = 10;
  const auto line = [&](std::string_view label, const std::string& value) {
    out.line(fit(label, width) + (value.empty() ? out.styled(Style::dim, "(none)") : one_line(value)));
  };
  line("Name", name);
  for (const auto& part : profile.parts) {
    out.line("");
    out.line(part.categories.empty()
                 ? "For everybody:"
                 : fmt::format("For {}:", one_line(fmt::format("{}", fmt::join(part.categories, ", ")))));
    line("Status", part.status);
    line("Birthday", birthday_text(part.birthday));
    line("Picture", part.photo.empty() ? "" : "yes");
  }
}

Result<> profile(Shell& shell, const ProfileWishes& wishes) {
  auto& out = shell.out();
  if (wishes.name) COI_TRY(shell.ask(proto::ChangeSettings{.name = *wishes.name}));
  proto::Profile now;
  if (wishes.changes_part()) {
    proto::SetProfile set{
        .categories = wishes.categories, .status = wishes.status, .birthday = {}, .file = {}, .removed = wishes.remove};
    if (wishes.birthday) set.birthday = birthday_of(*wishes.birthday);
    if (wishes.picture) set.file = wishes.picture->empty() ? "" : std::filesystem::absolute(*wishes.picture).string();
    now = COI_TRY(shell.ask(set));
  } else {
    now = COI_TRY(shell.ask(proto::GetProfile{}));
  }
  if (out.json()) {
    out.object(now);
    return {};
  }
  print(out, COI_TRY(shell.ask(proto::GetSettings{})).name, now);
  if (wishes.changes_part())
    out.line(
        out.styled(Style::dim, "\nPeople with a COI program get it with your next message to them; nobody else does."));
  return {};
}

}  // namespace

void add_profile(Commands& commands) {
  auto wishes = std::make_shared<ProfileWishes>();
  auto& command = commands.add("profile", "Show what others see of you, or change it", "People");
  command.add_option("--name", wishes->name, "Your name, which stands in every mail; \"\" for none")->type_name("NAME");
  command.add_option("--status", wishes->status, "A line about you; \"\" for none")->type_name("TEXT");
  command.add_option("--birthday", wishes->birthday, "Such as 1998-12-24, or 12-24 without the year; \"\" for none")
      ->type_name("DAY");
  command.add_option("--picture", wishes->picture, "A picture, whose middle is shown as a square; \"\" for none")
      ->type_name("FILE");
  command
      .add_option("--for", wishes->categories,
                  "Only for people of these categories, such as friend,family (coi contact set --category)")
      ->type_name("WORDS");
  command.add_flag("--remove", wishes->remove, "Take that part away: who is in it gets what everybody gets");
  command.footer(
      "It goes to people who use a COI program, with the next message that you write to each; to nobody else, and to "
      "nobody before you say something here. What is for some alone begins as a copy of what everybody gets; each "
      "person "
      "gets one of them.\nWhat is in a mail is not encrypted. With coi settings contacts on, your other devices have "
      "it "
      "too.");
  commands.on(
      command, [wishes](Shell& shell) { return profile(shell, *wishes); },
      [wishes] {
        if (wishes->remove && (wishes->name || wishes->status || wishes->birthday || wishes->picture))
          throw CLI::ValidationError("--remove", "it takes the whole part away, and goes with nothing but --for");
        if (wishes->name && !wishes->categories.empty())
          throw CLI::ValidationError("--name", "everybody gets the same name: give it without --for");
      });
}

}  // namespace coi::cli
