// Every word that COI puts on the wire, in one place, shared by client and server plugin (ids: docs/conformance.md).
// The class names in HTML stand in html/class_names.h.
#pragma once

#include <string_view>

namespace coi::wire {

// Header fields. Compare names without case.
inline constexpr std::string_view chat_version = "Chat-Version";
inline constexpr std::string_view chat_version_value = "1.0";  // C-05
inline constexpr std::string_view chat_content = "Chat-Content";
inline constexpr std::string_view chat_disposition_notification_to = "Chat-Disposition-Notification-To";  // D-28
inline constexpr std::string_view chat_edit = "Chat-Edit";  // D-21, the id of the original
inline constexpr std::string_view disposition_notification_to = "Disposition-Notification-To";  // C-11
// D-20, D-21: the name of the picture that the mail carries along, "0" for none; versions before 1.0 of Delta Chat
// called them Image.
inline constexpr std::string_view chat_user_avatar = "Chat-User-Avatar";
inline constexpr std::string_view chat_group_avatar = "Chat-Group-Avatar";
inline constexpr std::string_view chat_profile_image = "Chat-Profile-Image";
inline constexpr std::string_view chat_group_image = "Chat-Group-Image";
inline constexpr std::string_view chat_voice_message = "Chat-Voice-Message";  // D-31: "1"
inline constexpr std::string_view chat_duration = "Chat-Duration";            // D-31, milliseconds
inline constexpr std::string_view chat_group_id = "Chat-Group-ID";            // D-17
inline constexpr std::string_view chat_group_name = "Chat-Group-Name";
inline constexpr std::string_view chat_group_name_timestamp = "Chat-Group-Name-Timestamp";  // Unix seconds
inline constexpr std::string_view chat_group_name_changed = "Chat-Group-Name-Changed";      // D-20, the old name
inline constexpr std::string_view chat_group_description = "Chat-Group-Description";        // D-20
inline constexpr std::string_view chat_group_description_timestamp = "Chat-Group-Description-Timestamp";
inline constexpr std::string_view chat_group_description_changed = "Chat-Group-Description-Changed";
inline constexpr std::string_view chat_group_member_timestamps = "Chat-Group-Member-Timestamps";  // D-18
inline constexpr std::string_view chat_group_past_members = "Chat-Group-Past-Members";            // D-18
inline constexpr std::string_view chat_group_member_fpr = "Chat-Group-Member-Fpr";                // D-18
inline constexpr std::string_view chat_group_member_added = "Chat-Group-Member-Added";            // D-19
inline constexpr std::string_view chat_group_member_added_fpr = "Chat-Group-Member-Added-Fpr";
inline constexpr std::string_view chat_group_member_removed = "Chat-Group-Member-Removed";  // D-19
inline constexpr std::string_view chat_group_member_removed_fpr = "Chat-Group-Member-Removed-Fpr";

// D-34, of the mail that announces a file: the id of the mail with the file, and a JSON object about it; of the latter.
inline constexpr std::string_view chat_post_message_id = "Chat-Post-Message-ID";
inline constexpr std::string_view chat_post_message_metadata = "Chat-Post-Message-Metadata";
inline constexpr std::string_view chat_is_post_message = "Chat-Is-Post-Message";

inline constexpr std::string_view ephemeral_timer = "Ephemeral-Timer";  // D-27, seconds

// Of a contact mail. The tokens are opaque: kept octet by octet, never made (C-44).
inline constexpr std::string_view coi_from_hash = "COI-From-Hash";  // C-42, one for each address
inline constexpr std::string_view coi_blocked = "COI-Blocked";      // C-48: that it is there counts, not its value
inline constexpr std::string_view coi_blocked_value = "yes";
inline constexpr std::string_view coi_token = "COI-Token";
inline constexpr std::string_view coi_token_in = "COI-TokenIn";
inline constexpr std::string_view coi_token_out = "COI-TokenOut";

// Fields of our own in a contact mail, which other programs keep (C-49): what the user decided and when, "kind=UnixMs:
// value" between semicolons; and the mails whose place it takes.
inline constexpr std::string_view coi_choices = "X-COI-Choices";
inline constexpr std::string_view coi_replaces = "X-COI-Replaces";

inline constexpr std::string_view original_message_id = "X-Microsoft-Original-Message-ID";  // D-07
inline constexpr std::string_view secure_join = "Secure-Join";                              // D-36, also a prefix

// What makes a Message-ID a COI one (C-07, S-20).
inline constexpr std::string_view chat_id_prefix = "chat$";
// … and one of a group's mail, also that of old versions of Delta Chat (C-58, D-06). The group's id and a dot follow.
inline constexpr std::string_view group_message_id_prefix = "chat$group.";
inline constexpr std::string_view delta_group_message_id_prefix = "Gr.";

// IMAP keywords.
inline constexpr std::string_view chat_keyword = "$Chat";         // S-23
inline constexpr std::string_view mdn_sent_keyword = "$MDNSent";  // C-37

// Capabilities, tested independently (S-07).
inline constexpr std::string_view coi_capability = "COI";
inline constexpr std::string_view webpush_capability = "WEBPUSH";

// METADATA paths (S-09, W-03). One prefix, since the draft says that it may be renamed (W-01).
#define COI_WIRE_VENDOR "/private/vendor/vendor.dovecot"
inline constexpr std::string_view config_path = COI_WIRE_VENDOR "/coi/config";
inline constexpr std::string_view mailbox_root_path = COI_WIRE_VENDOR "/coi/config/mailbox-root";
inline constexpr std::string_view enabled_path = COI_WIRE_VENDOR "/coi/config/enabled";
inline constexpr std::string_view message_filter_path = COI_WIRE_VENDOR "/coi/config/message-filter";
#undef COI_WIRE_VENDOR

inline constexpr std::string_view enabled_value = "yes";         // S-15: exactly this
inline constexpr std::string_view default_mailbox_root = "COI";  // S-09

// Folders below the mailbox root (S-16), and the one at top level (C-90).
inline constexpr std::string_view chats_folder = "Chats";
inline constexpr std::string_view contacts_folder = "Contacts";
inline constexpr std::string_view blocked_folder = "Blocked";

}  // namespace coi::wire
