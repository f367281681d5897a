#include "store/schema.h"

#include <array>

#include <fmt/format.h>

namespace coi::store {
namespace {

constexpr std::array migrations = {
#include "migrations.inc"
};

constexpr int ordered_anew = 5;  // the version since which messages of one second have an order of their own

}  // namespace

int newest_version() { return static_cast<int>(migrations.size()); }

void make_schema(Database::Impl& impl, int from, int to) {
  auto& database = impl.connection.database();
  // All of it or nothing: a version is not come by again.
  SQLite::Transaction transaction(database);
  for (int next = from; next < to; ++next) {
    database.exec(migrations.at(static_cast<std::size_t>(next)));
    database.exec(fmt::format("PRAGMA user_version = {}", next + 1));
    impl.log.info("database: migrated to version {}", next + 1);
  }
  if (from > 0 && from < ordered_anew && to >= ordered_anew) impl.order_all();
  transaction.commit();
}

}  // namespace coi::store
