// What is in a message: formatted text, HTML, pictures.
#include <fmt/format.h>

#include "api/methods.h"
#include "engine/original_view.h"

namespace coi::api {
namespace {

std::vector<proto::TextStyle> styles_of(const chat::Style& style) {
  std::vector<proto::TextStyle> styles;
  if (style.bold) styles.push_back(proto::TextStyle::bold);
  if (style.italic) styles.push_back(proto::TextStyle::italic);
  if (style.strike) styles.push_back(proto::TextStyle::strike);
  if (style.code) styles.push_back(proto::TextStyle::code);
  if (style.spoiler) styles.push_back(proto::TextStyle::spoiler);
  return styles;
}

proto::BlockKind kind_of(chat::BlockKind kind) {
  switch (kind) {
    case chat::BlockKind::code:
      return proto::BlockKind::code;
    case chat::BlockKind::bullet:
      return proto::BlockKind::bullet;
    case chat::BlockKind::numbered:
      return proto::BlockKind::numbered;
    case chat::BlockKind::paragraph:
      break;
  }
  return proto::BlockKind::paragraph;
}

proto::TextBlock block_of(const chat::Block& block) {
  proto::TextBlock out{.kind = kind_of(block.kind),
                       .quote = block.quote,
                       .level = block.level,
                       .first = block.first,
                       .number = block.number,
                       .language = block.language,
                       .runs = {}};
  for (const auto& run : block.runs)
    out.runs.push_back({.text = run.text,
                        .style = styles_of(run.style),
                        .link = run.link,
                        .leads_to = run.leads_to,
                        .mention = run.mention});
  return out;
}

}  // namespace

Result<proto::TextBlocks> get_blocks(const OpenAccount& open, const proto::GetBlocks& params) {
  const chat::MessageId id(params.message.value);
  const auto found = COI_TRY(open.reader->blocks(id));
  if (!found.value) return no_message(id);
  proto::TextBlocks answer{.seq = found.seq, .blocks = {}};
  for (const auto& block : *found.value) answer.blocks.push_back(block_of(block));
  return answer;
}

void get_safe_view(const OpenAccount& open, const proto::GetSafeView& params,
                   const Responder<proto::SafeView>& responder) {
  const chat::MessageId id(params.message.value);
  const auto found = open.reader->message(id);
  if (!found) return responder(std::unexpected(found.error()));
  if (!found->value) return responder(no_message(id));
  open.account->fetch_original(id, [call = open.call, responder](const Result<std::string>& mail) {
    if (!mail) return responder(std::unexpected(mail.error()));
    if (!call.client->takes_answers() || !call.service.unread->has_room())
      return responder(fail(ErrorKind::limit, "too many answers wait to be read", "read them, then ask again"));
    auto view = engine::original_view(*mail, call.service.environment.limits);
    if (!view) return responder(std::unexpected(view.error()));
    responder(proto::SafeView{.html = std::move(view->html), .blocked = view->blocked});
  });
}

void get_thumbnail(const OpenAccount& open, const proto::GetThumbnail& params,
                   const Responder<proto::Thumbnail>& responder) {
  const chat::AttachmentId id(params.attachment.value);
  open.account->fetch_preview(id, [call = open.call, width = params.width, height = params.height,
                                   responder](const Result<std::filesystem::path>& blob) {
    if (!blob) return responder(std::unexpected(blob.error()));
    // Decoding takes a while and memory: it holds up neither what others read nor the connections, and one picture has
    // its turn after another.
    call.service.errands.post(
        "pictures",
        [call, blob = *blob, width, height, responder] {
          const auto made = engine::thumbnail_of(blob, width, height, call.service.environment.limits);
          if (!made) return responder(std::unexpected(made.error()));
          responder(proto::Thumbnail{
              .path = made->path.string(), .type = made->type, .width = made->width, .height = made->height});
        },
        call.client->closed());
  });
}

}  // namespace coi::api
