#include "reply/languages.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ascii.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

// A language's names of one field are parted by "|".
struct Names {
  std::string_view language, from, sent, to, subject;
};

// As Outlook, Apple Mail, Thunderbird, GMX, Orange, Yahoo, Zimbra, QQ, Mail.ru and Samsung write them.
constexpr Names table[] = {
    {"en", "From", "Sent|Date|Date Sent|Sent on|Received", "To", "Subject"},
    {"de", "Von", "Gesendet|Datum|Gesendet am", "An", "Betreff"},
    {"fr", "De|Expéditeur", "Envoyé|Envoyé le|Date|Date d'envoi|Message du", "À|A|Pour|Destinataire", "Objet|Sujet"},
    {"es", "De|Remitente", "Enviado|Enviado el|Enviado a las|Fecha|Fecha de envío", "Para", "Asunto"},
    {"it", "Da|Mittente", "Inviato|Inviato il|Data|Data invio", "A|Destinatario|Per", "Oggetto"},
    {"pt", "De|Remetente", "Enviado|Enviada|Enviado em|Enviada em|Data", "Para", "Assunto"},
    {"nl", "Van|Afzender", "Verzonden|Verstuurd|Datum", "Aan", "Onderwerp"},
    {"da", "Fra", "Sendt|Dato", "Til", "Emne"},
    {"nb", "Fra", "Sendt|Dato", "Til", "Emne"},
    {"sv", "Från|Avsändare", "Skickat|Skickades|Datum", "Till", "Ämne"},
    {"fi", "Lähettäjä", "Lähetetty|Päivämäärä|Päiväys|Pvm", "Vastaanottaja", "Aihe"},
    {"is", "Frá", "Sent|Dagsetning|Dags.", "Til", "Efni"},
    {"pl", "Od|Nadawca", "Wysłano|Wysłane|Data", "Do|Adresat", "Temat"},
    {"cs", "Od", "Odesláno|Datum", "Komu", "Předmět"},
    {"sk", "Od", "Odoslané|Dátum", "Komu", "Predmet"},
    {"hu", "Feladó", "Elküldve|Küldve|Dátum|Küldés dátuma", "Címzett", "Tárgy"},
    {"ro", "De la|De", "Trimis|Trimis la|Data", "Către|Catre", "Subiect"},
    {"bg", "От", "Изпратено|Дата", "До", "Относно|Тема"},
    {"ru", "От|От кого", "Отправлено|Отправлен|Дата|Дата отправки", "Кому", "Тема"},
    {"uk", "Від|Від кого|Відправник", "Надіслано|Відправлено|Дата", "Кому", "Тема"},
    {"be", "Ад", "Адпраўлена|Дата", "Каму", "Тэма"},
    {"el", "Από", "Στάλθηκε|Εστάλη|Ημερομηνία", "Προς", "Θέμα"},
    {"tr", "Kimden|Gönderen", "Gönderildi|Gönderim|Gönderme Tarihi|Tarih", "Kime|Alıcı", "Konu"},
    {"he", "מאת", "נשלח|תאריך", "אל", "נושא|הנדון"},
    {"ar", "من", "تم الإرسال|أُرسلت|أرسلت|تاريخ الإرسال|التاريخ", "إلى|الى", "الموضوع|العنوان"},
    {"fa", "از", "فرستاده شده|ارسال شده|تاریخ", "به", "موضوع"},
    {"hi", "प्रेषक|की ओर से", "भेजा गया|भेजा|दिनांक|तारीख", "प्रति|प्राप्तकर्ता", "विषय"},
    {"th", "จาก", "ส่ง|ส่งเมื่อ|วันที่", "ถึง", "เรื่อง|หัวเรื่อง"},
    {"vi", "Từ|Người gửi", "Đã gửi|Gửi|Ngày|Date", "Đến|Tới|Người nhận", "Chủ đề|Tiêu đề"},
    {"id", "Dari", "Dikirim|Terkirim|Tanggal", "Kepada|Untuk|Ke", "Perihal|Subjek|Judul"},
    {"ms", "Daripada|Dari", "Dihantar|Tarikh", "Kepada|Ke", "Subjek|Perkara"},
    {"zh", "发件人|寄件者|寄件人|發件人", "发送时间|发送日期|日期|时间|寄件日期|傳送時間|傳送日期|已傳送|發送時間",
     "收件人|收件者", "主题|主旨|主題"},
    {"ja", "差出人|送信者|From", "送信日時|送信日|日時|日付|Date|Sent", "宛先|To", "件名|Subject"},
    {"ko", "보낸 사람|보낸사람|발신|발신자", "보낸 날짜|보낸날짜|날짜|보낸 시간", "받는 사람|받는사람|수신|수신자",
     "제목"},
    {"et", "Saatja", "Saadetud|Kuupäev", "Adressaat|Saaja|Kellele", "Teema"},
    {"lv", "No", "Nosūtīts|Datums", "Kam", "Tēma|Temats"},
    {"lt", "Nuo|Siuntėjas", "Išsiųsta|Data", "Kam|Iki|Gavėjas", "Tema"},
    {"sl", "Od|Pošiljatelj", "Poslano|Datum", "Za|Prejemnik", "Zadeva"},
    {"hr", "Šalje|Od", "Poslano|Datum", "Prima|Za", "Predmet"},
    {"sr", "Šalje|Od|Од|Шаље|Пошиљалац", "Poslato|Datum|Послато|Датум", "Za|Prima|За|Коме",
     "Naslov|Predmet|Tema|Тема|Предмет"},
    {"mk", "Од", "Испратено|Датум", "До|За", "Тема|Наслов"},
    {"ca", "De", "Enviat|Enviat el|Data", "Per a|A", "Assumpte|Tema"},
    {"eu", "Nork|Bidaltzailea", "Bidalia|Noiz|Data", "Nori|Hartzailea", "Gaia"},
    {"gl", "De", "Enviado|Data", "Para", "Asunto"},
    {"kk", "Кімнен", "Жіберілді|Күні", "Кімге", "Тақырып|Тақырыбы"},
    {"az", "Kimdən", "Göndərilib|Tarix", "Kimə", "Mövzu"},
    {"ka", "გამომგზავნი|ვისგან", "გაგზავნილია|თარიღი", "ადრესატი|ვის", "თემა"},
    {"hy", "Ումից", "Ուղարկված է|Ամսաթիվ", "Ում", "Թեմա"},
};
static_assert(std::size(table) <= 64);

constexpr std::string_view no_weight =
    "Cc|CC|Bcc|Kopie|Kopi|Kopia|Kopio|Copie à|Copie|Copia|Cópia|Kopie (CC)|DW|UDW|Másolatot "
    "kap|Копия|Копія|Копие|Κοιν.|"
    "Κοινοποίηση|Bilgi|עותק|抄送|副本|참조|Reply-To|Reply to|Répondre à|Antwort an|Responder a|Rispondi a|Antwoord aan|"
    "Importance|Wichtigkeit|Priorität|Priority|Priorité|Attachments|Anlagen|Anhänge|Pièces jointes|Datos "
    "adjuntos|Allegati|"
    "Anexos|Bijlagen|Organization|Organisation|Sensitivity|When|Where|Newsgroups|Conversation|Resent-From|Sender";

using Book = std::unordered_map<std::string, FieldName>;

void enter(Book& book, std::string_view names, Field field, std::uint64_t languages) {
  for (const auto name : ascii_split(names, '|')) {
    auto& entry = book[ascii_lower(name)];
    if (entry.field == Field::none) entry.field = field;
    if (entry.field == field) entry.languages |= languages;
  }
}

Book all_names() {
  Book book;
  std::uint64_t bit = 1;
  for (const auto& row : table) {
    enter(book, row.from, Field::from, bit);
    enter(book, row.sent, Field::sent, bit);
    enter(book, row.to, Field::to, bit);
    enter(book, row.subject, Field::subject, bit);
    bit <<= 1;
  }
  enter(book, no_weight, Field::other, ~std::uint64_t{0});
  return book;
}

// "wrote" as programs write it.
constexpr std::string_view verbs[] = {"wrote",
                                      "writes",
                                      "schrieb",
                                      "a écrit",
                                      "écrit",
                                      "escribió",
                                      "escribio",
                                      "ha escrito",
                                      "ha scritto",
                                      "scrive",
                                      "escreveu",
                                      "schreef",
                                      "schrijft",
                                      "skrev",
                                      "skreiv",
                                      "kirjoitti",
                                      "skrifaði",
                                      "napisał",
                                      "napisała",
                                      "napisał(a)",
                                      "napisal",
                                      "napisal(a)",
                                      "pisze",
                                      "napsal",
                                      "napsala",
                                      "napsal(a)",
                                      "napísal",
                                      "napísala",
                                      "napísal(a)",
                                      "píše",
                                      "írta",
                                      "a scris",
                                      "написа",
                                      "написал",
                                      "написала",
                                      "написал(а)",
                                      "пишет",
                                      "писал",
                                      "пише",
                                      "написав",
                                      "написала",
                                      "написав(ла)",
                                      "напісаў",
                                      "напиша",
                                      "έγραψε",
                                      "yazdı",
                                      "şunu yazdı",
                                      "şunları yazdı",
                                      "כתב",
                                      "כתבה",
                                      "כתב/ה",
                                      "كتب",
                                      "كتبت",
                                      "نوشت",
                                      "ने लिखा",
                                      "เขียน",
                                      "เขียนว่า",
                                      "đã viết",
                                      "viết",
                                      "menulis",
                                      "写道",
                                      "寫道",
                                      "写到",
                                      "のメッセージ",
                                      "のメール",
                                      "書きました",
                                      "さんは書きました",
                                      "작성",
                                      "님이 작성",
                                      "씀",
                                      "kirjutas",
                                      "rakstīja",
                                      "rašė",
                                      "je napisal",
                                      "piše",
                                      "je napisao",
                                      "je napisala",
                                      "je napisao/la",
                                      "је написао",
                                      "va escriure",
                                      "ha escrit",
                                      "escribiu",
                                      "idatzi du",
                                      "escribiu",
                                      "жазды",
                                      "yazıb",
                                      "დაწერა",
                                      "գրել է",
                                      "shkroi",
                                      "geschrieben"};

// In the middle: the languages that say the verb before the name ("Am 4.3. schrieb Bob:").
constexpr std::string_view middle_verbs[] = {"schrieb",  "schreef", "skrev",   "skreiv",  "wrote",   "escribió",
                                             "escreveu", "napisał", "написал", "написав", "menulis", "írta"};

constexpr std::string_view beginnings[] = {
    "on",        "am",        "le",       "el",     "il",       "op",       "den",      "em",         "in",
    "no",        "w",         "dnia",     "dne",    "dňa",      "pe",       "la",       "la:",        "les",
    "na",        "på",        "kl.",      "---",    "----",     "-",        "van",      "le:",        "στις",
    "στις:",     "tarihinde", "בתאריך",   "في",     "на",       "в",        "во",       "у",          "пн",
    "вт",        "ср",        "чт",       "пт",     "сб",       "вс",       "нд",       "ngày",       "vào",
    "pada",      "mon",       "tue",      "wed",    "thu",      "fri",      "sat",      "sun",        "monday",
    "tuesday",   "wednesday", "thursday", "friday", "saturday", "sunday",   "mo",       "di",         "mi",
    "do",        "fr",        "sa",       "so",     "montag",   "dienstag", "mittwoch", "donnerstag", "freitag",
    "samstag",   "sonntag",   "lun",      "mar",    "mer",      "jeu",      "ven",      "sam",        "dim",
    "lundi",     "mardi",     "mercredi", "jeudi",  "vendredi", "samedi",   "dimanche", "lunes",      "martes",
    "miércoles", "jueves",    "viernes",  "sábado", "domingo",  "mié",      "jue",      "vie",        "sáb",
    "dom",       "gio",       "sab",      "ma",     "wo",       "vr",       "za",       "zo",         "man",
    "tir",       "ons",       "tor",      "tors",   "lør",      "søn",      "mån",      "tis",        "lör",
    "sön",       "fre",       "ti",       "ke",     "to",       "la",       "su",       "pon",        "wt",
    "śr",        "czw",       "pt",       "sob",    "niedz",    "po",       "út",       "st",         "čt",
    "pá",        "so",        "ne",       "seg",    "ter",      "qua",      "qui",      "sex",        "pzt",
    "sal",       "çar",       "per",      "cum",    "cmt",      "paz",      "в:",       "dal",        "data",
    "message",   "le,"};

// Of the words between rules.
constexpr std::string_view originals[] = {"original message",
                                          "original",
                                          "original email",
                                          "original mail",
                                          "original appointment",
                                          "ursprüngliche nachricht",
                                          "originalnachricht",
                                          "originalmeldung",
                                          "message d'origine",
                                          "message d’origine",
                                          "message original",
                                          "message initial",
                                          "mensaje original",
                                          "messaggio originale",
                                          "mensagem original",
                                          "oorspronkelijk bericht",
                                          "oorspronkelijke bericht",
                                          "origineel bericht",
                                          "oprindelig meddelelse",
                                          "oprindelig besked",
                                          "opprinnelig melding",
                                          "ursprungligt meddelande",
                                          "originalmeddelande",
                                          "alkuperäinen viesti",
                                          "upprunaleg skilaboð",
                                          "wiadomość oryginalna",
                                          "oryginalna wiadomość",
                                          "původní zpráva",
                                          "původní e-mail",
                                          "pôvodná správa",
                                          "eredeti üzenet",
                                          "mesaj original",
                                          "mesajul original",
                                          "оригинално съобщение",
                                          "исходное сообщение",
                                          "оригинальное сообщение",
                                          "вихідне повідомлення",
                                          "початкове повідомлення",
                                          "αρχικό μήνυμα",
                                          "orijinal ileti",
                                          "özgün ileti",
                                          "orijinal mesaj",
                                          "הודעה מקורית",
                                          "الرسالة الأصلية",
                                          "رسالة أصلية",
                                          "پیام اصلی",
                                          "मूल संदेश",
                                          "ข้อความต้นฉบับ",
                                          "tin nhắn gốc",
                                          "thư gốc",
                                          "pesan asli",
                                          "mesej asal",
                                          "原始邮件",
                                          "原始郵件",
                                          "原始信件",
                                          "元のメッセージ",
                                          "オリジナルメッセージ",
                                          "원본 메시지",
                                          "원본 메일",
                                          "algne sõnum",
                                          "originalus pranešimas",
                                          "sākotnējais ziņojums",
                                          "izvirno sporočilo",
                                          "izvorna poruka",
                                          "originalna poruka",
                                          "missatge original",
                                          "jatorrizko mezua",
                                          "mensaxe orixinal"};

constexpr std::size_t longest_rule = 80;  // octets of the words of one

constexpr std::string_view forwards[] = {"forwarded message",
                                         "forwarded mail",
                                         "forwarded email",
                                         "begin forwarded message",
                                         "fwd message",
                                         "weitergeleitete nachricht",
                                         "anfang der weitergeleiteten nachricht",
                                         "anfang der weitergeleiteten e-mail",
                                         "weitergeleitete mail",
                                         "message transféré",
                                         "message réexpédié",
                                         "début du message réexpédié",
                                         "début du message transféré",
                                         "mensaje reenviado",
                                         "inicio del mensaje reenviado",
                                         "messaggio inoltrato",
                                         "inizio messaggio inoltrato",
                                         "inizio del messaggio inoltrato",
                                         "mensagem encaminhada",
                                         "mensagem reencaminhada",
                                         "início da mensagem encaminhada",
                                         "início da mensagem reencaminhada",
                                         "doorgestuurd bericht",
                                         "begin doorgestuurd bericht",
                                         "videresendt meddelelse",
                                         "videresendt besked",
                                         "start på videresendt besked",
                                         "videresendt melding",
                                         "start på videresendt melding",
                                         "vidarebefordrat meddelande",
                                         "vidarebefordrat brev",
                                         "vidarebefordrat mejl",
                                         "vidarebefordrat mail",
                                         "välitetty viesti",
                                         "edelleenlähetetty viesti",
                                         "wiadomość przekazana dalej",
                                         "przekazana wiadomość",
                                         "wiadomość przesłana dalej",
                                         "początek przekazywanej wiadomości",
                                         "přeposlaná zpráva",
                                         "začátek přeposílané zprávy",
                                         "preposlaná správa",
                                         "začiatok preposielanej správy",
                                         "továbbított üzenet",
                                         "továbbított levél kezdete",
                                         "mesaj redirecționat",
                                         "mesaj redirectionat",
                                         "începutul mesajului redirecționat",
                                         "препратено съобщение",
                                         "пересылаемое сообщение",
                                         "пересланное сообщение",
                                         "начало переадресованного сообщения",
                                         "переслане повідомлення",
                                         "початок листа, що пересилається",
                                         "προωθημένο μήνυμα",
                                         "έναρξη προωθημένου μηνύματος",
                                         "yönlendirilen ileti",
                                         "iletilmiş mesaj",
                                         "iletilen ileti başlangıcı",
                                         "הודעה מועברת",
                                         "הודעה שהועברה",
                                         "تحويل الرسالة",
                                         "رسالة محولة",
                                         "رسالة تمت إعادة توجيهها",
                                         "پیام هدایت شده",
                                         "अग्रेषित संदेश",
                                         "ข้อความที่ส่งต่อ",
                                         "tin nhắn đã chuyển tiếp",
                                         "thư đã chuyển tiếp",
                                         "pesan terusan",
                                         "转发的邮件",
                                         "转发邮件",
                                         "被转发的邮件",
                                         "下面是被转发的邮件",
                                         "轉寄的郵件",
                                         "以下是轉寄的郵件",
                                         "轉寄郵件",
                                         "転送メッセージ",
                                         "転送されたメッセージ",
                                         "転送メール",
                                         "전달된 메시지",
                                         "전달된 메일",
                                         "edastatud kiri",
                                         "persiųstas laiškas",
                                         "pārsūtīts ziņojums",
                                         "posredovano sporočilo",
                                         "proslijeđena poruka",
                                         "prosleđena poruka",
                                         "missatge reenviat",
                                         "birbidalitako mezua"};

bool is_letter(char c) { return ascii_alnum(c) || (c & 0x80) != 0; }

bool ends_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size() || ascii_lower(text.back()) != word.back() ||
      !ascii_iequal(text.substr(text.size() - word.size()), word))
    return false;
  const auto before = text.size() - word.size();
  // Scripts without spaces write the verb right behind the name.
  return before == 0 || (word.front() & 0x80) != 0 || !is_letter(text[before - 1]);
}

bool is_phrase(std::string_view words, std::span<const std::string_view> known) {
  if (words.size() > longest_rule) return false;
  return is_ascii(words) ? is_one_of(words, known) : is_one_of(in_small_letters(words), known);
}

}  // namespace

FieldName field_of(std::string_view name) {
  static const Book book = all_names();
  if (name.empty() || name.size() > 48) return {};
  const auto found = book.find(ascii_lower(name));
  return found == book.end() ? FieldName() : found->second;
}

bool ends_with_verb(std::string_view text) {
  // By their last octet: most texts end in one that no verb has.
  static const auto by_end = [] {
    std::array<std::vector<std::string_view>, 256> table;
    for (const auto verb : verbs) table[static_cast<unsigned char>(verb.back())].push_back(verb);
    return table;
  }();
  if (text.empty()) return false;
  return std::ranges::any_of(by_end[static_cast<unsigned char>(ascii_lower(text.back()))],
                             [&](std::string_view verb) { return ends_with_word(text, verb); });
}

bool has_verb(std::string_view text) {
  for (const auto verb : middle_verbs)
    for (auto at = text.find(verb); at != std::string_view::npos; at = text.find(verb, at + 1)) {
      const auto behind = at + verb.size();
      if ((at == 0 || !is_letter(text[at - 1])) && (behind == text.size() || !is_letter(text[behind]))) return true;
    }
  return false;
}

bool begins_attribution(std::string_view word) {
  while (word.ends_with(',') || word.ends_with('.')) word.remove_suffix(1);
  return is_one_of(word, beginnings);
}

bool is_original_message(std::string_view words) { return is_phrase(words, originals); }
bool is_forwarded_message(std::string_view words) { return is_phrase(words, forwards); }

}  // namespace coi::reply
