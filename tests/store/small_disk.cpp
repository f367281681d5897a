#include "small_disk.h"

#include <sqlite3.h>
#include <sys/types.h>

#include <cerrno>

namespace coi::store {
namespace {

// SQLite's file layer lets tests stand in for the system calls it makes (sqlite3_vfs::xSetSystemCall).
template <class Offset>
ssize_t no_room(int, const void*, std::size_t, Offset) {
  errno = ENOSPC;
  return -1;
}

void stand_in(bool standing) {
  auto* layer = sqlite3_vfs_find("unix");
  const auto set = [&](const char* name, sqlite3_syscall_ptr call) {
    layer->xSetSystemCall(layer, name, standing ? call : nullptr);
  };
  set("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(no_room<off_t>));
  set("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(no_room<off64_t>));
}

}  // namespace

SmallDisk::~SmallDisk() { make_room(); }
void SmallDisk::fill_up() { stand_in(true); }
void SmallDisk::make_room() { stand_in(false); }

}  // namespace coi::store
