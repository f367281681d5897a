#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/one_chat.h"
#include "api/small_picture.h"

namespace coi::api {
namespace {

std::vector<std::string> canonical(const std::vector<std::string>& written) {
  std::vector<std::string> addrs;
  for (const auto& one : written) addrs.push_back(mime::written_address(one));
  return addrs;
}

// `change`: for the chat that was named.
void change_group(const OpenAccount& open, const proto::ChatName& name, chat::ChangeGroup change,
                  const Responder<proto::OneChat>& responder) {
  const auto id = find_chat(open, name);
  if (!id) return responder(std::unexpected(id.error()));
  change.chat = *id;
  act_on_chat(open, std::move(change), responder);
}

Result<> some(const std::vector<std::string>& members) {
  return members.empty() ? fail(ErrorKind::invalid, "nobody is named") : Result<>{};
}

}  // namespace

void create_group(const OpenAccount& open, const proto::CreateGroup& params,
                  const Responder<proto::OneChat>& responder) {
  act<proto::OneChat>(open, chat::CreateGroup{.name = params.name, .members = canonical(params.members)}, responder,
                      [](const OpenAccount& again, const store::Changes& changes) -> Result<proto::OneChat> {
                        if (changes.chats.empty()) return fail(ErrorKind::internal, "the group was not stored");
                        return one_chat(again, *changes.chats.begin());
                      });
}

void add_members(const OpenAccount& open, const proto::AddMembers& params, const Responder<proto::OneChat>& responder) {
  if (const auto named = some(params.members); !named) return responder(std::unexpected(named.error()));
  change_group(open, params.chat, {.add = canonical(params.members)}, responder);
}

void remove_members(const OpenAccount& open, const proto::RemoveMembers& params,
                    const Responder<proto::OneChat>& responder) {
  if (const auto named = some(params.members); !named) return responder(std::unexpected(named.error()));
  change_group(open, params.chat, {.remove = canonical(params.members)}, responder);
}

void leave_group(const OpenAccount& open, const proto::LeaveGroup& params, const Responder<proto::OneChat>& responder) {
  change_group(open, params.chat, {.remove = {open.account->config().addr}}, responder);
}

void rename_group(const OpenAccount& open, const proto::RenameGroup& params,
                  const Responder<proto::OneChat>& responder) {
  change_group(open, params.chat, {.name = params.name}, responder);
}

void describe_group(const OpenAccount& open, const proto::DescribeGroup& params,
                    const Responder<proto::OneChat>& responder) {
  change_group(open, params.chat, {.description = params.description}, responder);
}

void picture_group(const OpenAccount& open, const proto::PictureGroup& params,
                   const Responder<proto::OneChat>& responder) {
  if (params.file.empty()) return change_group(open, params.chat, {.picture = chat::Picture{}}, responder);
  const auto id = find_chat(open, params.chat);
  if (!id) return responder(std::unexpected(id.error()));
  with_small_picture(open, params.file, responder,
                     [chat = *id, responder](const OpenAccount& later, chat::Picture picture) {
                       act_on_chat(later, chat::ChangeGroup{.chat = chat, .picture = std::move(picture)}, responder);
                     });
}

void get_picture(const OpenAccount& open, const proto::GetPicture& params,
                 const Responder<proto::PictureFile>& responder) {
  const auto file = open.account->picture_file(params.picture);
  if (!file) return responder(std::unexpected(file.error()));
  responder(proto::PictureFile{file->string()});
}

}  // namespace coi::api
