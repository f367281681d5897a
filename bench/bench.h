// The instruments of bench/run: each takes an order (its "do" and its arguments) and gives a result, or why there is
// none.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bare_client.h"
#include "device.h"
#include "json/json.h"

namespace coi::bench {

inline constexpr std::chrono::seconds patience{60};
inline constexpr std::chrono::seconds long_patience{600};

double milliseconds(SteadyClock::time_point from, SteadyClock::time_point to);

// A kilobyte of words, different each time.
std::string make_text();

// Of an order; '' and 0: it has no such member.
std::string text_of(const json::Object& order, std::string_view member);
std::size_t number_of(const json::Object& order, std::string_view member);
std::vector<std::string> texts_of(const json::Object& order, std::string_view member);

class Bench {
 public:
  explicit Bench(Servers servers) : servers_(std::move(servers)) {}

  Result<json::Object> measure(const json::Object& order);

 private:
  using Measure = Result<json::Object> (Bench::*)(const json::Object&);
  static const std::map<std::string_view, Measure>& measures();

  Result<json::Object> open_bare(const json::Object& order);
  Result<json::Object> close_bare(const json::Object& order);
  Result<json::Object> bare_message(const json::Object& order);
  Result<json::Object> bare_burst(const json::Object& order);
  Result<json::Object> bare_sending(const json::Object& order);
  Result<json::Object> bare_to_many(const json::Object& order);
  Result<json::Object> bare_start(const json::Object& order);
  Result<json::Object> bare_fetch(const json::Object& order);

  Result<json::Object> open_device(const json::Object& order);
  Result<json::Object> close_device(const json::Object& order);
  Result<json::Object> log_in(const json::Object& order);
  Result<json::Object> message(const json::Object& order);
  Result<json::Object> burst(const json::Object& order);
  Result<json::Object> sending(const json::Object& order);
  Result<json::Object> ingest(const json::Object& order);
  Result<json::Object> start(const json::Object& order);
  Result<json::Object> poll(const json::Object& order);
  Result<json::Object> react(const json::Object& order);
  Result<json::Object> vote(const json::Object& order);
  Result<json::Object> create_group(const json::Object& order);
  Result<json::Object> group_message(const json::Object& order);

  // The action of `from` about the newest message of both, until `to` has read a row of it that is as wanted.
  Result<json::Object> mark(const json::Object& order, const std::function<chat::Input(chat::MessageId)>& action,
                            const std::function<bool(const store::MessageRow&)>& is_so);
  Result<Device*> device(const json::Object& order, std::string_view member);
  // With "imap" and "smtp" of the order, if it has them: a wiretap sits there.
  Result<Servers> servers_of(const json::Object& order) const;

  Servers servers_;
  std::optional<BareSender> sender_;
  std::optional<BareMailbox> mailbox_;
  std::string from_, to_;
  std::map<std::string, std::unique_ptr<Device>> devices_;
};

}  // namespace coi::bench
