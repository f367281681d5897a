// What the full-text index holds of a text, and how a query asks for it. One function for both, versioned: a change of
// the rule is a new search_version, and a job rebuilds the index.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat/model.h"

namespace coi::store {

inline constexpr int search_version = 1;

// Runs of scripts without spaces between words (Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar) become overlapping pairs
// of characters, separated by spaces, since the stock tokenizer takes such a run for one word. All else stays.
std::string search_text(std::string_view text);

// An FTS5 query: every word must occur, the last character run of each as a prefix. Empty when nothing can be asked.
// With `chat` only in messages of that chat.
std::string search_query(std::string_view words, std::optional<chat::ChatId> chat = {});

// A word that no text holds, in the index of each message of the chat: FTS5 then looks for the chat like for a word.
std::string chat_word(chat::ChatId chat);

}  // namespace coi::store
