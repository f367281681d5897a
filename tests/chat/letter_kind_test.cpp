// What a message is besides words and files, written and read: places, contacts, voice notes, forwards, albums, status
// lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/compose.h"
#include "chat/decide_parts.h"
#include "chat/place.h"
#include "mails.h"
#include "mime/vcard.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

PeerFacts peer(PeerClass peer_class, std::string addr = "bob@example.net") {
  const bool chat = peer_class == PeerClass::coi || peer_class == PeerClass::delta;
  return {.addr = std::move(addr), .peer_class = peer_class, .chat_ms = chat ? now - day : 0, .known = true};
}

SendFacts to(std::vector<PeerFacts> peers) {
  return {.rfc_id = "chat$new@example.org",
          .chat = ChatFacts{.id = ChatId{1}, .ref = WithPerson{"bob@example.net"}, .peers = std::move(peers)}};
}

mime::Mail mail_to(const SendMessage& send, const std::vector<PeerFacts>& peers = {peer(PeerClass::coi)}) {
  return parsed(written(compose_message(send, alice(), to(peers), now).tree));
}

Letter letter_of(const mime::Mail& mail) { return read_mail(mail).letter.value(); }
Letter letter_of(std::string_view bytes) { return read_text(bytes).letter.value(); }

std::string field(const mime::Mail& mail, std::string_view name) {
  const auto* value = mail.root.header(name);
  return value == nullptr ? "(none)" : *value;
}

SendMessage at(Position position, std::string text = "") {
  auto send = says(std::move(text));
  send.details.position = position;
  return send;
}

OutgoingFile file(std::string name, std::string type, std::string bytes = "octets") {
  return {.name = std::move(name), .type = std::move(type), .blob = "", .bytes = std::move(bytes)};
}

std::string from_chat(std::string_view fields, std::string_view body) {
  return from_bob("Chat-Version: 1.0\n" + std::string(fields), body);
}

// ---- places ----

TEST(Places, C81AreSentAsTextAndMarkedHtml) {
  const auto mail = mail_to(at({52.52, -13.405}, "Meet <here>"));
  EXPECT_THAT(types_of(mail.root), ElementsAre("multipart/alternative", "text/plain", "text/html"));
  EXPECT_EQ(mail.root.children[0].body, "Meet <here>\n📍 52.52, -13.405\n");
  EXPECT_EQ(*mail.root.children[1].header("Chat-Content"), "location");
  EXPECT_THAT(mail.root.children[1].body, HasSubstr("<p>Meet &lt;here&gt;</p><p class=\"h-geo\">"));
  EXPECT_THAT(mail.root.children[1].body, HasSubstr("<span class=\"p-latitude\">52.52</span>"));
  const auto letter = letter_of(mail);
  EXPECT_EQ(letter.kind, MessageKind::location);
  EXPECT_EQ(letter.details.position, (Position{52.52, -13.405}));
  EXPECT_EQ(letter.text, "Meet <here>\n📍 52.52, -13.405");
  EXPECT_TRUE(letter.attachments.empty());
  EXPECT_EQ(read_mail(mail).subject, "Chat: Meet <here> 📍 52.52, -13.405");
}

TEST(Places, D32KmlGoesOnlyWhereDeltaChatReadsIt) {
  for (const auto other : {PeerClass::coi, PeerClass::plain, PeerClass::unknown})
    EXPECT_THAT(types_of(mail_to(at({1, 2}), {peer(other)}).root), Not(testing::Contains(HasSubstr("kml"))));
  const auto mail = mail_to(at({52.52, 13.405}), {peer(PeerClass::coi), peer(PeerClass::delta, "dora@example.com")});
  const auto& kml = mail.root.children.at(1);
  EXPECT_EQ(kml.filename, "message.kml");
  EXPECT_EQ(kml.type, "application/vnd.google-earth.kml+xml");
  EXPECT_THAT(kml.body, HasSubstr("<Point><coordinates>13.405,52.52</coordinates></Point>"));
  EXPECT_THAT(kml.body, HasSubstr("<when>2026-11-24T04:06:42Z</when>"));
  const auto letter = letter_of(mail);
  EXPECT_EQ(letter.details.position, (Position{52.52, 13.405}));
  EXPECT_TRUE(letter.attachments.empty());
}

const std::string kml_head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><kml xmlns=\"x\"><Document addr=\"bob@example.net\">";

std::string with_kml(std::string_view name, std::string_view kml, std::string_view text = "POI",
                     std::string_view version = "Chat-Version: 1.0\n") {
  return from_bob(fmt::format("{}Content-Type: multipart/mixed; boundary=b\n", version),
                  fmt::format("--b\n\n{}\n--b\nContent-Type: application/vnd.google-earth.kml+xml; charset=\"utf-8\"\n"
                              "Content-Disposition: attachment; filename=\"{}\"\n\n{}\n--b--\n",
                              text, name, kml));
}

TEST(Places, D32IsReadAsDeltaChatSendsIt) {
  const auto letter = letter_of(with_kml(
      "message.kml", kml_head + "<Placemark><Timestamp><when>2026-11-24T04:07:01Z</when></Timestamp><Point>"
                                "<coordinates>13.405,52.52</coordinates></Point></Placemark></Document></kml>"));
  EXPECT_EQ(letter.kind, MessageKind::location);
  EXPECT_EQ(letter.details.position, (Position{52.52, 13.405}));
  EXPECT_EQ(letter.text, "POI");
  EXPECT_TRUE(letter.attachments.empty());
}

TEST(Places, D32ALiveTrackShowsNoMessage) {
  const auto track = kml_head +
                     "<Placemark><Timestamp><when>2026-11-24T04:07:01Z</when></Timestamp><Point>"
                     "<coordinates accuracy=\"3\">13.4,52.5</coordinates></Point></Placemark></Document></kml>";
  EXPECT_FALSE(read_text(with_kml("location.kml", track, "")).letter);
  const auto letter = letter_of(with_kml("location.kml", track, "On my way"));
  EXPECT_EQ(letter.text, "On my way");
  EXPECT_EQ(letter.kind, MessageKind::text);
  EXPECT_TRUE(letter.attachments.empty());
}

// An export of a map is a file, whatever it is called.
TEST(Places, D32AFileOfThatNameWithoutTimesIsAFile) {
  const auto kml = kml_head + "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>";
  const auto letter = letter_of(with_kml("location.kml", kml, ""));
  ASSERT_EQ(letter.attachments.size(), 1U);
  EXPECT_EQ(letter.attachments.front().name, "location.kml");
}

TEST(Places, InOtherMailAreFiles) {
  const auto kml = kml_head + "<Point><coordinates>1,2</coordinates></Point></Document></kml>";
  const auto letter = letter_of(with_kml("message.kml", kml, "POI", ""));
  EXPECT_EQ(letter.kind, MessageKind::text);
  EXPECT_EQ(letter.attachments.size(), 1U);
  EXPECT_EQ(letter_of(from_bob("Content-Type: text/html\nChat-Content: location\n",
                               "<p class=h-geo><b class=p-latitude>1</b><b class=p-longitude>2</b>"))
                .kind,
            MessageKind::text);
}

TEST(Places, C81BeyondTheEarthAreNone) {
  for (const std::string bad : {"181,0", "0,91", "nan,1", "1", "", "x,y", "1e400,1", "1 2"}) {
    const auto letter =
        letter_of(with_kml("message.kml", kml_head + "<Point><coordinates>" + bad + "</coordinates></Point>"));
    EXPECT_FALSE(letter.details.position) << bad;
    EXPECT_EQ(letter.attachments.size(), 1U) << bad;
  }
  auto known = facts();
  known.chat = to({peer(PeerClass::coi)}).chat;
  for (const Position bad : {Position{91, 0}, Position{0, -181}, Position{std::nan(""), 0}})
    EXPECT_THAT(refusal(decide(at(bad), known.account, known, now)), HasSubstr("no place on earth"));
}

TEST(Places, BombsAreBoundedAndHarmless) {
  std::string deep, wide;
  for (int i = 0; i < 100'000; ++i) deep += "<Point><a>";
  for (int i = 0; i < 100'000; ++i) wide += "<Placemark><Point><coordinates>x</coordinates></Point></Placemark>";
  for (const auto& bomb :
       {deep, wide, "<!DOCTYPE x [<!ENTITY a \"&a;&a;\">]><Point><coordinates>&a;</coordinates>" + deep})
    EXPECT_FALSE(position_in_kml(bomb));
}

TEST(Places, AreForwardedWithTheirCoordinatesOnce) {
  auto send = at({52.5, 13.25}, "Here\n📍 52.5, 13.25");
  send.details.forwarded = true;
  EXPECT_EQ(letter_of(mail_to(send)).text, "Here\n📍 52.5, 13.25");
}

TEST(DeltaChat, D31D32D33ItsRealMailsAreWhatTheyAre) {
  const auto place = read_sample("delta/10_plain_location_poi.eml").letter.value();
  EXPECT_EQ(place.kind, MessageKind::location);
  EXPECT_EQ(place.details.position, (Position{52.52, 13.405}));
  EXPECT_EQ(place.text, "POI");
  EXPECT_EQ(read_sample("delta/08_plain_voice.eml").letter.value().kind, MessageKind::voice);
  const auto contact = read_sample("delta/11_plain_vcard.eml").letter.value();
  EXPECT_EQ(contact.kind, MessageKind::contact);
  EXPECT_EQ(contact.details.contact, (SharedContact{"Bob", "u2@example.org"}));
  EXPECT_EQ(read_sample("delta/09_plain_image.eml").letter.value().kind, MessageKind::text);
}

// ---- voice notes and stickers ----

TEST(VoiceNotes, D31AreMarkedAndTellHowLongTheyLast) {
  auto send = says("");
  send.kind = MessageKind::voice;
  send.files = {file("note.ogg", "audio/ogg")};
  send.details.duration_ms = 5200;
  const auto mail = mail_to(send);
  EXPECT_EQ(field(mail, "Chat-Voice-Message"), "1");
  EXPECT_EQ(field(mail, "Chat-Duration"), "5200");
  const auto letter = letter_of(mail);
  EXPECT_EQ(letter.kind, MessageKind::voice);
  EXPECT_EQ(letter.details.duration_ms, 5200U);
  EXPECT_EQ(letter.text, "");
  EXPECT_EQ(letter.attachments.size(), 1U);
}

TEST(Stickers, D31AreMarkedAndHaveNoWords) {
  auto send = says("");
  send.kind = MessageKind::sticker;
  send.files = {file("cat.webp", "image/webp")};
  const auto mail = mail_to(send);
  EXPECT_EQ(field(mail, "Chat-Content"), "sticker");
  const auto letter = letter_of(mail);
  EXPECT_EQ(letter.kind, MessageKind::sticker);
  EXPECT_EQ(letter.text, "");
  EXPECT_EQ(letter.attachments.size(), 1U);
}

TEST(Stickers, AreOnePictureWithoutWords) {
  auto known = facts();
  known.chat = to({peer(PeerClass::coi)}).chat;
  auto send = says("");
  send.kind = MessageKind::sticker;
  for (const auto& files : {std::vector<OutgoingFile>{},
                            {file("a.ogg", "audio/ogg")},
                            {file("a.png", "image/png"), file("b.png", "image/png")}}) {
    send.files = files;
    EXPECT_FALSE(refusal(decide(send, known.account, known, now)).empty());
  }
  send.files = {file("a.png", "image/png")};
  send.text = "Miaow";
  EXPECT_THAT(refusal(decide(send, known.account, known, now)), HasSubstr("without words"));
}

TEST(VoiceNotes, ARefusedWhereTheFileIsNoSound) {
  auto known = facts();
  known.chat = to({peer(PeerClass::coi)}).chat;
  auto send = says("");
  send.kind = MessageKind::voice;
  send.files = {file("a.jpg", "image/jpeg")};
  EXPECT_THAT(refusal(decide(send, known.account, known, now)), HasSubstr("one sound file"));
}

std::string with_file(std::string_view fields, std::string_view type, std::string_view name,
                      std::string_view more = "") {
  return from_chat(fmt::format("{}Content-Type: multipart/mixed; boundary=b\n", fields),
                   fmt::format("--b\n\n\n--b\nContent-Type: {}\nContent-Disposition: attachment; filename={}\n{}"
                               "Content-Transfer-Encoding: base64\n\nAAAA\n--b--\n",
                               type, name, more));
}

TEST(VoiceNotes, D31DurationsOfMoreThanADayAreIgnored) {
  const auto lasts = [](std::string_view words) {
    return letter_of(with_file(fmt::format("Chat-Voice-Message: 1\nChat-Duration: {}\n", words), "audio/wav", "v.wav"))
        .details.duration_ms;
  };
  EXPECT_EQ(lasts("1"), 1U);
  EXPECT_EQ(lasts("86400000"), 86'400'000U);
  for (const char* bad : {"86400001", "0", "-5", "1.5", "", "99999999999999999999", "5 s"})
    EXPECT_EQ(lasts(bad), 0U) << bad;
}

TEST(VoiceNotes, D31ASoundWithoutTheMarkIsAFile) {
  EXPECT_EQ(letter_of(with_file("Chat-Duration: 10\n", "audio/wav", "v.wav")).kind, MessageKind::text);
  EXPECT_EQ(letter_of(with_file("Chat-Voice-Message: 1\n", "image/png", "v.png")).kind, MessageKind::text);
  EXPECT_EQ(letter_of(with_file("Chat-Voice-Message: 1\n", "audio/wav", "v.wav")).kind, MessageKind::voice);
}

TEST(Media, C23EveryFormatIsWhatItsProgramSays) {
  for (const auto& [type, name] : {std::pair("image/webp", "a.webp"),
                                   {"image/jpeg", "a.jpg"},
                                   {"image/png", "a.png"},
                                   {"image/gif", "a.gif"},
                                   {"audio/webm", "a.webm"},
                                   {"audio/mp4", "a.m4a"},
                                   {"audio/aac", "a.aac"},
                                   {"video/webm", "a.webm"},
                                   {"video/mp4", "a.mp4"}}) {
    const auto letter = letter_of(with_file("Chat-Duration: 1500\n", type, name));
    ASSERT_EQ(letter.attachments.size(), 1U);
    EXPECT_EQ(letter.attachments.front().type, type);
    EXPECT_EQ(letter.attachments.front().name, name);
    EXPECT_EQ(letter.kind, MessageKind::text) << "media by its file";
    EXPECT_EQ(letter.details.duration_ms, std::string_view(type).starts_with("image/") ? 0U : 1500U) << type;
  }
}

TEST(Media, C23OfOctetsTheNameSaysWhatTheyAre) {
  const auto type_of = [](std::string_view type, std::string_view name) {
    return letter_of(with_file("", type, name)).attachments.at(0).type;
  };
  EXPECT_EQ(type_of("application/octet-stream", "a.webp"), "image/webp");
  EXPECT_EQ(type_of("application/octet-stream", "A.AAC"), "audio/aac");
  EXPECT_EQ(type_of("application/octet-stream", "a.weba"), "audio/webm");
  EXPECT_EQ(type_of("application/octet-stream", "a.webm"), "video/webm");
  EXPECT_EQ(type_of("application/octet-stream", "a.html"), "application/octet-stream") << "nothing to be opened";
  EXPECT_EQ(type_of("image/png", "a.mp4"), "image/png") << "what is said counts";
}

TEST(Media, C23AVoiceNoteIsASoundWhateverItsContainer) {
  for (const auto& [type, heard] : {std::pair("audio/webm", "audio/webm"),
                                    {"audio/mp4", "audio/mp4"},
                                    {"audio/aac", "audio/aac"},
                                    {"video/webm", "audio/webm"},
                                    {"video/mp4", "audio/mp4"}}) {
    const auto letter = letter_of(with_file("Chat-Voice-Message: 1\n", type, "v.bin"));
    EXPECT_EQ(letter.kind, MessageKind::voice) << type;
    EXPECT_EQ(letter.attachments.at(0).type, heard);
  }
  const auto by_name = letter_of(with_file("Chat-Voice-Message: 1\n", "application/octet-stream", "v.mp4"));
  EXPECT_EQ(by_name.kind, MessageKind::voice);
  EXPECT_EQ(by_name.attachments.at(0).type, "audio/mp4");
}

TEST(Stickers, D31AreMarkedPictures) {
  EXPECT_EQ(letter_of(with_file("Chat-Content: sticker\n", "image/png", "s.png")).kind, MessageKind::sticker);
  EXPECT_EQ(letter_of(with_file("", "image/png", "s.png", "Chat-Content: sticker\n")).kind, MessageKind::sticker);
  EXPECT_EQ(letter_of(with_file("Chat-Content: sticker\n", "text/csv", "s.csv")).kind, MessageKind::text);
}

// ---- contacts ----

std::string with_card(std::string_view card, std::string_view fields = "Chat-Version: 1.0\n") {
  return from_bob(fmt::format("{}Content-Type: multipart/mixed; boundary=b\n", fields),
                  fmt::format("--b\n\n\n--b\nContent-Type: text/vcard\nContent-Disposition: attachment; "
                              "filename=contact.vcf\n\n{}\n--b--\n",
                              card));
}

TEST(SharedContacts, D33AreReadInAllVersions) {
  for (const std::string card :
       {"BEGIN:VCARD\nVERSION:4.0\nEMAIL:dora@example.com\nFN:Dora D\nEND:VCARD",
        "BEGIN:VCARD\nVERSION:3.0\nN:D;Dora;;;\nFN:Dora D\nEMAIL;TYPE=INTERNET:dora@example.com\nEND:VCARD",
        "BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:Dora=20D\nEMAIL;INTERNET:dora@example.com\nEND:"
        "VCARD"}) {
    const auto letter = letter_of(with_card(card));
    EXPECT_EQ(letter.kind, MessageKind::contact) << card;
    EXPECT_EQ(letter.details.contact, (SharedContact{"Dora D", "dora@example.com"})) << card;
    EXPECT_EQ(letter.attachments.size(), 1U) << "the card can be saved";
  }
}

TEST(SharedContacts, OfOtherMailAreFiles) {
  EXPECT_EQ(letter_of(with_card("BEGIN:VCARD\nVERSION:4.0\nFN:Dora\nEND:VCARD", "")).kind, MessageKind::text);
}

TEST(SharedContacts, D33BrokenOrHugeOnesAreFiles) {
  std::string bomb = "BEGIN:VCARD\n";
  for (int i = 0; i < 100'000; ++i) bomb += "BEGIN:VCARD\nX";
  for (const std::string& card : {std::string("no card"), bomb, std::string("BEGIN:VCARD\nEND:VCARD")}) {
    const auto letter = letter_of(with_card(card));
    EXPECT_EQ(letter.attachments.size(), 1U);
  }
}

TEST(SharedContacts, D33StandInTheWordsOfProgramsThatShowNone) {
  auto send = says("");
  send.kind = MessageKind::contact;
  send.details.contact = SharedContact{"Dora", "dora@example.com"};
  const std::vector<mime::Vcard> cards = {{.name = "Dora", .addresses = {"dora@example.com"}}};
  send.files = {file("contact.vcf", "text/vcard", mime::write_vcards(cards, mime::VcardVersion::v4))};
  const auto mail = mail_to(send);
  EXPECT_EQ(mail.root.children.at(0).body, "👤 Dora\n");
  EXPECT_EQ(*mail.root.children.at(0).header("Chat-Content"), "ignore");
  const auto letter = letter_of(mail);
  EXPECT_EQ(letter.kind, MessageKind::contact);
  EXPECT_EQ(letter.details.contact, send.details.contact);
  EXPECT_EQ(letter.text, "");
}

// ---- forwards ----

TEST(Forwards, D14BeginWithTheHeadAndANeutralName) {
  for (const std::string text : {"Hello", "**Hello** you", "> cited\n\nmine", "two\n\nparts"}) {
    auto send = says(text);
    send.details.forwarded = true;
    send.details.formatted = true;
    const auto mail = mail_to(send);
    const auto& plain = mail.root.children.empty() ? mail.root.body : mail.root.children.front().body;
    EXPECT_THAT(plain, testing::StartsWith("---------- Forwarded message ----------\nFrom: Chat\n\n")) << text;
    const auto letter = letter_of(mail);
    EXPECT_TRUE(letter.details.forwarded) << text;
    EXPECT_EQ(letter.text, text);
    EXPECT_EQ(letter.quote, "") << text;
  }
}

TEST(Forwards, D14AreReadWhateverTheName) {
  const std::string head = "---------- Forwarded message ----------\nFrom: Delta Chat\n";
  auto letter = letter_of(from_chat("", head + "\nHi\n"));
  EXPECT_TRUE(letter.details.forwarded);
  EXPECT_EQ(letter.text, "Hi");
  EXPECT_FALSE(letter_of(from_chat("", head + "no empty line\n")).details.forwarded);
  // What mail programs pass on names who wrote it, and that is shown.
  letter = letter_of(from_bob("", head + "\nHi\n"));
  EXPECT_TRUE(letter.details.forwarded);
  EXPECT_EQ(letter.text, head + "\nHi");
}

TEST(Forwards, D14OfFilesSayThatTheyAre) {
  auto send = says("");
  send.details.forwarded = true;
  send.files = {file("a.pdf", "application/pdf")};
  const auto letter = letter_of(mail_to(send));
  EXPECT_TRUE(letter.details.forwarded);
  EXPECT_EQ(letter.text, "");
  EXPECT_EQ(letter.attachments.size(), 1U);
}

TEST(Forwards, MarksOfAPlainMailStayMarks) {
  auto send = says("**not bold**");
  send.details.forwarded = true;
  EXPECT_EQ(mail_to(send).root.type, "text/plain");
}

// ---- albums and previews ----

TEST(Albums, P10ArePhotosInOrderEachWithAContentId) {
  auto send = says("");
  send.files = {file("a.jpg", "image/jpeg"), file("b.mp4", "video/mp4"), file("c.png", "image/png")};
  const auto mail = mail_to(send);
  EXPECT_EQ(mail.root.type, "multipart/mixed");
  EXPECT_EQ(*mail.root.children.at(0).header("Chat-Content"), "ignore");
  std::set<std::string> ids;
  for (std::size_t i = 1; i < 4; ++i) {
    const auto& part = mail.root.children.at(i);
    EXPECT_EQ(part.filename, send.files[i - 1].name);
    EXPECT_EQ(part.disposition, "inline");
    EXPECT_THAT(part.content_id, EndsWith("@example.org"));
    ids.insert(part.content_id);
  }
  EXPECT_EQ(ids.size(), 3U);
  send.files.pop_back();
  send.files.pop_back();
  EXPECT_EQ(mail_to(send).root.children.at(0).body, "📷 a.jpg\n");
  send.files.push_back(file("b.jpg", "image/jpeg"));
  send.files.push_back(file("c.jpg", "image/jpeg"));
  EXPECT_EQ(mail_to(send).root.children.at(0).body, "📷 3 photos\n");
}

TEST(Albums, P11AreReadAsOneMessageWithItsCaption) {
  auto send = says("The lake");
  send.files = {file("a.jpg", "image/jpeg"), file("b.jpg", "image/jpeg")};
  const auto letter = letter_of(mail_to(send));
  EXPECT_EQ(letter.text, "The lake");
  ASSERT_EQ(letter.attachments.size(), 2U);
  EXPECT_EQ(letter.attachments[0].name, "a.jpg");
  EXPECT_FALSE(letter.attachments[0].inline_part) << "belongs to no HTML, so it is an item";
}

TEST(Previews, C25BelongToTheNextFile) {
  const auto letter = letter_of(
      from_chat("Content-Type: multipart/mixed; boundary=b\n",
                "--b\n\nSee\n--b\nContent-Type: image/jpeg\nChat-Content: preview\n\nsmall\n"
                "--b\nContent-Type: video/mp4\nContent-Disposition: attachment; filename=a.mp4\n\nlarge\n"
                "--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=c.png\n\nother\n--b--\n"));
  ASSERT_EQ(letter.attachments.size(), 2U);
  EXPECT_EQ(letter.attachments[0].preview, "2");
  EXPECT_EQ(letter.attachments[0].section, "3");
  EXPECT_EQ(letter.attachments[1].preview, "");
}

SendMessage large_photo() {
  auto send = says("The lake");
  send.files = {file("a.txt", "text/plain"), file("b.jpg", "image/jpeg")};
  send.files.back().preview = "small";
  return send;
}

TEST(Previews, C25GoWhereEverybodyHasAProgramThatKnowsThem) {
  const auto mail = mail_to(large_photo());
  EXPECT_THAT(types_of(mail.root),
              ElementsAre("multipart/mixed", "text/plain", "text/plain", "image/jpeg", "image/jpeg"));
  EXPECT_EQ(mail.root.children.at(2).body, "small");
  const auto letter = letter_of(mail);
  ASSERT_EQ(letter.attachments.size(), 2U);
  EXPECT_EQ(letter.attachments[0].preview, "");
  EXPECT_EQ(letter.attachments[1].name, "b.jpg");
  EXPECT_EQ(letter.attachments[1].preview, "3");
  for (const auto other : {PeerClass::delta, PeerClass::plain, PeerClass::unknown})
    EXPECT_THAT(types_of(mail_to(large_photo(), {peer(PeerClass::coi), peer(other, "dora@example.com")}).root),
                ElementsAre("multipart/mixed", "text/plain", "text/plain", "image/jpeg"));
  auto sticker = large_photo();
  sticker.text.clear();
  sticker.files.erase(sticker.files.begin());
  sticker.kind = MessageKind::sticker;
  EXPECT_EQ(letter_of(mail_to(sticker)).attachments.front().preview, "");
}

// The server would refuse the mail, and a preview is no reason for that.
TEST(Previews, C25GoWhereTheMailHasRoomForThem) {
  auto send = large_photo();
  send.files.back().bytes = std::string(50'000, 'x');
  send.files.back().preview = std::string(10'000, 'x');
  const auto has_preview = [&](std::uint64_t largest_mail) {
    auto account = alice();
    account.largest_mail = largest_mail;
    const auto mail = parsed(written(compose_message(send, account, to({peer(PeerClass::coi)}), now).tree));
    return !letter_of(mail).attachments.back().preview.empty();
  };
  EXPECT_TRUE(has_preview(0));
  EXPECT_TRUE(has_preview(100'000));
  EXPECT_FALSE(has_preview(80'000));
}

// ---- status lines ----

TEST(StatusLines, C16AreNoMessage) {
  const auto content = read_text(from_chat("Chat-Content: status\n", "Gone fishing\n"));
  EXPECT_FALSE(content.letter);
  EXPECT_EQ(content.status, "Gone fishing");
  auto known = facts();
  const auto plan = decide(arrived(content), known.account, known, now);
  EXPECT_TRUE(all<PutMessage>(plan).empty());
  EXPECT_EQ(only<LearnAddress>(plan).status, "Gone fishing");
}

TEST(StatusLines, C16OfAForgerSayNothing) {
  auto content = read_text(from_chat("Chat-Content: status\n", "I am a fool\n"));
  content.disowned = true;
  auto known = facts();
  EXPECT_EQ(only<LearnAddress>(decide(arrived(content), known.account, known, now)).status, std::nullopt);
}

TEST(StatusLines, D16StandBelowTheWordsOfAChatMail) {
  const auto said = [](const std::string& mail) {
    auto known = facts();
    return only<LearnAddress>(decide(arrived(read_text(mail)), known.account, known, now)).status;
  };
  EXPECT_EQ(said(from_chat("", "Hi\n-- \nGone fishing\n")), "Gone fishing");
  EXPECT_EQ(said(from_chat("", "Hi\n")), std::nullopt) << "none is no wish to have none";
  EXPECT_EQ(said(from_bob("", "Hi\n-- \nBob Ltd\n")), std::nullopt);
  EXPECT_EQ(said(from_chat("List-Id: <x.example.org>\n", "Hi\n-- \nUnsubscribe\n")), std::nullopt);
}

}  // namespace
}  // namespace coi::chat
