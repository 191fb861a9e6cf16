// SPDX-License-Identifier: Apache-2.0
// InFlight: which requests are being answered, and which of them gives way to a new one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "http/message.h"

namespace cgroup2::http {

/// 0 is no bound.
struct RequestBounds {
  unsigned max_requests = 0;
  unsigned max_per_client = 0;
};

/// Bounds requests in all and per client (see client_group.h). Where all are taken, a client with
/// fewer requests takes the place of the oldest one of the client with the most, or else of one
/// whose client took nothing of its answer for a second: clients that read slowly do not keep
/// others out. All methods may be called from many threads at once.
class InFlight : public std::enable_shared_from_this<InFlight> {
 public:
  explicit InFlight(RequestBounds bounds) : bounds_(bounds) {}

  /// Begins a request, which is in flight until the object is destroyed; nullptr if there is no
  /// place.
  [[nodiscard]] std::shared_ptr<void> begin(const Request& request);

 private:
  struct Running {
    std::string client;
    std::function<bool(std::chrono::milliseconds)> hang_up;
  };
  class RunningRequest;

  bool make_way(const std::string& client);
  bool end_one(const std::string& client, std::chrono::milliseconds without_progress);
  void end(std::uint64_t number);
  void forget(std::map<std::uint64_t, Running>::iterator running);

  const RequestBounds bounds_;
  std::mutex mutex_;
  std::map<std::uint64_t, Running> running_;  // by number, which rises with each
  std::map<std::string, unsigned> counts_;    // by client
  std::uint64_t last_number_ = 0;
};

}  // namespace cgroup2::http
