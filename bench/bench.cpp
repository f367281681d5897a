#include "bench.h"

#include <fmt/format.h>

namespace coi::bench {
namespace {

constexpr std::size_t text_octets = 1000;

}  // namespace

double milliseconds(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

std::string make_text() {
  static int number = 0;
  auto text = fmt::format("Message {}.", ++number);
  while (text.size() < text_octets) text += text.size() % 70 < 8 ? "\nand so on" : " and so on";
  return text;
}

std::string text_of(const json::Object& order, std::string_view member) {
  const auto* value = order.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::size_t number_of(const json::Object& order, std::string_view member) {
  const auto* value = order.if_contains(member);
  return value != nullptr && value->is_int64() ? static_cast<std::size_t>(value->as_int64()) : 0;
}

std::vector<std::string> texts_of(const json::Object& order, std::string_view member) {
  std::vector<std::string> texts;
  if (const auto* value = order.if_contains(member); value != nullptr && value->is_array())
    for (const auto& text : value->as_array())
      if (text.is_string()) texts.emplace_back(text.as_string());
  return texts;
}

Result<Servers> Bench::servers_of(const json::Object& order) const {
  auto servers = servers_;
  if (order.contains("imap")) servers.imap = COI_TRY(net::parse_url(net::Service::imap, text_of(order, "imap")));
  if (order.contains("smtp")) servers.smtp = COI_TRY(net::parse_url(net::Service::smtp, text_of(order, "smtp")));
  return servers;
}

const std::map<std::string_view, Bench::Measure>& Bench::measures() {
  static const std::map<std::string_view, Measure> table = {
      {"open-bare", &Bench::open_bare},
      {"close-bare", &Bench::close_bare},
      {"bare-message", &Bench::bare_message},
      {"bare-burst", &Bench::bare_burst},
      {"bare-sending", &Bench::bare_sending},
      {"bare-to-many", &Bench::bare_to_many},
      {"bare-start", &Bench::bare_start},
      {"bare-fetch", &Bench::bare_fetch},
      {"open-device", &Bench::open_device},
      {"close-device", &Bench::close_device},
      {"log-in", &Bench::log_in},
      {"message", &Bench::message},
      {"burst", &Bench::burst},
      {"sending", &Bench::sending},
      {"ingest", &Bench::ingest},
      {"start", &Bench::start},
      {"poll", &Bench::poll},
      {"react", &Bench::react},
      {"vote", &Bench::vote},
      {"create-group", &Bench::create_group},
      {"group-message", &Bench::group_message},
  };
  return table;
}

Result<json::Object> Bench::measure(const json::Object& order) {
  const auto found = measures().find(text_of(order, "do"));
  if (found == measures().end()) return fail(ErrorKind::invalid, "no such measure: " + text_of(order, "do"));
  return (this->*found->second)(order);
}

}  // namespace coi::bench
