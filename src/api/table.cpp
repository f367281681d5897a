#include "api/table.h"

#include <algorithm>

#include "api/methods.h"

namespace coi::api {

const std::vector<Method>& methods() {
  static const std::vector<Method> table = {
      errand(
          "Finds the servers unless they are named, checks that both accept the login, and stores the account. Logging "
          "in again replaces servers and password and keeps the messages, the name and the settings. While it runs, "
          "`login_step` notifications say what is being tried; it ends when the client hangs up.",
          login),
      errand(
          "Makes a new database for an account whose own is damaged: of all that can still be read of it, messages "
          "that "
          "wait to be sent, contacts and settings among it, and then of what lies on the server. The damaged file is "
          "kept beside it. A sound one is left as it is.",
          repair),
      errand("Forgets the account and everything of it on this device; nothing on the server.", logout),
      at_once("All accounts.", list_accounts),
      errand("Makes the account the one that requests mean when they name none.", use_account),
      at_once("How an account is doing: connection, what the server offers, queue. Of one that cannot be opened: why.",
              get_status),
      at_once("Asks the servers for what is new.", sync),
      read("The settings of an account.", get_settings),
      at_once("Changes settings of an account.", change_settings),
      command("Sets where chat mail lies on the server: `none` where it came in, `active` in the chats folder at once, "
              "`seen` there once it was read.",
              set_filter),

      at_once("The chat list: pinned ones first, then the newest.", list_chats),
      list("How many chats the lists have, and how much of them is unread.", get_counts, merge_counts),
      list("The folders into which the user sorts chats, by name, and how much in each is unread.", list_folders,
           merge_folders),
      at_once("Whom the name of a chat may mean, in all accounts: those who fit best. To ask the user with, after an "
              "error `ambiguous`.",
              list_candidates),
      read("One chat. Where nothing was saved yet, the chat with oneself has the id 0.", get_chat),
      read("The messages of a chat, oldest first; without `before`, `after` and `around` the newest of them. No more "
           "than 8 MB of text: fewer may come than were asked for, but one where there is any.",
           list_messages),
      at_once("Messages that contain all words, newest first, with the same bound. The last letters of a word may be "
              "missing; case and accents do not count.",
              search),
      read("The files of a chat's messages: pictures and films, sounds, or all others.", list_files),
      read("The links in a chat's messages, newest first.", list_links),
      command("The user has seen the chat: unread counts go, read receipts are sent as far as they are due.",
              mark_seen),
      command("Moves a chat out of the list, or back.", archive_chat),
      command("Keeps a chat at the top of the list, or no longer.", pin_chat),
      command("Silences a chat until a time or for good, or no longer.", mute_chat),
      command("Sorts a chat into folders, instead of those it was in.", set_folders),
      command("Keeps what is not yet sent in a chat.", set_draft),
      command("Says after which time messages disappear, for everybody in the chat whose program supports it; a mail "
              "tells everybody. From the mailbox our own copies go; those of others only where `remove_copies` is set.",
              set_timer),
      command("Accepts a contact request.", accept_chat),
      command("Blocks the other of a chat, or no longer: what they write is put aside. Where the chat says "
              "`sender_unproven`, a user is to be warned before.",
              block_chat),

      command("Makes a group. Its first message tells everybody who is in it.", create_group),
      command(
          "Adds people to a group; a mail tells everybody in it, whatever program they use. All of them, or with an "
          "error none.",
          add_members),
      command("Removes people from a group; they hear of it, too.", remove_members),
      command("Leaves a group. What was written stays here.", leave_group),
      command("Gives a group another name, for everybody.", rename_group),
      command("Says what a group is for, for everybody in it.", describe_group),
      command("Gives a group a picture, for those in it whose programs show one, or takes it away.", picture_group),
      command("The file of a small picture.", get_picture),

      read("One message.", get_message),
      command("Sends text, files or both. The message is stored before the reply and sent as soon as the network "
              "allows. Files that are too large for one mail go in several messages, all of which are stored or none.",
              send_message),
      command("Sends the read receipt that a mail program asks for, as the user decided.", answer_receipt),
      command("Reacts to a message with an emoji, which replaces the one before; an empty one takes it back.", react),
      command("Gives a message of yours other words, on the devices of all who get it.", edit_message),
      command(
          "Takes a message of yours back: its words, files and reactions go on the devices of all who get that, and "
          "its copies in the own mailbox. With `here` any message goes on this device and in the own mailbox alone.",
          delete_message),
      read("All the words that a message had.", get_history),
      command("Pins a message in its chat, for all who are in it, or no longer.", pin_message),
      read("The pinned messages of a chat, the one pinned last first.", list_pins),
      command("Tries a failed message again; one that waits for a time is sent now.", retry_message),
      read("The messages that wait for a time, the next one first.", list_scheduled),
      command("Gives a message that waits for a time another one, or sends it now, with all that was sent with it.",
              reschedule),
      command("Takes a message back that waits for a time, with all that was sent with it: nothing of them leaves. The "
              "answer shows them as they were.",
              take_back),
      command("The mail as it lies on the server.", get_original),
      command("Fetches the file of an attachment unless it is here already.", save_attachment),
      read("The text of a message as it is shown: paragraphs, lists and code, in pieces of one style.", get_blocks),
      command("The HTML of a mail, so that it is safe to show. It is fetched from the server.", get_safe_view),
      command(
          "A small picture of an attachment, made once and kept. Where the file is not here, the mail's own preview "
          "of it is fetched, else the file.",
          get_thumbnail),

      command("Asks a question with options to choose from. Everybody in the chat sees who chose what; who uses a mail "
              "program votes by a reply with the numbers.",
              create_poll),
      command("Votes in a poll, in the place of the vote before.", vote),
      command("Ends a poll of our own, and tells everybody what it came to.", close_poll),

      at_once("Everybody who wrote or was written to, by their names.", list_contacts),
      command("Names a contact; an address that is new becomes one.", name_contact),
      command("Puts a contact into categories, by which parts of the own profile go to some alone.",
              categorize_contact),
      command("Makes one person and one chat of two addresses, or no longer: then the alias takes along what was "
              "exchanged with it. The answer is the person who has the address.",
              set_alias),
      read("What the user tells of himself, and to whom.", get_profile),
      command("Changes that. It goes with the next message to each who uses a COI program, and to nobody else.",
              set_profile),

      at_once("From now on the connection gets `event` notifications.", subscribe),
      at_once("No more events.", unsubscribe),
      at_once("The network came back: every account tries at once, unless its login was rejected.", network_changed),
      at_once("What is running here.", get_version),
      at_once("Ends the daemon.", shut_down),
  };
  return table;
}

const Method* find_method(std::string_view name) {
  const auto& table = methods();
  const auto found = std::ranges::find(table, name, &Method::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace coi::api
