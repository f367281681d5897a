// Pictures that the user gives for a group or for himself.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "api/method.h"

namespace coi::api {

// Makes a small one of `file`, an absolute path, and hands it to `then`, on another thread and without a reader; or
// answers with the error. Decoding takes a while and memory, as for thumbnails: one picture after another.
template <class R>
void with_small_picture(const OpenAccount& open, const std::string& file, const Responder<R>& responder,
                        std::function<void(const OpenAccount&, chat::Picture)> then) {
  if (!std::filesystem::path(file).is_absolute())
    return responder(fail(ErrorKind::invalid, fmt::format("the path of a file has to be absolute: {}", file)));
  auto later = open;
  later.reader = nullptr;  // it is another thread's
  open.call.service.errands.post(
      "pictures",
      [later = std::move(later), file, responder, then = std::move(then)] {
        auto picture = later.account->small_picture(file);
        if (!picture) return responder(std::unexpected(picture.error()));
        then(later, *std::move(picture));
      },
      open.call.client->closed());
}

}  // namespace coi::api
