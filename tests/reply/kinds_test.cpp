// What programs write around an answer, in the languages in which they are sold.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reply/reply.h"

namespace coi::reply {
namespace {

Answer shown(std::string_view mail) { return read(lines_of(mail), Origin::mail); }

// Below each stands the old mail without a mark.
constexpr std::string_view attributions[] = {
    "On Mon, Mar 4, 2024 at 10:15 AM You <you@example.org> wrote:",
    "On Mar 4, 2024, at 10:15, You <you@example.org> wrote:",
    "On Monday, March 4th, 2024 at 10:15 AM, You <you@example.org> wrote:",
    "---- On Mon, 04 Mar 2024 10:15:00 +0100 You <you@example.org> wrote ----",
    "Am 04.03.2024 10:15 schrieb You <you@example.org>:",
    "Am Mo., 4. März 2024 um 10:15 Uhr schrieb You <you@example.org>:",
    "You <you@example.org> schrieb am Mo. 4. März 2024 um 10:15:",
    "Le lun. 4 mars 2024 à 10:15, You <you@example.org> a écrit :",
    "Le 4 mars 2024 à 10:15, You <you@example.org> a écrit :",
    "El lun, 4 mar 2024 a las 10:15, You (<you@example.org>) escribió:",
    "Il giorno lun 4 mar 2024 alle ore 10:15 You <you@example.org> ha scritto:",
    "Em seg., 4 de mar. de 2024 às 10:15, You <you@example.org> escreveu:",
    "Op ma 4 mrt 2024 om 10:15 schreef You <you@example.org>:",
    "Den mån 4 mars 2024 kl 10:15 skrev You <you@example.org>:",
    "man. 4. mar. 2024 kl. 10:15 skrev You <you@example.org>:",
    "ma 4. maalisk. 2024 klo 10.15 You (you@example.org) kirjoitti:",
    "pon., 4 mar 2024 o 10:15 You <you@example.org> napisał(a):",
    "po 4. 3. 2024 v 10:15 odesílatel You <you@example.org> napsal:",
    "po 4. 3. 2024 o 10:15 You <you@example.org> napísal(a):",
    "You <you@example.org> ezt írta (időpont: 2024. márc. 4., H, 10:15):",
    "În lun., 4 mar. 2024 la 10:15, You <you@example.org> a scris:",
    "На пн, 4.03.2024 г. в 10:15 You <you@example.org> написа:",
    "пн, 4 мар. 2024 г. в 10:15, You <you@example.org>:",
    "пн, 4 бер. 2024 р. о 10:15 You <you@example.org> пише:",
    "Στις Δευ 4 Μαρ 2024 στις 10:15 π.μ., ο χρήστης You <you@example.org> έγραψε:",
    "You <you@example.org>, 4 Mar 2024 Pzt, 10:15 tarihinde şunu yazdı:",
    "‫בתאריך יום ב׳, 4 במרץ 2024 ב-10:15 מאת ‪You‬‏ <‪you@example.org‬‏>:‬",
    "في الاثنين، 4 مارس 2024 في 10:15 ص تمت كتابة ما يلي بواسطة You <you@example.org>:",
    "Vào Th 2, 4 thg 3, 2024 vào lúc 10:15 You <you@example.org> đã viết:",
    "Pada Sen, 4 Mar 2024 pukul 10.15 You <you@example.org> menulis:",
    "You <you@example.org> 于2024年3月4日周一 10:15写道：",
    "You <you@example.org> 於 2024年3月4日 週一 上午10:15寫道：",
    "2024年3月4日(月) 10:15 You <you@example.org>:",
    "2024년 3월 4일 (월) 오전 10:15, You <you@example.org>님이 작성:",
    "04.03.2024, 10:15, \"You\" <you@example.org>:",
};

TEST(Kinds, HistoryBelowAnAttributionIsFolded) {
  for (const auto line : attributions) {
    EXPECT_EQ(shown(fmt::format("Noon is fine.\n\n{}\n\nShall we meet?\n\nYou\n", line)).text, "Noon is fine.") << line;
    EXPECT_EQ(shown(fmt::format("Noon is fine.\n\n{}\n> Shall we meet?\n", line)).text, "Noon is fine.") << line;
    EXPECT_EQ(shown(fmt::format("{}\n> Shall we meet?\n\nNoon is fine.\n", line)).text, "Noon is fine.") << line;
  }
}

// As Outlook and others copy them.
constexpr std::string_view headers[] = {
    "From: You <you@example.org>\nSent: Monday, March 4, 2024 10:15 AM\nTo: Mara Lind\nSubject: Lunch",
    "From: You <you@example.org>\nDate: Monday, 4 March 2024 at 10:15\nTo: Mara Lind\nSubject: Lunch",
    "-----Original Message-----\nFrom: You\nSent: Monday, March 4, 2024 10:15 AM\nTo: Mara Lind\nSubject: Lunch",
    "Von: You <you@example.org>\nGesendet: Montag, 4. März 2024 10:15\nAn: Mara\nCc: Otto\nBetreff: Lunch",
    "Gesendet: Montag, 4. März 2024 um 10:15 Uhr\nVon: \"You\" <you@example.org>\nAn: mara@lind.test\nBetreff: Lunch",
    "De : You <you@example.org>\nEnvoyé : lundi 4 mars 2024 10:15\nÀ : Mara\nObjet : Lunch",
    "De\u00A0: You <you@example.org>\nEnvoyé le\u00A0:lundi 4 mars 2024 10:15\nÀ\u00A0: Mara\nObjet\u00A0: Lunch",
    "De: You <you@example.org>\nEnviado el: lunes, 4 de marzo de 2024 10:15\nPara: Mara\nAsunto: Lunch",
    "Da: You <you@example.org>\nInviato: lunedì 4 marzo 2024 10:15\nA: Mara\nOggetto: Lunch",
    "De: You <you@example.org>\nEnviada em: segunda-feira, 4 de março de 2024 10:15\nPara: Mara\nAssunto: Lunch",
    "Van: You <you@example.org>\nVerzonden: maandag 4 maart 2024 10:15\nAan: Mara\nOnderwerp: Lunch",
    "Fra: You <you@example.org>\nSendt: 4. marts 2024 10:15\nTil: Mara\nEmne: Lunch",
    "Från: You <you@example.org>\nSkickat: den 4 mars 2024 10:15\nTill: Mara\nÄmne: Lunch",
    "Lähettäjä: You <you@example.org>\nLähetetty: maanantai 4. maaliskuuta 2024 10.15\nVastaanottaja: Mara\nAihe: "
    "Lunch",
    "Od: You <you@example.org>\nWysłano: poniedziałek, 4 marca 2024 10:15\nDo: Mara\nTemat: Lunch",
    "Od: You <you@example.org>\nOdesláno: pondělí 4. března 2024 10:15\nKomu: Mara\nPředmět: Lunch",
    "Feladó: You <you@example.org>\nElküldve: 2024. március 4., hétfő 10:15\nCímzett: Mara\nTárgy: Lunch",
    "De la: You <you@example.org>\nTrimis: luni, 4 martie 2024 10:15\nCătre: Mara\nSubiect: Lunch",
    "От: You <you@example.org>\nОтправлено: понедельник, 4 марта 2024 г. 10:15\nКому: Mara\nТема: Lunch",
    "Від: You <you@example.org>\nНадіслано: понеділок, 4 березня 2024 р. 10:15\nКому: Mara\nТема: Lunch",
    "Από: You <you@example.org>\nΣτάλθηκε: Δευτέρα, 4 Μαρτίου 2024 10:15\nΠρος: Mara\nΘέμα: Lunch",
    "Kimden: You <you@example.org>\nGönderildi: 4 Mart 2024 Pazartesi 10:15\nKime: Mara\nKonu: Lunch",
    "מאת: You <you@example.org>\nנשלח: יום שני 4 מרץ 2024 10:15\nאל: Mara\nנושא: Lunch",
    "من: You <you@example.org>\nتم الإرسال: الاثنين، 4 مارس 2024 10:15\nإلى: Mara\nالموضوع: Lunch",
    "发件人: You <you@example.org>\n发送时间: 2024年3月4日 10:15\n收件人: Mara\n主题: Lunch",
    "------------------ 原始邮件 ------------------\n发件人: \"You\" <you@example.org>;\n发送时间: "
    "2024年3月4日(星期一) "
    "上午10:15\n收件人: \"Mara\" <mara@lind.test>;\n主题: Lunch",
    "寄件者: You <you@example.org>\n寄件日期: 2024年3月4日 上午 10:15\n收件者: Mara\n主旨: Lunch",
    "差出人: You <you@example.org>\n送信日時: 2024年3月4日 10:15\n宛先: Mara\n件名: Lunch",
    "보낸 사람: You <you@example.org>\n보낸 날짜: 2024년 3월 4일 월요일 오전 10:15\n받는 사람: Mara\n제목: Lunch",
};

TEST(Kinds, ACopiedHeaderIsFoldedWithAllBelow) {
  for (const auto header : headers)
    EXPECT_EQ(shown(fmt::format("Noon is fine.\n\n{}\n\nShall we meet?\n\nYou\n", header)).text, "Noon is fine.")
        << header;
}

// A person types such lines, too.
TEST(Kinds, ATimetableIsNoCopiedHeader) {
  for (const auto* typed : {"From: Berlin\nTo: Rome\nDate: 4 March 2024", "Von: 10:15\nBis: 12:00\nDatum: 4.3.2024",
                            "From: the cellar\nTo: the roof", "Date: 4 March 2024\nPlace: the lake\nSubject: lunch"})
    EXPECT_EQ(shown(typed).text, typed);
}

TEST(Kinds, AForwardIsShown) {
  for (const auto* rule : {"---------- Forwarded message ---------", "-------- Forwarded Message --------",
                           "Begin forwarded message:", "-------- Weitergeleitete Nachricht --------",
                           "Anfang der weitergeleiteten Nachricht:", "---------- Message transféré ---------",
                           "Début du message réexpédié :", "---------- Mensaje reenviado ---------",
                           "---------- Messaggio inoltrato ---------", "-------- Пересылаемое сообщение --------",
                           "---------- 转发的邮件 ---------"}) {
    const auto mail = fmt::format(
        "Look.\n\n{}\nFrom: Otto <otto@berg.test>\nDate: 4 March 2024\nSubject: Menu\nTo: mara@lind.test\n\nSoup.",
        rule);
    EXPECT_EQ(shown(mail).text, mail);
    EXPECT_TRUE(shown(mail).forward);
  }
  const auto apple = shown("Look.\n\n> Begin forwarded message:\n> \n> From: Otto\n> Subject: Menu\n> \n> Soup.");
  EXPECT_EQ(apple.text, "Look.\n\nBegin forwarded message:\n\nFrom: Otto\nSubject: Menu\n\nSoup.");
}

TEST(Kinds, ADeviceIsAFooter) {
  for (const auto* line : {"Sent from my iPhone",
                           "Sent from my Wiko RIDGE FAB 4G",
                           "Get Outlook for iOS<https://aka.ms/o0ukef>",
                           "Get Outlook for Android",
                           "Von meinem iPhone gesendet",
                           "Gesendet von Outlook für Android<https://aka.ms/AAb9ysg>",
                           "Gesendet von Mail für Windows 10",
                           "Von meinem Samsung Galaxy Smartphone gesendet.",
                           "Envoyé de mon iPhone",
                           "Envoyé à partir de Outlook pour iOS<https://aka.ms/o0ukef>",
                           "Enviado desde mi iPhone",
                           "Inviato da iPhone",
                           "Enviado do meu iPhone",
                           "Verstuurd vanaf mijn iPhone",
                           "Sendt fra min iPhone",
                           "Skickat från min iPhone",
                           "Lähetetty iPhonesta",
                           "Wysłane z iPhone'a",
                           "Отправлено с iPhone",
                           "Надіслано з iPhone",
                           "Στάλθηκε από το iPhone μου",
                           "iPhone'umdan gönderildi",
                           "发自我的iPhone",
                           "iPhoneから送信",
                           "나의 iPhone에서 보냄",
                           "Sent from Yahoo Mail on Android",
                           "Sent with Proton Mail secure email.",
                           "Sent from Mail for Windows 10",
                           "Sent via the Samsung Galaxy S21 5G, an AT&T 5G smartphone",
                           "Sent from Outlook Mobile",
                           "*Sent from my iPad*",
                           "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet."}) {
    const auto answer = shown(fmt::format("Noon is fine.\n\n{}\n", line));
    EXPECT_EQ(answer.text, "Noon is fine.") << line;
    EXPECT_EQ(answer.footer, line);
  }
}

TEST(Kinds, ASentenceIsNoFooter) {
  for (const auto* line : {"Sent from my desk, as always before the meeting.", "Sent from the heart", "Get well soon!",
                           "Get the mail, please", "Gesendet habe ich es gestern.", "Sent with love",
                           "Von meinem Bruder gesendet, nicht von mir"}) {
    const auto mail = fmt::format("Noon is fine.\n\n{}", line);
    EXPECT_EQ(shown(mail).text, mail);
  }
}

TEST(Kinds, AListsOrScannersFooterIsFoldedWithTheQuoteAbove) {
  for (const auto* footer :
       {"_______________________________________________\nGarden mailing list -- garden@lists.lind.test\nTo "
        "unsubscribe send an email to "
        "garden-leave@lists.lind.test",
        "__\nriak-users mailing list\nriak-users@lists.test\nhttp://lists.test/mailman/listinfo/riak-users",
        "-- \nYou received this message because you are subscribed to the Google Groups \"Garden\" group.\nTo "
        "unsubscribe from this group and "
        "stop receiving emails from it, send an email to garden+unsubscribe@googlegroups.com.",
        "---\nThis email has been checked for viruses by Avast antivirus software.\nwww.avast.com",
        "---\nDiese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.\nhttps://www.avast.com/antivirus",
        "--\nTo unsubscribe from this list: send the line \"unsubscribe linux\" in\nthe body of a message to "
        "majordomo@vger.test\nMore majordomo "
        "info at  http://vger.test/majordomo-info.html"}) {
    EXPECT_EQ(
        shown(fmt::format("Noon is fine.\n\nOn 04.03.24 10:15, You wrote:\n> Shall we meet?\n\n{}\n", footer)).text,
        "Noon is fine.")
        << footer;
    EXPECT_EQ(shown(fmt::format("Noon is fine.\n\n{}\n", footer)).text, "Noon is fine.") << footer;
  }
}

TEST(Kinds, ASignatureIsKnownByItsMark) {
  for (const auto* mark : {"-- ", "--", "--\u00A0", "—", "- -- "})
    EXPECT_EQ(shown(fmt::format("Noon is fine.\n\n{}\nMara Lind\nGardener\n", mark)).text, "Noon is fine.") << mark;
  const std::string_view rules = "One\n\n--\nTwo\n\n--\nThree";
  EXPECT_EQ(shown(rules).text, rules);
}

}  // namespace
}  // namespace coi::reply
