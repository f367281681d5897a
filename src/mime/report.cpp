#include "mime/report.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/bounce_text.h"
#include "mime/encoded_word.h"
#include "mime/header_field.h"
#include "mime/message_id.h"

namespace coi::mime {
namespace {

using Fields = std::vector<Header>;

std::string field(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::find_if(fields, [&](const Header& h) { return ascii_iequal(h.name, name); });
  return found == fields.end() ? std::string() : found->value;
}

// The first leaf of one of these types, not looking into embedded mails.
const Part* find_leaf(const Part& part, std::initializer_list<std::string_view> types) {
  if (std::ranges::find(types, std::string_view(part.type)) != types.end()) return &part;
  if (!part.is_multipart()) return nullptr;
  for (const auto& child : part.children)
    if (const auto* found = find_leaf(child, types)) return found;
  return nullptr;
}

// "rfc822; a@b.c" and "utf-8; …": the part behind the type, which some leave out. Without <>.
std::string typed_value(std::string_view value) {
  if (const auto semicolon = value.find(';'); semicolon != std::string_view::npos) value.remove_prefix(semicolon + 1);
  value = ascii_trim(value);
  if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
  return std::string(value);
}

// A report without an action says by the class of its status what became of the mail (RFC 3463 3.1).
DeliveryAction action_of(std::string_view value, std::string_view status) {
  const auto word = ascii_lower(ascii_trim(value));
  if (word.empty() && status.starts_with('2')) return DeliveryAction::delivered;
  if (word.empty() && status.starts_with('4')) return DeliveryAction::delayed;
  if (word.starts_with("delayed")) return DeliveryAction::delayed;
  if (word.starts_with("delivered")) return DeliveryAction::delivered;
  if (word.starts_with("relayed")) return DeliveryAction::relayed;
  if (word.starts_with("expanded")) return DeliveryAction::expanded;
  return DeliveryAction::failed;
}

// The returned mail, or only its header, is the last part of a report (RFC 6522). Some give it a type of their own, or
// that of a text.
std::vector<std::string> original_ids(const Part& root) {
  const auto* copy = find_leaf(root, {"message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header",
                                      "text/rfc822", "message/rfc822-headers", "message/global-headers"});
  if (copy != nullptr)
    if (auto ids = message_ids([copy](std::string_view name) { return header_value(copy->body, name); }); !ids.empty())
      return ids;
  return copied_message_ids(root);
}

// xtext (RFC 3461 4), of a field that some fold and some put in <>.
std::string envelope_id(const Part& status) {
  for (const auto& block : parse_field_blocks(status.body)) {
    const auto value = field(block, "Original-Envelope-Id");
    auto text = ascii_trim(value);
    if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
    std::string id;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto coded = text[i] == '+' ? ascii_hex_octet(text.substr(i + 1)) : std::nullopt;
      id += coded.value_or(text[i]);
      if (coded) i += 2;
    }
    if (!id.empty() && id.size() <= longest_reason) return id;
  }
  return {};
}

// Without a copy of the mail: what the report answers (Gmail, Exchange), or says beside the recipients (Gmail, Exim).
std::vector<std::string> answered_ids(const Part& root, const Part* status) {
  if (status != nullptr)
    for (const auto& block : parse_field_blocks(status->body))
      for (const auto name : {"X-Original-Message-ID", "Original-Message-ID"})
        if (auto ids = parse_message_ids(field(block, name)); !ids.empty()) return {ids.front()};
  for (const auto name : {"In-Reply-To", "References"})
    if (const auto* value = root.header(name))
      if (auto ids = parse_message_ids(*value); !ids.empty()) return {ids.back()};
  return {};
}

std::string readable_text(const Part& root) {
  const auto* text = find_leaf(root, {"text/plain"});
  return text ? std::string(ascii_trim(text->body)) : std::string();
}

DeliveryReport bounded(DeliveryReport report) {
  const auto cut = [](std::string& text) { text.resize(utf8_front(text, longest_reason).size()); };
  report.recipients.resize(std::min(report.recipients.size(), most_reported));
  for (auto& recipient : report.recipients)
    for (auto* text : {&recipient.recipient, &recipient.status, &recipient.diagnostic}) cut(*text);
  cut(report.reason);
  return report;
}

DeliveryReport standard_report(const Part& root, const Part& status) {
  DeliveryReport report;
  // The first block is about the mail, each further one about a recipient; some programs write no first one.
  for (const auto& block : parse_field_blocks(status.body)) {
    const auto original = typed_value(field(block, "Original-Recipient"));
    const auto last = typed_value(field(block, "Final-Recipient"));
    if (original.empty() && last.empty()) continue;
    const auto status_code = field(block, "Status");
    report.recipients.push_back({original.find('@') != std::string::npos ? original : last,
                                 action_of(field(block, "Action"), status_code),
                                 status_code.substr(0, status_code.find_first_of(" (")),
                                 ascii_single_spaced(typed_value(field(block, "Diagnostic-Code")))});
  }
  report.original_ids = original_ids(root);
  if (auto id = envelope_id(status);
      !id.empty() && std::ranges::find(report.original_ids, id) == report.original_ids.end())
    report.original_ids.push_back(std::move(id));
  if (report.original_ids.empty()) report.original_ids = answered_ids(root, &status);
  report.reason = readable_text(root);
  return report;
}

}  // namespace

std::optional<DispositionReport> read_disposition_report(const Part& root) {
  const auto* part = find_leaf(root, {"message/disposition-notification", "message/global-disposition-notification"});
  if (!part) return std::nullopt;
  DispositionReport report;
  Fields fields;
  for (auto& block : parse_field_blocks(part->body)) std::ranges::move(block, std::back_inserter(fields));

  // disposition-field = "Disposition:" action-mode "/" sending-mode ";" disposition-type ["/" modifiers]
  const auto disposition = ascii_lower(field(fields, "Disposition"));
  if (disposition.empty()) return std::nullopt;
  const auto semicolon = disposition.find(';');
  const std::string_view type =
      semicolon == std::string::npos ? disposition : std::string_view(disposition).substr(semicolon + 1);
  report.disposition = ascii_trim(type.substr(0, type.find('/')));
  report.original_ids = parse_message_ids(field(fields, "Original-Message-ID"));
  for (auto& id : parse_message_ids(field(fields, "Additional-Message-IDs")))
    report.original_ids.push_back(std::move(id));
  report.original_ids.resize(std::min(report.original_ids.size(), most_reported));
  return report;
}

std::optional<DeliveryReport> read_delivery_report(const Part& root) {
  if (const auto* status = find_leaf(root, {"message/delivery-status", "message/global-delivery-status"})) {
    auto report = standard_report(root, *status);
    if (!report.recipients.empty()) return bounded(std::move(report));
  }
  if (!comes_from_mail_system(root)) return std::nullopt;
  auto report = read_bounce_text(root, readable_text(root));
  if (report.recipients.empty()) return std::nullopt;
  if (auto ids = original_ids(root); !ids.empty()) report.original_ids = std::move(ids);
  if (report.original_ids.empty()) report.original_ids = answered_ids(root, nullptr);
  return bounded(std::move(report));
}

}  // namespace coi::mime
