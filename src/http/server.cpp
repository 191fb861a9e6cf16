// SPDX-License-Identifier: Apache-2.0
// CivetWeb accepts, reads the head of a request and calls begin_request() below for every one of
// them; nothing else of CivetWeb is ever reached (files, authorization, CORS). The facts about
// CivetWeb in the comments are those of version 1.15.
#include "http/server.h"

#include <civetweb.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "http/civetweb_settings.h"
#include "http/drain.h"
#include "http/guarded_call.h"
#include "http/header_list.h"
#include "http/listen.h"
#include "http/query.h"
#include "http/response_head.h"
#include "http/sender.h"

namespace cgroup2::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr long long max_body_bytes = 8192;
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

/// Copies the head of a request, but for the path, which has to be decoded.
Request copy_head(const mg_request_info& info) {
  Request request;
  request.method = info.request_method;
  if (info.query_string != nullptr) request.query = info.query_string;
  for (int i = 0; i < info.num_headers; ++i) {
    const auto& field = info.http_headers[i];
    request.headers.add(field.name, field.value);
  }
  request.peer = {info.remote_addr, info.remote_port};
  return request;
}

/// Tells whether CivetWeb will keep the connection too: it decides by the first Connection field,
/// and closes after "Upgrade".
bool wants_keep_alive(const mg_connection* connection, const mg_request_info& info) {
  const char* field = ::mg_get_header(connection, "Connection");
  if (field == nullptr) return std::string_view(info.http_version) == "1.1";
  return lists_word(field, "keep-alive") && !lists_word(field, "upgrade");
}

/// Reads the body and drops it. Returns the status that says why it could not be read, or 0. One
/// byte at a time, because CivetWeb fills the whole buffer and allows the client the full timeout
/// for every byte of it.
int drop_body(mg_connection* connection, const Request& request, long long length,
              std::chrono::milliseconds timeout) {
  if (!request.headers.get("Transfer-Encoding").empty()) return 411;
  if (length > max_body_bytes) return 413;
  const auto deadline = Clock::now() + timeout;
  for (long long i = 0; i < length; ++i) {
    char byte = 0;
    if (::mg_read(connection, &byte, 1) != 1 || Clock::now() > deadline) return 408;
  }
  return 0;
}

struct Delivery {
  Framing framing;
  bool has_body;
  bool keep_alive;
  std::chrono::milliseconds timeout;
};

/// Sends a response and returns whether all of it was sent. CivetWeb's own timeout starts anew with
/// every byte that the client takes.
bool deliver(mg_connection* connection, const Response& response, const Delivery& how,
             base::Log& log) {
  const char* reason = ::mg_get_response_code_text(connection, response.status);
  const auto deadline = Clock::now() + how.timeout;
  Sender sender(response_head(response, reason, how.framing, how.keep_alive, std::time(nullptr)),
                how.has_body && how.framing == Framing::chunks, [&](std::string_view text) {
                  const int sent = ::mg_write(connection, text.data(), text.size());
                  return sent == static_cast<int>(text.size()) && Clock::now() <= deadline;
                });
  const auto write = [&sender](std::string_view piece) { return sender.write(piece); };
  if (how.has_body && !write_guarded(response, write, log)) return false;
  return sender.finish();
}

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
  static int send_error(mg_connection* connection, int status, const char* message) noexcept;
  static int log_message(const mg_connection* connection, const char* message) noexcept;

  void start(const ServerOptions& options);
  int serve(mg_connection* connection);
  [[nodiscard]] Response respond(Request& request, const char* encoded_path);

  Library library;
  Handler handler;
  base::Log& log;
  std::chrono::milliseconds request_timeout;
  Drain drain;
  mg_context* civetweb = nullptr;
  std::vector<mg_server_port> sockets;  ///< one for each address
  std::promise<void> accepts;           ///< kept by CivetWeb's master thread

  std::mutex messages_mutex;
  std::vector<std::string> start_messages;  ///< what CivetWeb reports before is_started
  bool is_started = false;
};

Server::Context::Context(const ServerOptions& options, Handler handler_, base::Log& log_)
    : handler(std::move(handler_)), log(log_), request_timeout(options.request_timeout) {
  start(options);
}

Server::Context::~Context() {
  // Waits first, because mg_stop() cuts off what is being written.
  if (!drain.close(drain_timeout)) log.warn("HTTP server stops while requests are being answered");
  ::mg_stop(civetweb);
}

void Server::Context::start(const ServerOptions& options) {
  const auto addresses = resolve_listen_addresses(options.listen_addresses);
  sockets.resize(addresses.size());
  const auto settings = civetweb_settings(options, addresses);
  std::vector<const char*> pointers;
  for (const auto& [name, value] : settings) {
    pointers.push_back(name);
    pointers.push_back(value.c_str());
  }
  pointers.push_back(nullptr);
  mg_callbacks callbacks{};
  callbacks.init_context = &Context::init_context;
  callbacks.init_thread = &Context::init_thread;
  callbacks.begin_request = &Context::begin_request;
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
  if (civetweb != nullptr && !accepts_connections) ::mg_stop(civetweb);
  const std::lock_guard lock(messages_mutex);
  is_started = true;
  if (!accepts_connections) {
    if (start_messages.empty()) start_messages.emplace_back("no reason given");
    throw std::runtime_error("cannot start the HTTP server: " + start_messages.front());
  }
  for (const auto& message : start_messages) log.warn("HTTP server", {{"message", message}});
}

void Server::Context::init_context(const mg_context* civetweb) noexcept {
  // Reads the list while no thread runs: later it belongs to CivetWeb's master thread, which does
  // not lock it.
  auto& context = *static_cast<Context*>(::mg_get_user_data(civetweb));
  ::mg_get_server_ports(civetweb, static_cast<int>(context.sockets.size()), context.sockets.data());
}

void* Server::Context::init_thread(const mg_context* civetweb, int type) noexcept {
  constexpr int master = 0;
  // Ignores workers, which may still begin when the context is gone after a start that failed.
  if (type == master) static_cast<Context*>(::mg_get_user_data(civetweb))->accepts.set_value();
  return nullptr;
}

Server::Context& Server::Context::of(const mg_connection* connection) {
  return *static_cast<Context*>(::mg_get_user_data(::mg_get_context(connection)));
}

int Server::Context::log_message(const mg_connection* connection, const char* message) noexcept {
  try {
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
    deliver(connection, plain_text(status, reason + "\n"),
            {Framing::length, true, false, context.request_timeout}, context.log);
  } catch (...) {
    // Ends the connection without an answer: there is no memory for one.
  }
  ::mg_disable_connection_keep_alive(connection);
  return 0;  // nothing is left to send for CivetWeb
}

int Server::Context::serve(mg_connection* connection) {
  const Drain::Scope scope(drain);
  const auto& info = *::mg_get_request_info(connection);
  Request request = copy_head(info);
  const int refusal = drop_body(connection, request, info.content_length, request_timeout);
  const auto response = refusal == 0 ? respond(request, info.local_uri_raw)
                                     : plain_text(refusal, "request body refused\n");
  const auto framing = framing_of(response, info.http_version);
  const bool keep_alive = refusal == 0 && framing != Framing::end_of_connection &&
                          wants_keep_alive(connection, info) && !drain.is_closing();
  const bool has_body = request.method != "HEAD";
  const Delivery how{framing, has_body, keep_alive, 3 * request_timeout};
  if (!deliver(connection, response, how, log) || !keep_alive)
    ::mg_disable_connection_keep_alive(connection);
  return response.status;
}

Response Server::Context::respond(Request& request, const char* encoded_path) {
  auto path = decode_path(encoded_path);
  if (!path) return plain_text(400, "invalid path encoding\n");
  request.path = std::move(*path);
  return call_guarded(handler, request, log);
}

Server::Server(const ServerOptions& options, Handler handler, base::Log& log)
    : context_(std::make_unique<Context>(options, std::move(handler), log)) {}

Server::~Server() = default;

std::vector<int> Server::ports() const {
  std::vector<int> ports;
  for (const auto& socket : context_->sockets) {
    if (std::find(ports.begin(), ports.end(), socket.port) == ports.end()) {
      ports.push_back(socket.port);
    }
  }
  return ports;
}

}  // namespace cgroup2::http
