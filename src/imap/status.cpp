#include "imap/status.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::imap {
namespace {

constexpr std::uint64_t copied_at_most = 100'000;
constexpr std::size_t most_flags = 1000;

constexpr auto code_words = std::to_array<std::pair<std::string_view, CodeWord>>({
    {"ALERT", CodeWord::alert},
    {"PARSE", CodeWord::parse},
    {"READ-ONLY", CodeWord::read_only},
    {"READ-WRITE", CodeWord::read_write},
    {"TRYCREATE", CodeWord::trycreate},
    {"ALREADYEXISTS", CodeWord::alreadyexists},
    {"AUTHENTICATIONFAILED", CodeWord::authenticationfailed},
    {"AUTHORIZATIONFAILED", CodeWord::authorizationfailed},
    {"CANNOT", CodeWord::cannot},
    {"CLIENTBUG", CodeWord::clientbug},
    {"CONTACTADMIN", CodeWord::contactadmin},
    {"CORRUPTION", CodeWord::corruption},
    {"EXPIRED", CodeWord::expired},
    {"EXPUNGEISSUED", CodeWord::expungeissued},
    {"INUSE", CodeWord::inuse},
    {"LIMIT", CodeWord::limit},
    {"NONEXISTENT", CodeWord::nonexistent},
    {"NOPERM", CodeWord::noperm},
    {"OVERQUOTA", CodeWord::overquota},
    {"PRIVACYREQUIRED", CodeWord::privacyrequired},
    {"SERVERBUG", CodeWord::serverbug},
    {"UNAVAILABLE", CodeWord::unavailable},
    {"CLOSED", CodeWord::closed},
    {"NOMODSEQ", CodeWord::nomodseq},
    {"UIDNOTSTICKY", CodeWord::uidnotsticky},
    {"COMPRESSIONACTIVE", CodeWord::compressionactive},
    {"NOTIFICATIONOVERFLOW", CodeWord::notificationoverflow},
    {"HASCHILDREN", CodeWord::has_children},
    {"UNKNOWN-CTE", CodeWord::unknown_cte},
});
static_assert(code_words.size() + 2 == static_cast<std::size_t>(CodeWord::unknown_cte) + 1, "METADATA has two of them");

// The numbers of a set in the order they are written, which is what COPYUID's two sets have in common.
std::optional<std::vector<std::uint32_t>> in_order(std::string_view set) {
  std::vector<std::uint32_t> numbers;
  for (const auto piece : ascii_split(set, ',')) {
    const auto colon = piece.find(':');
    const auto first = ascii_number(piece.substr(0, colon));
    const auto last = colon == piece.npos ? first : ascii_number(piece.substr(colon + 1));
    if (!first || !last || *last < *first || numbers.size() + (*last - *first) >= copied_at_most) return std::nullopt;
    for (std::uint64_t n = *first; n <= *last; ++n) numbers.push_back(static_cast<std::uint32_t>(n));
  }
  return numbers;
}

std::optional<Code> copy_uid(const std::vector<std::string_view>& arguments) {
  if (arguments.size() != 3) return std::nullopt;
  const auto uidvalidity = ascii_number(arguments[0]);
  const auto from = in_order(arguments[1]);
  const auto to = in_order(arguments[2]);
  if (!uidvalidity || !from || !to || from->size() != to->size()) return std::nullopt;
  CopyUid copied{*uidvalidity, {}};
  for (std::size_t i = 0; i < from->size(); ++i) copied.uids.emplace_back((*from)[i], (*to)[i]);
  return copied;
}

std::optional<Code> append_uid(const std::vector<std::string_view>& arguments) {
  if (arguments.size() != 2) return std::nullopt;
  const auto uidvalidity = ascii_number(arguments[0]);
  const auto uid = ascii_number(arguments[1]);
  if (!uidvalidity || !uid) return std::nullopt;
  return AppendUid{*uidvalidity, *uid};
}

std::optional<Code> metadata_code(const std::vector<std::string_view>& arguments) {
  if (ascii_iequal(arguments[0], "TOOMANY")) return CodeWord::metadata_toomany;
  if (ascii_iequal(arguments[0], "NOPRIVATE")) return CodeWord::metadata_noprivate;
  const auto octets = arguments.size() > 1 ? ascii_number<std::uint64_t>(arguments[1]) : std::nullopt;
  if (octets && ascii_iequal(arguments[0], "MAXSIZE")) return MetadataMaxSize{*octets};
  if (octets && ascii_iequal(arguments[0], "LONGENTRIES")) return MetadataLongEntries{*octets};
  return std::nullopt;
}

// "(\Seen \*)"; the parentheses may be missing.
PermanentFlags permanent_flags(std::string_view list) {
  if (list.starts_with('(')) list.remove_prefix(1);
  if (list.ends_with(')')) list.remove_suffix(1);
  PermanentFlags permanent;
  for (const auto flag : ascii_split(list, ' '))
    if (!flag.empty() && permanent.flags.size() < most_flags) permanent.flags.emplace_back(flag);
  return permanent;
}

template <class Number>
std::optional<Code> number_code(std::optional<decltype(Number::value)> value) {
  if (!value) return std::nullopt;
  return Number{*value};
}

std::optional<Code> code_with_arguments(std::string_view word, std::string_view arguments) {
  const auto pieces = ascii_split(arguments, ' ');
  if (ascii_iequal(word, "CAPABILITY")) return Capabilities::parse(arguments);
  if (ascii_iequal(word, "UIDVALIDITY")) return number_code<UidValidity>(ascii_number(arguments));
  if (ascii_iequal(word, "UIDNEXT")) return number_code<UidNext>(ascii_number(arguments));
  if (ascii_iequal(word, "HIGHESTMODSEQ")) return number_code<HighestModseq>(ascii_number<std::uint64_t>(arguments));
  if (ascii_iequal(word, "APPENDUID")) return append_uid(pieces);
  if (ascii_iequal(word, "COPYUID")) return copy_uid(pieces);
  if (ascii_iequal(word, "PERMANENTFLAGS")) return permanent_flags(arguments);
  if (ascii_iequal(word, "METADATA")) return metadata_code(pieces);
  if (ascii_iequal(word, "MESSAGELIMIT"))
    return MessageLimit{ascii_number(pieces[0]).value_or(0),
                        pieces.size() > 1 ? ascii_number(pieces[1]).value_or(0) : 0};
  if (ascii_iequal(word, "MODIFIED"))
    if (auto messages = NumberSet::parse(arguments)) return Modified{std::move(*messages)};
  return std::nullopt;
}

// resp-text-code = atom [SP 1*<any TEXT-CHAR except "]">]
Code parse_code(std::string_view inside, std::size_t longest) {
  const auto space = inside.find(' ');
  const auto word = inside.substr(0, space);
  const auto arguments = space == inside.npos ? std::string_view{} : ascii_trim(inside.substr(space));
  const auto* known = std::ranges::find_if(code_words, [&](const auto& row) { return ascii_iequal(row.first, word); });
  if (known != code_words.end()) return known->second;
  if (auto code = code_with_arguments(word, arguments)) return std::move(*code);
  return OtherCode{ascii_upper(word.substr(0, longest)), std::string(arguments.substr(0, longest))};
}

ErrorKind kind_of(CodeWord word) {
  switch (word) {
    case CodeWord::authenticationfailed:
    case CodeWord::authorizationfailed:
    case CodeWord::expired:
      return ErrorKind::auth;
    case CodeWord::unavailable:
    case CodeWord::inuse:
    case CodeWord::serverbug:
      return ErrorKind::network;
    case CodeWord::overquota:
      return ErrorKind::full;
    case CodeWord::nonexistent:
    case CodeWord::trycreate:
      return ErrorKind::not_found;
    case CodeWord::alreadyexists:
      return ErrorKind::invalid;
    case CodeWord::corruption:
      return ErrorKind::corrupt;
    case CodeWord::clientbug:
      return ErrorKind::protocol;
    default:
      return ErrorKind::not_allowed;
  }
}

}  // namespace

Status parse_status(Status::Kind kind, std::string tag, std::string_view resp_text, std::size_t longest) {
  Status status{kind, std::move(tag), {}, {}};
  if (const auto end = resp_text.find(']'); resp_text.starts_with('[') && end != resp_text.npos) {
    status.code = parse_code(resp_text.substr(1, end - 1), longest);
    resp_text = ascii_trim(resp_text.substr(end + 1));
  }
  status.text = printable(resp_text, longest);
  return status;
}

std::string_view name(Status::Kind kind) {
  constexpr std::array<std::string_view, 5> names = {"ok", "no", "bad", "bye", "preauth"};
  return names.at(static_cast<std::size_t>(kind));
}

Error to_error(const Status& status, std::string_view tried) {
  const auto* word = std::get_if<CodeWord>(&status.code);
  auto kind = status.kind == Status::Kind::bad   ? ErrorKind::protocol
              : status.kind == Status::Kind::bye ? ErrorKind::network
                                                 : ErrorKind::not_allowed;
  if (word != nullptr && *word != CodeWord::alert) kind = kind_of(*word);
  return Error(kind, status.text.empty() ? "refused by the server" : fmt::format("the server says: {}", status.text))
      .within(std::string(tried));
}

}  // namespace coi::imap
