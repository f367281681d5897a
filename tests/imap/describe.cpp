#include <fmt/ranges.h>

#include "conversation.h"

namespace coi::imap {
namespace {

std::string text(const Code& code) {
  struct {
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(CodeWord word) const { return fmt::format("word {}", static_cast<int>(word)); }
    std::string operator()(const Capabilities& c) const { return fmt::format("CAPABILITY {}", c.words().size()); }
    std::string operator()(UidValidity c) const { return fmt::format("UIDVALIDITY {}", c.value); }
    std::string operator()(UidNext c) const { return fmt::format("UIDNEXT {}", c.value); }
    std::string operator()(HighestModseq c) const { return fmt::format("HIGHESTMODSEQ {}", c.value); }
    std::string operator()(AppendUid c) const { return fmt::format("APPENDUID {} {}", c.uidvalidity, c.uid); }
    std::string operator()(const CopyUid& c) const { return fmt::format("COPYUID {} {}", c.uidvalidity, c.uids); }
    std::string operator()(const Modified& c) const { return "MODIFIED " + c.messages.text(); }
    std::string operator()(MessageLimit c) const { return fmt::format("MESSAGELIMIT {} {}", c.messages, c.lowest_uid); }
    std::string operator()(const PermanentFlags& c) const { return fmt::format("PERMANENTFLAGS {}", c.flags); }
    std::string operator()(MetadataMaxSize c) const { return fmt::format("MAXSIZE {}", c.octets); }
    std::string operator()(MetadataLongEntries c) const { return fmt::format("LONGENTRIES {}", c.octets); }
    std::string operator()(const OtherCode& c) const { return fmt::format("other {} {}", c.word, c.arguments); }
  } constexpr code_text;
  return std::visit(code_text, code);
}

std::string text(const Status& s) { return fmt::format("{} {} [{}] {}", s.tag, name(s.kind), text(s.code), s.text); }

std::string text(const BodyPart& part) {
  std::string all = fmt::format("({} {}/{} {} {} {} {} {}", part.section, part.type, part.subtype, part.encoding,
                                part.octets, part.id, part.disposition, part.parameters);
  for (const auto& inner : part.parts) all += text(inner);
  return all + ')';
}

std::string text(const Fetch& fetch) {
  auto all = fmt::format("FETCH {} uid {} modseq {}", fetch.message, fetch.uid, fetch.modseq);
  if (fetch.flags) all += fmt::format(" flags {}", *fetch.flags);
  if (fetch.internaldate) all += " date " + to_rfc3339(*fetch.internaldate);
  if (fetch.size) all += fmt::format(" size {}", *fetch.size);
  for (const auto& section : fetch.sections)
    all += fmt::format(" {}[{}]<{}>={}", section.binary ? "binary" : "body", section.section,
                       section.origin.value_or(0), section.octets.value_or("NIL"));
  if (fetch.structure) all += ' ' + text(*fetch.structure);
  return all;
}

std::string text(const Metadata& data) {
  std::string all = fmt::format("METADATA {} changed {}", data.mailbox, data.changed);
  for (const auto& [entry, value] : data.entries) all += fmt::format(" {}={}", entry, value.value_or("NIL"));
  return all;
}

std::string text(const Namespaces& spaces) {
  std::string all = "NAMESPACE";
  for (const auto* kind : {&spaces.personal, &spaces.other_users, &spaces.shared}) {
    all += " /";
    for (const auto& [prefix, delimiter] : *kind) all += fmt::format(" '{}' {}", prefix, delimiter);
  }
  return all;
}

std::string text(const Quota& quota) {
  std::string all = "QUOTA " + quota.root;
  for (const auto& [resource, usage, limit] : quota.resources) all += fmt::format(" {} {} {}", resource, usage, limit);
  return all;
}

struct Describe {
  std::string operator()(const Greeting& e) const { return "greeting " + text(e.status); }
  std::string operator()(const Completed& e) const {
    return fmt::format("{} completed {}", e.id.value, text(e.status));
  }
  std::string operator()(const Idling& e) const { return fmt::format("{} idling", e.id.value); }
  std::string operator()(const Selected& e) const { return "selected " + e.mailbox.name; }
  std::string operator()(const Closed&) const { return "closed"; }
  std::string operator()(const Alert& e) const { return "alert " + e.text; }
  std::string operator()(const Bye& e) const { return "bye " + text(e.status); }
  std::string operator()(const Failed& e) const { return "failed " + e.error.text(); }
  std::string operator()(const Unreadable& e) const { return "unreadable " + e.name; }
  std::string operator()(const Status& e) const { return "status " + text(e); }
  std::string operator()(const Capabilities& e) const { return fmt::format("capabilities {}", e.words()); }
  std::string operator()(const Exists& e) const { return fmt::format("EXISTS {}", e.messages); }
  std::string operator()(const Expunge& e) const { return fmt::format("EXPUNGE {}", e.message); }
  std::string operator()(const Vanished& e) const { return fmt::format("VANISHED {} {}", e.earlier, e.uids.text()); }
  std::string operator()(const Fetch& e) const { return text(e); }
  std::string operator()(const List& e) const {
    return fmt::format("LIST {} '{}' {} {}", e.attributes, e.delimiter == 0 ? ' ' : e.delimiter, e.mailbox,
                       e.special_uses.size());
  }
  std::string operator()(const MailboxStatus& e) const {
    return fmt::format("STATUS {} messages {} uidnext {} uidvalidity {} unseen {} highestmodseq {} size {}", e.mailbox,
                       e.messages.value_or(0), e.uidnext.value_or(0), e.uidvalidity.value_or(0), e.unseen.value_or(0),
                       e.highestmodseq.value_or(0), e.size.value_or(0));
  }
  std::string operator()(const Search& e) const {
    return fmt::format("SEARCH of {} {} all {} min {} max {} count {} modseq {}", e.command.value, e.tag, e.all.text(),
                       e.min.value_or(0), e.max.value_or(0), e.count.value_or(0), e.modseq.value_or(0));
  }
  std::string operator()(const Metadata& e) const { return text(e); }
  std::string operator()(const Quota& e) const { return text(e); }
  std::string operator()(const QuotaRoot& e) const { return fmt::format("QUOTAROOT {} {}", e.mailbox, e.roots); }
  std::string operator()(const Namespaces& e) const { return text(e); }
  std::string operator()(const ServerId& e) const { return fmt::format("ID {}", e.fields); }
  std::string operator()(const Enabled& e) const { return fmt::format("ENABLED {}", e.extensions.words()); }
};

}  // namespace

std::string describe(const Event& event) { return std::visit(Describe(), event); }

}  // namespace coi::imap
