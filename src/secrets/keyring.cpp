// The keyring by libsecret. Each operation has its own GLib main context and its own connection to the service, and
// lets go of both, so that nothing runs between operations and a session bus that was started anew is found.
#include <libsecret/secret.h>

#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "secrets/backend.h"

namespace coi::secrets {
namespace {

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
template <class T>
using Object = std::unique_ptr<T, Releaser<g_object_unref>>;
using Attributes = std::unique_ptr<GHashTable, Releaser<g_hash_table_unref>>;
using Value = std::unique_ptr<SecretValue, Releaser<secret_value_unref>>;
using Items = std::vector<Object<SecretItem>>;

std::unexpected<Error> no_service() {
  return fail(ErrorKind::io, "no keyring service",
              "log in to a desktop session that has one, or keep the passwords in a file");
}

std::unexpected<Error> locked() {
  return fail(ErrorKind::locked, "the keyring is locked", "unlock the keyring, then try again");
}

// One operation's own event loop. Asynchronous calls run in it until they are done; when time is up they are cancelled
// and end with an error.
class Loop {
 public:
  explicit Loop(std::chrono::milliseconds timeout)
      : context_(g_main_context_new()),
        cancellable_(g_cancellable_new()),
        timer_(g_timeout_source_new(static_cast<guint>(timeout.count()))) {
    g_main_context_push_thread_default(context_);
    g_source_set_callback(timer_, cancel, cancellable_.get(), nullptr);
    g_source_attach(timer_, context_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    g_source_destroy(timer_);
    g_source_unref(timer_);
    // What the objects of the operation still have to say when they go; GLib frees some of their data only then.
    while (g_main_context_iteration(context_, FALSE) != FALSE) {
    }
    g_main_context_pop_thread_default(context_);
    g_main_context_unref(context_);
  }

  // `start` gets the cancellable, the callback and its data, in libsecret's order.
  template <class Start>
  Object<GAsyncResult> wait(Start start) {
    Object<GAsyncResult> result;
    start(cancellable_.get(), finish, &result);
    while (!result) g_main_context_iteration(context_, TRUE);
    return result;
  }

  // Lets what is due happen, without waiting for more.
  void pass() { g_main_context_iteration(context_, FALSE); }

  bool timed_out() const { return g_cancellable_is_cancelled(cancellable_.get()) != FALSE; }

  // Takes over `error`, which a call in this loop has ended with.
  std::unexpected<Error> failed(GError* error) const {
    const std::unique_ptr<GError, Releaser<g_error_free>> owner(error);
    if (timed_out()) return fail(ErrorKind::io, "the keyring service does not answer");
    if (g_error_matches(error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)) return locked();
    if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
        g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CLOSED))  // the bus went away under the call
      return no_service();
    return fail(ErrorKind::io, fmt::format("the keyring service refuses: {}", error->message));
  }

 private:
  static gboolean cancel(gpointer cancellable) {
    g_cancellable_cancel(static_cast<GCancellable*>(cancellable));
    return G_SOURCE_REMOVE;
  }
  static void finish(GObject*, GAsyncResult* result, gpointer place) {
    static_cast<Object<GAsyncResult>*>(place)->reset(G_ASYNC_RESULT(g_object_ref(result)));
  }

  GMainContext* context_;
  Object<GCancellable> cancellable_;
  GSource* timer_;
};

// Without a bus GLib would start one by a helper program, which takes long and serves nobody.
bool has_session_bus() {
  if (const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS"); address != nullptr && *address != '\0')
    return true;
  const char* directory = std::getenv("XDG_RUNTIME_DIR");
  std::error_code error;
  return directory != nullptr && std::filesystem::is_socket(std::filesystem::path(directory) / "bus", error);
}

// GLib's connection to the session bus, which exists as long as somebody holds it.
Result<Object<GDBusConnection>> connect_bus(Loop& loop) {
  if (!has_session_bus()) return no_service();
  Object<GDBusConnection> bus;
  // A bus that went away leaves its closed connection behind until GLib's own thread has let go of it.
  for (; !bus || g_dbus_connection_is_closed(bus.get()); loop.pass()) {
    bus.reset();
    const auto done = loop.wait([](auto* cancellable, auto callback, auto* data) {
      g_bus_get(G_BUS_TYPE_SESSION, cancellable, callback, data);
    });
    GError* error = nullptr;
    bus.reset(g_bus_get_finish(done.get(), &error));
    if (bus) continue;
    auto failure = loop.failed(error);
    if (loop.timed_out()) return failure;
    return no_service();  // an address left behind by a bus that is gone
  }
  // Else GLib ends the whole program when the bus goes away.
  g_dbus_connection_set_exit_on_close(bus.get(), FALSE);
  return bus;
}

Result<Object<SecretService>> connect_service(Loop& loop) {
  const auto bus = COI_TRY(connect_bus(loop));
  const auto done = loop.wait([](auto* cancellable, auto callback, auto* data) {
    secret_service_open(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_OPEN_SESSION, cancellable, callback, data);
  });
  GError* error = nullptr;
  Object<SecretService> service(secret_service_open_finish(done.get(), &error));
  if (!service) return loop.failed(error);
  return service;
}

// Never freed: libsecret keeps the pointer as long as it likes.
const SecretSchema* schema() {
  static const SecretSchema* const made =
      secret_schema_new("org.coi.Secret", SECRET_SCHEMA_NONE, "key", SECRET_SCHEMA_ATTRIBUTE_STRING, nullptr);
  return made;
}

Attributes attributes(const std::string& key) {
  return Attributes(secret_attributes_build(schema(), "key", key.c_str(), nullptr));
}

// Fails with `locked` if the collection that takes new secrets is locked.
Result<> check_unlocked(Loop& loop, SecretService* service) {
  const auto done = loop.wait([&](auto* cancellable, auto callback, auto* data) {
    secret_collection_for_alias(service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancellable, callback,
                                data);
  });
  GError* error = nullptr;
  const Object<SecretCollection> collection(secret_collection_for_alias_finish(done.get(), &error));
  if (error != nullptr) return loop.failed(error);
  if (!collection)
    return fail(ErrorKind::io, "there is no default keyring", "create one in the keyring program of your desktop");
  if (secret_collection_get_locked(collection.get()) != FALSE) return locked();
  return {};
}

// The items with this key, secrets loaded; no prompt is shown. Some services do not show what is in a locked keyring,
// so finding nothing counts only in an open one.
Result<Items> find(Loop& loop, SecretService* service, const std::string& key) {
  const auto wanted = attributes(key);
  const auto done = loop.wait([&](auto* cancellable, auto callback, auto* data) {
    constexpr auto flags = static_cast<SecretSearchFlags>(SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS);
    secret_service_search(service, schema(), wanted.get(), flags, cancellable, callback, data);
  });
  GError* error = nullptr;
  auto* list = secret_service_search_finish(service, done.get(), &error);
  if (error != nullptr) return loop.failed(error);
  Items items;
  for (const auto* link = list; link != nullptr; link = link->next) items.emplace_back(SECRET_ITEM(link->data));
  g_list_free(list);
  for (const auto& item : items)
    if (secret_item_get_locked(item.get()) != FALSE) return locked();
  if (items.empty()) COI_TRY(check_unlocked(loop, service));
  return items;
}

class Keyring final : public Backend {
 public:
  explicit Keyring(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  Result<> put(const std::string& key, const Secret& secret) override {
    Loop loop(timeout_);
    const auto service = COI_TRY(connect_service(loop));
    COI_TRY(check_unlocked(loop, service.get()));
    const auto text = secret.reveal();
    const Value value(secret_value_new(text.data(), static_cast<gssize>(text.size()), "text/plain"));
    const auto place = attributes(key);
    const auto label = "Coi: " + key;
    const auto done = loop.wait([&](auto* cancellable, auto callback, auto* data) {
      secret_service_store(service.get(), schema(), place.get(), SECRET_COLLECTION_DEFAULT, label.c_str(), value.get(),
                           cancellable, callback, data);
    });
    GError* error = nullptr;
    if (secret_service_store_finish(service.get(), done.get(), &error) == FALSE) return loop.failed(error);
    return {};
  }

  Result<Secret> get(const std::string& key) override {
    Loop loop(timeout_);
    const auto service = COI_TRY(connect_service(loop));
    const auto items = COI_TRY(find(loop, service.get(), key));
    if (items.empty()) return no_such_secret(key);
    const Value value(secret_item_get_secret(items.front().get()));
    if (!value) return fail(ErrorKind::io, "the keyring service gives no secret for " + key);
    gsize size = 0;
    const char* text = secret_value_get(value.get(), &size);
    return Secret(std::string(text, size));
  }

  Result<> erase(const std::string& key) override {
    Loop loop(timeout_);
    const auto service = COI_TRY(connect_service(loop));
    for (const auto& item : COI_TRY(find(loop, service.get(), key))) {
      const auto done = loop.wait([&](auto* cancellable, auto callback, auto* data) {
        secret_item_delete(item.get(), cancellable, callback, data);
      });
      GError* error = nullptr;
      if (secret_item_delete_finish(item.get(), done.get(), &error) == FALSE) return loop.failed(error);
    }
    return {};
  }

 private:
  std::chrono::milliseconds timeout_;
};

}  // namespace

Result<std::unique_ptr<Backend>> open_keyring(std::chrono::milliseconds timeout) {
  Loop loop(timeout);
  COI_TRY(connect_service(loop));
  return std::make_unique<Keyring>(timeout);
}

}  // namespace coi::secrets
