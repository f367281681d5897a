// What a message holds, to be shown or kept: its text in blocks, its HTML made safe, its mail as it came, its files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/message.h"

namespace coi::proto {

struct Original {
  std::string mail;  // one character, U+0000 to U+00FF, for each octet
};
BOOST_DESCRIBE_STRUCT(Original, (), (mail))

struct GetOriginal {
  static constexpr std::string_view method = "original";
  using Result = Original;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(GetOriginal, (), (account, message))

struct SavedAttachment {
  Attachment attachment;
  std::string path;  // of the file on this machine; it belongs to the daemon and is not to be changed
};
BOOST_DESCRIBE_STRUCT(SavedAttachment, (), (attachment, path))

struct SaveAttachment {
  static constexpr std::string_view method = "save_attachment";
  using Result = SavedAttachment;

  std::string account;
  AttachmentId attachment;
  static constexpr std::string_view required[] = {"attachment"};
};
BOOST_DESCRIBE_STRUCT(SaveAttachment, (), (account, attachment))

enum class TextStyle : std::uint8_t { bold, italic, strike, code, spoiler };
BOOST_DESCRIBE_ENUM(TextStyle, bold, italic, strike, code, spoiler)

struct TextRun {
  std::string text;  // may hold line ends
  std::vector<TextStyle> style;
  std::string link;      // http, https or mailto; empty: none
  std::string leads_to;  // to be shown behind a link whose text names another host; empty: nothing
  bool mention = false;  // of the person whom the link is to, or of everybody
};
BOOST_DESCRIBE_STRUCT(TextRun, (), (text, style, link, leads_to, mention))

enum class BlockKind : std::uint8_t { paragraph, code, bullet, numbered };
BOOST_DESCRIBE_ENUM(BlockKind, paragraph, code, bullet, numbered)

struct TextBlock {
  BlockKind kind = BlockKind::paragraph;
  std::uint64_t quote = 0;   // how often quoted; at most 8
  std::uint64_t level = 0;   // of a list's item: 1 to 4
  bool first = false;        // the item begins a list
  std::uint32_t number = 0;  // of a numbered item
  std::string language;      // of code; empty: not said
  std::vector<TextRun> runs;
};
BOOST_DESCRIBE_STRUCT(TextBlock, (), (kind, quote, level, first, number, language, runs))

struct TextBlocks {
  std::int64_t seq = 0;
  std::vector<TextBlock> blocks;  // one below the other
};
BOOST_DESCRIBE_STRUCT(TextBlocks, (), (seq, blocks))

struct GetBlocks {
  static constexpr std::string_view method = "blocks";
  using Result = TextBlocks;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(GetBlocks, (), (account, message))

struct SafeView {
  std::string html;           // what stands in a body: no scripts, forms, remote loads; pictures of the mail as data:
  std::uint64_t blocked = 0;  // remote things that were left out
};
BOOST_DESCRIBE_STRUCT(SafeView, (), (html, blocked))

struct GetSafeView {
  static constexpr std::string_view method = "safe_view";
  using Result = SafeView;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(GetSafeView, (), (account, message))

struct Thumbnail {
  std::string path;  // of the file on this machine; it belongs to the daemon and may be gone after a day
  std::string type;  // image/jpeg or image/png
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
BOOST_DESCRIBE_STRUCT(Thumbnail, (), (path, type, width, height))

struct GetThumbnail {
  static constexpr std::string_view method = "thumbnail";
  using Result = Thumbnail;

  std::string account;
  AttachmentId attachment;
  std::uint32_t width =
      0;  // pixels in which it has room; rounded up to 32, 64 … 2048, so it may have to be scaled down
  std::uint32_t height = 0;
  static constexpr std::string_view required[] = {"attachment", "width", "height"};
};
BOOST_DESCRIBE_STRUCT(GetThumbnail, (), (account, attachment, width, height))

}  // namespace coi::proto
