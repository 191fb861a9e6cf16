// SPDX-License-Identifier: Apache-2.0
#include "http/in_flight.h"

#include <algorithm>
#include <utility>

#include "http/client_group.h"

namespace cgroup2::http {

/// Is one request. Responses may outlive the handler, so it shares the table.
class InFlight::RunningRequest {
 public:
  RunningRequest(std::shared_ptr<InFlight> table, std::uint64_t number)
      : table_(std::move(table)), number_(number) {}
  ~RunningRequest() { table_->end(number_); }
  RunningRequest(const RunningRequest&) = delete;
  RunningRequest& operator=(const RunningRequest&) = delete;

 private:
  const std::shared_ptr<InFlight> table_;
  const std::uint64_t number_;
};

std::shared_ptr<void> InFlight::begin(const Request& request) {
  const std::lock_guard lock(mutex_);
  std::string client = client_group(request.peer.host);
  if (!make_way(client)) return nullptr;
  const auto number = ++last_number_;
  auto place = std::make_shared<RunningRequest>(shared_from_this(), number);
  ++counts_[client];
  running_.emplace(number, Running{std::move(client), request.hang_up});
  return place;
}

bool InFlight::make_way(const std::string& client) {
  const auto own = counts_.contains(client) ? counts_.at(client) : 0;
  if (bounds_.max_per_client > 0 && own >= bounds_.max_per_client) return false;
  if (bounds_.max_requests == 0 || running_.size() < bounds_.max_requests) return true;
  const auto most = std::ranges::max_element(
      counts_, [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most->second >= own + 2) return end_one(most->first, {});
  constexpr std::chrono::seconds stalled{1};
  return own == 0 && end_one({}, stalled);
}

// Ends the oldest request of a client (empty: any) that can be ended.
bool InFlight::end_one(const std::string& client, std::chrono::milliseconds without_progress) {
  for (auto at = running_.begin(); at != running_.end(); ++at) {
    const Running& running = at->second;
    if ((!client.empty() && running.client != client) || !running.hang_up) continue;
    if (!running.hang_up(without_progress)) continue;
    forget(at);
    return true;
  }
  return false;
}

void InFlight::end(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto running = running_.find(number);
  if (running != running_.end()) forget(running);
}

void InFlight::forget(std::map<std::uint64_t, Running>::iterator running) {
  const auto count = counts_.find(running->second.client);
  if (--count->second == 0) counts_.erase(count);
  running_.erase(running);
}

}  // namespace cgroup2::http
