// Files of messages: fetched, and put on their way.
#include "engine/account_impl.h"
#include "engine/outgoing_files.h"
#include "engine/small_picture.h"
#include "hash/base64.h"
#include "mime/mail.h"
#include "mime/smime.h"

namespace coi::engine {
namespace {

// `inside`: where the file lies within a signed part, "" if the part is the file.
Result<std::string> file_of(const FetchedSection& part, std::string_view inside, const Limits& limits) {
  auto bytes = COI_TRY(mime::decode_file(part.header, part.octets, limits));
  if (inside.empty()) return bytes;
  return mime::file_inside(bytes, inside, limits);
}

}  // namespace

void Account::fetch_original(chat::MessageId message, std::function<void(Result<std::string>)> done) {
  auto reader = this->reader();
  if (!reader) return done(std::unexpected(reader.error()));
  auto copies = reader->copies(message);
  if (!copies) return done(std::unexpected(copies.error()));
  impl_->backfill.fetch(std::move(*copies), "", [done](Result<FetchedSection> mail) {
    if (!mail) return done(std::unexpected(mail.error()));
    if (mail->octets.empty()) return done(fail(ErrorKind::not_found, "the server has nothing of that mail"));
    done(std::move(mail->octets));
  });
}

void Account::fetch_attachment(chat::AttachmentId attachment, std::function<void(Result<std::filesystem::path>)> done) {
  auto reader = this->reader();
  if (!reader) return done(std::unexpected(reader.error()));
  auto found = reader->attachment(attachment);
  if (!found) return done(std::unexpected(found.error()));
  if (!*found) return done(fail(ErrorKind::not_found, fmt::format("there is no attachment {}", attachment.value)));
  const auto& [message, file] = **found;
  std::error_code unknown;
  if (file.state == chat::FileState::local && std::filesystem::exists(impl_->blobs.path(file.blob), unknown))
    return done(impl_->blobs.path(file.blob));
  if (file.is_awaited())
    return done(fail(ErrorKind::not_found, fmt::format("{} has not arrived yet", file.name),
                     "it comes in a mail of its own, as soon as its author's device has sent it"));
  auto copies = reader->copies_with_files(message);
  if (!copies) return done(std::unexpected(copies.error()));
  const auto slash = file.section.find('/');
  const auto inside = slash == std::string::npos ? std::string() : file.section.substr(slash + 1);
  impl_->backfill.fetch(std::move(*copies), file.section.substr(0, slash),
                        [impl = impl_.get(), attachment, inside, done](Result<FetchedSection> part) {
                          if (!part) return done(std::unexpected(part.error()));
                          auto bytes = file_of(*part, inside, impl->environment.limits);
                          if (!bytes) return done(std::unexpected(bytes.error()));
                          auto blob = impl->blobs.put(*bytes);
                          if (!blob) return done(std::unexpected(blob.error()));
                          const auto pixels = picture_size(*bytes, impl->environment.limits);
                          impl->account.act(chat::FileFetched{.attachment = attachment,
                                                              .blob = *blob,
                                                              .size = bytes->size(),
                                                              .width = pixels.width,
                                                              .height = pixels.height},
                                            [impl, blob = *blob, done](Result<store::Changes> changes) {
                                              if (!changes) return done(std::unexpected(changes.error()));
                                              done(impl->blobs.path(blob));
                                            });
                        });
}

void Account::fetch_preview(chat::AttachmentId attachment, std::function<void(Result<std::filesystem::path>)> done) {
  auto reader = this->reader();
  if (!reader) return done(std::unexpected(reader.error()));
  auto found = reader->attachment(attachment);
  if (!found) return done(std::unexpected(found.error()));
  const bool has_own = *found && !(**found).second.preview.empty() &&
                       (**found).second.state != chat::FileState::local && !(**found).second.preview.contains('/');
  if (!has_own) return fetch_attachment(attachment, std::move(done));
  auto copies = reader->copies_with_files((**found).first);
  if (!copies) return done(std::unexpected(copies.error()));
  impl_->backfill.fetch(std::move(*copies), (**found).second.preview,
                        [impl = impl_.get(), done](Result<FetchedSection> part) {
                          if (!part) return done(std::unexpected(part.error()));
                          const auto bytes = file_of(*part, {}, impl->environment.limits);
                          if (!bytes) return done(std::unexpected(bytes.error()));
                          const auto blob = impl->blobs.put(*bytes);
                          if (!blob) return done(std::unexpected(blob.error()));
                          done(impl->blobs.path(*blob));
                        });
}

Result<chat::OutgoingFile> Account::add_card(const mime::Vcard& card, mime::VcardVersion version) const {
  auto file = card_file(card, version);
  file.blob = COI_TRY(impl_->blobs.put(file.bytes));
  return file;
}

Result<> Account::check_files(const std::vector<chat::Attachment>& files, const chat::SendMessage& send) const {
  return check_sizes(files, impl_->most_octets_of_files(chat::goes_in_one_mail(send)));
}

Result<chat::OutgoingFile> Account::add_again(const chat::Attachment& attachment, const FileOptions& options) const {
  if (attachment.state != chat::FileState::local) return fail(ErrorKind::not_found, "the file is not on this device");
  chat::OutgoingFile file{.name = attachment.name,
                          .type = attachment.type,
                          .blob = {},
                          .bytes = COI_TRY(read_file(impl_->blobs.path(attachment.blob), attachment.size)),
                          .width = attachment.width,
                          .height = attachment.height};
  COI_TRY(take_place_out(file, options));
  COI_TRY(impl_->keep(file));
  return file;
}

Result<std::vector<chat::OutgoingFile>> Account::add_files(const std::vector<std::filesystem::path>& files,
                                                           const FileOptions& options) const {
  if (files.empty()) return {};
  const auto sizes = COI_TRY(sizes_of(files, impl_->most_octets_of_files(options.one_mail)));
  std::vector<chat::OutgoingFile> added;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto outgoing = COI_TRY(outgoing_file(files[i].filename().string(), COI_TRY(read_file(files[i], sizes[i])), options,
                                          impl_->environment.limits));
    COI_TRY(impl_->keep(outgoing));
    added.push_back(std::move(outgoing));
  }
  return added;
}

Result<chat::Picture> Account::small_picture(const std::filesystem::path& file) const {
  constexpr std::uintmax_t largest = 64 * 1024 * 1024;
  const auto sizes = COI_TRY(sizes_of({file}, {.each = largest, .all = largest}));
  return engine::small_picture(COI_TRY(read_file(file, sizes.front())), impl_->environment.limits);
}

Result<std::filesystem::path> Account::picture_file(const std::string& id) const {
  auto reader = COI_TRY(this->reader());
  const auto base64 = COI_TRY(reader.picture(id));
  const auto octets = base64 ? hash::base64_decode(*base64) : std::nullopt;
  if (!octets) return fail(ErrorKind::not_found, "there is no such picture");
  return impl_->blobs.path(COI_TRY(impl_->blobs.put(*octets)));
}

}  // namespace coi::engine
