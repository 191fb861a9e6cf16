// SPDX-License-Identifier: Apache-2.0
#include "http/connections.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "http/tcp_counters.h"

namespace cgroup2::http {

using std::chrono::milliseconds;

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
  const auto now = Clock::now();
  table_[socket] = {.client = client, .number = ++last_number_, .since = now, .progress = now};
  ++counts_[client];
  ++count_;
  changed_.notify_one();
  return true;
}

// Ends another connection where a bound is reached.
bool Connections::make_way(const std::string& client) {
  const auto found = counts_.find(client);
  const unsigned own = found == counts_.end() ? 0 : found->second;
  if (own < bounds_.max_per_client && count_ < bounds_.max_count) return true;
  const auto is_own_that_waits = [&](const auto& each) {
    return each.second.client == client && !is_busy(each);
  };
  if (own >= bounds_.max_per_client) return end_oldest_of_largest(is_own_that_waits);
  const auto is_waiting = [&](const auto& each) {
    return (each.second.client == client || counts_.at(each.second.client) > own) && !is_busy(each);
  };
  const auto is_one_of_many = [&](const auto& each) {
    return counts_.at(each.second.client) >= own + 2 && is_busy(each);
  };
  const auto is_stalled = [&](auto& each) {
    return own == 0 && is_busy(each) && took_nothing_for(bounds_.stalled, each.first, each.second);
  };
  const auto is_late = [&, now = Clock::now()](const auto& each) {
    return now - each.second.since >= bounds_.head && is_waiting(each);
  };
  return end_oldest_of_largest(is_late) || end_oldest_of_largest(is_stalled) ||
         end_oldest_of_largest(is_waiting) || end_oldest_of_largest(is_one_of_many);
}

bool Connections::is_busy(const Table::value_type& each) {
  if (each.second.is_answering) return true;
  const auto counters = tcp_counters(each.first);
  return counters && counters->has_unsent;
}

// Ends the oldest candidate of the client that has the most connections of all with a candidate.
bool Connections::end_oldest_of_largest(
    const std::function<bool(Table::value_type&)>& is_candidate) {
  const auto rank = [this](const Connection& connection) {
    return std::pair(counts_.at(connection.client), ~connection.number);
  };
  auto first = table_.end();
  for (auto at = table_.begin(); at != table_.end(); ++at) {
    if (at->second.is_ending || !is_candidate(*at)) continue;
    if (first == table_.end() || rank(at->second) > rank(first->second)) first = at;
  }
  if (first == table_.end()) return false;
  end(first->first, first->second);
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
  if (connection.is_finishing) ended_.notify_all();
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
  at->second.has_sent = true;
  return at->second.number;
}

void Connections::begin_sending(int socket) {
  const std::lock_guard lock(mutex_);
  const auto at = table_.find(socket);
  if (at != table_.end()) begin_deadline(socket, at->second);
}

void Connections::end_answer(int socket) {
  const std::lock_guard lock(mutex_);
  const auto at = table_.find(socket);
  if (at == table_.end()) return;
  at->second.is_answering = false;
  at->second.since = Clock::now();
}

bool Connections::hang_up(std::uint64_t number, milliseconds without_progress) {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find_if(
      table_, [number](const auto& each) { return each.second.number == number; });
  if (at == table_.end() || at->second.is_ending || !at->second.is_answering) return false;
  if (without_progress.count() > 0 && !took_nothing_for(without_progress, at->first, at->second))
    return false;
  end(at->first, at->second);
  return true;
}

void Connections::finish(int socket, bool is_tls) {
  constexpr milliseconds max_pause{160};
  if (!is_tls) ::shutdown(socket, SHUT_WR);
  std::unique_lock lock(mutex_);
  const auto at = table_.find(socket);
  if (at == table_.end()) return;
  auto& connection = at->second;  // only remove() erases it, which this thread calls
  connection.is_finishing = true;
  connection.is_answering = false;
  begin_deadline(socket, connection);
  const auto stop = silence_.get_stop_token();
  for (milliseconds pause{10}; is_busy(*at) && !stop.stop_requested();
       pause = std::min(2 * pause, max_pause)) {
    if (took_nothing_for(bounds_.progress, socket, connection)) end(socket, connection);
    if (connection.is_ending) return;
    ended_.wait_for(lock, stop, pause, [&] { return connection.is_ending; });
  }
}

// Leaves the deadline of an answer before this one, of which something is still to be taken.
void Connections::begin_deadline(int socket, Connection& connection) const {
  const auto counters = tcp_counters(socket);
  if (connection.deadline && counters && counters->has_unsent) return;
  connection.progress = Clock::now();
  connection.deadline = connection.progress + bounds_.answer;
}

// Looks whether the client took something, or could take nothing, since the last look.
void Connections::note_progress(int socket, Connection& connection) {
  const auto counters = tcp_counters(socket);
  if (counters && counters->has_unsent && counters->taken == connection.taken) return;
  connection.progress = Clock::now();
  connection.taken = counters ? counters->taken : 0;
}

bool Connections::took_nothing_for(milliseconds time, int socket, Connection& connection) {
  note_progress(socket, connection);
  return Clock::now() - connection.progress >= time;
}

bool Connections::has_spare() const {
  const std::lock_guard lock(mutex_);
  return count_ + bounds_.max_count / 4 < bounds_.max_count;
}

void Connections::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !table_.empty(); }) && !stop.stop_requested()) {
    changed_.wait_for(lock, stop, bounds_.first_byte / 4, [] { return false; });
    end_overdue_ones();
  }
}

void Connections::end_overdue_ones() {
  const auto now = Clock::now();
  for (auto& each : table_) {
    auto& [socket, connection] = each;
    if (connection.is_ending) continue;
    note_progress(socket, connection);
    if (connection.deadline && now >= *connection.deadline) {
      connection.deadline.reset();
      if (is_busy(each)) end(socket, connection);
    } else if (!connection.has_sent && now - connection.since >= bounds_.first_byte) {
      const auto counters = tcp_counters(socket);
      connection.has_sent = !counters || counters->received > 0;
      if (!connection.has_sent) end(socket, connection);
    }
  }
}

}  // namespace cgroup2::http
