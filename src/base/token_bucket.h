// SPDX-License-Identifier: Apache-2.0
// TokenBucket: a bound on how often something is done in the long run, which lets bursts through.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/time.h"

namespace cgroup2::base {

/// Belongs to one thread.
class TokenBucket {
 public:
  struct Rates {
    double capacity;
    double per_second;
    double max_debt;
  };

  /// Begins full.
  TokenBucket(Rates rates, TimePoint now)
      : rates_(rates), tokens_(rates.capacity), refilled_(now) {}

  void refill(TimePoint now) {
    const std::chrono::duration<double> since = now - refilled_;
    refilled_ = now;
    tokens_ = std::min(rates_.capacity, tokens_ + rates_.per_second * since.count());
  }

  [[nodiscard]] bool has_tokens() const { return tokens_ > 0; }
  [[nodiscard]] bool has_tokens(double count) const { return tokens_ >= count; }

  void spend(double tokens) { tokens_ -= tokens; }

  /// Spends tokens for what cannot wait, in debt if there are none. The debt is bounded, so that a
  /// long storm of it does not hold up the rest for as long again.
  void spend_at_once(double tokens) {
    tokens_ = std::max(tokens_ - tokens, std::min(tokens_, -rates_.max_debt));
  }

 private:
  Rates rates_;
  double tokens_;
  TimePoint refilled_;
};

}  // namespace cgroup2::base
