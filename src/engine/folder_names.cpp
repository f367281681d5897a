#include "engine/folder_names.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/utf8.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

// Facts, gathered from what the programs and providers write into their users' mailboxes.
constexpr auto sent_names = std::to_array<std::string_view>(
    {// Thunderbird, Dovecot, Roundcube, Horde, Zimbra, GMX, WEB.DE; Outlook, Exchange; Apple; Gmail; pine, UW; others
     "Sent", "Sent Items", "Sent Messages", "Sent Mail", "sent-mail", "sent_mail", "Sent-Items", "SentMail", "SentBox",
     "INBOX.Sent", "Sent Messages (Local)",
     // German
     "Gesendet", "Gesendete Objekte", "Gesendete Elemente", "Gesendete Nachrichten", "Gesendete E-Mails",
     "Gesendete Mails", "Gesendete",
     // French
     "Envoyés", "Éléments envoyés", "Messages envoyés", "Courrier envoyé", "Courriers envoyés", "E-mails envoyés",
     "Objets envoyés", "Mails envoyés", "Envoyé",
     // Spanish, Catalan, Galician, Basque
     "Enviados", "Elementos enviados", "Mensajes enviados", "Correo enviado", "Correos enviados", "Enviado", "Enviats",
     "Elements enviats", "Missatges enviats", "Correu enviat", "Elementos enviados", "Mensaxes enviadas",
     "Bidalitakoak", "Bidalitako elementuak",
     // Portuguese
     "Itens enviados", "Enviadas", "Mensagens enviadas", "E-mails enviados", "Correio enviado",
     // Italian
     "Inviata", "Inviati", "Posta inviata", "Inviate", "Elementi inviati", "Messaggi inviati",
     // Dutch, Frisian
     "Verzonden", "Verzonden items", "Verzonden berichten", "Verstuurd", "Ferstjoerd",
     // Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian, Latvian, Lithuanian
     "Sendt", "Sendt post", "Sendte elementer", "Sendte meddelelser", "Sendte beskeder", "Sendte e-mails",
     "Sendte meldinger", "Sendte", "Skickat", "Skickade", "Skickade objekt", "Skickade meddelanden", "Skickad e-post",
     "Send pósts", "Sendur póstur", "Sent atriði", "Lähetetyt", "Lähetetyt viestit", "Lähetetyt kohteet", "Lähetetty",
     "Saadetud", "Saadetud kirjad", "Saadetud üksused", "Nosūtītie", "Nosūtītās vienības", "Išsiųsti", "Išsiųstieji",
     "Išsiųsti laiškai", "Išsiųstieji elementai",
     // Polish, Czech, Slovak, Hungarian, Romanian
     "Wysłane", "Elementy wysłane", "Wysłane wiadomości", "Wyslane", "Wiadomości wysłane", "Odeslané", "Odeslaná pošta",
     "Odeslané zprávy", "Odeslané položky", "Odoslané", "Odoslaná pošta", "Odoslané správy", "Odoslané položky",
     "Elküldött", "Elküldött elemek", "Elküldött üzenetek", "Elküldött levelek", "Elküldve", "Trimise",
     "Elemente trimise", "Mesaje trimise",
     // Slovene, Croatian, Serbian, Bosnian, Macedonian, Bulgarian, Albanian
     "Poslano", "Poslana pošta", "Poslani elementi", "Poslane stavke", "Poslane poruke", "Poslano pošta", "Poslato",
     "Poslate stavke", "Послато", "Послате поруке", "Послате ставке", "Пратени", "Пратена пошта", "Изпратени",
     "Изпратена поща", "Изпратени елементи", "Изпратени съобщения", "Të dërguara", "Të dërguarat", "Dërguar",
     // Russian, Ukrainian, Belarusian
     "Отправленные", "Отправленное", "Отправленные сообщения", "Отправленные письма", "Отправленные элементы",
     "Надіслані", "Відправлені", "Надіслане", "Відіслані", "Надіслані листи", "Адпраўленыя", "Дасланыя", "Адасланыя",
     // Greek, Turkish, Armenian, Georgian, Azerbaijani, Kazakh
     "Απεσταλμένα", "Σταλμένα", "Απεσταλμένα στοιχεία", "Απεσταλμένα μηνύματα", "Gönderilmiş", "Gönderilenler",
     "Gönderilmiş Öğeler", "Gönderilen", "Gönderilen Postalar", "Gönderilmiş Postalar", "Gönderilmiş İletiler",
     "Gönderilen İletiler", "Gönderildi", "Ուղարկված", "Ուղարկվածները", "გაგზავნილი", "გაგზავნილები", "Göndərilənlər",
     "Жіберілген", "Жіберілгендер",
     // Hebrew, Arabic, Persian, Hindi, Thai, Vietnamese, Indonesian, Malay
     "נשלח", "דואר שנשלח", "פריטים שנשלחו", "הודעות שנשלחו", "المرسل", "المرسلة", "البريد المرسل", "العناصر المرسلة",
     "الرسائل المرسلة", "فرستاده شده", "ارسال شده", "ارسال‌شده", "موارد ارسال شده", "भेजे गए", "भेजी गई",
     "भेजा गया मेल", "ส่งแล้ว", "รายการที่ส่ง", "ข้อความที่ส่ง", "จดหมายที่ส่ง", "จดหมายที่ถูกส่ง", "Đã gửi", "Thư đã gửi", "Mục đã Gửi",
     "Terkirim", "Item Terkirim", "Pesan Terkirim", "Surat Terkirim", "Dihantar", "Item Dihantar", "Mel Dihantar",
     // Chinese (QQ, 163, Outlook, Gmail), Japanese (Outlook, Yahoo, OCN), Korean (Naver, Daum, Outlook)
     "已发送", "已发送邮件", "已发邮件", "已发送的邮件", "已发送的项目", "已发信息", "已寄出", "已傳送", "寄件備份",
     "已傳送郵件", "已傳送的郵件", "寄件夾", "已寄送郵件", "已傳送項目", "送信済み", "送信済みアイテム",
     "送信済みメール", "送信済みメッセージ", "送信済", "送信済みトレイ", "送信メール", "送信控え", "보낸편지함",
     "보낸 편지함", "보낸메일함", "보낸 메일함", "보낸 항목", "보낸메시지함", "보낸 메시지", "보낸 메일"});

// Meant for what is still to be sent; some programs keep there what was.
constexpr auto outbox_names = std::to_array<std::string_view>(
    {"Outbox", "Исходящие", "发件箱", "寄件匣", "送信箱", "صادر", "דואר יוצא", "발신함"});

struct KnownName {
  std::string_view name;
  FolderRole role;
};
constexpr auto other_names = std::to_array<KnownName>({{"Trash", FolderRole::trash},
                                                       {"Deleted Items", FolderRole::trash},
                                                       {"Deleted Messages", FolderRole::trash},
                                                       {"Bin", FolderRole::trash},
                                                       {"Papierkorb", FolderRole::trash},
                                                       {"Corbeille", FolderRole::trash},
                                                       {"Papelera", FolderRole::trash},
                                                       {"Cestino", FolderRole::trash},
                                                       {"Kosz", FolderRole::trash},
                                                       {"Junk", FolderRole::junk},
                                                       {"Junk E-mail", FolderRole::junk},
                                                       {"Spam", FolderRole::junk},
                                                       {"Bulk Mail", FolderRole::junk},
                                                       {"Drafts", FolderRole::drafts},
                                                       {"Draft", FolderRole::drafts},
                                                       {"Entwürfe", FolderRole::drafts},
                                                       {"Brouillons", FolderRole::drafts},
                                                       {"Borradores", FolderRole::drafts}});

// Of U+00C0 to U+017F, the letter that is left without its accent; '.' where there is none.
constexpr std::string_view latin =
    "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.lllllll"
    "lllnnnnnnn..oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";  // 0140
static_assert(latin.size() == 0x180 - 0xc0);

bool is_accent(char32_t c) { return c >= 0x300 && c <= 0x36f; }

char32_t folded_vietnamese(char32_t c) {
  return c <= 0x1eb7 ? 'a' : c <= 0x1ec7 ? 'e' : c <= 0x1ecb ? 'i' : c <= 0x1ee3 ? 'o' : c <= 0x1ef1 ? 'u' : 'y';
}

char32_t folded_greek(char32_t c) {
  if (c >= 0x391 && c <= 0x3a9) c += 0x20;
  switch (c) {
    case 0x386:
    case 0x3ac:
      return 0x3b1;
    case 0x388:
    case 0x3ad:
      return 0x3b5;
    case 0x389:
    case 0x3ae:
      return 0x3b7;
    case 0x38a:
    case 0x3af:
      return 0x3b9;
    case 0x38c:
    case 0x3cc:
      return 0x3bf;
    case 0x38e:
    case 0x3cd:
      return 0x3c5;
    case 0x38f:
    case 0x3ce:
      return 0x3c9;
    case 0x3c2:
      return 0x3c3;
    default:
      return c;
  }
}

char32_t folded_cyrillic(char32_t c) {
  if (c >= 0x410 && c <= 0x42f) c += 0x20;
  if (c >= 0x400 && c <= 0x40f) c += 0x50;
  switch (c) {
    case 0x451:
      return 0x435;
    case 0x439:
      return 0x438;
    case 0x457:
      return 0x456;
    case 0x45e:
      return 0x443;
    default:
      return c;
  }
}

char32_t folded(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
  if (c >= 0xc0 && c < 0x180) {
    const char letter = latin[c - 0xc0];
    return letter == '.' ? c : static_cast<char32_t>(letter);
  }
  if (c >= 0x1ea0 && c <= 0x1ef9) return folded_vietnamese(c);
  if (c >= 0x370 && c <= 0x3ff) return folded_greek(c);
  if (c >= 0x400 && c <= 0x45f) return folded_cyrillic(c);
  return c;
}

std::map<std::string, NamedRole> folded_table() {
  std::map<std::string, NamedRole> table;
  for (const auto name : sent_names) table.emplace(folded_name(name), NamedRole{FolderRole::sent});
  for (const auto& [name, role] : other_names) table.emplace(folded_name(name), NamedRole{role});
  for (const auto name : outbox_names) table.emplace(folded_name(name), NamedRole{FolderRole::sent, true});
  return table;
}

}  // namespace

std::string folded_name(std::string_view utf8) {
  std::string text;
  while (!utf8.empty())
    if (const auto character = utf8_take(utf8); !is_accent(character)) utf8_append(text, folded(character));
  return text;
}

std::optional<NamedRole> role_of_name(std::string_view leaf) {
  static const auto table = folded_table();
  const auto found = table.find(folded_name(leaf));
  return found == table.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace coi::engine
