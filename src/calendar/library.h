// What libical is used through: its memory owned, and one thread at a time. The inside of invitation.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/guarded.h"

struct icalcomponent_impl;
struct icalproperty_impl;

namespace coi::calendar {

struct FreeComponent {
  void operator()(icalcomponent_impl* component) const;
};
using Component = std::unique_ptr<icalcomponent_impl, FreeComponent>;

// libical counts, keeps zones and sets how it treats errors in globals, some of them without a lock, and hands out
// buffers that it frees 2500 calls later. Made once: errors do not end the program.
class Library {
 public:
  Library();
  // Calls `use` with nobody else inside libical, and hands on what it returns.
  template <class Use>
  static auto with(Use use) {
    return one().with([&](const Library&) {
      const Buffers buffers;
      return use();
    });
  }

 private:
  struct Buffers {
    ~Buffers();
  };
  static Guarded<Library>& one();
};

// Under Library::with() alone, as is all that follows. `object`: select_lines(). Empty if libical makes nothing of it.
Component parse(const std::string& object);
std::string as_text(icalcomponent_impl* component);

// Of the first property's value; "" if there is none. TEXT with its escapes undone.
std::string value_text(const icalproperty_impl* property);
// The parameter TZID, "" for none.
std::string tzid_of(icalproperty_impl* property);

}  // namespace coi::calendar
