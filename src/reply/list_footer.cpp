#include "reply/list_footer.h"

#include <algorithm>

#include "base/ascii.h"
#include "reply/footer.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

struct Known {
  std::string_view before, behind;
  bool place =
      false;  // it has an address or a URL, too: without one a person may have begun a sentence with these words
};

// What a whole line begins and ends with: Mailman 2 and 3, Google Groups, groups.io, LISTSERV, Majordomo, Sympa,
// GitHub.
constexpr Known known[] = {
    {"", " mailing list"},
    {"", " mailing list -- "},
    {"You received this message because you are subscribed to the Google Groups \"", ""},
    {"Sie erhalten diese Nachricht, weil Sie in Google Groups ", ""},
    {"Vous recevez ce message, car vous êtes abonné au groupe Google Groupes ", ""},
    {"To unsubscribe from this group and stop receiving emails from it, send an email to ", ""},
    {"To unsubscribe from this group, send email to ", "", true},
    {"To post to this group, send email to ", "", true},
    {"To view this discussion on the web", "", true},
    {"To view this discussion visit ", "", true},
    {"For more options, visit ", "", true},
    {"For more options visit this group at", ""},
    {"Visit this group at ", "", true},
    {"Um sich von dieser Gruppe abzumelden", ""},
    {"To unsubscribe send an email to ", "", true},
    {"To unsubscribe, send an email to ", "", true},
    {"To unsubscribe, e-mail: ", "", true},
    {"To unsubscribe, email: ", "", true},
    {"For additional commands, e-mail: ", "", true},
    {"To unsubscribe from this list: send the line \"unsubscribe ", ""},
    {"To unsubscribe from this list, ", "", true},
    {"To unsubscribe or change your options", ""},
    {"To unsubscribe from ", "", true},
    {"To subscribe or unsubscribe via the World Wide Web, visit", ""},
    {"the body of a message to majordomo@", ""},
    {"More majordomo info at ", "", true},
    {"Please read the FAQ at ", "", true},
    {"Groups.io Links: You receive all messages sent to this group.", ""},
    {"View/Reply Online (#", "", true},
    {"Mute This Topic: ", "", true},
    {"Group Owner: ", "", true},
    {"Unsubscribe: ", "", true},
    {"-=-=-=-=-", ""},
    {"You are receiving this because you are subscribed to this thread.", ""},
    {"You are receiving this because you were ", ""},
    {"You are receiving this because you authored the thread.", ""},
    {"You are receiving this mail because:", ""},
    {"Reply to this email directly, view it on GitHub", ""},
    {"Reply to this email directly or view it on GitHub", ""},
    {"Mailing-Liste: ", "", true},
    {"Mailingliste ", "", true},
    {"Diese E-Mail wurde von Avast", ""},
    {"This email has been checked for viruses by ", ""},
    {"This email is free from viruses and malware because ", ""},
    {"No virus found in this message.", ""},
    {"No virus found in this incoming message.", ""},
    {"Checked by AVG", ""},
    {"Virus-free. www.av", ""},
    {"Virus-free.www.av", ""},
    {"Virenfrei. www.av", ""},
    {"Virenfrei.www.av", ""},
    {"Libre de virus. www.av", ""},
    {"Libre de virus.www.av", ""},
    {"Garanti sans virus. www.av", ""},
    {"Garanti sans virus.www.av", ""},
    {"Sans virus.www.av", ""},
    {"Mail priva di virus. www.av", ""},
    {"Privo di virus.www.av", ""},
    {"Livre de vírus. www.av", ""},
    {"Livre de vírus.www.av", ""},
    {"Não contém vírus.www.av", ""},
    {"Virusvrij. www.av", ""},
    {"Virusvrij.www.av", ""},
    {"Wolny od wirusów. www.av", ""},
    {"Wolny od wirusów.www.av", ""},
    {"Bez virů. www.av", ""},
    {"Без вирусов. www.av", ""},
    {"Diese E-Mail wurde auf Viren geprüft", ""},
    {"L'absence de virus dans ce courrier électronique a été vérifiée par le logiciel antivirus ", ""},
    {"Cet e-mail a été vérifié par le logiciel antivirus ", ""},
    {"El software de antivirus Avast ha analizado este correo electrónico en busca de virus.", ""},
    {"Questa e-mail è stata controllata per individuare virus con Avast antivirus.", ""},
    {"Este email foi escaneado pelo Avast antivírus.", ""},
    {"Deze e-mail is gecontroleerd op virussen door ", ""},
    {"Ta wiadomość e-mail została sprawdzona pod kątem wirusów przez ", ""},
    {"Це повідомлення перевірено на віруси програмою ", ""},
    {"Это сообщение проверено на вирусы антивирусом ", ""},
};

constexpr std::size_t longest_list_line = 300;
constexpr std::size_t most_list_lines = 24;

bool is_known(std::string_view text) {
  if (text.empty() || text.size() > longest_list_line) return false;
  return std::ranges::any_of(known, [&](const Known& one) {
    if (one.before.empty()) {
      // "riak-users mailing list", "Garden mailing list -- garden@lists.example": a name of a few words in front.
      const auto at = text.find(one.behind);
      if (at == std::string_view::npos || at == 0 || words_of(text.substr(0, at), 5).size() > 4) return false;
      const auto rest = text.substr(at + one.behind.size());
      return one.behind.ends_with("-- ") ? has_address(rest) && !rest.contains(' ') : rest.empty();
    }
    return ascii_lower(text.front()) == ascii_lower(one.before.front()) && ascii_istarts_with(text, one.before) &&
           (!one.place || has_address(text) || text.contains("://"));
  });
}

// An address or a URL, with a label of two words at most: "List archives: <https://…>".
bool is_place(std::string_view text) {
  const auto words = words_of(text, 5);
  if (words.empty() || words.size() > 3) return false;
  const auto last = words.back();
  return has_address(last) || last.contains("://") || last.starts_with("www.");
}

bool is_rule_above(const Seen& line) {
  return is_rule(line.text, 2) || line.said == Said::rule || is_signature_mark(line);
}

}  // namespace

std::size_t list_footer_begin(Lines lines) {
  auto begin = lines.size();
  std::size_t written = 0;
  for (auto i = lines.size(); i > 0 && written < most_list_lines; --i) {
    const auto& line = lines[i - 1];
    if (line.blank()) continue;
    ++written;
    if (is_known(line.text)) {
      begin = i - 1;
    } else if (is_rule_above(line)) {
      if (begin == lines.size()) continue;  // the rule below a footer
      begin = i - 1;
    } else if (!is_place(line.text)) {
      break;
    }
  }
  return begin;
}

}  // namespace coi::reply
