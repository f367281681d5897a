// What mails of ours say about their group (C-58 to C-72, D-17 to D-20). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/compose_letter.h"
#include "chat/facts.h"
#include "mime/mail.h"

namespace coi::chat {

// C-62: the group's name, or where it has none a word that says what it is.
std::string group_subject(const GroupFacts& group);

// D-18: whose leaving a mail to these tells, none of more than 60 days ago. Of those in `to` who are in it again, too:
// who came meanwhile, or came back themselves and had not heard of it, does not know by whose words not to go.
std::vector<Member> past_members(const GroupFacts& group, const std::vector<std::string>& to, UnixMs now);

// D-17, D-18. `to`: as the mail's To has it.
std::vector<mime::Header> group_fields(const GroupFacts& group, const AccountFacts& account,
                                       const std::vector<std::string>& to, UnixMs now);

// One change.
struct GroupChange {
  std::string add, remove;  // canonical; one of the five is there
  std::optional<std::string> name, description;
  std::optional<Picture> picture;
};

// The mail that tells of it, and what it says in words. C-71: with the members in a form that programs read. `group`:
// as it is from then on.
struct GroupMail {
  std::string rfc_id, thread_root, follows;
  std::string text;
  std::string old_name;     // of a renaming
  std::uint32_t timer = 0;  // of the chat (D-27)
};
mime::Part compose_change(const GroupChange& change, const GroupMail& mail, const GroupFacts& group,
                          const AccountFacts& account, const std::vector<std::string>& to, UnixMs now);

// C-66: with the first mail, and when a member asked since it was described last (C-77), by who knows what there is.
// `first`: of a thread of ours.
bool is_to_be_described(const GroupFacts& group, bool first);

// C-77: nobody has described it to us, who did not make it, and we have not asked.
bool is_to_be_asked_about(const GroupFacts& group);

// Its picture goes with the first mail of a group, to whom is added, and when it changes: others have it.
enum class WithPicture : bool { no, yes };

// C-66.
Annex group_info(const GroupFacts& group, WithPicture picture);

}  // namespace coi::chat
