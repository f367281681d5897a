#include "audio/duration.h"

#include <taglib/fileref.h>
#include <taglib/tbytevectorstream.h>

#include "base/thrown.h"

namespace coi::audio {

std::optional<std::uint64_t> duration_ms(std::string_view octets, const std::string& name) {
  constexpr int longest_ms = 24 * 3600 * 1000;
  // The library asks a stream for its name, and looks at that first.
  class Named : public TagLib::ByteVectorStream {
   public:
    Named(const TagLib::ByteVector& data, const std::string& name) : ByteVectorStream(data), name_(name) {}
    TagLib::FileName name() const override { return name_.c_str(); }

   private:
    std::string name_;
  };
  const auto read = caught("cannot read the sound", [&]() -> Result<int> {
    Named stream(TagLib::ByteVector(octets.data(), static_cast<unsigned>(octets.size())), name);
    const TagLib::FileRef file(&stream, true, TagLib::AudioProperties::Accurate);
    const auto* properties = file.isNull() ? nullptr : file.audioProperties();
    return properties == nullptr ? 0 : properties->lengthInMilliseconds();
  });
  if (!read || *read <= 0 || *read >= longest_ms) return std::nullopt;
  return static_cast<std::uint64_t>(*read);
}

}  // namespace coi::audio
