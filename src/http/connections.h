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
  std::chrono::milliseconds head{500};          ///< time for a request, see Connections
  std::chrono::milliseconds stalled{1'000};     ///< time without progress, see Connections
  std::chrono::milliseconds answer{30'000};     ///< time for a client to take an answer
  std::chrono::milliseconds progress{10'000};   ///< time for it to take a part of it, at the end
};

/// Bounds connections in all and per client (see client_group.h). A connection is busy while a
/// request is answered, and while the kernel could not send all of the answer. Otherwise it waits
/// for a request. A client at its own bound replaces its oldest connection that waits. Where all
/// are used, the first of these rows that fits gives way to a new connection:
/// - one that waits for bounds.head, of a client that has more than the new one's, or its own;
/// - where the new one's client has none: one that is busy and whose client took nothing for
///   bounds.stalled;
/// - one that waits, of a client that has more than the new one's, or its own;
/// - one that is busy, of a client that has two more than the new one's.
/// Of several the oldest of the client with the most gives way. It is shut down, and then ended by
/// its thread of the server. All methods may be called from many threads at once.
class Connections {
 public:
  using Clock = std::chrono::steady_clock;

  /// Starts a thread that shuts down connections that send nothing, or do not take their answer in
  /// time. It calls `begin_thread` first.
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

  /// Notes that the answer is sent from now on: the client has bounds.answer to take it and what it
  /// did not take of the one before.
  void begin_sending(int socket);

  /// Notes that the connection waits for another request.
  void end_answer(int socket);

  /// Shuts down the connection with this number, if it is still being answered and its client took
  /// nothing since `without_progress` although there was something to take: an answer that is still
  /// made waits for nobody. Returns whether it is shut down.
  bool hang_up(std::uint64_t number, std::chrono::milliseconds without_progress);

  /// Waits until the kernel could send all that was written to a connection that is about to be
  /// closed. What the client does not take in time is dropped: the kernel would keep it for
  /// minutes, in memory that no bound knows any more. Tells the client that nothing follows, unless
  /// TLS does so afterwards.
  void finish(int socket, bool is_tls);

  /// Ends what finish() waits for, and leaves the rest to the kernel.
  void stop() { silence_.request_stop(); }

  /// Whether a quarter of all connections is free, so that an idle one may stay.
  [[nodiscard]] bool has_spare() const;

 private:
  struct Connection {
    std::string client;
    std::uint64_t number = 0;   // rises with each
    Clock::time_point since{};  // when it began to wait for a request
    bool is_answering = false;
    bool is_finishing = false;                    // finish() waits for it
    std::optional<Clock::time_point> deadline{};  // of the answer, once it is sent
    std::uint64_t taken = 0;                      // bytes, when the thread looked last
    Clock::time_point progress{};  // when it was seen last that bytes were taken, or none were left
    bool has_sent = false;         // at least a byte
    bool is_ending = false;
  };
  using Table = std::map<int, Connection>;

  bool make_way(const std::string& client);
  bool end_oldest_of_largest(const std::function<bool(Table::value_type&)>& is_candidate);
  static bool is_busy(const Table::value_type& each);
  void begin_deadline(int socket, Connection& connection) const;
  void end(int socket, Connection& connection);
  void note_progress(int socket, Connection& connection);
  bool took_nothing_for(std::chrono::milliseconds time, int socket, Connection& connection);
  void end_overdue_ones();
  void watch(const std::stop_token& stop);

  const ConnectionBounds bounds_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;     // there is a connection
  std::condition_variable_any ended_;       // one that is finishing
  Table table_;                             // by socket
  std::map<std::string, unsigned> counts_;  // by client, of those that are not ending
  unsigned count_ = 0;                      // of all that are not ending
  std::uint64_t last_number_ = 0;
  std::jthread silence_;  // last: it ends before the rest goes
};

}  // namespace cgroup2::http
