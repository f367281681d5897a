// Mails for the scripted server.
#pragma once

#include <functional>
#include <string>

namespace coi::engine::test {

inline const std::string eve = "eve@example.com";

// The Message-ID is made of `text`, its words.
inline std::string mail(const std::string& text, const std::string& from = eve,
                        const std::string& to = "me@example.org") {
  return "From: " + from + "\r\nTo: " + to + "\r\nMessage-ID: <" + std::to_string(std::hash<std::string>{}(text)) +
         "@example.com>\r\nContent-Type: text/plain\r\n\r\n" + text + "\r\n";
}

}  // namespace coi::engine::test
