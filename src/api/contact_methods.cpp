#include "api/methods.h"

#include <fmt/format.h>

#include "api/rows.h"

namespace coi::api {

namespace {

Result<std::string> address_of(const std::string& written) {
  auto addr = mime::written_address(written);
  if (mime::is_address(addr)) return addr;
  return fail(ErrorKind::invalid, fmt::format("{} is no e-mail address", written), "write it as name@example.org");
}

// The outcome is the person who has `addr` now.
void act_on(const OpenAccount& open, const std::string& addr, chat::Input action,
            const Responder<proto::OneContact>& responder) {
  act<proto::OneContact>(open, std::move(action), responder,
                         [addr](const OpenAccount& again, const store::Changes&) -> Result<proto::OneContact> {
                           const auto found = COI_TRY(again.reader->person_with(addr));
                           if (!found.value) return fail(ErrorKind::internal, "the contact was not stored");
                           return proto::OneContact{found.seq, to_proto(again.id, *found.value)};
                         });
}

}  // namespace

void name_contact(const OpenAccount& open, const proto::NameContact& params,
                  const Responder<proto::OneContact>& responder) {
  const auto addr = address_of(params.addr);
  if (!addr) return responder(std::unexpected(addr.error()));
  if (*addr == open.account->config().addr)
    return responder(fail(ErrorKind::not_allowed, fmt::format("{} is your own address", *addr),
                          "others see the name of the account: coi settings name"));
  act_on(open, *addr, chat::NamePerson{.addr = *addr, .name = params.name}, responder);
}

void categorize_contact(const OpenAccount& open, const proto::CategorizeContact& params,
                        const Responder<proto::OneContact>& responder) {
  const auto addr = address_of(params.addr);
  if (!addr) return responder(std::unexpected(addr.error()));
  act_on(open, *addr, chat::CategorizePerson{.addr = *addr, .categories = params.categories}, responder);
}

void set_alias(const OpenAccount& open, const proto::SetAlias& params, const Responder<proto::OneContact>& responder) {
  const auto addr = address_of(params.addr), alias = address_of(params.alias);
  if (!addr) return responder(std::unexpected(addr.error()));
  if (!alias) return responder(std::unexpected(alias.error()));
  act_on(open, *addr, chat::SetAlias{.addr = *addr, .alias = *alias, .joined = params.joined}, responder);
}

}  // namespace coi::api
