// SPDX-License-Identifier: Apache-2.0
#include "config/draft.h"

#include <array>
#include <chrono>
#include <utility>

namespace cgroup2::config {
namespace {

constexpr std::size_t max_problems = 100;  // a file of 1 MiB may have 350,000

struct DurationSetting {
  std::string_view key;
  std::chrono::milliseconds Config::Poll::*member;
};

constexpr DurationSetting interval{"poll.interval", &Config::Poll::interval};
constexpr DurationSetting min_interval{"poll.min_interval", &Config::Poll::min_interval};
constexpr DurationSetting max_wait{"poll.max_wait", &Config::Poll::max_wait};
constexpr DurationSetting timeout{"poll.timeout", &Config::Poll::timeout};

// The first must not be longer than the second.
constexpr std::array<std::pair<DurationSetting, DurationSetting>, 3> order{
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
  origins_.insert_or_assign(file_key(option), SettingOrigin{place, !problem});
}

Loaded Draft::finish() {
  for (const auto& [shorter, longer] : order) {
    const auto low = config_.poll.*shorter.member;
    const auto high = config_.poll.*longer.member;
    if (low <= high) continue;
    const auto low_origin = origins_.find(shorter.key);
    const auto high_origin = origins_.find(longer.key);
    const bool is_low_set = low_origin != origins_.end();
    const bool is_high_set = high_origin != origins_.end();
    // What is wrong by itself is reported already, and its value here is not what the user wrote.
    if ((is_low_set && !low_origin->second.is_valid) ||
        (is_high_set && !high_origin->second.is_valid)) {
      continue;
    }
    if (is_low_set) {
      report(low_origin->second.place, to_text(low) + " is longer than " + std::string(longer.key) +
                                           " (" + to_text(high) + ")");
    } else if (is_high_set) {
      report(high_origin->second.place, to_text(high) + " is shorter than " +
                                            std::string(shorter.key) + " (" + to_text(low) + ")");
    }
  }
  if (unreported_ > 0) {
    problems_.push_back("and " + std::to_string(unreported_) + " more problems");
  }
  return {std::move(config_), std::move(problems_)};
}

}  // namespace cgroup2::config
