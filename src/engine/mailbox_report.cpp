// What the mailbox's connection tells the user: online or not, why, and what the server offers.
#include <utility>

#include <fmt/format.h>

#include "base/size_text.h"
#include "base/utf8.h"
#include "engine/mailbox_worker.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

constexpr std::string_view offers[] = {
    "IDLE",     "NOTIFY",   "QRESYNC",     "CONDSTORE",        "MOVE",  "UIDPLUS", "ESEARCH",
    "METADATA", "LITERAL+", "SPECIAL-USE", "COMPRESS=DEFLATE", "QUOTA", "COI",     "WEBPUSH"};

constexpr std::string_view silence_problem = "the mail server does not answer at the moment";
constexpr std::string_view long_answer_problem = "the mail server's answer is long and goes on:";

}  // namespace

void MailboxWorker::report_problem(const Error& error) {
  context_.environment.log.warning("mailbox: {}", error.text());
  has_problem_ = true;
  const bool rejected = error.kind() == ErrorKind::auth || error.kind() == ErrorKind::needs_oauth;
  const auto problem = printable(error.text(), longest_words);
  context_.change_status([error, problem, rejected, now = context_.environment.clock()](Status& status) {
    if (status.state == ConnectionState::online || status.state == ConnectionState::syncing) status.since_ms = now;
    status.state = rejected ? ConnectionState::rejected : ConnectionState::offline;
    status.problem = problem;
    status.hint = error.hint();
  });
}

// A link that goes dead says nothing of it: until it is given up, or lives on, the user knows why nothing happens.
void MailboxWorker::report_silence(bool silent) {
  context_.change_status([silent](Status& status) {
    if (silent && status.problem.empty())
      status.problem = silence_problem;
    else if (!silent && status.problem == silence_problem)
      status.problem.clear();
  });
}

// It may be honest work, as the list of a large mailbox is: then it is seen to go on.
void MailboxWorker::report_long_answer(const imap::AnswerSize* answer) {
  const auto words = answer == nullptr ? std::string()
                                       : fmt::format("{} {} lines, {} so far", long_answer_problem, answer->responses(),
                                                     size_text(answer->octets()));
  context_.change_status([words](Status& status) {
    if (status.problem.empty() || status.problem.starts_with(long_answer_problem)) status.problem = words;
  });
}

void MailboxWorker::report_state(ImapLink& link) {
  state_changed_ = false;
  shown_trouble_ = context_.hard_mails.trouble();
  const auto* inbox = stored(FolderRole::inbox);
  if (inbox != nullptr && refused_.contains(inbox->id)) {
    has_problem_ = true;
    context_.change_status([words = refused_.at(inbox->id), now = context_.environment.clock()](Status& status) {
      if (status.state != ConnectionState::syncing) status.since_ms = now;
      status.state = ConnectionState::syncing;
      status.problem = fmt::format("the server does not open the inbox: {}", words);
      status.hint = "it is asked again and again; new mail shows when it does";
    });
    return;
  }
  std::vector<std::string> offered;
  for (const auto word : offers)
    if (link.has(word)) offered.emplace_back(word);
  const auto& coi = folders_->coi();
  const auto now = context_.environment.clock();
  // Asked until it is answered; nothing waits for it.
  auto trouble = shown_trouble_;
  if (trouble.empty() && folders_->refusal()) trouble = *folders_->refusal();
  std::string hint = trouble.empty() ? "" : "it is asked again and again; `coi sync` asks at once";
  if (trouble.empty() && !sent_question_.empty()) {
    trouble = sent_question_;
    hint = "say which: coi settings sent-folder NAME";
  }
  if (trouble.empty() && !copy_trouble_.empty()) {
    trouble = copy_trouble_;
    hint = "it was sent all the same; your other devices do not show it";
  }
  context_.change_status([offered, coi, now, trouble, hint, tls = link.description(),
                          webpush = link.has(wire::webpush_capability)](Status& status) {
    if (status.state != ConnectionState::online) status.since_ms = now;
    status.state = ConnectionState::online;
    status.problem = printable(trouble, longest_words);
    status.hint = hint;
    status.offers = offered;
    status.tls = tls;
    status.coi = coi.announced;
    status.coi_enabled = coi.enabled;
    status.webpush = webpush;
  });
  if (std::exchange(has_problem_, false)) works_again_();
}

}  // namespace coi::engine
