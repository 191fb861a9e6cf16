// SPDX-License-Identifier: Apache-2.0
// WebChain: what a request passes before its handler: the rate limit, the headers and the users of
// a web configuration, in this order.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/token_bucket.h"
#include "config/web_config.h"
#include "http/bcrypt.h"
#include "http/message.h"
#include "http/password_check.h"

namespace cgroup2::http {

/// Any thread. Lets everything pass until it is told what to do.
class WebChain {
 public:
  explicit WebChain(const PasswordCheck::Now& now = base::Clock::now)
      : now_(now),
        passwords_(is_bcrypt_of, now),
        settings_(std::make_shared<const ChainSettings>()) {}

  /// Takes other settings from the next request on. A rate limit that did not change goes on.
  void apply(const config::WebConfig& config);

  /// Wraps a handler, for all paths that it has. The chain outlives what it returns.
  [[nodiscard]] Handler wrap(Handler handler);

 private:
  struct ChainSettings {
    std::map<std::string, std::string> headers;
    PasswordCheck::Users users;
    std::optional<config::RateLimit> rate_limit;
  };

  [[nodiscard]] Response answer(const Request& request, const Handler& handler);
  [[nodiscard]] bool takes_token();  // with mutex_ locked

  const PasswordCheck::Now now_;
  PasswordCheck passwords_;
  std::mutex mutex_;  // guards the following
  std::shared_ptr<const ChainSettings> settings_;
  std::optional<base::TokenBucket> bucket_;  // of the rate limit
};

}  // namespace cgroup2::http
