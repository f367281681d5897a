// coi save, original
#include "arguments.h"

#include <array>
#include <fstream>

#include <fmt/format.h>
#include "base/size_text.h"
#include "commands.h"
#include "proto/view.h"
#include "save_file.h"
#include "text.h"

namespace coi::cli {
namespace {

// The attachment, and where its file lies now.
struct SavedFile : proto::Attachment {
  std::string file;
};
BOOST_DESCRIBE_STRUCT(SavedFile, (proto::Attachment), (file))

struct SaveOptions {
  std::int64_t attachment = 0;
  std::string file;
};

// The attachment's own name, without a path and without what hides a file or makes it look like an option.
std::string plain_name(std::string_view name) {
  auto plain = std::filesystem::path(one_line(name)).filename().string();
  plain.erase(0, plain.find_first_not_of(".- "));
  return plain.empty() ? "attachment" : plain;
}

Result<> print_file(Output& out, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 65536> buffer;
  while (file.read(buffer.data(), buffer.size()), file.gcount() > 0)
    out.raw({buffer.data(), static_cast<std::size_t>(file.gcount())});
  if (!file.eof()) return fail(ErrorKind::io, fmt::format("cannot read {}", path));
  return out.complete();
}

// A folder, or none: in it under the file's own name, or a free one beside it.
Result<std::filesystem::path> store(const proto::SavedAttachment& saved, const std::string& wanted) {
  std::error_code error;
  const auto name = plain_name(saved.attachment.name);
  if (wanted.empty()) return save_beside(saved.path, name);
  if (wanted.ends_with('/') || std::filesystem::is_directory(wanted, error))
    return save_beside(saved.path, std::filesystem::path(wanted) / name);
  COI_TRY(save_as(saved.path, wanted));
  return wanted;
}

Result<> save(Shell& shell, const SaveOptions& options) {
  const auto saved = COI_TRY(
      shell.ask(proto::SaveAttachment{.attachment = proto::AttachmentId(options.attachment)}, "Fetching the file"));
  auto& out = shell.out();
  if (options.file == "-") return print_file(out, saved.path);
  const auto target = COI_TRY(store(saved, options.file));
  out.report(SavedFile{saved.attachment, std::filesystem::absolute(target).string()},
             fmt::format("Saved {} ({}).", one_line(target.string()), size_text(saved.attachment.size)));
  return {};
}

// Back from one character for each octet (proto::Original).
std::string octets_of(std::string_view mail) {
  std::string octets;
  octets.reserve(mail.size());
  for (std::size_t i = 0; i < mail.size(); ++i) {
    const auto lead = static_cast<unsigned char>(mail[i]);
    if (lead >= 0x80 && i + 1 < mail.size())
      octets += static_cast<char>((lead & 0x03) << 6 | (static_cast<unsigned char>(mail[++i]) & 0x3F));
    else
      octets += mail[i];
  }
  return octets;
}

Result<> print_original(Shell& shell, std::int64_t message) {
  const auto original =
      COI_TRY(shell.ask(proto::GetOriginal{.message = proto::MessageId(message)}, "Fetching the mail"));
  if (shell.out().json())
    shell.out().object(original);
  else if (shell.out().width() > 0)  // a person looks: whoever wrote the mail does not steer the terminal
    shell.out().raw(printable(octets_of(original.mail)));
  else
    shell.out().raw(octets_of(original.mail));
  return {};
}

}  // namespace

void add_files(Commands& commands) {
  auto options = std::make_shared<SaveOptions>();
  auto& command = commands.add("save", "Save an attachment to a file", "Conversations");
  command.add_option("ATTACHMENT", options->attachment, "Its number, as `coi read` shows it")
      ->required()
      ->check(id_number());
  command.add_option(
      "FILE", options->file,
      "Where to: a name, a folder, or - for standard output (default: its own name, here; nothing is overwritten)");
  commands.on(command, [options](Shell& shell) { return save(shell, *options); });

  auto message = std::make_shared<std::int64_t>(0);
  auto& original =
      commands.add("original", "Print a message's mail as it lies on the server, octet by octet unless on a terminal",
                   "Conversations");
  original.add_option("MSG", *message, "Message id")->required()->check(id_number());
  commands.on(original, [message](Shell& shell) { return print_original(shell, *message); });
}

}  // namespace coi::cli
