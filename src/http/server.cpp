// SPDX-License-Identifier: Apache-2.0
// CivetWeb accepts, reads the head of a request and calls begin_request() below for every one of
// them; nothing else of CivetWeb is ever reached (files, authorization, CORS). The facts about
// CivetWeb in the comments are those of version 1.15.
#include "http/server.h"

#include <civetweb.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "http/accept.h"
#include "http/civetweb_request.h"
#include "http/civetweb_response.h"
#include "http/civetweb_settings.h"
#include "http/civetweb_tls.h"
#include "http/connections.h"
#include "http/drain.h"
#include "http/guarded_call.h"
#include "http/listen.h"
#include "http/stop_event.h"

// Of civetweb_sockets.c.
extern "C" int cgroup2_socket_of(const mg_connection* connection);
extern "C" const char* cgroup2_end_of_head(const mg_connection* connection);
extern "C" int cgroup2_replace_listener(mg_context* civetweb, unsigned index, int socket);

namespace cgroup2::http {
namespace {

constexpr std::chrono::milliseconds start_timeout{5000};
constexpr std::chrono::milliseconds drain_timeout{5000};

/// Keeps CivetWeb's global state initialized; it counts its users.
class Library {
 public:
  Library() { ::mg_init_library(MG_FEATURES_DEFAULT); }
  ~Library() { ::mg_exit_library(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

}  // namespace

struct Server::Context {
  Context(const ServerOptions& options, Handler handler_, base::Log& log_);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  static Context& of(const mg_connection* connection);
  static void init_context(const mg_context* civetweb) noexcept;
  static void* init_thread(const mg_context* civetweb, int type) noexcept;
  static int begin_request(mg_connection* connection) noexcept;
  static void close_connection(const mg_connection* connection) noexcept;
  static int external_ssl_ctx(void** settings, void* user_data) noexcept;
  static int send_error(mg_connection* connection, int status, const char* message) noexcept;
  static int log_message(const mg_connection* connection, const char* message) noexcept;

  void start(const ServerOptions& options);
  int serve(mg_connection* connection);
  [[nodiscard]] Response respond(const Request& request);

  Library library;
  Handler handler;
  base::Log& log;
  std::function<void()> begin_thread;
  std::chrono::milliseconds request_timeout;
  std::vector<int> inherited;       // listeners
  std::shared_ptr<TlsContext> tls;  // nullptr: plain HTTP
  Connections connections;
  Drain drain;
  StopEvent stop;
  mg_context* civetweb = nullptr;
  std::vector<mg_server_port> sockets;  ///< one for each address
  std::promise<void> accepts;           ///< kept by CivetWeb's master thread

  std::mutex messages_mutex;
  std::vector<std::string> start_messages;  ///< what CivetWeb reports before is_started
  bool is_started = false;
};

Server::Context::Context(const ServerOptions& options, Handler handler_, base::Log& log_)
    : handler(std::move(handler_)),
      log(log_),
      begin_thread(options.begin_thread),
      request_timeout(options.request_timeout),
      inherited(options.inherited_listeners),
      tls(options.tls),
      connections(connection_bounds(options), options.begin_thread) {
  start(options);
}

Server::Context::~Context() {
  // Waits first, because mg_stop() cuts off what is being written.
  if (!drain.close(drain_timeout)) log.warn("HTTP server stops while requests are being answered");
  stop.set();
  connections.stop();
  ::mg_stop(civetweb);
}

void Server::Context::start(const ServerOptions& options) {
  // CivetWeb can only listen by itself; init_context() replaces what it made.
  const auto addresses = inherited.empty()
                             ? resolve_listen_addresses(options.listen_addresses)
                             : std::vector<std::string>(inherited.size(), "127.0.0.1:0");
  sockets.resize(addresses.size());
  const auto settings = civetweb_settings(options, addresses);
  std::vector<const char*> pointers;
  for (const auto& [name, value] : settings) pointers.insert(pointers.end(), {name, value.c_str()});
  pointers.push_back(nullptr);
  mg_callbacks callbacks{};
  callbacks.init_context = &Context::init_context;
  callbacks.init_thread = &Context::init_thread;
  callbacks.begin_request = &Context::begin_request;
  callbacks.connection_close = &Context::close_connection;
  if (tls != nullptr) callbacks.external_ssl_ctx = &Context::external_ssl_ctx;
  callbacks.http_error = &Context::send_error;
  callbacks.log_message = &Context::log_message;
  mg_init_data init{};
  init.callbacks = &callbacks;
  init.user_data = this;
  init.configuration_options = pointers.data();
  civetweb = ::mg_start2(&init, nullptr);

  // Waits for the master thread: mg_start2() does not tell whether it could start it. Without it,
  // which happens where the number of threads is limited, nothing would ever be answered.
  const bool accepts_connections =
      civetweb != nullptr &&
      accepts.get_future().wait_for(start_timeout) == std::future_status::ready;
  if (!accepts_connections) {
    stop.set();
    ::mg_stop(civetweb);  // nullptr is no server
  }
  const std::lock_guard lock(messages_mutex);
  is_started = true;
  if (!accepts_connections) {
    if (start_messages.empty()) start_messages.emplace_back("no reason given");
    throw std::runtime_error("cannot start the HTTP server: " + start_messages.front());
  }
  for (const auto& message : start_messages) log.warn("HTTP server", {{"message", message}});
}

void Server::Context::init_context(const mg_context* civetweb) noexcept {
  // Reads the list before CivetWeb's master thread runs, which does not lock it.
  auto& context = *static_cast<Context*>(::mg_get_user_data(civetweb));
  for (unsigned i = 0; i < context.inherited.size(); ++i)
    ::cgroup2_replace_listener(const_cast<mg_context*>(civetweb), i, context.inherited[i]);
  ::mg_get_server_ports(civetweb, static_cast<int>(context.sockets.size()), context.sockets.data());
}

void* Server::Context::init_thread(const mg_context* civetweb, int type) noexcept {
  // Is there: a start that fails waits for start_timeout, in which all workers begin.
  auto& context = *static_cast<Context*>(::mg_get_user_data(civetweb));
  context.begin_thread();
  if (type == 0) context.accepts.set_value();  // the master thread
  return nullptr;
}

Server::Context& Server::Context::of(const mg_connection* connection) {
  return *static_cast<Context*>(::mg_get_user_data(::mg_get_context(connection)));
}

// CivetWeb only asks whether there are settings. Each connection has its own, by begin_tls().
int Server::Context::external_ssl_ctx(void** settings, void* user_data) noexcept {
  *settings = static_cast<Context*>(user_data)->tls.get();
  return 1;  // CivetWeb neither changes nor frees them
}

int Server::Context::log_message(const mg_connection* connection, const char* message) noexcept {
  try {
    if (is_about_handshake(message)) return 1;
    auto& context = of(connection);
    const std::lock_guard lock(context.messages_mutex);
    if (context.is_started) {
      context.log.debug("HTTP server", {{"message", message}});
    } else {
      context.start_messages.emplace_back(message);
    }
  } catch (const std::exception&) {
    // Loses the message: there is no memory for it.
  }
  return 1;  // nothing is left to log for CivetWeb
}

int Server::Context::begin_request(mg_connection* connection) noexcept {
  try {
    return of(connection).serve(connection);
  } catch (...) {
    // Ends the connection: there is no memory even for the answer 500.
    ::mg_disable_connection_keep_alive(connection);
    return 500;
  }
}

int Server::Context::send_error(mg_connection* connection, int status, const char*) noexcept {
  try {
    // Replaces CivetWeb's own page, which would repeat what the client sent as the HTTP version.
    const std::string reason = ::mg_get_response_code_text(connection, status);
    auto& context = of(connection);
    (void)deliver(connection, plain_text(status, reason + "\n"), {Framing::length, true, false},
                  context.log);
    ::mg_set_user_connection_data(connection, &context);  // it is answered
  } catch (...) {
    // Ends the connection without an answer: there is no memory for one.
  }
  ::mg_disable_connection_keep_alive(connection);
  return 0;  // nothing is left to send for CivetWeb
}

void Server::Context::close_connection(const mg_connection* connection) noexcept {
  auto& context = of(connection);
  auto* own = const_cast<mg_connection*>(connection);
  if (!note_failed_handshake(own, context.tls.get(), context.log) && is_unanswered(connection))
    begin_request(own);
  context.connections.finish(::cgroup2_socket_of(connection), context.tls != nullptr);
  context.connections.remove(::cgroup2_socket_of(connection));
}

int Server::Context::serve(mg_connection* connection) {
  const Drain::Scope scope(drain);
  const auto& info = *::mg_get_request_info(connection);
  const int socket = ::cgroup2_socket_of(connection);
  Request request = copy_head(info);
  const auto body = framing_of_body(request, info, ::cgroup2_end_of_head(connection));
  const int refusal =
      body.refusal != 0 ? body.refusal : drop_body(connection, body.length, request_timeout);
  const auto number = connections.begin_answer(socket);
  request.hang_up = [this, number](std::chrono::milliseconds without_progress) {
    return connections.hang_up(number, without_progress);
  };
  auto response = refusal == 0 ? respond(request) : plain_text(refusal, "request refused\n");
  const auto framing = framing_of(response, info.http_version);
  const bool keep_alive = refusal == 0 && framing != Framing::end_of_connection &&
                          info.local_uri_raw != nullptr && wants_keep_alive(connection, info) &&
                          !drain.is_closing() && connections.has_spare();
  const Delivery how{framing, request.method != "HEAD", keep_alive,
                     [this, socket] { connections.end_answer(socket); }};
  const int status = response.status;
  connections.begin_sending(socket);
  if (!deliver(connection, std::move(response), how, log) || !keep_alive)
    ::mg_disable_connection_keep_alive(connection);
  connections.end_answer(socket);
  return status;
}

Response Server::Context::respond(const Request& request) {
  if (request.path.empty()) return plain_text(400, "invalid path encoding\n");
  if (request.path != "*") return call_guarded(handler, request, log);
  auto response = plain_text(request.method == "OPTIONS" ? 200 : 400, "");
  response.headers.add("Allow", "GET, HEAD, OPTIONS, POST, PUT");
  return response;
}

}  // namespace cgroup2::http

// What civetweb_sockets.c calls.
extern "C" {

int cgroup2_accept(void* user_data, int listener, sockaddr* address, socklen_t* size) {
  auto& context = *static_cast<cgroup2::http::Server::Context*>(user_data);
  return cgroup2::http::accept_client(context.connections, listener, address, size);
}

int cgroup2_stop_event(void* user_data) {
  return static_cast<cgroup2::http::Server::Context*>(user_data)->stop.descriptor();
}

ssl_st* cgroup2_begin_tls(void* user_data) {
  return static_cast<cgroup2::http::Server::Context*>(user_data)->tls->begin_connection();
}

int cgroup2_handshake(void* user_data, mg_connection* connection, ssl_st* end) {
  return cgroup2::http::shake_hands(connection, end,
                                    static_cast<cgroup2::http::Server::Context*>(user_data)->log);
}
}

namespace cgroup2::http {

Server::Server(const ServerOptions& options, Handler handler, base::Log& log)
    : context_(std::make_unique<Context>(options, std::move(handler), log)) {}

Server::~Server() = default;

std::vector<int> Server::ports() const {
  std::vector<int> ports;
  for (const auto& socket : context_->sockets) {
    if (std::ranges::find(ports, socket.port) == ports.end()) ports.push_back(socket.port);
  }
  return ports;
}

}  // namespace cgroup2::http
