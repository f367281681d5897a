// The client's side of one IMAP connection without the connection: octets of the server in, octets for it and events
// out.
//
// A loop over it: feed() what was read, take every next_event(), write take_output(), and look at hold().
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "imap/answer_size.h"
#include "imap/command.h"
#include "imap/dispensable.h"
#include "imap/event.h"
#include "imap/lexer.h"
#include "imap/mailbox_names.h"

namespace coi::imap {

// What has to happen below the session before it goes on.
enum class Hold : std::uint8_t { none, tls, compression };

class Session {
 public:
  // `names` and `dispensable`: shared by the connections of an account.
  explicit Session(const Limits& limits = {}, Log log = {},
                   std::shared_ptr<MailboxNames> names = std::make_shared<MailboxNames>(),
                   std::shared_ptr<Dispensable> dispensable = std::make_shared<Dispensable>());
  // Logs what could not be read, a line for each kind of response.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Queues a command; it is sent as soon as its Pace and the answers still due allow, in the order of submitting. Ends
  // a running IDLE. The id is unique within the session. Once the session has failed nothing is sent any more. One that
  // is left out (Dispensable) is not sent at all, and completed by a NO.
  CommandId submit(Command command);
  // Ends an IDLE that was sent, without another command.
  void end_idle();

  // The server has closed the connection, or says nothing any more. Where it owed the answer to a command that can be
  // done without, that is remembered. BYE does the same.
  void lost();

  // The server refuses an extension that it announces, with these words: it is not announced any more, now and to the
  // sessions to come.
  void leave_out(const std::string& extension, const Status& refusal);

  // Octets of the server, however they were cut.
  void feed(std::string_view octets);
  // What is to be sent, moved out. It may hold credentials: not for logs.
  std::string take_output();
  std::optional<Event> next_event();

  // After the OK of STARTTLS or COMPRESS nothing is sent until one of the two below is called.
  Hold hold() const { return hold_; }
  // The handshake is done. Octets that came in clear behind the OK have ended the session: they may be an attacker's
  // (RFC 3501 section 6.2.1). What was said before is forgotten: capabilities, what is enabled, events not taken yet.
  void tls_started();
  // From here octets are inflated before feed() and deflated after take_output(). Returns what came in behind the OK,
  // compressed already.
  std::string compression_started();

  bool failed() const { return failed_; }
  // What the server has said since it completed a command.
  const AnswerSize& answer() const { return answer_; }
  // Failed, because that had no end: no fault of the mail that was asked for.
  bool answer_was_endless() const { return answer_was_endless_; }
  // Everything submitted has been answered.
  bool quiet() const { return waiting_.empty() && in_flight_.empty(); }
  bool idling() const { return idling_; }

  // Empty: not known at present; ask with CAPABILITY. Follows greeting, response codes and responses. Without what is
  // left out.
  const Capabilities& capabilities() const { return capabilities_; }
  // What ENABLE has turned on.
  const Capabilities& enabled() const { return enabled_; }
  // Of the last SELECT or EXAMINE that succeeded.
  const std::optional<SelectedMailbox>& mailbox() const { return mailbox_; }

 private:
  struct Waiting {
    CommandId id;
    Command command;
  };
  struct InFlight {
    CommandId id;
    std::string name;
    Pace pace;
    Effect effect;
    std::string dispensable;
    std::optional<sasl::Exchange> sasl;
    bool sasl_begun = false;    // one of the two has spoken
    std::size_t responses = 0;  // untagged, while it was the oldest
    bool unreadable = false;    // a SEARCH, and its answer
  };
  // A command to be sent from pieces[next] on; kept when that is a literal the server has to ask for with "+".
  struct Unfinished {
    CommandId id;
    std::vector<Piece> pieces;
    std::size_t next;
  };

  void pump();
  bool may_send(const Command& command);
  bool let_idle_end();
  void send(Waiting waiting);
  void send_pieces(Unfinished command, bool asked_for);
  bool send_literal_head(std::size_t octets);
  void begin_effect(const Command& command);

  Result<> take_line(Line line);
  void note_unreadable(const Unreadable& unreadable);
  Result<> take_response(Response response);
  void take_greeting(Status status);
  Result<> take_continuation(std::string_view text);
  Result<> answer_challenge(InFlight& command, std::string_view text);
  void take_untagged_status(Status status);
  Result<> take_completion(Status status);
  Result<> complete_effect(const InFlight& command, const Status& status);
  void take_code(const Status& status);
  void take_untagged(Response response);
  void set_capabilities(Capabilities capabilities);
  SelectedMailbox* mailbox_in_sight();
  CommandId asked_by(const Search& found) const;
  void fail_with(Error error);

  Limits limits_;
  Lexer lexer_;
  Log log_;
  std::shared_ptr<MailboxNames> names_;
  std::shared_ptr<Dispensable> dispensable_;
  const Dispensable::Moment began_;
  std::map<std::string, std::size_t> odd_;  // what could not be read, and how often
  AnswerSize answer_;
  bool answer_was_endless_ = false;
  std::size_t alerts_ = 0;  // of the connection
  std::deque<Waiting> waiting_;
  std::vector<InFlight> in_flight_;  // oldest first
  std::optional<Unfinished> unfinished_;
  std::string output_;
  std::deque<Event> events_;
  std::int64_t last_id_ = 0;

  bool greeted_ = false;
  bool failed_ = false;
  bool lost_ = false;
  bool idling_ = false;         // the server took IDLE
  bool idle_unwanted_ = false;  // DONE is to be sent, or was
  Hold hold_ = Hold::none;
  std::string unread_;  // behind the OK of COMPRESS

  Capabilities capabilities_;
  bool capabilities_told_ = false;  // since the last login or STARTTLS was sent
  Capabilities enabled_;
  std::optional<SelectedMailbox> mailbox_;
  std::optional<SelectedMailbox> opening_;  // while a SELECT is unanswered
};

}  // namespace coi::imap
