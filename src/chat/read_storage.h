// What a mail in Contacts says (C-39 to C-50, C-64, C-65). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "chat/storage.h"
#include "mime/mail.h"

namespace coi::chat {

inline constexpr std::size_t most_storage_fields = 64 * 1024;  // octets of what a rewrite keeps of a header

// nullopt: it is none of a person or group, or one whose words cannot be read (it is encrypted, say). A person without
// any address is none. Where another program wrote it, what it says was decided at its Date.
std::optional<StorageMail> read_storage(const mime::Mail& mail);

// The word of a choice in X-COI-Choices.
std::string_view word(ChoiceKind kind);

// The classes of a card's or group's properties that hold choices: a draft, the folders of the chat, and times_text()
// of the own profile. %XX stands for what HTML would not keep, and for %.
inline constexpr std::string_view draft_class = "x-coi-draft", folders_class = "x-coi-folders",
                                  times_class = "x-coi-profile-times";

}  // namespace coi::chat
