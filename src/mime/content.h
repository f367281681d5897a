// What the Content-* fields of a part say, and its body decoded by them. The inside of parse().
#pragma once

#include <string_view>

#include "mime/mail.h"
#include "mime/transfer.h"

namespace coi::mime {

// Sets type, params, disposition, disposition_params, filename and content_id from part.headers.
void describe_content(Part& part, std::string_view default_type);

// Sets filename from both lists of parameters.
void name_file(Part& part);

Transfer content_transfer(const Part& part);

// Sets body, size, truncated, and as the children of a plain text the files that stand uuencoded in it, at most so
// many.
void fill_body(Part& part, Transfer transfer, std::string_view encoded, const Limits& limits, std::size_t most_files);

// Of a part whose body holds its octets: makes it a text of this type.
void make_text(Part& part, std::string_view type, const Limits& limits);

}  // namespace coi::mime
