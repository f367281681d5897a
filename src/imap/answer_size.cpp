#include "imap/answer_size.h"

#include <algorithm>

#include <fmt/format.h>

namespace coi::imap {
namespace {

constexpr std::uint64_t for_each_mail = 4;
constexpr std::uint64_t octets_of_a_response = 200;

bool is_of_mails(const Response& response) {
  if (const auto* skipped = std::get_if<Skipped>(&response)) return skipped->name == "RECENT";
  if (const auto* unreadable = std::get_if<Unreadable>(&response))
    return unreadable->name == "EXISTS" || unreadable->name == "EXPUNGE";
  return std::holds_alternative<Fetch>(response) || std::holds_alternative<Expunge>(response) ||
         std::holds_alternative<Vanished>(response) || std::holds_alternative<Exists>(response);
}

}  // namespace

void AnswerSize::begin(std::uint32_t messages) {
  const Limits limits = limits_;
  const auto number = number_ + 1;
  *this = AnswerSize(limits);
  number_ = number;
  messages_ = messages;
}

void AnswerSize::expect(std::uint32_t messages) { messages_ = std::max(messages_, messages); }

Result<> AnswerSize::count(const Response& response, std::size_t octets, std::size_t literals) {
  const bool is_of_octets = std::holds_alternative<Fetch>(response) || std::holds_alternative<Search>(response);
  (is_of_mails(response) ? of_mails_ : std::holds_alternative<List>(response) ? lists_ : others_) += 1;
  (is_of_octets ? octets_of_mails_ : octets_of_others_) += octets;
  (is_of_octets ? literals_ : octets_of_others_) += literals;
  if (fits()) return {};
  return fail(ErrorKind::limit, fmt::format("the server's answer does not end ({} lines, {:.1f} MB)", responses(),
                                            static_cast<double>(this->octets()) / 1e6));
}

bool AnswerSize::fits() const {
  const auto allowed = limits_.unasked + for_each_mail * messages_;
  return responses() <= limits_.responses && of_mails_ <= allowed && others_ <= limits_.unasked &&
         octets_of_others_ <= limits_.answer && octets_of_mails_ <= limits_.answer + octets_of_a_response * allowed &&
         literals_ <= for_each_mail * (limits_.literal + limits_.whole_mail * messages_);
}

}  // namespace coi::imap
