// The handlers behind the table (table.cpp), one file for each family.
#pragma once

#include "api/service.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/contact.h"
#include "proto/daemon.h"
#include "proto/event.h"
#include "proto/folder.h"
#include "proto/group.h"
#include "proto/later_methods.h"
#include "proto/media.h"
#include "proto/message.h"
#include "proto/poll_methods.h"
#include "proto/profile.h"
#include "proto/view.h"

namespace coi::api {

// account_methods.cpp
Result<proto::Account> login(const Call& call, const proto::Login& params);
Result<proto::RepairedAccount> repair(const Call& call, const proto::RepairAccount& params);
Result<proto::Done> logout(const Call& call, const proto::Logout& params);
void list_accounts(const Call& call, const proto::ListAccounts& params, const Responder<proto::AccountList>& responder);
Result<proto::Account> use_account(const Call& call, const proto::UseAccount& params);
void get_status(const Call& call, const proto::GetStatus& params, const Responder<proto::Status>& responder);
void sync(const Call& call, const proto::Sync& params, const Responder<proto::Done>& responder);
Result<proto::AccountSettings> get_settings(const OpenAccount& open, const proto::GetSettings& params);
void change_settings(const Call& call, const proto::ChangeSettings& params,
                     const Responder<proto::AccountSettings>& responder);
void set_filter(const OpenAccount& open, const proto::SetFilter& params, const Responder<proto::Status>& responder);

// chat_methods.cpp
void list_candidates(const Call& call, const proto::ListCandidates& params,
                     const Responder<proto::CandidateList>& responder);
Result<proto::OneChat> get_chat(const OpenAccount& open, const proto::GetChat& params);
void mark_seen(const OpenAccount& open, const proto::MarkSeen& params, const Responder<proto::OneChat>& responder);
void archive_chat(const OpenAccount& open, const proto::ArchiveChat& params,
                  const Responder<proto::OneChat>& responder);
void pin_chat(const OpenAccount& open, const proto::PinChat& params, const Responder<proto::OneChat>& responder);
void set_timer(const OpenAccount& open, const proto::SetTimer& params, const Responder<proto::TimerSet>& responder);
void mute_chat(const OpenAccount& open, const proto::MuteChat& params, const Responder<proto::OneChat>& responder);
void set_folders(const OpenAccount& open, const proto::SetFolders& params, const Responder<proto::OneChat>& responder);
void set_draft(const OpenAccount& open, const proto::SetDraft& params, const Responder<proto::OneChat>& responder);
void accept_chat(const OpenAccount& open, const proto::AcceptChat& params, const Responder<proto::OneChat>& responder);
void block_chat(const OpenAccount& open, const proto::BlockChat& params, const Responder<proto::OneChat>& responder);

// list_methods.cpp
void list_chats(const Call& call, const proto::ListChats& params, const Responder<proto::ChatList>& responder);
void list_contacts(const Call& call, const proto::ListContacts& params, const Responder<proto::ContactList>& responder);
void search(const Call& call, const proto::Search& params, const Responder<proto::FoundMessages>& responder);
Result<> get_counts(const OpenAccount& open, const proto::GetCounts& params, proto::Counts& counts);
void merge_counts(const proto::GetCounts& params, proto::Counts& counts);
Result<> list_folders(const OpenAccount& open, const proto::ListFolders& params, proto::ChatFolders& folders);
void merge_folders(const proto::ListFolders& params, proto::ChatFolders& folders);
Result<proto::ChatMessages> list_messages(const OpenAccount& open, const proto::ListMessages& params);
Result<proto::Pins> list_pins(const OpenAccount& open, const proto::ListPins& params);
Result<proto::ScheduledMessages> list_scheduled(const OpenAccount& open, const proto::ListScheduled& params);
Result<proto::ChatFiles> list_files(const OpenAccount& open, const proto::ListFiles& params);
Result<proto::ChatLinks> list_links(const OpenAccount& open, const proto::ListLinks& params);

// group_methods.cpp
void create_group(const OpenAccount& open, const proto::CreateGroup& params,
                  const Responder<proto::OneChat>& responder);
void add_members(const OpenAccount& open, const proto::AddMembers& params, const Responder<proto::OneChat>& responder);
void remove_members(const OpenAccount& open, const proto::RemoveMembers& params,
                    const Responder<proto::OneChat>& responder);
void leave_group(const OpenAccount& open, const proto::LeaveGroup& params, const Responder<proto::OneChat>& responder);
void rename_group(const OpenAccount& open, const proto::RenameGroup& params,
                  const Responder<proto::OneChat>& responder);
void describe_group(const OpenAccount& open, const proto::DescribeGroup& params,
                    const Responder<proto::OneChat>& responder);
void picture_group(const OpenAccount& open, const proto::PictureGroup& params,
                   const Responder<proto::OneChat>& responder);
void get_picture(const OpenAccount& open, const proto::GetPicture& params,
                 const Responder<proto::PictureFile>& responder);

// message_methods.cpp
Result<proto::OneMessage> get_message(const OpenAccount& open, const proto::GetMessage& params);
void send_message(const OpenAccount& open, const proto::SendMessage& params,
                  const Responder<proto::SentMessages>& responder);
void answer_receipt(const OpenAccount& open, const proto::AnswerReceipt& params,
                    const Responder<proto::OneMessage>& responder);
void react(const OpenAccount& open, const proto::React& params, const Responder<proto::Reacted>& responder);
void edit_message(const OpenAccount& open, const proto::EditMessage& params,
                  const Responder<proto::Reacted>& responder);
void delete_message(const OpenAccount& open, const proto::DeleteMessage& params,
                    const Responder<proto::Deleted>& responder);
Result<proto::History> get_history(const OpenAccount& open, const proto::GetHistory& params);
void pin_message(const OpenAccount& open, const proto::PinMessage& params, const Responder<proto::Reacted>& responder);
void reschedule(const OpenAccount& open, const proto::Reschedule& params,
                const Responder<proto::SentMessages>& responder);
void take_back(const OpenAccount& open, const proto::TakeBack& params, const Responder<proto::SentMessages>& responder);
void retry_message(const OpenAccount& open, const proto::RetryMessage& params,
                   const Responder<proto::SentMessages>& responder);
void get_original(const OpenAccount& open, const proto::GetOriginal& params,
                  const Responder<proto::Original>& responder);
void save_attachment(const OpenAccount& open, const proto::SaveAttachment& params,
                     const Responder<proto::SavedAttachment>& responder);

// letter_methods.cpp: what is in a message
Result<proto::TextBlocks> get_blocks(const OpenAccount& open, const proto::GetBlocks& params);
void get_safe_view(const OpenAccount& open, const proto::GetSafeView& params,
                   const Responder<proto::SafeView>& responder);
void get_thumbnail(const OpenAccount& open, const proto::GetThumbnail& params,
                   const Responder<proto::Thumbnail>& responder);

// poll_methods.cpp
void create_poll(const OpenAccount& open, const proto::CreatePoll& params,
                 const Responder<proto::OneMessage>& responder);
void vote(const OpenAccount& open, const proto::Vote& params, const Responder<proto::Reacted>& responder);
void close_poll(const OpenAccount& open, const proto::ClosePoll& params, const Responder<proto::OneMessage>& responder);

// contact_methods.cpp
void set_alias(const OpenAccount& open, const proto::SetAlias& params, const Responder<proto::OneContact>& responder);
void name_contact(const OpenAccount& open, const proto::NameContact& params,
                  const Responder<proto::OneContact>& responder);

void categorize_contact(const OpenAccount& open, const proto::CategorizeContact& params,
                        const Responder<proto::OneContact>& responder);

// profile_methods.cpp
Result<proto::Profile> get_profile(const OpenAccount& open, const proto::GetProfile& params);
void set_profile(const OpenAccount& open, const proto::SetProfile& params, const Responder<proto::Profile>& responder);

// daemon_methods.cpp
void subscribe(const Call& call, const proto::Subscribe& params, const Responder<proto::Subscribed>& responder);
void unsubscribe(const Call& call, const proto::Unsubscribe& params, const Responder<proto::Done>& responder);
void network_changed(const Call& call, const proto::NetworkChanged& params, const Responder<proto::Done>& responder);
void get_version(const Call& call, const proto::GetVersion& params, const Responder<proto::Version>& responder);
void shut_down(const Call& call, const proto::Shutdown& params, const Responder<proto::Done>& responder);

}  // namespace coi::api
