#include "api/find_chat.h"

#include <fmt/format.h>
#include "api/methods.h"
#include "api/rows.h"
#include "base/ascii.h"

namespace coi::api {
namespace {

Result<proto::OneMessage> one_message(const OpenAccount& open, chat::MessageId id) {
  const auto found = COI_TRY(open.reader->message(id));
  if (!found.value) return fail(ErrorKind::not_found, fmt::format("there is no message {}", id.value));
  return proto::OneMessage{.seq = found.seq, .message = to_proto(open.id, *found.value)};
}

template <class Make>
void with_message(const OpenAccount& open, proto::MessageId message, const Responder<proto::OneMessage>& responder,
                  Make make_action) {
  const chat::MessageId id(message.value);
  if (const auto found = one_message(open, id); !found) return responder(std::unexpected(found.error()));
  act<proto::OneMessage>(open, make_action(id), responder,
                         [id](const OpenAccount& again, const store::Changes&) { return one_message(again, id); });
}

constexpr std::size_t longest_token = 256;

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

// The message that a request with this token has sent before.
Result<std::optional<chat::MessageId>> sent_before(const OpenAccount& open, const std::string& token) {
  if (token.empty()) return std::nullopt;
  return open.reader->sent(open.account->id_of_token(token));
}

// A token that was used for another chat: its message is not the one that is asked for now. A name that means nobody,
// or several, by now says nothing against a repetition.
Result<> check_repetition(const OpenAccount& open, chat::MessageId before, const proto::ChatName& name) {
  const auto meant = find_destination(open, name);
  if (!meant) return {};
  const auto sent = COI_TRY(open.reader->message(before));
  if (!sent.value || meant->chat == sent.value->chat) return {};
  return fail(ErrorKind::invalid, fmt::format("the token was used for message {} in another chat", before.value),
              "each message has a token of its own");
}

Result<chat::SendMessage> action_of(const OpenAccount& open, const proto::SendMessage& params) {
  if (ascii_trim(params.text).empty() && params.files.empty())
    return fail(ErrorKind::invalid, "there is nothing to send", "give it a text or a file");
  if (params.token.size() > longest_token)
    return fail(ErrorKind::invalid, fmt::format("a token has at most {} octets", longest_token));
  auto destination = COI_TRY(find_destination(open, params.chat));
  chat::SendMessage action{.chat = destination.chat,
                           .addr = std::move(destination.addr),
                           .text = params.text,
                           .automatic = automatic_of(params.automatic),
                           .token = params.token};
  if (params.reply_to) {
    action.reply_to = chat::MessageId(params.reply_to->value);
    COI_TRY(one_message(open, *action.reply_to));
  }
  const std::vector<std::filesystem::path> files(params.files.begin(), params.files.end());
  // The daemon does not run in the client's directory.
  for (const auto& file : files)
    if (!file.is_absolute())
      return fail(ErrorKind::invalid, fmt::format("the path of a file has to be absolute: {}", file.string()));
  action.files = COI_TRY(open.account->add_files(files));
  return action;
}

// The message as it is once the server took it.
void reply_when_sent(const OpenAccount& open, chat::MessageId id, const Responder<proto::OneMessage>& responder) {
  open.account->when_sent(id, [call = open.call, account = open.id, id, responder](const Result<>& sent) {
    if (!sent) return responder(std::unexpected(sent.error()));
    open_account(call, account, Purpose::follow_up, [id, responder](Result<OpenAccount> again) {
      if (!again) return responder(std::unexpected(again.error()));
      responder(one_message(*again, id));
    });
  });
}

}  // namespace

Result<proto::OneMessage> get_message(const OpenAccount& open, const proto::GetMessage& params) {
  return one_message(open, chat::MessageId(params.message.value));
}

void send_message(const OpenAccount& open, const proto::SendMessage& params,
                  const Responder<proto::OneMessage>& responder) {
  const auto answer = [wait = params.wait, responder](const OpenAccount& again, chat::MessageId id) {
    if (wait) return reply_when_sent(again, id, responder);
    responder(one_message(again, id));
  };
  const auto before = sent_before(open, params.token);
  if (!before) return responder(std::unexpected(before.error()));
  if (*before) {
    if (const auto checked = check_repetition(open, **before, params.chat); !checked)
      return responder(std::unexpected(checked.error()));
    return answer(open, **before);
  }
  auto action = action_of(open, params);
  if (!action) return responder(std::unexpected(action.error()));
  open.account->act(std::move(*action), [call = open.call, account = open.id, token = params.token, answer,
                                         responder](const Result<store::Changes>& changes) {
    if (!changes) return responder(std::unexpected(changes.error()));
    const auto added = changes->added.empty() ? std::optional<chat::MessageId>() : changes->added.front();
    open_account(call, account, Purpose::follow_up, [added, token, answer, responder](Result<OpenAccount> again) {
      if (!again) return responder(std::unexpected(again.error()));
      // Two requests of one token at once: the other one sent it.
      const auto id = added ? added : sent_before(*again, token).value_or(std::nullopt);
      if (!id) return responder(fail(ErrorKind::internal, "the message was not stored"));
      answer(*again, *id);
    });
  });
}

void answer_receipt(const OpenAccount& open, const proto::AnswerReceipt& params,
                    const Responder<proto::OneMessage>& responder) {
  with_message(open, params.message, responder, [](chat::MessageId id) { return chat::AnswerReceipt{id}; });
}

void react(const OpenAccount& open, const proto::React& params, const Responder<proto::Reacted>& responder) {
  const chat::MessageId id(params.message.value);
  if (const auto found = one_message(open, id); !found) return responder(std::unexpected(found.error()));
  act<proto::Reacted>(
      open, chat::React{.message = id, .emoji = params.emoji, .to_plain = params.to_plain}, responder,
      [id, to_plain = params.to_plain](const OpenAccount& again, const store::Changes&) -> Result<proto::Reacted> {
        auto one = COI_TRY(one_message(again, id));
        proto::Reacted reacted{.seq = one.seq, .message = std::move(one.message)};
        if (!to_plain)
          reacted.unsent_to = COI_TRY(again.reader->plain_peers(chat::ChatId(reacted.message.chat.value),
                                                                again.call.service.environment.clock()));
        return reacted;
      });
}

void retry_message(const OpenAccount& open, const proto::RetryMessage& params,
                   const Responder<proto::OneMessage>& responder) {
  with_message(open, params.message, responder, [](chat::MessageId id) { return chat::RetryMessage{id}; });
}

void get_original(const OpenAccount& open, const proto::GetOriginal& params,
                  const Responder<proto::Original>& responder) {
  const chat::MessageId id(params.message.value);
  if (const auto found = one_message(open, id); !found) return responder(std::unexpected(found.error()));
  open.account->fetch_original(id, [call = open.call, responder](Result<std::string> mail) {
    if (!mail) return responder(std::unexpected(mail.error()));
    if (!call.client->takes_answers() || !call.service.unread->has_room())
      return responder(fail(ErrorKind::limit, "too many answers wait to be read", "read them, then ask again"));
    // A JSON string holds characters: each octet as the character of its number, in UTF-8.
    proto::Original original;
    original.mail.reserve(mail->size());
    for (const char c : *mail) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet >= 0x80) original.mail += static_cast<char>(0xC0 | octet >> 6);
      original.mail += octet >= 0x80 ? static_cast<char>(0x80 | (octet & 0x3F)) : c;
    }
    responder(original);
  });
}

void save_attachment(const OpenAccount& open, const proto::SaveAttachment& params,
                     const Responder<proto::SavedAttachment>& responder) {
  const chat::AttachmentId id(params.attachment.value);
  open.account->fetch_attachment(id, [call = open.call, account = open.id, id,
                                      responder](Result<std::filesystem::path> path) {
    if (!path) return responder(std::unexpected(path.error()));
    open_account(call, account, Purpose::follow_up, [id, path = path->string(), responder](Result<OpenAccount> again) {
      if (!again) return responder(std::unexpected(again.error()));
      const auto found = again->reader->attachment(id);
      if (!found) return responder(std::unexpected(found.error()));
      if (!*found) return responder(fail(ErrorKind::not_found, "the attachment is no longer there"));
      responder(
          proto::SavedAttachment{.attachment = to_proto(store::AttachmentRow{id, (*found)->second}), .path = path});
    });
  });
}

}  // namespace coi::api
