#include "imap/mailbox_names.h"

#include <algorithm>
#include <utility>

#include "imap/command_writer.h"
#include "imap/mailbox_name.h"

namespace coi::imap {
namespace {

constexpr std::size_t most_names = 1000;

void append(std::vector<Piece>& pieces, Piece piece) {
  auto* text = std::get_if<std::string>(&piece);
  auto* last = pieces.empty() ? nullptr : std::get_if<std::string>(&pieces.back());
  if (text != nullptr && last != nullptr)
    *last += *text;
  else
    pieces.push_back(std::move(piece));
}

}  // namespace

void MailboxNames::learn(const std::string& name, const std::string& wire) {
  wires_.with([&](auto& wires) {
    if (wires.size() < most_names) wires.try_emplace(name, wire);
  });
}

std::string MailboxNames::wire(const std::string& name) const {
  return wires_.with([&](const auto& wires) {
    const auto found = wires.find(name);
    return found == wires.end() ? mailbox_to_wire(name) : found->second;
  });
}

std::vector<Piece> MailboxNames::resolve(std::vector<Piece> pieces) const {
  std::vector<Piece> resolved;
  for (auto& piece : pieces) {
    const auto* mailbox = std::get_if<NamedMailbox>(&piece);
    if (mailbox == nullptr) {
      append(resolved, std::move(piece));
      continue;
    }
    const auto octets = wire(mailbox->name);
    auto written = mailbox->quoted ? CommandWriter().quoted(octets).take() : CommandWriter().string(octets).take();
    for (auto& part : written) append(resolved, std::move(part));
  }
  return resolved;
}

}  // namespace coi::imap
