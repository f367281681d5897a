#include "api/letter_action.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/find_chat.h"
#include "base/ascii.h"

namespace coi::api {
namespace {

chat::Automatic automatic_of(proto::Automatic automatic) {
  switch (automatic) {
    case proto::Automatic::generated:
      return chat::Automatic::generated;
    case proto::Automatic::replied:
      return chat::Automatic::replied;
    case proto::Automatic::no:
      break;
  }
  return chat::Automatic::no;
}

Result<store::MessageRow> message_of(const OpenAccount& open, chat::MessageId id) {
  auto found = COI_TRY(open.reader->message(id));
  if (!found.value) return no_message(id);
  return std::move(*found.value);
}

Result<> check_one_thing(const proto::SendMessage& params) {
  const int things =
      (params.location ? 1 : 0) + (params.card ? 1 : 0) + (params.forward ? 1 : 0) + params.voice + params.sticker;
  if (things > 1) return fail(ErrorKind::invalid, "a message is one of place, card, voice note, sticker and forward");
  const bool has_files = !params.files.empty(), has_text = !ascii_trim(params.text).empty();
  if ((params.location || params.card) && has_files)
    return fail(ErrorKind::invalid, "a place or a card goes without files");
  if (params.forward && (has_files || has_text || params.reply_to))
    return fail(ErrorKind::invalid, "a message is forwarded as it is", "send what is to be said to it by itself");
  if (params.voice && params.files.size() != 1) return fail(ErrorKind::invalid, "a voice note is one sound file");
  if (params.sticker && (params.files.size() != 1 || has_text))
    return fail(ErrorKind::invalid, "a sticker is one picture without words");
  if (things == 0 && !has_text && !has_files)
    return fail(ErrorKind::invalid, "there is nothing to send", "give it a text or a file");
  return {};
}

// D-14: as it was written, who wrote it apart.
Result<> forward(const OpenAccount& open, const proto::SendMessage& params, chat::SendMessage& action) {
  const chat::MessageId id(params.forward->value);
  const auto row = COI_TRY(message_of(open, id));
  if (row.kind == chat::MessageKind::notice || row.kind == chat::MessageKind::poll)
    return fail(ErrorKind::not_allowed, fmt::format("message {} cannot be forwarded", id.value));
  action.text = row.text;
  if (!row.is_chat && !row.subject.empty()) action.text = row.subject + (row.text.empty() ? "" : "\n\n") + row.text;
  action.kind = row.kind == chat::MessageKind::media ? chat::MessageKind::text : row.kind;  // by its files
  action.details = row.details;
  action.details.forwarded = true;
  std::vector<chat::Attachment> files;
  for (const auto& attachment : row.attachments) files.push_back(attachment.file);
  COI_TRY(open.account->check_files(files, action));
  for (const auto& attachment : row.attachments)
    action.files.push_back(COI_TRY(open.account->add_again(attachment.file, {.keep_place = params.keep_place})));
  return {};
}

// D-33. Plain programs read 3.0 best.
Result<> add_card(const OpenAccount& open, const proto::ChatName& name, const std::vector<std::string>& plain,
                  chat::SendMessage& action) {
  const auto whom = COI_TRY(find_destination(open, name));
  mime::Vcard card;
  if (whom.chat) {
    if (!*whom.chat) return fail(ErrorKind::invalid, "your own card cannot be sent yet");
    const auto found = COI_TRY(open.reader->chat(*whom.chat));
    if (!found.value || !found.value->person) return fail(ErrorKind::invalid, "that is nobody with a card");
    const auto person = COI_TRY(open.reader->person(found.value->person));
    card.name = found.value->name;
    card.addresses.push_back(found.value->addr);
    if (person.value)
      for (const auto& address : person.value->addresses)
        if (address.addr != found.value->addr) card.addresses.push_back(address.addr);
  } else {
    card.addresses.push_back(whom.addr);
    if (const auto person = COI_TRY(open.reader->person_with(whom.addr)); person.value) card.name = person.value->name;
  }
  if (card.name.empty()) card.name = card.addresses.front();
  action.files.push_back(
      COI_TRY(open.account->add_card(card, plain.empty() ? mime::VcardVersion::v4 : mime::VcardVersion::v3)));
  action.kind = chat::MessageKind::contact;
  action.details.contact = chat::SharedContact{.name = card.name, .addr = card.addresses.front()};
  return {};
}

Result<> add_files(const OpenAccount& open, const proto::SendMessage& params, chat::SendMessage& action) {
  const std::vector<std::filesystem::path> files(params.files.begin(), params.files.end());
  // The daemon does not run in the client's directory.
  for (const auto& file : files)
    if (!file.is_absolute())
      return fail(ErrorKind::invalid, fmt::format("the path of a file has to be absolute: {}", file.string()));
  action.files = COI_TRY(open.account->add_files(files, {.keep_place = params.keep_place, .heard = params.voice}));
  if (params.voice) action.kind = chat::MessageKind::voice;
  if (params.sticker) action.kind = chat::MessageKind::sticker;
  const bool sounds = action.files.size() == 1 && (action.files.front().type.starts_with("audio/") ||
                                                   action.files.front().type.starts_with("video/"));
  if (params.duration != 0 && !sounds) return fail(ErrorKind::invalid, "only one sound or film has a duration");
  if (sounds)
    action.details.duration_ms = params.duration != 0 ? params.duration : engine::duration_of(action.files.front());
  return {};
}

void fetch_next(const OpenAccount& open, chat::MessageId message, std::size_t most,
                std::function<void(Result<OpenAccount>)> use) {
  const auto row = message_of(open, message);
  if (!row) return use(std::unexpected(row.error()));
  const auto missing = std::ranges::find_if(row->attachments, [](const store::AttachmentRow& attachment) {
    return attachment.file.state != chat::FileState::local;
  });
  if (missing == row->attachments.end() || most == 0) return use(open);
  open.account->fetch_attachment(missing->id, [call = open.call, account = open.id, message, most,
                                               use](const Result<std::filesystem::path>& path) {
    if (!path) return use(std::unexpected(path.error()));
    open_account(call, account, Purpose::follow_up, [message, most, use](Result<OpenAccount> again) {
      if (!again) return use(std::unexpected(again.error()));
      fetch_next(*again, message, most - 1, use);
    });
  });
}

// nullopt: as the account holds every message back.
Result<std::optional<UnixMs>> time_of(const OpenAccount& open, const proto::SendMessage& params) {
  if (params.delay.value_or(0) > engine::longest_undo)
    return fail(ErrorKind::invalid, fmt::format("a message is held back for {} seconds at most", engine::longest_undo),
                "give the time at which it is to be sent");
  if (params.at && params.delay) return fail(ErrorKind::invalid, "a message has a time or a delay, not both");
  if (params.at && params.wait)
    return fail(ErrorKind::invalid, "nobody waits for what is sent later",
                "without --wait it is in coi outbox until then");
  if (params.at) return std::max<UnixMs>(params.at->ms, 0);  // 1969 is past, too
  if (!params.delay) return std::nullopt;
  return open.call.service.environment.clock() + static_cast<UnixMs>(*params.delay) * 1000;
}

}  // namespace

Result<chat::SendMessage> action_of(const OpenAccount& open, const proto::SendMessage& params) {
  COI_TRY(check_one_thing(params));
  auto destination = COI_TRY(find_destination(open, params.chat));
  chat::SendMessage action{.chat = destination.chat,
                           .addr = std::move(destination.addr),
                           .text = params.text,
                           .automatic = automatic_of(params.automatic),
                           .token = params.token};
  if (params.reply_to) {
    action.reply_to = chat::MessageId(params.reply_to->value);
    COI_TRY(message_of(open, *action.reply_to));
  }
  action.not_before_ms = COI_TRY(time_of(open, params));
  COI_TRY(add_files(open, params, action));
  if (params.location) action.details.position = chat::Position{params.location->latitude, params.location->longitude};
  if (params.card) {
    // Own devices read 4.0; what the program of a new address reads is not known.
    std::vector<std::string> plain;
    if (action.chat)
      plain = COI_TRY(open.reader->plain_peers(*action.chat, open.call.service.environment.clock()));
    else if (action.addr != open.account->config().addr)
      plain = {action.addr};
    COI_TRY(add_card(open, *params.card, plain, action));
  }
  if (params.forward) COI_TRY(forward(open, params, action));
  return action;
}

void fetch_files(const OpenAccount& open, chat::MessageId message, std::function<void(Result<OpenAccount>)> use) {
  const auto row = message_of(open, message);
  if (!row) return use(std::unexpected(row.error()));
  fetch_next(open, message, row->attachments.size(), std::move(use));
}

}  // namespace coi::api
