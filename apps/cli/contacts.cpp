// coi contacts, contact set
#include <algorithm>

#include <fmt/format.h>

#include "commands.h"
#include "proto/contact.h"
#include "text.h"

namespace coi::cli {
namespace {

constexpr std::size_t widest_name = 32;

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

Result<> list(Shell& shell) {
  const auto contacts = COI_TRY(shell.ask(proto::ListContacts{})).contacts;
  auto& out = shell.out();
  std::size_t width = 8;
  for (const auto& contact : contacts) width = std::max(width, std::min(columns(name_of(contact)), widest_name));
  for (const auto& contact : contacts) {
    if (out.json()) {
      out.object(contact);
      continue;
    }
    out.line(fit(name_of(contact), width) + addresses_text(out, contact) +
             (contact.blocked ? out.styled(Style::bad, "  blocked")
              : contact.known ? ""
                              : out.styled(Style::dim, "  not accepted")));
  }
  if (contacts.empty() && !out.json()) out.line("There are no contacts yet.");
  return {};
}

Result<> set(Shell& shell, const proto::NameContact& params) {
  const auto contact = COI_TRY(shell.ask(params)).contact;
  if (shell.out().json())
    shell.out().object(contact);
  else
    shell.out().line(fmt::format("{} is called {}.", one_line(params.addr), name_of(contact)));
  return {};
}

}  // namespace

void add_contacts(Commands& commands) {
  commands.on(commands.add("contacts", "List the people you write with", "People"), list);

  auto& contact = commands.add("contact", "Change a contact", "People");
  auto params = std::make_shared<proto::NameContact>();
  auto& command = commands.add_below(contact, "set", "Name somebody; an address that is new becomes a contact");
  command.add_option("ADDR", params->addr, "An address")->required();
  command.add_option("--name", params->name, "The name; \"\" for the one that their mails carry")
      ->type_name("NAME")
      ->required();
  commands.on(command, [params](Shell& shell) { return set(shell, *params); });
}

}  // namespace coi::cli
