// Lists, a page at a time.
#pragma once

#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "arguments.h"
#include "output.h"
#include "proto/page.h"

namespace coi::cli {

// All of a list: `ask(params)` for page after page. Rows have their account and id.
template <class P, class Row, class Ask>
Result<std::vector<Row>> ask_all(P params, std::vector<Row> P::Result::* rows, Ask ask) {
  params.most = proto::longest_page;
  std::vector<Row> all;
  while (true) {
    auto page = COI_TRY(ask(params));
    std::ranges::move(page.*rows, std::back_inserter(all));
    if (!page.more_after || (page.*rows).empty()) return all;
    params.after = proto::Anchor{.account = all.back().account, .id = all.back().id.value};
  }
}

// Which part of a list the user wants.
struct PageWish {
  std::uint32_t most = 0;
  std::int64_t before = 0, after = 0;
};

// --most, --before and --after; `entry` is what the latter two name, as "MSG".
inline void add_page_options(CLI::App& command, PageWish& wish, std::uint32_t usual, const std::string& entry) {
  wish.most = usual;
  command.add_option("--most", wish.most, fmt::format("How many (default: {})", usual))
      ->type_name("N")
      ->check(number_between(1, proto::longest_page));
  auto* before = command.add_option("--before", wish.before, "Those that the list has above this one")
                     ->type_name(entry)
                     ->check(id_number());
  command.add_option("--after", wish.after, "Those that it has below this one")
      ->type_name(entry)
      ->check(id_number())
      ->excludes(before);
}

// Below a list of which the user has not seen the end.
inline void tell_more(Output& out, std::int64_t last) {
  if (!out.json()) out.line(out.styled(Style::dim, fmt::format("\nThere are more: the same with --after {}", last)));
}

template <class P>
void set_page(const PageWish& wish, P& params) {
  params.most = wish.most;
  if (wish.before > 0) params.before = proto::Anchor{.id = wish.before};
  if (wish.after > 0) params.after = proto::Anchor{.id = wish.after};
}

}  // namespace coi::cli
