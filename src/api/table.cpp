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

      list("The chat list: pinned ones first, then the newest; at most 1000.", list_chats, merge_chats),
      list("How many chats such a list has, all of them counted.", count_chats, merge_counts),
      at_once("Whom the name of a chat may mean, in all accounts: those who fit best. To ask the user with, after an "
              "error `ambiguous`.",
              list_candidates),
      read("One chat. Where nothing was saved yet, the chat with oneself has the id 0.", get_chat),
      read("The newest messages of a chat, oldest first, at most 1000, and no more than 8 MB of text: fewer may come "
           "than "
           "were asked for, but one where there is any.",
           list_messages),
      list("Messages that contain all words, newest first, at most 1000. The last letters of a word may be missing; "
           "case and accents do not count.",
           search, merge_found),
      command("The user has seen the chat: unread counts go, read receipts are sent as far as they are due.",
              mark_seen),
      command("Moves a chat out of the list, or back.", archive_chat),
      command("Keeps a chat at the top of the list, or no longer.", pin_chat),
      command("Silences a chat until a time or for good, or no longer.", mute_chat),
      command("Accepts a contact request.", accept_chat),
      command("Blocks the other of a chat, or no longer: what they write is put aside.", block_chat),

      read("One message.", get_message),
      command(
          "Sends text, files or both. The message is stored before the reply and sent as soon as the network allows.",
          send_message),
      command("Sends the read receipt that a mail program asks for, as the user decided.", answer_receipt),
      command("Reacts to a message with an emoji, which replaces the one before; an empty one takes it back.", react),
      command("Tries a failed message again.", retry_message),
      command("The mail as it lies on the server.", get_original),
      command("Fetches the file of an attachment unless it is here already.", save_attachment),

      list("Everybody who wrote or was written to.", list_contacts, merge_contacts),
      command("Names a contact; an address that is new becomes one.", name_contact),
      command("Makes one person and one chat of two addresses, or no longer: then the alias takes along what was "
              "exchanged with it. The answer is the person who has the address.",
              set_alias),

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
