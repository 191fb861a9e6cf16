// SPDX-License-Identifier: Apache-2.0
#include "http/connections.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cgroup2::http {
namespace {

// Whether the client sent any byte, of TLS too, or may have: tcp_info has the number since Linux
// 4.1, but not in QEMU's user mode.
bool has_received(int socket) {
  constexpr auto needed = offsetof(tcp_info, tcpi_bytes_received) + sizeof(__u64);
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < needed) return true;
  return info.tcpi_bytes_received > 0;
}

}  // namespace

Connections::Connections(const ConnectionBounds& bounds, std::function<void()> begin_thread)
    : bounds_(bounds),
      silence_([this, begin_thread = std::move(begin_thread)](const std::stop_token& stop) {
        begin_thread();
        watch(stop);
      }) {}

Connections::~Connections() = default;

bool Connections::add(int socket, const std::string& client) {
  const std::lock_guard lock(mutex_);
  if (!make_way(client)) return false;
  table_[socket] = {.client = client, .number = ++last_number_, .since = Clock::now()};
  ++counts_[client];
  ++count_;
  has_new_ = true;
  changed_.notify_one();
  return true;
}

// Ends another connection where a bound is reached. A client at its own bound replaces one of its
// own, if that waits for a request.
bool Connections::make_way(const std::string& client) {
  const auto own = counts_.contains(client) ? counts_.at(client) : 0;
  if (own >= bounds_.max_per_client) return end_oldest(client, false);
  if (count_ < bounds_.max_count) return true;
  std::map<std::string, unsigned> waiting;
  for (const auto& [socket, connection] : table_) {
    if (!connection.is_ending && !connection.is_answering) ++waiting[connection.client];
  }
  const auto by_count = [](const auto& a, const auto& b) { return a.second < b.second; };
  // Of those that have one that waits, the client with the most connections.
  for (auto& [each, number] : waiting) number = counts_.at(each);
  const auto most = std::ranges::max_element(waiting, by_count);
  if (most != waiting.end()) return end_oldest(most->first, false);
  const auto largest = std::ranges::max_element(counts_, by_count);
  if (largest == counts_.end() || largest->second < own + 2) return false;
  return end_oldest(largest->first, true);
}

bool Connections::end_oldest(const std::string& client, bool is_answering) {
  Table::iterator oldest = table_.end();
  for (auto at = table_.begin(); at != table_.end(); ++at) {
    const Connection& connection = at->second;
    const bool is_candidate = connection.client == client && !connection.is_ending &&
                              connection.is_answering == is_answering;
    if (!is_candidate) continue;
    if (oldest == table_.end() || connection.number < oldest->second.number) oldest = at;
  }
  if (oldest == table_.end()) return false;
  end(oldest->first, oldest->second);
  return true;
}

void Connections::end(int socket, Connection& connection) {
  connection.is_ending = true;
  --count_;
  const auto count = counts_.find(connection.client);
  if (--count->second == 0) counts_.erase(count);
  // Drops what the client does not take: the kernel would keep it for minutes.
  const linger now{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::shutdown(socket, SHUT_RDWR);
}

void Connections::remove(int socket) {
  const std::lock_guard lock(mutex_);
  const auto at = table_.find(socket);
  if (at == table_.end()) return;
  if (!at->second.is_ending) {
    --count_;
    const auto count = counts_.find(at->second.client);
    if (--count->second == 0) counts_.erase(count);
  }
  table_.erase(at);
}

std::uint64_t Connections::begin_answer(int socket) {
  const std::lock_guard lock(mutex_);
  const auto at = table_.find(socket);
  if (at == table_.end()) return 0;
  at->second.is_answering = true;
  at->second.progress.reset();
  at->second.has_sent = true;
  return at->second.number;
}

void Connections::end_answer(int socket) {
  const std::lock_guard lock(mutex_);
  const auto at = table_.find(socket);
  if (at != table_.end()) at->second.is_answering = false;
}

void Connections::note_progress(int socket) {
  const std::lock_guard lock(mutex_);
  const auto at = table_.find(socket);
  if (at != table_.end()) at->second.progress = Clock::now();
}

bool Connections::hang_up(std::uint64_t number, std::chrono::milliseconds without_progress) {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find_if(
      table_, [number](const auto& each) { return each.second.number == number; });
  if (at == table_.end() || at->second.is_ending || !at->second.is_answering) return false;
  const auto& progress = at->second.progress;
  const bool is_taken = progress && Clock::now() - *progress < without_progress;
  if (without_progress.count() > 0 && (!progress || is_taken)) return false;
  end(at->first, at->second);
  return true;
}

bool Connections::has_spare() const {
  const std::lock_guard lock(mutex_);
  return count_ + bounds_.max_count / 4 < bounds_.max_count;
}

void Connections::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    has_new_ = false;
    if (end_silent_ones()) {
      changed_.wait_for(lock, stop, bounds_.first_byte / 4, [] { return false; });
    } else {
      changed_.wait(lock, stop, [this] { return has_new_; });
    }
  }
}

// Returns whether there are others that sent nothing yet.
bool Connections::end_silent_ones() {
  bool is_any_left = false;
  const auto now = Clock::now();
  for (auto& [socket, connection] : table_) {
    if (connection.has_sent || connection.is_ending) continue;
    const bool is_due = now - connection.since >= bounds_.first_byte;
    if (is_due) connection.has_sent = has_received(socket);
    if (is_due && !connection.has_sent) end(socket, connection);
    is_any_left = is_any_left || !is_due;
  }
  return is_any_left;
}

}  // namespace cgroup2::http
