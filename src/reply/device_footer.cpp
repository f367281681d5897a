#include "reply/device_footer.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

constexpr std::size_t longest_device_line = 140;
constexpr std::size_t most_words = 10;  // of a device's name with what stands beside it

struct Phrase {
  std::string_view before, behind;
  bool mine = false;  // "my …": any device
};

constexpr Phrase phrases[] = {
    {"Sent from my ", "", true},
    {"Sent from my ", " device", true},
    {"Sent on my ", "", true},
    {"Sent via my ", "", true},
    {"Sent from ", ""},
    {"Sent with ", ""},
    {"Sent via ", ""},
    {"Sent using ", ""},
    {"Sent by ", ""},
    {"Get ", ""},
    {"Download ", ""},
    {"Secured with ", ""},
    {"Von meinem ", " gesendet", true},
    {"Von meiner ", " gesendet", true},
    {"Von meinem ", " aus gesendet", true},
    {"Diese Nachricht wurde von meinem ", " gesendet", true},
    {"Diese Nachricht wurde von meinem ", " mit ", true},
    {"Gesendet von meinem ", "", true},
    {"Gesendet von meiner ", "", true},
    {"Gesendet von ", ""},
    {"Gesendet mit ", ""},
    {"Gesendet mit der ", ""},
    {"Gesendet über ", ""},
    {"Gesendet aus ", ""},
    {"Von ", " gesendet"},
    {"Mit ", " gesendet"},
    {"Holen Sie sich ", ""},
    {"Hol dir ", ""},
    {"Hole dir ", ""},
    {"", " beziehen"},
    {"", " herunterladen"},
    {"Envoyé de mon ", "", true},
    {"Envoyé depuis mon ", "", true},
    {"Envoyé à partir de mon ", "", true},
    {"Envoyé de ", ""},
    {"Envoyé depuis ", ""},
    {"Envoyé depuis l'", ""},
    {"Envoyé depuis l’", ""},
    {"Envoyé à partir de ", ""},
    {"Envoyé à partir d’", ""},
    {"Envoyé à partir d'", ""},
    {"Envoyé avec ", ""},
    {"Envoyé via ", ""},
    {"Envoyé par ", ""},
    {"Télécharger ", ""},
    {"Téléchargez ", ""},
    {"Obtenir ", ""},
    {"Obtenez ", ""},
    {"Enviado desde mi ", "", true},
    {"Enviado desde ", ""},
    {"Enviado con ", ""},
    {"Enviado a través de ", ""},
    {"Obtener ", ""},
    {"Obtén ", ""},
    {"Descargar ", ""},
    {"Inviato dal mio ", "", true},
    {"Inviato da mio ", "", true},
    {"Inviato da ", ""},
    {"Inviato con ", ""},
    {"Inviato tramite ", ""},
    {"Ottieni ", ""},
    {"Scarica ", ""},
    {"Enviado do meu ", "", true},
    {"Enviado a partir do meu ", "", true},
    {"Enviado do ", ""},
    {"Enviado a partir do ", ""},
    {"Enviado através do ", ""},
    {"Enviado pelo ", ""},
    {"Enviado de ", ""},
    {"Enviada do meu ", "", true},
    {"Enviada do ", ""},
    {"Obter o ", ""},
    {"Obter ", ""},
    {"Obtenha o ", ""},
    {"Verzonden vanaf mijn ", "", true},
    {"Verzonden via mijn ", "", true},
    {"Verstuurd vanaf mijn ", "", true},
    {"Verstuurd met mijn ", "", true},
    {"Verstuurd vanaf ", ""},
    {"Verstuurd met ", ""},
    {"Verzonden vanaf ", ""},
    {"Verzonden vanuit ", ""},
    {"Verzonden met ", ""},
    {"Verzonden via ", ""},
    {"", " downloaden"},
    {"", " ophalen"},
    {"Download ", ""},
    {"Sendt fra min ", "", true},
    {"Sendt fra mit ", "", true},
    {"Sendt fra ", ""},
    {"Sendt med ", ""},
    {"Sendt via ", ""},
    {"Hent ", ""},
    {"Skaff deg ", ""},
    {"Skaff ", ""},
    {"Få ", ""},
    {"Skickat från min ", "", true},
    {"Skickat från ", ""},
    {"Skickat med ", ""},
    {"Skickat via ", ""},
    {"Hämta ", ""},
    {"Skaffa ", ""},
    {"Lähetetty ", ""},
    {"Lähetetty laitteesta ", ""},
    {"Hanki ", ""},
    {"Lataa ", ""},
    {"Sent úr ", ""},
    {"Wysłane z ", ""},
    {"Wysłano z ", ""},
    {"Wysłane z mojego ", "", true},
    {"Wysłano z mojego ", "", true},
    {"Wysłano za pomocą ", ""},
    {"Pobierz aplikację ", ""},
    {"Pobierz ", ""},
    {"Odesláno z ", ""},
    {"Odesláno z mého ", "", true},
    {"Získat ", ""},
    {"Získejte ", ""},
    {"Odoslané z ", ""},
    {"Odoslané z môjho ", "", true},
    {"", "-omról küldve"},
    {"", "-emről küldve"},
    {"Az én ", " készülékemről küldve", true},
    {"Elküldve a következőből: ", ""},
    {"Küldve: ", ""},
    {"Trimis de pe ", ""},
    {"Trimis de pe ", " meu"},
    {"Trimis din ", ""},
    {"Obțineți ", ""},
    {"Изпратено от ", ""},
    {"Изпратено от моя ", "", true},
    {"Отправлено с ", ""},
    {"Отправлено с моего ", "", true},
    {"Отправлено из ", ""},
    {"Отправлено через ", ""},
    {"Скачать ", ""},
    {"Получить ", ""},
    {"Надіслано з ", ""},
    {"Надіслано з мого ", "", true},
    {"Відправлено з ", ""},
    {"Отримати ", ""},
    {"Στάλθηκε από το ", ""},
    {"Στάλθηκε από το ", " μου", true},
    {"Εστάλη από το ", " μου", true},
    {"Στάλθηκε από ", ""},
    {"", "'umdan gönderildi"},
    {"", "'imden gönderildi"},
    {"", "’umdan gönderildi"},
    {"", "’imden gönderildi"},
    {"", " cihazımdan gönderildi", true},
    {"", " uygulamasından gönderildi"},
    {"", "'tan gönderildi"},
    {"", " edinin"},
    {"נשלח מה-", " שלי"},
    {"נשלח מה", " שלי"},
    {"נשלח מ-", ""},
    {"נשלח מ", ""},
    {"أرسل من الـ ", " الخاص بي"},
    {"أُرسلت من الـ ", " الخاص بي"},
    {"أرسلت من ", " الخاص بي"},
    {"أرسلت من ", ""},
    {"مرسل من ", ""},
    {"الحصول على ", ""},
    {"ارسال از ", " من"},
    {"मेरे ", " से भेजा गया"},
    {"", " से भेजा गया"},
    {"ส่งจาก ", " ของฉัน"},
    {"ส่งจาก ", ""},
    {"Đã gửi từ ", " của tôi"},
    {"Gửi từ ", " của tôi"},
    {"Được gửi từ ", ""},
    {"Gửi từ ", ""},
    {"Dikirim dari ", " saya"},
    {"Dikirim dari ", ""},
    {"Dihantar daripada ", " saya"},
    {"Unduh ", ""},
    {"发自我的", ""},
    {"发自我的 ", ""},
    {"从我的", "发送"},
    {"从我的 ", " 发送"},
    {"来自我的", ""},
    {"發自我的", ""},
    {"發自我的 ", ""},
    {"從我的", "傳送"},
    {"從我的 ", " 傳送"},
    {"发自", ""},
    {"获取", ""},
    {"获取 ", ""},
    {"下载 ", ""},
    {"取得 ", ""},
    {"發自 ", ""},
    {"", "から送信"},
    {"私の", "から送信"},
    {"", "を入手"},
    {"", " を入手する"},
    {"나의 ", "에서 보냄"},
    {"내 ", "에서 보냄"},
    {"", "에서 보냄"},
    {"", "에서 전송됨"},
    {"", " 다운로드"},
    {"Saadetud minu ", "", true},
    {"Nosūtīts no mana ", "", true},
    {"Nosūtīts no ", ""},
    {"Išsiųsta iš mano ", "", true},
    {"Išsiųsta iš ", ""},
    {"Poslano z mojega ", "", true},
    {"Poslano z ", ""},
    {"Poslano s mog ", "", true},
    {"Poslano s ", ""},
    {"Послато са мог ", "", true},
    {"Poslato sa mog ", "", true},
    {"Enviat des del meu ", "", true},
    {"Enviat des de ", ""},
    {"Nire ", "tik bidalia", true},
};

// Devices, systems and mail programs, in lower case.
constexpr std::string_view products[] = {
    "airmail",    "alcatel",      "android",   "aol",        "aquamail",     "asus",        "blackberry", "bluemail",
    "canary",     "edison",       "fairemail", "fairphone",  "galaxy",       "gmail",       "gmx",        "google",
    "honor",      "htc",          "huawei",    "ios",        "ipad",         "iphone",      "ipod",       "k-9",
    "lenovo",     "lg",           "lumia",     "mac",        "macbook",      "mail",        "mail.de",    "mailbird",
    "mailspring", "mi",           "moto",      "motorola",   "mymail",       "newton",      "nexus",      "nine",
    "nokia",      "oneplus",      "oppo",      "outlook",    "outlook.com",  "pixel",       "polymail",   "posteo",
    "proton",     "protonmail",   "realme",    "redmi",      "rediffmail",   "samsung",     "skiff",      "smartphone",
    "sony",       "spark",        "spike",     "superhuman", "surface",      "thunderbird", "tuta",       "tutanota",
    "typeapp",    "vivo",         "web.de",    "wiko",       "windows",      "xiaomi",      "xperia",     "yahoo",
    "yandex",     "zoho",         "zte",       "@mail.ru",   "mail.ru",      "microsoft",   "workspace",  "icloud",
    "hey",        "front",        "em",        "klient",     "orange",       "free",        "freenet",    "t-online",
    "vodafone",   "verizon",      "t-mobile",  "handy",      "mobiltelefon", "telefon",     "mobile",     "tablet",
    "phone",      "iphonesta",    "ipadista",  "iphone'a",   "iphonu",       "ipadu",       "iphone’a",   "iphone-u",
    "iphonea",    "яндекс.почты", "почты",     "メール",     "邮箱",         "qq邮箱",      "qq"};

// What may stand beside a product.
constexpr std::string_view fillers[] = {
    "for",   "für",       "fur",        "pour",     "para",        "per",         "voor",         "til",
    "för",   "till",      "dla",        "pro",      "pre",         "the",         "my",           "app",
    "l'app", "appen",     "la",         "der",      "dem",         "die",         "das",          "de",
    "do",    "mobile",    "mobil",      "mobiel",   "device",      "phone",       "tablet",       "smartphone",
    "mini",  "pro",       "plus",       "max",      "air",         "se",          "ultra",        "secure",
    "email", "e-mail",    "e-mails",    "mail",     "client",      "lite",        "on",           "auf",
    "sur",   "en",        "op",         "på",       "wireless",    "4g",          "5g",           "lte",
    "an",    "at&t",      "a",          "from",     "by",          "via",         "with",         "mit",
    "avec",  "con",       "met",        "med",      "és",          "и",           "and",          "und",
    "et",    "web",       "desktop",    "basic",    "apple",       "handheld",    "mobilgerät",   "mobiltelefon",
    "handy", "téléphone", "teléfono",   "telefono", "inteligente", "dispositivo", "apparaat",     "enhed",
    "enhet", "laite",     "устройства", "телефона", "для",         "на",          "від",          "için",
    "的",    "版",        "用",         "一款",     "com",         "sicher",      "verschlüsselt"};

bool is_number(std::string_view word) { return word.find_first_not_of("0123456789.+") == std::string_view::npos; }

// A name, or a type such as "A52s" or "SM-G900".
bool is_like_a_name(std::string_view word) {
  const auto first = word.front();
  return (first >= 'A' && first <= 'Z') || ascii_digit(first) || std::ranges::any_of(word, ascii_digit) ||
         (first & 0x80) != 0;
}

// Whether these words name a device or a mail program and say nothing else.
bool is_device(std::string_view text, bool mine) {
  const auto words = words_of(text, most_words + 1);
  if (words.empty() || words.size() > most_words) return false;
  bool product = false;
  for (auto word : words) {
    if (word.size() > 1 && word.ends_with(',')) word.remove_suffix(1);
    if (word.find_first_of(";!?\"") != std::string_view::npos) return false;
    const auto is_product = is_one_of(word, products);
    product = product || is_product;
    if (!is_product && !is_one_of(word, fillers) && !is_number(word) && !(is_like_a_name(word) && (mine || product)))
      return false;
  }
  return product || (mine && words.size() <= 5 && is_like_a_name(words.front()));
}

// Without what leads to the program's page: "<https://aka.ms/o0ukef>" anywhere, "(https://…)" or "https://…" at the
// end.
std::string without_links(std::string_view line) {
  std::string out;
  for (auto at = line.find("<http"); at != std::string_view::npos; at = line.find("<http")) {
    const auto end = line.find('>', at);
    if (end == std::string_view::npos) break;
    out += bare(line.substr(0, at));
    line.remove_prefix(end + 1);
  }
  out += line;
  for (const std::string_view front : {"(http", "[http", "https://", "http://"}) {
    const auto at = out.find(front);
    if (at != std::string::npos && at > 0 && out.find(' ', at) == std::string::npos)
      out = bare(std::string_view(out).substr(0, at));
  }
  return out;
}

std::string_view without_brackets(std::string_view line) {
  if (line.size() > 2 && ((line.front() == '[' && line.back() == ']') || (line.front() == '(' && line.back() == ')')))
    return line.substr(1, line.size() - 2);
  return line;
}

}  // namespace

bool is_device_footer(std::string_view line) {
  if (line.size() < 6 || line.size() > longest_device_line) return false;
  const auto linkless = without_links(unmarked(line));
  auto text = without_brackets(unmarked(linkless));
  while (text.ends_with('.') || text.ends_with('!')) text.remove_suffix(1);
  if (text.empty()) return false;
  for (const auto& phrase : phrases) {
    if (!phrase.before.empty() && ascii_lower(phrase.before.front()) != ascii_lower(text.front())) continue;
    if (text.size() <= phrase.before.size() + phrase.behind.size() || !ascii_istarts_with(text, phrase.before) ||
        !text.ends_with(phrase.behind))
      continue;
    const auto device = text.substr(phrase.before.size(), text.size() - phrase.before.size() - phrase.behind.size());
    if (is_device(device, phrase.mine)) return true;
  }
  return false;
}

std::size_t device_footer_begin(Lines lines) {
  auto begin = lines.size();
  for (auto i = lines.size(); i > 0; --i) {
    if (lines[i - 1].blank()) continue;
    if (!is_device_footer(lines[i - 1].text)) break;
    begin = i - 1;
  }
  return begin;
}

}  // namespace coi::reply
