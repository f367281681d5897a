// Lines as the rules see them. Private to this room.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "reply/reply.h"

namespace coi::reply {

struct Seen {
  std::string_view text;  // without marks of quotes, bare
  std::string_view kept;  // without marks, as it is shown
  unsigned depth = 0;     // tags and marks together
  unsigned container = 0;
  bool cited = true;
  Said said = Said::nothing;

  bool blank() const { return text.empty(); }
};

using Lines = std::span<const Seen>;

std::vector<Seen> seen(std::span<const Line> lines);

// The first line at or behind `at` that is not blank, or is a blank one of a quote; lines.size() if there is none.
std::size_t next_written(Lines lines, std::size_t at);

}  // namespace coi::reply
