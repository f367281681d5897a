// coi contacts, contact set
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ask_person.h"
#include "commands.h"
#include "paging.h"
#include "proto/account.h"
#include "proto/contact.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

constexpr std::size_t widest_contact = 32;

std::string name_of(const proto::Contact& contact) {
  if (!contact.name.empty()) return one_line(contact.name);
  return contact.addresses.empty() ? "" : one_line(contact.addresses.front().addr);
}

std::string program_text(proto::Program program) {
  switch (program) {
    case proto::Program::coi:
      return "COI";
    case proto::Program::delta:
      return "Delta Chat";
    case proto::Program::plain:
      return "mail";
    case proto::Program::unknown:
      break;
  }
  return "";
}

// Each with the program that was last seen there. An address that stands for the name is not repeated.
std::string addresses_text(const Output& out, const proto::Contact& contact) {
  std::string text;
  for (const auto& address : contact.addresses) {
    const auto program = program_text(address.program);
    const bool is_said = text.empty() && one_line(address.addr) == name_of(contact);
    text += (is_said        ? ""
             : text.empty() ? "  "
                            : ", ") +
            (is_said ? "" : one_line(address.addr)) +
            (program.empty() ? "" : out.styled(Style::dim, " (" + program + ")"));
  }
  return text;
}

std::string with_commas(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

// What they tell of themselves, and in which categories they are.
std::string said_text(const proto::Contact& contact) {
  std::string text;
  if (!contact.categories.empty()) text += fmt::format("  [{}]", one_line(with_commas(contact.categories)));
  if (!contact.birthday.empty()) text += fmt::format("  birthday {}", birthday_text(contact.birthday));
  if (!contact.status.empty()) text += fmt::format("  {}", cut(one_line(contact.status), 40));
  return text;
}

Result<> list_contacts(Shell& shell) {
  const auto contacts = COI_TRY(ask_all(proto::ListContacts{}, &proto::ContactList::contacts,
                                        [&](const proto::ListContacts& page) { return shell.ask(page); }));
  auto& out = shell.out();
  std::size_t width = 8;
  for (const auto& contact : contacts) width = std::max(width, std::min(columns(name_of(contact)), widest_contact));
  for (const auto& contact : contacts) {
    if (out.json()) {
      out.object(contact);
      continue;
    }
    out.line(fit(name_of(contact), width) + addresses_text(out, contact) +
             (contact.blocked ? out.styled(Style::bad, "  blocked")
              : contact.known ? ""
                              : out.styled(Style::dim, "  not accepted")) +
             out.styled(Style::dim, said_text(contact)));
  }
  if (contacts.empty() && !out.json()) out.line("There are no contacts yet.");
  return {};
}

struct ContactWishes {
  std::string addr;
  std::optional<std::string> name;
  std::string alias, no_alias;
  std::optional<std::string> categories;
};

// C-39: once. A daemon that does not say is not asked for more.
Result<> ask_for_consent(Shell& shell) {
  if (!may_ask(shell)) return {};
  const auto settings = shell.ask(proto::GetSettings{});
  if (!settings || settings->contacts) return {};
  const bool agreed = agrees(
      "Shall contacts, drafts and what you decide about people and groups (to block or mute them, say) be kept in your "
      "mailbox, as mails that are not encrypted, so that your other devices have them? coi settings contacts changes "
      "it.");
  COI_TRY(shell.ask(proto::ChangeSettings{.contacts = agreed}));
  return {};
}

// In order: who is joined may be named in the same breath.
Result<> set(Shell& shell, const ContactWishes& wishes) {
  const auto addr = one_line(wishes.addr);
  std::optional<proto::Contact> contact;
  std::string done;  // a line each
  if (!wishes.no_alias.empty()) {
    contact =
        COI_TRY(shell.ask(proto::SetAlias{.addr = wishes.addr, .alias = wishes.no_alias, .joined = false})).contact;
    done += fmt::format("{} is a person of its own again.\n", one_line(wishes.no_alias));
  }
  if (!wishes.alias.empty()) {
    contact = COI_TRY(shell.ask(proto::SetAlias{.addr = wishes.addr, .alias = wishes.alias})).contact;
    done += fmt::format("{} and {} are one person now.\n", addr, one_line(wishes.alias));
  }
  if (wishes.name) {
    contact = COI_TRY(shell.ask(proto::NameContact{.addr = wishes.addr, .name = *wishes.name})).contact;
    done += fmt::format("{} is called {}.\n", addr, name_of(*contact));
  }
  if (wishes.categories) {
    contact =
        COI_TRY(shell.ask(proto::CategorizeContact{.addr = wishes.addr, .categories = {*wishes.categories}})).contact;
    done += contact->categories.empty()
                ? fmt::format("{} is in no category.\n", name_of(*contact))
                : fmt::format("{} is in: {}.\n", name_of(*contact), one_line(with_commas(contact->categories)));
  }
  done.pop_back();  // its end is the line's
  shell.out().report(*contact, done);
  return ask_for_consent(shell);
}

}  // namespace

void add_contacts(Commands& commands) {
  commands.on(commands.add("contacts", "List the people you write with", "People"), list_contacts);

  auto& contact = commands.add("contact", "Change a contact", "People");
  auto wishes = std::make_shared<ContactWishes>();
  auto& command = commands.add_below(contact, "set", "Name somebody, or say which addresses are the same person's");
  command.add_option("ADDR", wishes->addr, "An address; one that is new becomes a contact")->required();
  command.add_option("--name", wishes->name, "The name; \"\" for the one that their mails carry")->type_name("NAME");
  command.add_option("--alias", wishes->alias, "A further address of the same person; the chats become one")
      ->type_name("ADDR");
  command.add_option("--no-alias", wishes->no_alias, "An address that is somebody else's after all")->type_name("ADDR");
  command
      .add_option("--category", wishes->categories,
                  "Words such as friend,family,work: what of coi profile they get; \"\" for none")
      ->type_name("WORDS");
  commands.on(
      command, [wishes](Shell& shell) { return set(shell, *wishes); },
      [wishes] {
        if (!wishes->name && wishes->alias.empty() && wishes->no_alias.empty() && !wishes->categories)
          throw CLI::RequiredError("one of --name, --alias, --no-alias and --category");
      });
}

}  // namespace coi::cli
