#include "tnef/code_page.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace coi::tnef {

std::string charset_of(CodePage page) {
  if (page == 0) return {};
  if (page == 65001) return "utf-8";
  if (page == 20127) return "us-ascii";
  if (page == 874 || (page >= 1250 && page <= 1258)) return fmt::format("windows-{}", page);
  if (page >= 28591 && page <= 28606) return fmt::format("iso-8859-{}", page - 28590);
  return fmt::format("cp{}", page);
}

bool is_for_strings(CodePage page) {
  constexpr CodePage others[] = {1200, 1201, 12000, 12001, 52936, 65000};
  return page != 0 && (page < 50220 || page > 50229) && std::ranges::find(others, page) == std::end(others);
}

bool is_lead_octet(CodePage page, char octet) {
  const auto value = static_cast<std::uint8_t>(octet);
  switch (page) {
    case 932:
    case 10001:
      return (value >= 0x81 && value <= 0x9F) || (value >= 0xE0 && value <= 0xFC);
    case 936:
    case 949:
    case 950:
    case 1361:
    case 10002:
    case 10003:
    case 10008:
    case 20932:
    case 51932:
    case 51936:
    case 51949:
    case 54936:
      return value >= 0x81 && value <= 0xFE;
    default:
      return false;
  }
}

CodePage code_page_of_font(int fcharset) {
  constexpr std::pair<int, CodePage> pages[] = {
      {0, 1252},   {77, 10000}, {78, 10001}, {79, 10003}, {80, 10008}, {81, 10002}, {83, 10005}, {84, 10004},
      {85, 10006}, {86, 10081}, {87, 10021}, {88, 10029}, {89, 10007}, {128, 932},  {129, 949},  {130, 1361},
      {134, 936},  {136, 950},  {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255}, {178, 1256}, {186, 1257},
      {204, 1251}, {222, 874},  {238, 1250}, {254, 437},  {255, 850}};
  for (const auto& [number, page] : pages)
    if (number == fcharset) return page;
  return 0;
}

}  // namespace coi::tnef
