// How SQLite finds the rows of those statements that want few of many: left to itself, it takes an index under which a
// whole chat stands, and each mail of a large store costs as much as that chat is long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>

#include "store/condition.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The texts of all statements that ran since it was made, on connections that were opened since then.
class Statements {
 public:
  Statements() {
    texts().clear();
    sqlite3_auto_extension(hook());
  }
  ~Statements() { sqlite3_cancel_auto_extension(hook()); }
  Statements(const Statements&) = delete;
  Statements& operator=(const Statements&) = delete;

  // How those that have these words in them find their rows.
  std::string plan(Stored& stored, const std::string& words) {
    std::string plan;
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open((stored.directory() / database_file).c_str(), &db), SQLITE_OK);
    const auto add = [](void* all, int, char** columns, char**) {
      static_cast<std::string*>(all)->append(columns[3]).append("\n");
      return 0;
    };
    const auto ran = texts();
    for (const auto& text : ran) {
      if (text.find(words) == std::string::npos) continue;
      EXPECT_EQ(sqlite3_exec(db, ("EXPLAIN QUERY PLAN " + text).c_str(), add, &plan, nullptr), SQLITE_OK) << text;
    }
    sqlite3_close(db);
    return plan;
  }

 private:
  static std::set<std::string>& texts() {
    static std::set<std::string> all;
    return all;
  }
  static int note(unsigned, void*, void* statement, void*) {
    texts().emplace(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }
  static int trace(sqlite3* db, char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, note, nullptr);
  }
  static void (*hook())() { return reinterpret_cast<void (*)()>(trace); }
};

constexpr auto by_id = "USING INTEGER PRIMARY KEY (rowid=?)";

TEST(QueryPlan, TheMailBeforeOneThatTellsOfATimerIsFoundByItsId) {
  Statements statements;
  Stored stored;
  auto first = bobs("a", "x"), next = bobs("b", "y", now + second);
  first.timer = next.timer = 60;
  next.follows = "a";
  stored.apply({first, next});
  EXPECT_THAT(statements.plan(stored, "p.timer = m.timer"),
              AllOf(HasSubstr(std::string("SEARCH p ") + by_id), Not(HasSubstr("SEARCH p USING INDEX"))));
}

TEST(QueryPlan, VersionsAreFoundByTheirFamily) {
  Statements statements;
  Stored stored;
  auto edit = bobs("b", "y", now + second);
  edit.edits = "a";
  stored.apply({bobs("a", "x"), edit});
  stored.apply({remark(RemarkKind::deleted, "a", {}, now), RemoveMessages{{stored.facts_of(edit.key).id}}});
  for (const auto* words : {"r.shown = m.id", "m.hidden = 1 AND"})
    EXPECT_THAT(statements.plan(stored, words), HasSubstr("SEARCH r USING INDEX message_family")) << words;
}

TEST(QueryPlan, PinsAreLookedUpBeforeTheChat) {
  Statements statements;
  Stored stored;
  stored.apply({bobs("a", "x"), remark(RemarkKind::pinned, "a", {}, now)});
  good(stored.reader().pins(ChatId{1}));
  EXPECT_THAT(statements.plan(stored, "INDEXED BY remark_pinned"), HasSubstr(std::string("SEARCH m ") + by_id));
}

TEST(QueryPlan, AFeedIsKnownByItsIndexOfPersonalMails) {
  Statements statements;
  Stored stored;
  stored.apply({bobs("a", "x")});
  good(stored.reader().chat(ChatId{1}));
  EXPECT_THAT(statements.plan(stored, "AND automatic = 0"), HasSubstr("message_personal"));
}

TEST(QueryPlan, TheLinksOfOneMessageAreFoundByItsId) {
  Statements statements;
  Stored stored;
  stored.apply({bobs("a", "see https://example.org/a")});
  const auto id = stored.facts_of({"a", "bob@example.net"}).id;
  EXPECT_EQ(good(stored.reader().links(ChatId{1}, {})).value.rows.size(), 1U);
  EXPECT_EQ(good(stored.reader().links(ChatId{1}, {.around = id, .most = 3})).value.rows.size(), 1U);
  EXPECT_THAT(statements.plan(stored, "m.id = ?2 ORDER"), HasSubstr(std::string("SEARCH m ") + by_id));
  EXPECT_THAT(statements.plan(stored, "?2 = 0 ORDER"), HasSubstr("message_links"));
}

}  // namespace
}  // namespace coi::store
