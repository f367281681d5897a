#include "base/thrown.h"

#include <exception>
#include <new>
#include <system_error>

namespace coi::inline base {

Error thrown_error() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {ErrorKind::full, "the memory is exhausted", "end other programs; nothing was lost"};
  } catch (const std::system_error& error) {  // std::filesystem::filesystem_error is one
    const auto code = error.code();
    // No thread can be made: std::errc::resource_unavailable_try_again.
    const bool full = code == std::errc::no_space_on_device || code == std::errc::resource_unavailable_try_again ||
                      code == std::errc::not_enough_memory;
    return {full ? ErrorKind::full : ErrorKind::io, error.what()};
  } catch (const std::exception& error) {
    return {ErrorKind::internal, error.what()};
  } catch (...) {
    return {ErrorKind::internal, "an unknown exception"};
  }
}

}  // namespace coi::inline base
