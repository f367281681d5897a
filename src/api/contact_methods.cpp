#include "api/methods.h"

#include <fmt/format.h>
#include "api/rows.h"

namespace coi::api {

Result<proto::ContactList> list_contacts(const OpenAccount& open, const proto::ListContacts&) {
  const auto found = COI_TRY(open.reader->people());
  proto::ContactList list{.seq = found.seq};
  for (const auto& row : found.value) list.contacts.push_back(to_proto(open.id, row));
  return list;
}

void name_contact(const OpenAccount& open, const proto::NameContact& params,
                  const Responder<proto::OneContact>& responder) {
  auto addr = mime::canonical(params.addr);
  if (!mime::is_address(addr))
    return responder(
        fail(ErrorKind::invalid, fmt::format("{} is no e-mail address", params.addr), "write it as name@example.org"));
  act<proto::OneContact>(open, chat::NamePerson{.addr = addr, .name = params.name}, responder,
                         [addr](const OpenAccount& again, const store::Changes&) -> Result<proto::OneContact> {
                           const auto found = COI_TRY(again.reader->people());
                           for (const auto& row : found.value)
                             for (const auto& address : row.addresses)
                               if (address.addr == addr) return proto::OneContact{found.seq, to_proto(again.id, row)};
                           return fail(ErrorKind::internal, "the contact was not stored");
                         });
}

}  // namespace coi::api
