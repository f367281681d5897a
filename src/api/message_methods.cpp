#include "api/find_chat.h"

#include <algorithm>

#include <fmt/format.h>
#include "api/letter_action.h"
#include "api/methods.h"
#include "api/reacted.h"
#include "api/rows.h"
#include "api/send_letter.h"
#include "base/ascii.h"

namespace coi::api {

Result<proto::OneMessage> one_message(const OpenAccount& open, chat::MessageId id) {
  const auto found = COI_TRY(open.reader->message(id));
  if (!found.value) return no_message(id);
  return proto::OneMessage{.seq = found.seq, .message = to_proto(open.id, *found.value)};
}

Result<proto::SentMessages> sent_messages(const OpenAccount& open, const std::vector<chat::MessageId>& ids) {
  auto first = COI_TRY(one_message(open, ids.front()));
  proto::SentMessages sent{.seq = first.seq, .message = std::move(first.message), .further = {}};
  for (auto other = ids.begin() + 1; other != ids.end(); ++other)
    sent.further.push_back(COI_TRY(one_message(open, *other)).message);
  return sent;
}

Result<proto::SentMessages> sent_messages(const OpenAccount& open, chat::MessageId id) {
  const auto all = COI_TRY(open.reader->album(id));
  return sent_messages(open, all.empty() ? std::vector{id} : all);
}

namespace {

template <class Make>
void with_message(const OpenAccount& open, proto::MessageId message, const Responder<proto::OneMessage>& responder,
                  Make make_action) {
  const chat::MessageId id(message.value);
  if (const auto found = one_message(open, id); !found) return responder(std::unexpected(found.error()));
  act<proto::OneMessage>(open, make_action(id), responder,
                         [id](const OpenAccount& again, const store::Changes&) { return one_message(again, id); });
}

// The message that a request with this token has sent before, to anybody or in the group that is named (C-58).
Result<std::optional<chat::MessageId>> sent_before(const OpenAccount& open, const std::string& token,
                                                   const proto::ChatName& name) {
  if (token.empty()) return std::nullopt;
  if (const auto sent = COI_TRY(open.reader->sent(open.account->id_of_token(token)))) return sent;
  const auto meant = find_destination(open, name);
  if (!meant || !meant->chat) return std::nullopt;
  for (const auto& group : COI_TRY(open.reader->group_ids(*meant->chat)))
    if (const auto sent = COI_TRY(open.reader->sent(open.account->id_of_token(token, group)))) return sent;
  return std::nullopt;
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

// What was sent as it is once the server took all of it. `waiting`: of these the last is waited for next.
void reply_when_sent(const OpenAccount& open, chat::MessageId id, std::vector<chat::MessageId> waiting,
                     const Sent& responder) {
  const auto next = waiting.back();
  waiting.pop_back();
  open.account->when_sent(
      next, [call = open.call, account = open.id, id, waiting = std::move(waiting), responder](const Result<>& sent) {
        if (!sent) return responder(std::unexpected(sent.error()));
        open_account(call, account, Purpose::follow_up, [id, waiting, responder](Result<OpenAccount> again) {
          if (!again) return responder(std::unexpected(again.error()));
          if (waiting.empty()) return responder(sent_messages(*again, id));
          reply_when_sent(*again, id, waiting, responder);
        });
      });
}

void reply_when_sent(const OpenAccount& open, chat::MessageId id, const Sent& responder) {
  auto all = open.reader->album(id);
  if (!all) return responder(std::unexpected(all.error()));
  std::ranges::reverse(*all);  // they go in their order
  reply_when_sent(open, id, *std::move(all), responder);
}

}  // namespace

void send_letter(const OpenAccount& open, const LetterRequest& params,
                 const std::function<Result<chat::SendMessage>()>& make, const Sent& responder) {
  constexpr std::size_t longest_token = 256;
  if (params.token.size() > longest_token)
    return responder(fail(ErrorKind::invalid, fmt::format("a token has at most {} octets", longest_token)));
  const auto answer = [wait = params.wait, responder](const OpenAccount& again, chat::MessageId id) {
    if (wait) return reply_when_sent(again, id, responder);
    responder(sent_messages(again, id));
  };
  const auto before = sent_before(open, params.token, params.chat);
  if (!before) return responder(std::unexpected(before.error()));
  if (*before) {
    if (const auto checked = check_repetition(open, **before, params.chat); !checked)
      return responder(std::unexpected(checked.error()));
    return answer(open, **before);
  }
  auto action = make();
  if (!action) return responder(std::unexpected(action.error()));
  open.account->act(std::move(*action), [call = open.call, account = open.id, token = params.token, name = params.chat,
                                         answer, responder](const Result<store::Changes>& changes) {
    if (!changes) return responder(std::unexpected(changes.error()));
    const auto added = changes->added.empty() ? std::optional<chat::MessageId>() : changes->added.front();
    open_account(call, account, Purpose::follow_up, [added, token, name, answer, responder](Result<OpenAccount> again) {
      if (!again) return responder(std::unexpected(again.error()));
      // Two requests of one token at once: the other one sent it.
      const auto id = added ? added : sent_before(*again, token, name).value_or(std::nullopt);
      if (!id) return responder(fail(ErrorKind::internal, "the message was not stored"));
      answer(*again, *id);
    });
  });
}

namespace {

void send_now(const OpenAccount& open, const proto::SendMessage& params,
              const Responder<proto::SentMessages>& responder) {
  send_letter(
      open, {.chat = params.chat, .token = params.token, .wait = params.wait}, [&] { return action_of(open, params); },
      responder);
}

}  // namespace

Result<proto::OneMessage> get_message(const OpenAccount& open, const proto::GetMessage& params) {
  return one_message(open, chat::MessageId(params.message.value));
}

void send_message(const OpenAccount& open, const proto::SendMessage& params,
                  const Responder<proto::SentMessages>& responder) {
  // What was sent before with this token needs no files.
  const auto before = sent_before(open, params.token, params.chat);
  if (!before) return responder(std::unexpected(before.error()));
  if (!params.forward || *before) return send_now(open, params, responder);
  fetch_files(open, chat::MessageId(params.forward->value), [params, responder](const Result<OpenAccount>& again) {
    if (!again) return responder(std::unexpected(again.error()));
    send_now(*again, params, responder);
  });
}

void answer_receipt(const OpenAccount& open, const proto::AnswerReceipt& params,
                    const Responder<proto::OneMessage>& responder) {
  with_message(open, params.message, responder, [](chat::MessageId id) { return chat::AnswerReceipt{id}; });
}

void react(const OpenAccount& open, const proto::React& params, const Responder<proto::Reacted>& responder) {
  const chat::MessageId id(params.message.value);
  act_on_message(open, id, chat::React{.message = id, .emoji = params.emoji, .to_plain = params.to_plain},
                 params.to_plain ? Reach::everybody : Reach::chat_programs, responder);
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
