// The words with which a struct or an enum becomes known to the codec. They stand behind the type, in its namespace:
//
//   enum class Presence { online, away };
//   BOOST_DESCRIBE_ENUM(Presence, online, away)
//
//   struct SendMessage {
//     ChatId chat;
//     std::string text;
//     std::optional<std::string> subject;
//     static constexpr std::string_view required[] = {"chat", "text"};
//   };
//   BOOST_DESCRIBE_STRUCT(SendMessage, (), (chat, text, subject))
//
// Cheap to include; the codec itself is in json/codec.h.
#pragma once

#include <string_view>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
