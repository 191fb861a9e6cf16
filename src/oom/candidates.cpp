// SPDX-License-Identifier: Apache-2.0
#include "oom/candidates.h"

namespace cgroup2::oom {

Candidates::Shares Candidates::share_out(std::uint64_t below, std::uint64_t kills,
                                         std::uint64_t hidden, int certain_after) {
  Shares shares;
  if (kills == 0) return shares;
  const auto is_certain = [&](const Candidate& each) {
    return each.below == below && each.passes >= certain_after;
  };
  std::uint64_t all = 0;
  std::uint64_t with_sign = 0;
  std::uint64_t without_sign = 0;
  for (const Candidate& each : candidates_) {
    if (each.below == below) ++all;
    if (is_certain(each)) ++(each.has_sign ? with_sign : without_sign);
  }
  const bool is_alone = all == 1;
  // Another candidate may come with the next pass and share several kills with it.
  if (is_alone && kills > 1 && with_sign + without_sign == 0) return shares;
  if (!is_alone && (kills > all || with_sign > kills + hidden)) {
    std::erase_if(candidates_, is_certain);
    shares.unattributed = kills;
    return shares;
  }
  const bool is_one_each = kills == with_sign + without_sign;
  std::erase_if(candidates_, [&](const Candidate& each) {
    const bool is_chosen =
        is_alone ? each.below == below : is_certain(each) && (each.has_sign || is_one_each);
    if (!is_chosen || kills == 0) return false;
    const auto share = is_alone ? kills : 1;
    shares.taken.emplace_back(each.id, share);
    kills -= share;
    return true;
  });
  return shares;
}

}  // namespace cgroup2::oom
