#include "engine/step.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <fmt/format.h>

#include "base/size_text.h"
#include "base/thrown.h"
#include "chat/decide.h"
#include "mime/build.h"

namespace coi::engine {
namespace {

// The letters and digits of the new Message-ID: as random as it is, and new for each mail.
std::string boundary_seed(std::string_view rfc_id) {
  std::string seed;
  std::ranges::copy_if(rfc_id.substr(0, rfc_id.find('@')), std::back_inserter(seed),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  return seed.substr(0, 40);
}

// Here, where its size is known to the octet, and nothing of it is stored yet.
Result<> check_size(const chat::PutOutgoing& mail, const chat::AccountFacts& account) {
  if (mail.kind != chat::PutOutgoing::Kind::message || account.largest_mail == 0 ||
      mail.bytes.size() <= account.largest_mail)
    return {};
  return fail(ErrorKind::limit,
              fmt::format("your provider takes mails of up to {}; this one would have {}",
                          size_text(account.largest_mail), size_text(mail.bytes.size())),
              too_large_hint);
}

Result<Result<>> take_step(store::Database& database, const chat::AccountFacts& account, const chat::Input& input,
                           UnixMs now) {
  chat::Plan plan;
  COI_TRY(database.look_up([&](chat::Lookups& stored) { plan = chat::decide(input, account, stored, now); }));
  if (plan.refusal) return Result<>(std::unexpected(std::move(*plan.refusal)));
  for (auto& operation : plan.operations)
    if (auto* outgoing = std::get_if<chat::PutOutgoing>(&operation)) {
      outgoing->bytes = COI_TRY(mime::build(outgoing->tree, boundary_seed(outgoing->key.rfc_id)));
      if (auto fits = check_size(*outgoing, account); !fits) return fits;
    }
  COI_TRY(database.apply(plan, now));
  return Result<>{};
}

}  // namespace

Result<Result<>> step(store::Database& database, const chat::AccountFacts& account, const chat::Input& input,
                      UnixMs now) {
  return caught("cannot decide", [&] { return take_step(database, account, input, now); });
}

}  // namespace coi::engine
