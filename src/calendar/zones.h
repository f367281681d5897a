// How far a zone's clocks are from UTC. The inside of invitation.h; under Library::with() alone.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"

struct icalcomponent_impl;
struct _icaltimezone;

namespace coi::calendar {

class Zones {
 public:
  // `object`: a VCALENDAR, which has to outlive this.
  explicit Zones(icalcomponent_impl* object) : object_(object) {}

  // When the clocks of the zone show that. An hour that they show twice is the later one, standard time; one that they
  // leave out is read with the offset from before. nullopt: the zone is not known (read_invitation() says when), or the
  // year is not in 1970 … 2200.
  std::optional<UnixMs> time(const std::string& tzid, std::chrono::local_seconds local);
  // The opposite.
  std::optional<std::chrono::local_seconds> local(const std::string& tzid, UnixMs time);

  // The object's own VTIMEZONE, if its rules are such as zones have; nullptr if there is none.
  icalcomponent_impl* own(const std::string& tzid) const;

 private:
  struct FreeZone {
    void operator()(_icaltimezone* zone) const;
  };
  struct Zone {
    bool is_utc = false;
    std::unique_ptr<_icaltimezone, FreeZone> own;
    _icaltimezone* system = nullptr;  // libical's
  };

  const Zone& find(const std::string& tzid);
  std::optional<std::chrono::seconds> offset(const std::string& tzid, std::chrono::local_seconds local);

  icalcomponent_impl* object_;
  std::map<std::string, Zone> found_;
};

}  // namespace coi::calendar
