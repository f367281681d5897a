// The steps of the two walks (docs/architecture.md), by name: where a test can end the program to see that nothing is
// lost and nothing comes twice. At most one listener; without it a step costs a comparison.
#pragma once

#include <array>
#include <functional>
#include <string_view>

namespace coi::engine {

// Out: a message of the user.
inline constexpr std::string_view out_stored = "out.stored";      // message and queue rows are committed
inline constexpr std::string_view out_handed = "out.handed";      // the send worker has it
inline constexpr std::string_view out_begun = "out.begun";        // "DATA began" is committed, the end not sent
inline constexpr std::string_view out_answered = "out.answered";  // the server has answered, nothing is committed
inline constexpr std::string_view out_settled = "out.settled";    // the answer is committed
inline constexpr std::string_view out_filed = "out.filed";        // the own copy is appended, nothing is committed
inline constexpr std::string_view out_done = "out.done";          // the filing is committed
// In: a mail of the server.
inline constexpr std::string_view in_fetched = "in.fetched";      // its octets are here
inline constexpr std::string_view in_read = "in.read";            // it is read, its files are put away
inline constexpr std::string_view in_applied = "in.applied";      // in the transaction, before the commit
inline constexpr std::string_view in_committed = "in.committed";  // committed, before the event
// Both: a job on the mailbox (flags, moves, receipts).
inline constexpr std::string_view job_run = "job.run";  // the server has done it, nothing is committed

inline constexpr std::array all_steps = {out_stored, out_handed, out_begun, out_answered, out_settled,  out_filed,
                                         out_done,   in_fetched, in_read,   in_applied,   in_committed, job_run};

using AtStep = std::function<void(std::string_view step)>;

}  // namespace coi::engine
