// What a message holds, through the interface: formatted text, photos, voice notes, places, cards, forwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>
#include <utility>
#include <vector>

#include "peer.h"

namespace coi::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// One white pixel, and a comment that tells a place.
const std::string pixel("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF", 19);
const std::string pixel_end(",\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;", 16);
const std::string comment("!\xFE\x0ASecretTown\0", 14);

std::string octets_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Letters : public testing::Test {
 protected:
  Letters() {
    place_.add_account("A", "alice@example.org");
    place_.befriend("A", "dora@example.com", "Dora");
    peer_.emplace(place_.server());
  }

  json::Object sent(json::Object params) {
    params["chat"] = "bob@example.net";
    return peer_->result("send_message", std::move(params)).at("message").as_object();
  }
  json::Object refused(json::Object params) {
    params["chat"] = "bob@example.net";
    return peer_->error("send_message", std::move(params));
  }
  std::string file(const std::string& name, const std::string& octets) {
    const auto path = place_.data() / name;
    std::ofstream(path, std::ios::binary) << octets;
    return path.string();
  }
  json::Object first_file(const json::Object& message) {
    return message.at("attachments").as_array().at(0).as_object();
  }
  std::string saved(const json::Object& message) {
    return octets_of(word(peer_->result("save_attachment", {{"attachment", first_file(message).at("id")}}).at("path")));
  }

  Place place_;
  std::optional<Peer> peer_;
};

TEST_F(Letters, P08TextIsStoredAsTypedAndShownInBlocks) {
  const auto message = sent({{"text", "**Bold** [mail.example](https://evil.example/)\n\n- a\n- b"}});
  EXPECT_EQ(word(message.at("text")), "**Bold** [mail.example](https://evil.example/)\n\n- a\n- b");
  EXPECT_TRUE(message.at("formatted").as_bool());
  EXPECT_THAT(word(message.at("plain")), HasSubstr("Bold mail.example (https://evil.example/)"));
  const auto answer = peer_->result("blocks", {{"message", message.at("id")}});
  const auto& blocks = answer.at("blocks").as_array();
  ASSERT_EQ(blocks.size(), 3U);
  const auto& runs = blocks.at(0).at("runs").as_array();
  EXPECT_EQ(json::print(runs.at(0).at("style")), "[\"bold\"]");
  EXPECT_EQ(word(runs.at(2).at("leads_to")), "evil.example");
  EXPECT_EQ(word(blocks.at(1).at("kind")), "bullet");
}

TEST_F(Letters, OfPlainTextTheBlocksAreOneParagraph) {
  const auto message = sent({{"text", "2*3*4"}});
  EXPECT_FALSE(message.at("formatted").as_bool());
  EXPECT_EQ(word(message.at("plain")), "");
  const auto answer = peer_->result("blocks", {{"message", message.at("id")}});
  EXPECT_EQ(word(answer.at("blocks").as_array().at(0).at("runs").as_array().at(0).at("text")), "2*3*4");
  EXPECT_EQ(kind(peer_->error("blocks", {{"message", 99}})), "not_found");
}

TEST_F(Letters, C79MentionsAreShownAsNames) {
  const auto message = sent({{"text", "Hi @Dora:Dora@Example.com and @all"}});
  EXPECT_EQ(json::print(message.at("mentions")), "[\"all\",\"dora@example.com\"]");
  EXPECT_EQ(word(message.at("plain")), "Hi @Dora and @all");
}

TEST_F(Letters, SearchFindsTheWordsWithoutTheirMarks) {
  sent({{"text", "**quick**ly* and _brown_"}});
  sent({{"text", "the ||fox|| *jumps*"}});
  EXPECT_EQ(peer_->result("search", {{"words", "jumps fox"}}).at("messages").as_array().size(), 1U);
}

TEST_F(Letters, PhotosLoseTheirPlaceUnlessTheUserKeepsIt) {
  const auto photo = file("photo.gif", pixel + comment + pixel_end);
  const auto without = sent({{"files", json::Array{photo}}});
  EXPECT_THAT(saved(without), Not(HasSubstr("SecretTown")));
  EXPECT_EQ(first_file(without).at("width"), 1);
  EXPECT_THAT(saved(sent({{"files", json::Array{photo}}, {"keep_place", true}})), HasSubstr("SecretTown"));
}

TEST_F(Letters, PicturesWhosePlaceCannotBeTakenOutAreRefusedAloud) {
  const auto heic = file("photo.heic", std::string("\0\0\0\x18", 4) + "ftypheic and so on");
  const auto error = refused({{"files", json::Array{heic}}});
  EXPECT_EQ(kind(error), "not_allowed");
  EXPECT_THAT(text(error), HasSubstr("photo.heic"));
  EXPECT_THAT(word(error.at("data").at("hint")), HasSubstr("keep"));
  sent({{"files", json::Array{heic}}, {"keep_place", true}});
  EXPECT_EQ(kind(refused({{"files", json::Array{file("cut.jpg", "\xFF\xD8\xFF\xE0 cut")}}})), "not_allowed");
  EXPECT_EQ(kind(refused({{"files", json::Array{file("odd.bin", "\xFF\xD8\xFF\xE0 cut")}}})), "not_allowed");
  sent({{"files", json::Array{file("words.txt", "no picture")}}});
}

TEST_F(Letters, ThumbnailsAreMadeOnceAndKeptBesideTheFile) {
  const auto message = sent({{"files", json::Array{file("photo.gif", pixel + pixel_end)}}});
  const json::Object wish{{"attachment", first_file(message).at("id")}, {"width", 100}, {"height", 0x7FFFFFFF}};
  const auto small = peer_->result("thumbnail", wish);
  EXPECT_EQ(small.at("width"), 1) << "never larger than the picture";
  const std::filesystem::path path = word(small.at("path"));
  EXPECT_EQ(path.parent_path().filename(), "blobs");
  EXPECT_THAT(path.filename().string(), HasSubstr(".128x2048."));
  const auto made = std::filesystem::last_write_time(path);
  EXPECT_EQ(word(peer_->result("thumbnail", wish).at("path")), path.string());
  EXPECT_EQ(std::filesystem::last_write_time(path), made);
}

// One pixel each, in hexadecimal digits.
const std::vector<std::pair<std::string, std::string>> small_pictures = {
    {"image/gif", "47494638396101000100800000ffffff0000002c00000000010001000002024401003b"},
    {"image/png",
     "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da636460f85f0f00"
     "02870180eb47ba920000000049454e44ae426082"},
    {"image/webp", "52494646220000005745425056503820160000003001009d012a010001000ec0fe25a400037000000000"},
    {"image/jpeg",
     "ffd8ffdb00430001010101010101010101010101010101010101010101010101010101010101010101010101010101010101"
     "010101010101010101010101010101010101010101ffc0000b080001000101011100ffc40014000001000000000000000000"
     "000000000000ffc40014100001000000000000000000000000000000ffda0008010100003f000fffd9"}};

std::string from_hex(std::string_view digits) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    octets += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return octets;
}

TEST_F(Letters, C23PicturesGoAsTheyAreAndHaveThumbnails) {
  for (const auto& [type, digits] : small_pictures) {
    const auto octets = from_hex(digits);
    const auto message = sent({{"files", json::Array{file("a." + type.substr(6), octets)}}});
    EXPECT_EQ(word(message.at("kind")), "media");
    const auto picture = first_file(message);
    EXPECT_EQ(word(picture.at("type")), type);
    EXPECT_EQ(picture.at("width"), 1) << type;
    EXPECT_EQ(saved(message), octets) << type << ": what the user chose is not written anew";
    const auto small = peer_->result("thumbnail", {{"attachment", picture.at("id")}, {"width", 64}, {"height", 64}});
    EXPECT_THAT(word(small.at("type")), testing::AnyOf("image/jpeg", "image/png")) << type;
    EXPECT_EQ(small.at("width"), 1);
  }
}

TEST_F(Letters, C23SoundsAndFilmsAreWhatTheyAreUsedAs) {
  for (const auto& [name, type, heard] : {std::tuple("a.m4a", "audio/mp4", "audio/mp4"),
                                          {"a.aac", "audio/aac", "audio/aac"},
                                          {"a.weba", "audio/webm", "audio/webm"},
                                          {"a.webm", "video/webm", "audio/webm"},
                                          {"a.mp4", "video/mp4", "audio/mp4"}}) {
    const auto path = file(name, "no sound at all");
    const auto shown = sent({{"files", json::Array{path}}});
    EXPECT_EQ(word(shown.at("kind")), "media");
    EXPECT_EQ(word(first_file(shown).at("type")), type);
    const auto note = sent({{"files", json::Array{path}}, {"voice", true}, {"duration", 1000}});
    EXPECT_EQ(word(note.at("kind")), "voice");
    EXPECT_EQ(word(first_file(note).at("type")), heard);
    EXPECT_EQ(kind(peer_->error("thumbnail", {{"attachment", first_file(note).at("id")}, {"width", 9}, {"height", 9}})),
              "invalid");
  }
}

TEST_F(Letters, ThumbnailsOfWhatIsNoPictureAreRefused) {
  const auto message = sent({{"files", json::Array{file("words.txt", "no picture")}}});
  const auto id = first_file(message).at("id");
  EXPECT_EQ(kind(peer_->error("thumbnail", {{"attachment", id}, {"width", 10}, {"height", 10}})), "invalid");
  EXPECT_EQ(kind(peer_->error("thumbnail", {{"attachment", id}, {"width", 0}, {"height", 10}})), "invalid");
  EXPECT_EQ(kind(peer_->error("thumbnail", {{"attachment", 99}, {"width", 1}, {"height", 10}})), "not_found");
  // A screen of 65535 x 65535 in a few octets.
  auto lying = pixel + pixel_end;
  lying.replace(6, 4, "\xFF\xFF\xFF\xFF");
  const auto large = sent({{"files", json::Array{file("large.gif", lying)}}});
  EXPECT_EQ(first_file(large).at("width"), 0);
  peer_->error("thumbnail", {{"attachment", first_file(large).at("id")}, {"width", 10}, {"height", 10}});
}

TEST_F(Letters, D31VoiceNotesSayHowLongTheyLast) {
  const auto sound = file("note.ogg", "no sound at all");
  const auto message = sent({{"files", json::Array{sound}}, {"voice", true}, {"duration", 2500}});
  EXPECT_EQ(word(message.at("kind")), "voice");
  EXPECT_EQ(message.at("duration"), 2500);
  EXPECT_EQ(sent({{"files", json::Array{sound}}, {"voice", true}}).at("duration"), 0);
  EXPECT_EQ(kind(refused({{"files", json::Array{sound, sound}}, {"voice", true}})), "invalid");
  EXPECT_EQ(kind(refused({{"files", json::Array{file("a.txt", "x")}}, {"voice", true}})), "invalid");
  EXPECT_EQ(kind(refused({{"text", "x"}, {"voice", true}})), "invalid");
}

TEST_F(Letters, C81PlacesHaveCoordinates) {
  const auto message = sent({{"location", {{"latitude", 52.52}, {"longitude", -13.405}}}, {"text", "Here"}});
  EXPECT_EQ(word(message.at("kind")), "location");
  EXPECT_EQ(message.at("location").at("longitude"), -13.405);
  EXPECT_EQ(word(message.at("text")), "Here\n📍 52.52, -13.405");
  EXPECT_EQ(kind(refused({{"location", {{"latitude", 152.52}, {"longitude", 0}}}})), "invalid");
  EXPECT_EQ(kind(refused({{"location", {{"latitude", 1}, {"longitude", 0}}}, {"voice", true}})), "invalid");
}

TEST_F(Letters, D33CardsAreOfTheVersionThatThePeerReads) {
  const auto message = sent({{"card", "Dora"}});
  EXPECT_EQ(word(message.at("kind")), "contact");
  EXPECT_EQ(word(message.at("contact").at("name")), "Dora");
  EXPECT_EQ(word(message.at("contact").at("addr")), "dora@example.com");
  EXPECT_THAT(saved(message), HasSubstr("VERSION:3.0\r\n")) << "nobody knows what Bob's program is";
  const auto own = peer_->result("send_message", {{"chat", "self"}, {"card", "dora@example.com"}});
  EXPECT_THAT(saved(own.at("message").as_object()), HasSubstr("VERSION:4.0\r\n"));
  EXPECT_EQ(kind(refused({{"card", "Nobody"}})), "not_found");
}

TEST_F(Letters, D14ForwardsTakeTextAndFilesAlong) {
  const auto first = sent({{"text", "**See**"}, {"files", json::Array{file("a.txt", "words")}}});
  const auto message = peer_->result("send_message", {{"chat", "dora@example.com"}, {"forward", first.at("id")}})
                           .at("message")
                           .as_object();
  EXPECT_TRUE(message.at("forwarded").as_bool());
  EXPECT_EQ(word(message.at("text")), "**See**");
  EXPECT_TRUE(message.at("formatted").as_bool());
  EXPECT_EQ(word(message.at("kind")), "media");
  EXPECT_EQ(saved(message), "words");
  EXPECT_FALSE(first.at("forwarded").as_bool());
  EXPECT_EQ(kind(refused({{"forward", 99}})), "not_found");
  EXPECT_EQ(kind(refused({{"forward", first.at("id")}, {"text", "x"}})), "invalid");
}

TEST_F(Letters, ForwardsKeepWhatAMessageIs) {
  const auto place = sent({{"location", {{"latitude", 1.5}, {"longitude", 2}}}});
  const auto message = sent({{"forward", place.at("id")}});
  EXPECT_EQ(word(message.at("kind")), "location");
  EXPECT_EQ(word(message.at("text")), "📍 1.5, 2");
  EXPECT_EQ(word(sent({{"forward", sent({{"card", "Dora"}}).at("id")}}).at("kind")), "contact");
}

TEST(AnnouncedFiles, D34AreAwaitedAndNotToBeHad) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "dora@example.com", "Dora");
  place.change("A", {chat::PutMessage{.key = {"second@x", "dora@example.com"},
                                      .other_ids = {"first@x"},
                                      .half = chat::Half::announcement,
                                      .chat = chat::WithPerson{"dora@example.com"},
                                      .arrived_ms = 1000,
                                      .kind = chat::MessageKind::media,
                                      .text = "The sea",
                                      .attachments = {{.name = "sea.jpg", .type = "image/jpeg", .size = 300'000}}}});
  Peer peer(place.server());
  const auto answer = peer.result("messages", {{"chat", "dora@example.com"}});
  const auto message = answer.at("messages").as_array().at(0).as_object();
  EXPECT_EQ(word(message.at("kind")), "media");
  const auto file = message.at("attachments").as_array().at(0).as_object();
  EXPECT_TRUE(file.at("awaited").as_bool());
  EXPECT_EQ(word(file.at("state")), "remote");
  EXPECT_EQ(file.at("size"), 300'000);
  for (const auto& error :
       {peer.error("save_attachment", {{"attachment", file.at("id")}}),
        peer.error("thumbnail", {{"attachment", file.at("id")}, {"width", 9}, {"height", 9}}),
        peer.error("send_message", {{"chat", "dora@example.com"}, {"forward", message.at("id")}})}) {
    EXPECT_EQ(kind(error), "not_found");
    EXPECT_EQ(text(error), "sea.jpg has not arrived yet");
  }
}

TEST_F(Letters, C16ContactsHaveTheirStatusLine) {
  Place place;
  place.add_account("A", "alice@example.org");
  place.befriend("A", "bob@example.net", "Bob");
  place.change("A",
               {chat::LearnAddress{.addr = "bob@example.net", .status = "Gone fishing", .at_ms = 20, .rfc_id = "b"},
                chat::LearnAddress{.addr = "bob@example.net", .status = "Older", .at_ms = 10, .rfc_id = "c"}});
  Peer peer(place.server());
  const auto contacts = peer.result("contacts");
  EXPECT_EQ(word(contacts.at("contacts").as_array().at(0).at("status")), "Gone fishing");
}

}  // namespace
}  // namespace coi::api
