// SPDX-License-Identifier: Apache-2.0
#include "config/draft.h"

#include <array>
#include <chrono>
#include <utility>

namespace cgroup2::config {
namespace {

constexpr std::size_t max_problems = 100;  // a file of 1 MiB has room for 350,000

struct Duration {
  std::string_view key;
  std::chrono::milliseconds Config::Poll::*member;
};

constexpr Duration interval{"poll.interval", &Config::Poll::interval};
constexpr Duration min_interval{"poll.min_interval", &Config::Poll::min_interval};
constexpr Duration max_wait{"poll.max_wait", &Config::Poll::max_wait};
constexpr Duration timeout{"poll.timeout", &Config::Poll::timeout};

// The first must not be longer than the second.
constexpr std::array<std::pair<Duration, Duration>, 3> order{
    {{min_interval, interval}, {min_interval, timeout}, {max_wait, timeout}}};

}  // namespace

void Draft::report(std::string_view place, std::string_view text) {
  if (problems_.size() < max_problems) {
    problems_.push_back(std::string(place) + ": " + std::string(text));
  } else {
    ++unreported_;
  }
}

void Draft::assign(const Option& option, std::string_view text, const std::string& place) {
  const auto problem = option.access.set(config_, text);
  if (problem) report(place, *problem);
  sources_.insert_or_assign(file_key(option), Source{place, !problem});
}

Loaded Draft::finish() {
  for (const auto& [shorter, longer] : order) {
    const auto low = config_.poll.*shorter.member;
    const auto high = config_.poll.*longer.member;
    if (low <= high) continue;
    const auto low_source = sources_.find(shorter.key);
    const auto high_source = sources_.find(longer.key);
    const bool is_low_set = low_source != sources_.end();
    const bool is_high_set = high_source != sources_.end();
    // What is wrong by itself is reported already, and its value here is not what the user wrote.
    if ((is_low_set && !low_source->second.is_valid) ||
        (is_high_set && !high_source->second.is_valid)) {
      continue;
    }
    if (is_low_set) {
      report(low_source->second.place, to_text(low) + " is longer than " + std::string(longer.key) +
                                           " (" + to_text(high) + ")");
    } else if (is_high_set) {
      report(high_source->second.place, to_text(high) + " is shorter than " +
                                            std::string(shorter.key) + " (" + to_text(low) + ")");
    }
  }
  if (unreported_ > 0) {
    problems_.push_back("and " + std::to_string(unreported_) + " more problems");
  }
  return {std::move(config_), std::move(problems_)};
}

}  // namespace cgroup2::config
