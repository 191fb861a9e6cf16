// SPDX-License-Identifier: Apache-2.0
// Connections: which connections of clients are open, and which of them gives way to a new one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace cgroup2::http {

struct ConnectionBounds {
  unsigned max_count = 64;
  unsigned max_per_client = 32;
  std::chrono::milliseconds first_byte{2'000};  ///< time for the first byte of a connection
};

/// Bounds connections in all and per client (see client_group.h). At a bound the client with the
/// most connections loses one: its oldest without a complete request, else its oldest answer. A
/// client without a connection gets one as long as another has two, or one that waits for a
/// request.
///
/// A connection that gives way is shut down, and then ended by its thread of the server. All
/// methods may be called from many threads at once.
class Connections {
 public:
  using Clock = std::chrono::steady_clock;

  /// Starts a thread that shuts down connections that send nothing. It calls `begin_thread` first.
  explicit Connections(
      const ConnectionBounds& bounds, std::function<void()> begin_thread = [] {});
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Takes a socket that was accepted from a client. False: there is no place for it.
  [[nodiscard]] bool add(int socket, const std::string& client);

  /// Forgets a socket, which must still be open: its number may belong to another one after that.
  void remove(int socket);

  /// Notes that a request of the connection is complete. Returns the number of the connection, 0 if
  /// it is not known.
  std::uint64_t begin_answer(int socket);

  /// Notes that the connection waits for another request.
  void end_answer(int socket);

  /// Notes that the client took a part of the answer.
  void note_progress(int socket);

  /// Shuts down the connection with this number, if it is still being answered and its client took
  /// nothing since `without_progress`, after it had taken something where that is not 0: an answer
  /// that is still made waits for nobody. Returns whether it is shut down.
  bool hang_up(std::uint64_t number, std::chrono::milliseconds without_progress);

  /// Whether a quarter of all connections is free, so that an idle one may stay.
  [[nodiscard]] bool has_spare() const;

 private:
  struct Connection {
    std::string client;
    std::uint64_t number = 0;  // rises with each
    Clock::time_point since{};
    bool is_answering = false;
    std::optional<Clock::time_point> progress{};  // of the answer, once there is some
    bool has_sent = false;                        // at least a byte
    bool is_ending = false;
  };
  using Table = std::map<int, Connection>;

  bool make_way(const std::string& client);
  bool end_oldest(const std::string& client, bool is_answering);
  void end(int socket, Connection& connection);
  bool end_silent_ones();
  void watch(const std::stop_token& stop);

  const ConnectionBounds bounds_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Table table_;                             // by socket
  std::map<std::string, unsigned> counts_;  // by client, of those that are not ending
  unsigned count_ = 0;                      // of all that are not ending
  std::uint64_t last_number_ = 0;
  bool has_new_ = false;  // since the thread looked last
  std::jthread silence_;  // last: it ends before the rest goes
};

}  // namespace cgroup2::http
