// SPDX-License-Identifier: Apache-2.0
#include "config/draft.h"

#include <array>
#include <chrono>
#include <utility>

namespace cgroup2::config {
namespace {

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

void Draft::assign(const Option& option, std::string_view text, const std::string& place) {
  const auto problem = option.access.set(config_, text);
  if (problem) problems_.report(place, *problem);
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
      problems_.report(
          low_origin->second.place,
          to_text(low) + " is longer than " + std::string(longer.key) + " (" + to_text(high) + ")");
    } else if (is_high_set) {
      problems_.report(high_origin->second.place, to_text(high) + " is shorter than " +
                                                      std::string(shorter.key) + " (" +
                                                      to_text(low) + ")");
    }
  }
  return {std::move(config_), problems_.take()};
}

}  // namespace cgroup2::config
