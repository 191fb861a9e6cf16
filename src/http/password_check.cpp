// SPDX-License-Identifier: Apache-2.0
#include "http/password_check.h"

#include <algorithm>
#include <chrono>

namespace cgroup2::http {
namespace {

constexpr std::size_t max_comparisons = 8;
constexpr unsigned max_per_client = 2;

// Returns a hash of no user's password that takes as long as the slowest of them.
std::string decoy(const PasswordCheck::Users& users) {
  constexpr std::size_t cost_at = 4, cost_size = 2;
  std::string hash = "$2b$10$GxY1GDDqTDJhzGbOYxCQdu5T5AVSt7hJmtB5sUf/NyYM5gk3xq3Qm";
  std::string cost = "04";
  for (const auto& [user, known] : users)
    cost = std::max(cost, known.substr(std::min(cost_at, known.size()), cost_size));
  return hash.replace(cost_at, cost_size, cost);
}

}  // namespace

/// Ends a comparison that begin() has counted.
class PasswordCheck::CountedComparison {
 public:
  CountedComparison(PasswordCheck& check, const std::string& client)
      : check_(check), client_(client) {}
  ~CountedComparison() { check_.end(client_); }
  CountedComparison(const CountedComparison&) = delete;
  CountedComparison& operator=(const CountedComparison&) = delete;

 private:
  PasswordCheck& check_;
  const std::string& client_;
};

PasswordAnswer PasswordCheck::check(const Users& users, const std::string& user,
                                    std::string_view password, const std::string& client) {
  const auto known = users.find(user);
  const auto hash = known == users.end() ? decoy(users) : known->second;
  const auto to_answer = [&](bool is_right) {
    return is_right && known != users.end() ? PasswordAnswer::right : PasswordAnswer::wrong;
  };
  const auto key = cache_.key_of(user, hash, password);
  if (const auto is_right = find(key)) return to_answer(*is_right);
  if (const auto refusal = begin(client)) return *refusal;
  const CountedComparison counted(*this, client);
  const std::lock_guard lock(comparison_mutex_);
  // Another request with the same password may have been compared in the meantime.
  if (const auto is_right = find(key)) return to_answer(*is_right);
  return to_answer(compare(key, hash, password));
}

std::size_t PasswordCheck::waiting() {
  const std::lock_guard lock(mutex_);
  return comparisons_;
}

std::optional<bool> PasswordCheck::find(const PasswordCache::Key& key) {
  const std::lock_guard lock(mutex_);
  return cache_.find(key);
}

std::optional<PasswordAnswer> PasswordCheck::begin(const std::string& client) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  if (found != clients_.end() && found->second >= max_per_client)
    return PasswordAnswer::client_busy;
  if (comparisons_ >= max_comparisons) return PasswordAnswer::busy;
  ++clients_[client];
  ++comparisons_;
  return std::nullopt;
}

void PasswordCheck::end(const std::string& client) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  if (--found->second == 0) clients_.erase(found);
  --comparisons_;
}

bool PasswordCheck::compare(const PasswordCache::Key& key, const std::string& hash,
                            std::string_view password) {
  constexpr int pause = 9;  // times the length of a comparison
  constexpr base::Clock::duration longest_pause = std::chrono::seconds(1);
  auto begin = now_();
  if (begin < pause_end_) {
    sleep_until_(pause_end_);
    begin = now_();
  }
  const bool is_right = compare_(hash, password);
  const auto end = now_();
  if (!is_right) pause_end_ = end + std::min(pause * (end - begin), longest_pause);
  const std::lock_guard lock(mutex_);
  cache_.store(key, is_right);
  return is_right;
}

}  // namespace cgroup2::http
