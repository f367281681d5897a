#include "imap/body_structure.h"

#include <utility>

namespace coi::imap {
namespace {

// body           = "(" (body-type-1part / body-type-mpart) ")"
// body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
// body-type-1part = type SP subtype SP body-fields [SP specific] [SP body-ext-1part]
// body-fields    = param SP id SP desc SP enc SP octets
// specific       = for TEXT: lines; for MESSAGE/RFC822: envelope SP body SP lines
// body-ext-1part = md5 [SP dsp [SP lang [SP loc *(SP extension)]]]
// body-ext-mpart = param [SP dsp [SP lang [SP loc *(SP extension)]]]

Result<std::string> text_or_nothing(Reader& in) { return COI_TRY(in.nstring()).value_or(std::string()); }

Result<std::string> lower(Reader& in) { return ascii_lower(COI_TRY(text_or_nothing(in))); }

// param = "(" string SP string *(SP string SP string) ")" / nil
Result<Parameters> parameters(Reader& in) {
  Parameters all;
  if (!in.open_if()) {
    COI_TRY(in.skip());
    return all;
  }
  while (!in.close_if()) {
    auto key = COI_TRY(in.astring());
    all.insert_or_assign(std::move(key), COI_TRY(text_or_nothing(in)));
  }
  return all;
}

// dsp = "(" string SP param ")" / nil
Result<> disposition(Reader& in, BodyPart& part) {
  if (!in.open_if()) return in.skip();
  part.disposition = COI_TRY(lower(in));
  if (!in.at(Token::Kind::close)) part.disposition_parameters = COI_TRY(parameters(in));
  return in.close();
}

Result<> rest_of_list(Reader& in) {
  while (!in.close_if()) COI_TRY(in.skip());
  return {};
}

// What follows md5, or the parameters of a multipart, up to and with the ")".
Result<> extension(Reader& in, BodyPart& part) {
  if (!in.at(Token::Kind::close)) COI_TRY(disposition(in, part));
  return rest_of_list(in);
}

std::string child(const std::string& section, std::size_t number) {
  return section.empty() ? std::to_string(number) : section + '.' + std::to_string(number);
}

// `enclosing`: the section this body lies in, "" for the mail itself. A multipart that is the whole body of a mail has
// that mail's number and its parts count from there; a single part that is a whole body is number 1 of it.
Result<BodyPart> body(Reader& in, const std::string& enclosing);
Result<BodyPart> one_part(Reader& in, std::string section);

Result<> multipart(Reader& in, BodyPart& part) {
  part.type = "multipart";
  while (in.at(Token::Kind::open)) {
    auto section = child(part.section, part.parts.size() + 1);
    COI_TRY(in.open());
    if (in.at(Token::Kind::open)) {
      BodyPart inner;
      inner.section = std::move(section);
      COI_TRY(multipart(in, inner));
      part.parts.push_back(std::move(inner));
    } else {
      part.parts.push_back(COI_TRY(one_part(in, std::move(section))));
    }
  }
  part.subtype = COI_TRY(lower(in));
  if (in.close_if()) return {};
  part.parameters = COI_TRY(parameters(in));
  return extension(in, part);
}

Result<BodyPart> one_part(Reader& in, std::string section) {
  BodyPart part;
  part.section = std::move(section);
  if (in.close_if()) return part;  // too deep: the lexer left nothing in it
  part.type = COI_TRY(lower(in));
  part.subtype = COI_TRY(lower(in));
  part.parameters = COI_TRY(parameters(in));
  part.id = COI_TRY(text_or_nothing(in));
  part.description = COI_TRY(text_or_nothing(in));
  part.encoding = COI_TRY(lower(in));
  part.octets = COI_TRY(in.number64());
  // A server that could not parse the inner mail leaves envelope, body and lines out.
  if (part.is("message", "rfc822") && in.at(Token::Kind::open)) {
    COI_TRY(in.skip());
    part.parts.push_back(COI_TRY(body(in, part.section)));
    COI_TRY(in.skip());
  } else if (part.type == "text" && in.at(Token::Kind::atom) && !in.at_nil()) {
    COI_TRY(in.skip());
  }
  if (in.close_if()) return part;
  COI_TRY(in.skip());
  COI_TRY(extension(in, part));
  return part;
}

Result<BodyPart> body(Reader& in, const std::string& enclosing) {
  COI_TRY(in.open());
  if (!in.at(Token::Kind::open)) return one_part(in, child(enclosing, 1));
  BodyPart part;
  part.section = enclosing;
  COI_TRY(multipart(in, part));
  return part;
}

}  // namespace

Result<BodyPart> read_body_structure(Reader& in) { return body(in, {}); }

}  // namespace coi::imap
