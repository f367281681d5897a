#include "imap/body_structure.h"

#include <utility>

#include <fmt/format.h>

namespace coi::imap {
namespace {

// body           = "(" (body-type-1part / body-type-mpart) ")"
// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
// body-type-1part = type SP subtype SP body-fields [SP specific] [SP body-ext-1part]
// body-fields    = param SP id SP desc SP enc SP octets
// specific       = for TEXT: lines; for MESSAGE/RFC822: envelope SP body SP lines
// body-ext-1part = md5 [SP dsp [SP lang [SP loc *(SP extension)]]]
// body-ext-mpart = param [SP dsp [SP lang [SP loc *(SP extension)]]]

std::unexpected<Error> unreadable(std::string_view what) {
  return fail(ErrorKind::protocol, fmt::format("{} in a structure", what));
}

// A string, or a bare atom where it belongs; "" for NIL and all else.
std::string text(Reader value) {
  if (value.at_nil()) return {};
  return value.astring().value_or(std::string());
}

std::string lower(Reader value) { return ascii_lower(text(value)); }

// param = "(" string SP string *(SP string SP string) ")" / nil
Parameters parameters(Reader value) {
  Parameters all;
  auto list = value.list();
  while (list && !list->at_end()) {
    auto key = text(list->value());
    auto own = text(list->value());
    if (!key.empty()) all.insert_or_assign(std::move(key), std::move(own));
  }
  return all;
}

// dsp = "(" string SP param ")" / nil. A list of languages has the same place in some servers' answers, but no list in
// it.
bool take_disposition(Reader value, BodyPart& part) {
  auto list = value.list();
  if (!list) return false;
  auto word = lower(list->value());
  if (word.empty() || (!list->at(Token::Kind::open) && !list->at_nil() && !list->at_end())) return false;
  part.disposition = std::move(word);
  part.disposition_parameters = parameters(list->value());
  return true;
}

// What follows the octets, or the parameters of a multipart.
void take_extension(Reader& in, BodyPart& part) {
  while (!in.at_end() && !take_disposition(in.value(), part)) {
  }
}

std::string child(const std::string& section, std::size_t number) {
  return section.empty() ? std::to_string(number) : section + '.' + std::to_string(number);
}

// Some servers say NIL for a part that they cannot parse.
bool is_multipart(Reader inside) {
  while (inside.at_nil()) inside.value();
  return inside.at(Token::Kind::open);
}

// `enclosing`: the section this body lies in, "" for the mail itself. A multipart that is the whole body of a mail has
// that mail's number and its parts count from there; a single part that is a whole body is number 1 of it.
Result<BodyPart> body(Reader inside, const std::string& enclosing);
Result<BodyPart> one_part(Reader inside, std::string section);

Result<> multipart(Reader inside, BodyPart& part) {
  part.type = "multipart";
  while (inside.at(Token::Kind::open) || inside.at_nil()) {
    auto section = child(part.section, part.parts.size() + 1);
    auto list = inside.list();
    if (!list) return unreadable("a part that is not told");
    if (is_multipart(*list)) {
      BodyPart inner;
      inner.section = std::move(section);
      COI_TRY(multipart(*list, inner));
      part.parts.push_back(std::move(inner));
    } else {
      part.parts.push_back(COI_TRY(one_part(*list, std::move(section))));
    }
  }
  part.subtype = lower(inside.value());
  part.parameters = parameters(inside.value());
  take_extension(inside, part);
  return {};
}

Result<BodyPart> one_part(Reader inside, std::string section) {
  BodyPart part;
  part.section = std::move(section);
  if (inside.at_end()) return part;  // too deep: the lexer left nothing in it
  part.type = lower(inside.value());
  part.subtype = lower(inside.value());
  if (part.type.empty() || part.subtype.empty()) return unreadable("a part without a type");
  part.parameters = parameters(inside.value());
  part.id = text(inside.value());
  part.description = text(inside.value());
  part.encoding = lower(inside.value());
  part.octets = inside.value().number64().value_or(0);
  // A server that could not parse the inner mail leaves envelope, body and lines out.
  if (part.is("message", "rfc822") && inside.at(Token::Kind::open)) {
    inside.value();
    if (auto inner = inside.list(); inner && !inner->at_end())
      part.parts.push_back(COI_TRY(body(*inner, part.section)));
  }
  take_extension(inside, part);
  return part;
}

Result<BodyPart> body(Reader inside, const std::string& enclosing) {
  if (!is_multipart(inside)) return one_part(inside, child(enclosing, 1));
  BodyPart part;
  part.section = enclosing;
  COI_TRY(multipart(inside, part));
  return part;
}

}  // namespace

Result<BodyPart> read_body_structure(Reader& in) {
  auto inside = in.list();
  if (!inside || inside->at_end()) return unreadable("no body");
  return body(*inside, {});
}

}  // namespace coi::imap
