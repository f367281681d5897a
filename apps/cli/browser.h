// The desktop's web browser.
#pragma once

#include <string>

namespace coi::cli {

// Whether this session has a display: elsewhere a browser on this machine helps nobody.
bool has_display();

// xdg-open, without waiting for it and without its words. Where it is missing nothing happens: the user has been told
// the address anyway.
void open_in_browser(const std::string& url);

}  // namespace coi::cli
