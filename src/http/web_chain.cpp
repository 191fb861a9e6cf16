// SPDX-License-Identifier: Apache-2.0
#include "http/web_chain.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "http/basic_auth.h"

namespace cgroup2::http {
namespace {

Response refuse_for_now(std::chrono::nanoseconds interval) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(interval);
  auto response = plain_text(429, "Too Many Requests\n");
  response.headers.add("Retry-After", std::to_string(seconds.count()));
  return response;
}

}  // namespace

void WebChain::apply(const config::WebConfig& config) {
  auto settings = std::make_shared<ChainSettings>();
  settings->headers = config.headers;
  // The server sends it with every response, with the only value that it may have.
  settings->headers.erase("X-Content-Type-Options");
  settings->users = config.users;
  settings->rate_limit = config.rate_limit;
  const std::lock_guard lock(mutex_);
  if (config.rate_limit != settings_->rate_limit) {
    bucket_.reset();
    if (const auto& limit = config.rate_limit) {
      const std::chrono::duration<double> interval = limit->interval;
      bucket_.emplace(base::TokenBucket::Rates{.capacity = static_cast<double>(limit->burst),
                                               .per_second = 1 / interval.count(),
                                               .max_debt = 0},
                      now_());
    }
  }
  settings_ = std::move(settings);
}

Handler WebChain::wrap(Handler handler) {
  return [this, handler = std::move(handler)](const Request& request) {
    return answer(request, handler);
  };
}

Response WebChain::answer(const Request& request, const Handler& handler) {
  std::shared_ptr<const ChainSettings> settings;
  {
    const std::lock_guard lock(mutex_);
    settings = settings_;
    if (!takes_token()) return refuse_for_now(settings->rate_limit->interval);
  }
  std::optional<Response> refusal;
  if (!settings->users.empty()) refusal = refuse_unknown_user(passwords_, settings->users, request);
  auto response = refusal ? std::move(*refusal) : handler(request);
  for (const auto& [name, value] : settings->headers) {
    if (response.headers.get(name).empty()) response.headers.add(name, value);
  }
  return response;
}

bool WebChain::takes_token() {
  if (!bucket_) return true;
  bucket_->refill(now_());
  if (!bucket_->has_tokens(1)) return false;
  bucket_->spend(1);
  return true;
}

}  // namespace cgroup2::http
