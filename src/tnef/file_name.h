// A file's name as a stranger wrote it -> one that is no path. For this room only.
#pragma once

#include "tnef/code_page.h"
#include "tnef/text.h"

namespace coi::tnef {

// `page`: of the charset of `name`, unless that is "utf-8". Without directories, or for what is no name but the words
// of a subject, with '_' for '/' and '\'; without controls and what turns the text; at most 1000 octets. "" where
// nothing is left, or only dots.
Piece clean_name(const Piece& name, CodePage page, bool is_subject);

}  // namespace coi::tnef
