// Lists that are read a page at a time: within one account, or of several as if they were one.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/method.h"
#include "engine/account.h"
#include "proto/page.h"
#include "proto/position.h"

namespace coi::api {

// Error: invalid, where the request names more than one of before, after and around.
template <class P>
Result<> check_page(const P& params) {
  if (params.before.has_value() + params.after.has_value() + params.around.has_value() <= 1) return {};
  return fail(ErrorKind::invalid, "a page is asked for by one of before, after and around");
}

template <class P>
const std::optional<proto::Anchor>& anchor_of(const P& params) {
  return params.before ? params.before : params.after ? params.after : params.around;
}

template <class P>
std::size_t most_of(const P& params) {
  return std::min(params.most, proto::longest_page);
}

// Of a list within one account, whose places are ids.
template <class Id, class P>
Result<store::Page<Id>> page_of(const OpenAccount& open, const P& params) {
  COI_TRY(check_page(params));
  if (const auto& anchor = anchor_of(params); anchor && !anchor->account.empty() && anchor->account != open.id)
    return fail(ErrorKind::invalid, "the list is of another account than the entry that is named");
  const auto id = [](const std::optional<proto::Anchor>& anchor) {
    return anchor ? std::optional(Id{anchor->id}) : std::nullopt;
  };
  return store::Page<Id>{
      .before = id(params.before), .after = id(params.after), .around = id(params.around), .most = most_of(params)};
}

template <class Answer, class Row>
void tell_more(Answer& answer, const store::Slice<Row>& slice) {
  answer.more_before = slice.more_before;
  answer.more_after = slice.more_after;
}

// A list that every account has, and how it is read as one.
template <class P, class Row, class Place>
struct SharedList {
  // Where the entry stands; nullopt: there is none.
  std::function<Result<std::optional<Place>>(const OpenAccount&, std::int64_t id)> locate;
  // The place in the list of an account that does not have the entry. What ties with it stands before the place, or
  // (`first`) behind it.
  std::function<Place(Place, bool first)> beside;
  std::function<Result<store::Snapshot<store::Slice<Row>>>(const OpenAccount&, const P&, const store::Page<Place>&)>
      read;
  std::function<bool(const Row&, const Row&)> comes_first;  // of different accounts; in one account rows come in order
};

namespace detail {

// What lies on one side of the entry, of all accounts.
template <class Row>
struct Side {
  struct One {
    Row row;
    bool cut = false;        // the account has more behind this row, which was not read
    std::size_t number = 0;  // of those that are equally near the first stays first
  };
  std::vector<One> rows;
  bool more = false;

  // Nearest first: what lies farther than a row behind which something is missing would leave a hole.
  std::vector<Row> nearest(auto nearer) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].number = i;
    std::ranges::sort(rows, [&](const One& a, const One& b) {
      return nearer(a.row, b.row) || (!nearer(b.row, a.row) && a.number < b.number);
    });
    std::vector<Row> all;
    for (auto& one : rows) {
      all.push_back(std::move(one.row));
      if (one.cut) break;
    }
    more |= all.size() < rows.size();
    return all;
  }
};

}  // namespace detail

template <class Row>
struct SharedPage {
  std::vector<proto::Position> positions;
  store::Slice<Row> slice;
};

// On a reading thread. Errors: invalid; not_found: there is no such entry; ambiguous: the request does not say whose it
// is; as for_each_account().
template <class P, class Row, class Place>
Result<SharedPage<Row>> read_page(const Call& call, Readers& readers, const P& params,
                                  const SharedList<P, Row, Place>& list) {
  COI_TRY(check_page(params));
  const auto& anchor = anchor_of(params);
  const auto each = [&](const std::function<Result<>(const OpenAccount&)>& use) {
    return for_each_account(call, readers, params.account, detail::wish_of(params), use);
  };
  std::optional<Place> place;
  std::string owner;
  int accounts = 0;
  if (anchor) {
    COI_TRY(each([&](const OpenAccount& open) -> Result<> {
      ++accounts;
      if (!anchor->account.empty() && anchor->account != open.id) return {};
      owner = open.id;
      place = COI_TRY(list.locate(open, anchor->id));
      return {};
    }));
    if (anchor->account.empty() && accounts > 1)
      return fail(ErrorKind::ambiguous, "the list is of several accounts: say whose entry is meant",
                  R"(as {"account": ID, "id": NUMBER})");
    if (!place) return fail(ErrorKind::not_found, fmt::format("the list has no entry {}", anchor->id));
  }
  SharedPage<Row> page;
  detail::Side<Row> earlier, later;
  std::optional<Row> middle;
  const auto most = most_of(params) + 1;
  COI_TRY(each([&](const OpenAccount& open) -> Result<> {
    auto at = place;
    if (at && open.id != owner) at = list.beside(*at, open.id > owner);
    std::optional<std::int64_t> seq;  // of the oldest reading: what came since is told again
    const auto take = [&](const store::Page<Place>& wanted, bool front, detail::Side<Row>& side) -> Result<> {
      auto found = COI_TRY(list.read(open, params, wanted));
      seq = std::min(seq.value_or(found.seq), found.seq);
      auto& rows = found.value.rows;
      if (front) std::ranges::reverse(rows);
      for (auto& row : rows) side.rows.push_back({.row = std::move(row)});
      const bool more = front ? found.value.more_before : found.value.more_after;
      side.more |= more;
      if (more && !rows.empty()) side.rows.back().cut = true;
      return {};
    };
    if (params.before || params.around) COI_TRY(take({.before = at, .most = most}, true, earlier));
    if (!params.before) COI_TRY(take({.after = at, .most = most}, false, later));
    if (params.around && open.id == owner) {
      auto found = COI_TRY(list.read(open, params, {.around = at, .most = 1}));
      auto& rows = found.value.rows;
      // Without the entry itself it is a neighbour.
      if (!rows.empty() && rows.front().id.value == anchor->id) middle = std::move(rows.front());
    }
    page.positions.push_back({open.id, seq.value_or(0)});
    return {};
  }));
  const store::Page<int> wanted{.before = params.before ? std::optional(0) : std::nullopt,
                                .after = params.after ? std::optional(0) : std::nullopt,
                                .around = params.around ? std::optional(0) : std::nullopt,
                                .most = most - 1};
  page.slice = store::slice_of<Row>(
      wanted, store::Edge::begin,
      [&](const auto&, std::size_t) {
        return earlier.nearest([&](const Row& a, const Row& b) { return list.comes_first(b, a); });
      },
      [&](const auto&, std::size_t) { return later.nearest(list.comes_first); },
      [&](int) { return std::move(middle); });
  page.slice.more_before |= earlier.more;
  page.slice.more_after |= later.more;
  return page;
}

template <class Answer, class Row>
void tell_page(Answer& answer, std::vector<Row> Answer::* rows, SharedPage<Row> page) {
  answer.seq = page.positions.size() == 1 ? page.positions.front().seq : 0;
  answer.positions = std::move(page.positions);
  tell_more(answer, page.slice);
  answer.*rows = std::move(page.slice.rows);
}

// Answers with such a page. `finish` may add to it.
template <class P, class Row, class Place>
void answer_page(const Call& call, const P& params, const SharedList<P, Row, Place>& list,
                 std::vector<Row> P::Result::* rows, const Responder<typename P::Result>& responder,
                 std::function<Result<>(Readers&, typename P::Result&)> finish = {}) {
  post_read(call, [=](Readers& readers) {
    if (const auto room = call.has_room(); !room) return responder(std::unexpected(room.error()));
    auto page = read_page(call, readers, params, list);
    if (!page) return responder(std::unexpected(page.error()));
    typename P::Result answer;
    tell_page(answer, rows, std::move(*page));
    if (finish)
      if (const auto done = finish(readers, answer); !done) return responder(std::unexpected(done.error()));
    responder(answer);
  });
}

}  // namespace coi::api
