// The handlers behind the table (table.cpp), one file for each family.
#pragma once

#include "api/service.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/contact.h"
#include "proto/daemon.h"
#include "proto/event.h"
#include "proto/message.h"

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
Result<> list_chats(const OpenAccount& open, const proto::ListChats& params, proto::ChatList& list);
void merge_chats(const proto::ListChats& params, proto::ChatList& list);
Result<> count_chats(const OpenAccount& open, const proto::CountChats& params, proto::ChatCount& count);
void merge_counts(const proto::CountChats& params, proto::ChatCount& count);
void list_candidates(const Call& call, const proto::ListCandidates& params,
                     const Responder<proto::CandidateList>& responder);
Result<proto::OneChat> get_chat(const OpenAccount& open, const proto::GetChat& params);
Result<proto::ChatMessages> list_messages(const OpenAccount& open, const proto::ListMessages& params);
Result<> search(const OpenAccount& open, const proto::Search& params, proto::FoundMessages& found);
void merge_found(const proto::Search& params, proto::FoundMessages& found);
void mark_seen(const OpenAccount& open, const proto::MarkSeen& params, const Responder<proto::OneChat>& responder);
void archive_chat(const OpenAccount& open, const proto::ArchiveChat& params,
                  const Responder<proto::OneChat>& responder);
void pin_chat(const OpenAccount& open, const proto::PinChat& params, const Responder<proto::OneChat>& responder);
void mute_chat(const OpenAccount& open, const proto::MuteChat& params, const Responder<proto::OneChat>& responder);
void accept_chat(const OpenAccount& open, const proto::AcceptChat& params, const Responder<proto::OneChat>& responder);
void block_chat(const OpenAccount& open, const proto::BlockChat& params, const Responder<proto::OneChat>& responder);

// message_methods.cpp
Result<proto::OneMessage> get_message(const OpenAccount& open, const proto::GetMessage& params);
void send_message(const OpenAccount& open, const proto::SendMessage& params,
                  const Responder<proto::OneMessage>& responder);
void answer_receipt(const OpenAccount& open, const proto::AnswerReceipt& params,
                    const Responder<proto::OneMessage>& responder);
void react(const OpenAccount& open, const proto::React& params, const Responder<proto::Reacted>& responder);
void retry_message(const OpenAccount& open, const proto::RetryMessage& params,
                   const Responder<proto::OneMessage>& responder);
void get_original(const OpenAccount& open, const proto::GetOriginal& params,
                  const Responder<proto::Original>& responder);
void save_attachment(const OpenAccount& open, const proto::SaveAttachment& params,
                     const Responder<proto::SavedAttachment>& responder);

// contact_methods.cpp
Result<> list_contacts(const OpenAccount& open, const proto::ListContacts& params, proto::ContactList& list);
void merge_contacts(const proto::ListContacts& params, proto::ContactList& list);
void set_alias(const OpenAccount& open, const proto::SetAlias& params, const Responder<proto::OneContact>& responder);
void name_contact(const OpenAccount& open, const proto::NameContact& params,
                  const Responder<proto::OneContact>& responder);

// daemon_methods.cpp
void subscribe(const Call& call, const proto::Subscribe& params, const Responder<proto::Subscribed>& responder);
void unsubscribe(const Call& call, const proto::Unsubscribe& params, const Responder<proto::Done>& responder);
void network_changed(const Call& call, const proto::NetworkChanged& params, const Responder<proto::Done>& responder);
void get_version(const Call& call, const proto::GetVersion& params, const Responder<proto::Version>& responder);
void shut_down(const Call& call, const proto::Shutdown& params, const Responder<proto::Done>& responder);

}  // namespace coi::api
