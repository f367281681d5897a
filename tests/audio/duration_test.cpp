// How long sounds last.
#include <gtest/gtest.h>

#include "audio/duration.h"

namespace coi::audio {
namespace {

std::string number(std::uint32_t value, int octets) {
  std::string out;
  for (int i = 0; i < octets; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

// PCM, 8000 samples a second of 16 bits, one channel.
std::string wav(std::uint32_t samples) {
  const auto data = samples * 2;
  return "RIFF" + number(36 + data, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) + number(1, 2) + number(8000, 4) +
         number(16000, 4) + number(2, 2) + number(16, 2) + "data" + number(data, 4) + std::string(data, '\0');
}

TEST(Duration, D31IsReadFromTheContainer) {
  EXPECT_EQ(duration_ms(wav(4000), "note.wav"), 500U);
  EXPECT_EQ(duration_ms(wav(80'000), "note.wav"), 10'000U);
}

TEST(Duration, OfWhatIsNoSoundIsNotKnown) {
  EXPECT_EQ(duration_ms("", "note.wav"), std::nullopt);
  EXPECT_EQ(duration_ms("Hello", "note.mp3"), std::nullopt);
  EXPECT_EQ(duration_ms(std::string(100'000, '\xFF'), "note.ogg"), std::nullopt);
  const auto whole = wav(1000);
  for (std::size_t length = 0; length < 100; ++length)
    static_cast<void>(duration_ms(whole.substr(0, length), "note.wav"));
}

// A few samples that claim to be many hours.
TEST(Duration, OfMoreThanADayIsNotBelieved) {
  auto lying = wav(8);
  lying.replace(28, 4, number(1, 4));  // octets a second
  lying.replace(40, 4, number(0x7FFFFFFF, 4));
  lying.replace(4, 4, number(0x7FFFFFFF, 4));
  const auto read = duration_ms(lying, "note.wav");
  EXPECT_TRUE(!read || *read < 24ULL * 3600 * 1000);
}

}  // namespace
}  // namespace coi::audio
