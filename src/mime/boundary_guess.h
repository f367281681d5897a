// The boundary of a multipart that names none, or one that never comes. The inside of parse().
#pragma once

#include <string_view>

namespace coi::mime {

// `body` starts at the start of a line. The boundary by the first line that begins with "--" and looks like a
// delimiter: a part's header follows, or it is the very first, or it comes again. "" if no line does; a rule, a
// signature's dashes and PGP's armour do not. One pass.
std::string_view guess_boundary(std::string_view body);

}  // namespace coi::mime
