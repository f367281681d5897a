#include "calendar/library.h"

#include <cstdlib>

#include <libical/ical.h>

namespace coi::calendar {
namespace {

std::string taken(char* text) {
  const std::unique_ptr<char, decltype(&icalmemory_free_buffer)> owned(text, icalmemory_free_buffer);
  return text == nullptr ? std::string() : std::string(text);
}

std::string copied(const char* text) { return text == nullptr ? std::string() : std::string(text); }

}  // namespace

void FreeComponent::operator()(icalcomponent_impl* component) const { icalcomponent_free(component); }

Library::Library() {
  icalerror_set_errors_are_fatal(0);
  icaltimezone_set_builtin_tzdata(0);  // the system's, which is kept up to date
}

Library::Buffers::~Buffers() { icalmemory_free_ring(); }

Guarded<Library>& Library::one() {
  static Guarded<Library> library;
  return library;
}

Component parse(const std::string& object) { return Component(icalparser_parse_string(object.c_str())); }

std::string as_text(icalcomponent_impl* component) { return taken(icalcomponent_as_ical_string_r(component)); }

std::string value_text(const icalproperty_impl* property) {
  if (property == nullptr) return {};
  const auto* value = icalproperty_get_value(property);
  if (value == nullptr) return {};
  switch (icalvalue_isa(value)) {
    case ICAL_TEXT_VALUE:
      return copied(icalvalue_get_text(value));
    case ICAL_X_VALUE:
      return copied(icalvalue_get_x(value));
    case ICAL_URI_VALUE:
      return copied(icalvalue_get_uri(value));
    case ICAL_CALADDRESS_VALUE:
      return copied(icalvalue_get_caladdress(value));
    default:
      return taken(icalvalue_as_ical_string_r(value));
  }
}

std::string tzid_of(icalproperty_impl* property) {
  auto* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  return parameter == nullptr ? std::string() : copied(icalparameter_get_tzid(parameter));
}

}  // namespace coi::calendar
