// Values of cards and groups. Private to this room.
#pragma once

#include "html/items.h"
#include "html/microformats.h"

namespace coi::html {

// A data: URI in Base64, or, for a key, Base64 alone. nullopt: no such thing, or above most_photo.
std::optional<Data> picture_of(std::string_view url);
std::optional<Data> key_of(std::string_view text);
std::string url_of(const Data& data);

// "" if it is none.
std::string email_of(std::string_view text);
std::string birthday_of(std::string_view text);
// The words between commas, trimmed, each once, none empty; at most most_emails.
std::vector<std::string> words_of(std::string_view text);

Notification notification_of(std::string_view text);
std::string notification_text(const Notification& notification);

// Collects what nobody else takes of an item, as far as it does not become too much, as it was written.
class Others {
 public:
  void add(std::string_view property, std::string_view value);
  // A nested item with all it holds.
  void add_item(const Outline& outline, std::size_t element, std::size_t most_depth = 8);
  std::vector<Property> take() && { return std::move(properties_); }

 private:
  std::vector<Property> item(const Outline& outline, std::size_t element, std::size_t most_depth);
  bool fits(std::size_t octets);

  std::vector<Property> properties_;
  std::size_t octets_ = 0;
};

std::string write_properties(const std::vector<Property>& properties);

}  // namespace coi::html
