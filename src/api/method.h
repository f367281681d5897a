// One row of the table of methods: everything that is known about a method, for the dispatcher and for the reference.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/find_chat.h"
#include "api/service.h"
#include "json/schema.h"
#include "proto/account.h"
#include "proto/chat.h"

namespace coi::api {

struct Method {
  std::string_view name;
  std::string_view doc;  // a sentence or two
  json::TypeDoc params;
  std::string result;                // name of a type
  std::vector<json::TypeDoc> types;  // the result's, and all that it and the params mention
  std::function<void(const Call&, const json::Value& params, Reply)> start;
};

namespace detail {

template <class P>
Method method(std::string_view doc, std::function<void(const Call&, P, Responder<typename P::Result>)> start) {
  using R = typename P::Result;
  auto params = json::describe<P>();
  auto types = json::describe_all<R>();
  for (auto& type : json::describe_all<P>())
    if (type.name != params.name) types.push_back(std::move(type));
  return {.name = P::method,
          .doc = doc,
          .params = std::move(params),
          .result = json::type_words<R>(),
          .types = std::move(types),
          .start = [start = std::move(start)](const Call& call, const json::Value& value, const Reply& reply) {
            auto decoded = json::decode<P>(value.is_null() ? json::Value(json::Object()) : value, "params");
            if (!decoded) {
              auto error = to_rpc(decoded.error());
              error.code = proto::invalid_params;
              return reply(std::unexpected(std::move(error)));
            }
            start(call, std::move(*decoded), Responder<R>(reply));
          }};
}

// What a request names.
template <class P>
Wish wish_of(const P& params) {
  if constexpr (requires { params.chat; })
    return wish_for(params.chat, requires { P::may_begin_chat; });
  else if constexpr (requires { params.message; })
    return wish_for(params.message);
  else if constexpr (requires { params.attachment; })
    return wish_for(params.attachment);
  else if constexpr (requires { params.addr; })
    return wish_for_contact(params.addr);
  else
    return {};
}

}  // namespace detail

// Answered where the request is read: must not block.
template <class P>
Method at_once(std::string_view doc, void (*handler)(const Call&, const P&, const Responder<typename P::Result>&)) {
  return detail::method<P>(doc, [handler](const Call& call, P params, Responder<typename P::Result> responder) {
    handler(call, params, responder);
  });
}

// Takes long and waits for the network: has its turn on a thread for that, after those of the same address.
template <class P>
Method errand(std::string_view doc, Result<typename P::Result> (*handler)(const Call&, const P&)) {
  return detail::method<P>(doc, [handler](const Call& call, P params, Responder<typename P::Result> responder) {
    std::string about;
    if constexpr (requires { params.addr; })
      about = mime::written_address(params.addr);
    else
      about = address_of_account(call, params.account);
    // Nobody is there to log in when the client has hung up.
    const auto stop = std::is_same_v<P, proto::Login> ? call.client->closed() : std::stop_token();
    call.service.errands.post(std::move(about), [=] { responder(handler(call, params)); }, stop);
  });
}

// Reads from an account's database.
template <class P>
Method read(std::string_view doc, Result<typename P::Result> (*handler)(const OpenAccount&, const P&)) {
  return detail::method<P>(doc, [handler](const Call& call, P params, Responder<typename P::Result> responder) {
    auto account = params.account;
    auto wish = detail::wish_of(params);
    open_account(
        call, std::move(account), Purpose::read,
        [=](Result<OpenAccount> open) {
          if (!open) return responder(std::unexpected(open.error()));
          if (const auto room = call.has_room(); !room) return responder(std::unexpected(room.error()));
          responder(handler(*open, params));
        },
        std::move(wish));
  });
}

// Reads from all the accounts that are meant, one after the other; `handler` adds to the result.
template <class P>
Method list(std::string_view doc, Result<> (*handler)(const OpenAccount&, const P&, typename P::Result&),
            void (*finish)(const P&, typename P::Result&)) {
  return detail::method<P>(doc, [=](const Call& call, P params, Responder<typename P::Result> responder) {
    post_read(call, [=](Readers& readers) {
      if (const auto room = call.has_room(); !room) return responder(std::unexpected(room.error()));
      typename P::Result result;
      const auto done = for_each_account(call, readers, params.account, detail::wish_of(params),
                                         [&](const OpenAccount& open) { return handler(open, params, result); });
      if (!done) return responder(std::unexpected(done.error()));
      finish(params, result);
      responder(result);
    });
  });
}

// Begins with a read and goes on by itself; the handler answers when it can.
template <class P>
Method command(std::string_view doc,
               void (*handler)(const OpenAccount&, const P&, const Responder<typename P::Result>&)) {
  return detail::method<P>(doc, [handler](const Call& call, P params, Responder<typename P::Result> responder) {
    auto account = params.account;
    auto wish = detail::wish_of(params);
    open_account(
        call, std::move(account), Purpose::command,
        [=](Result<OpenAccount> open) {
          if (!open) return responder(std::unexpected(open.error()));
          handler(*open, params, responder);
        },
        std::move(wish));
  });
}

}  // namespace coi::api
