// SPDX-License-Identifier: Apache-2.0
// Server: HTTP over TCP by CivetWeb, which only server.cpp and the files civetweb_* see.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/log.h"
#include "http/message.h"
#include "http/tls_context.h"

namespace cgroup2::http {

struct ServerOptions {
  /// Without a host: every address of both families. Port 0 picks a free one.
  std::vector<base::Address> listen_addresses;
  /// Sockets that listen already, which the server takes over; if there are any, listen_addresses
  /// are ignored.
  std::vector<int> inherited_listeners{};
  /// Connections at once, each of which has a thread. Which one gives way to another: see
  /// Connections.
  unsigned max_connections = 64;
  /// Of one client: an IPv4 address or an IPv6 network of 64 bits.
  unsigned max_connections_per_client = 32;
  /// Time for a request to arrive, and for an answer to make progress.
  std::chrono::milliseconds request_timeout{10'000};
  /// Time for another request on the same connection.
  std::chrono::milliseconds idle_timeout{2'000};
  /// Time for the first byte of a new connection.
  std::chrono::milliseconds first_byte_timeout{2'000};
  /// For all addresses; nullptr: plain HTTP. A handshake may take request_timeout and is no
  /// complete request: until then the connection gives way like others that wait. Counts those that
  /// fail.
  std::shared_ptr<TlsContext> tls{};
  /// Called first by each thread of the server.
  std::function<void()> begin_thread = [] {};
};

/// Listens from construction to destruction. Request heads are bounded by 16 KiB and 64 fields,
/// bodies by 8 KiB (they are read and dropped); an answer that is not taken within three
/// request_timeouts is cut off.
///
/// The destructor waits up to five seconds for requests that are being answered, then closes all
/// connections; an idle one delays it by up to two seconds, a handler that does not return blocks
/// it.
class Server {
 public:
  /// Starts to listen. Throws std::runtime_error with one line ("cannot listen on :9306: Address
  /// already in use") if it cannot. An exception that leaves `handler` becomes status 500 and a log
  /// line.
  Server(const ServerOptions& options, Handler handler, base::Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Returns the ports that it listens on, in the order of the addresses, each once.
  [[nodiscard]] std::vector<int> ports() const;

  struct Context;  ///< for server.cpp

 private:
  std::unique_ptr<Context> context_;
};

}  // namespace cgroup2::http
