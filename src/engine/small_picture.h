// Small pictures of groups: made of what the user gives or a mail brings.
#pragma once

#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "chat/model.h"

namespace coi::engine {

// image::avatar() of what the user gives, without what the file tells of its place. Errors: those of image::avatar().
Result<chat::Picture> small_picture(std::string_view octets, const Limits& limits);

// Of what came in a mail, by whomever: a JPEG of 20 kB and 512 pixels a side at most stays as it is, so that it has the
// same id on every device; of any other picture up to 4 megapixels it is small_picture(). Errors: as above.
Result<chat::Picture> received_picture(std::string_view octets, Limits limits);

}  // namespace coi::engine
