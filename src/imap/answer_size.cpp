#include "imap/answer_size.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/size_text.h"

namespace coi::imap {
namespace {

constexpr std::uint64_t for_each_mail = 4;
constexpr std::uint64_t octets_of_a_response = 200;

bool is_of_mails(const Response& response) {
  if (const auto* skipped = std::get_if<Skipped>(&response)) return skipped->name == "RECENT";
  if (const auto* unreadable = std::get_if<Unreadable>(&response))
    return unreadable->name == "EXISTS" || unreadable->name == "EXPUNGE" || unreadable->name == "VANISHED" ||
           unreadable->name.starts_with("FETCH");
  return std::holds_alternative<Fetch>(response) || std::holds_alternative<Expunge>(response) ||
         std::holds_alternative<Vanished>(response) || std::holds_alternative<Exists>(response);
}

}  // namespace

void AnswerSize::begin(std::optional<std::uint32_t> messages) {
  ++number_;
  said_ = {.messages = messages.value_or(limits_.responses)};
}

void AnswerSize::expect(std::uint32_t messages) { said_.messages = std::max<std::uint64_t>(said_.messages, messages); }

Result<> AnswerSize::count(const Response& response, std::size_t octets, std::size_t literals) {
  const bool is_of_octets = std::holds_alternative<Fetch>(response) || std::holds_alternative<Search>(response);
  (is_of_mails(response) ? said_.of_mails : std::holds_alternative<List>(response) ? said_.lists : said_.others) += 1;
  (is_of_octets ? said_.octets_of_mails : said_.octets_of_others) += octets;
  (is_of_octets ? said_.literals : said_.octets_of_others) += literals;
  if (fits()) return {};
  return fail(ErrorKind::limit,
              fmt::format("the server's answer does not end ({} lines, {})", responses(), size_text(this->octets())));
}

bool AnswerSize::fits() const {
  const auto allowed = limits_.unasked + for_each_mail * said_.messages;
  return responses() <= limits_.responses && said_.of_mails <= allowed && said_.others <= limits_.unasked &&
         said_.octets_of_others <= limits_.answer &&
         said_.octets_of_mails <= limits_.answer + octets_of_a_response * allowed &&
         said_.literals <= for_each_mail * (limits_.literal + limits_.whole_mail * said_.messages);
}

}  // namespace coi::imap
