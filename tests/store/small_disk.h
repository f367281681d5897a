// A disk that can be full: the system calls by which SQLite writes fail while there is no room.
#pragma once

namespace coi::store {

class SmallDisk {
 public:
  SmallDisk() = default;
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk();

  void fill_up();
  void make_room();
};

}  // namespace coi::store
