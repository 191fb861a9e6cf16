// SPDX-License-Identifier: Apache-2.0
#include "identity/user_names.h"

#include "identity/users.h"

namespace cgroup2::identity {

std::string UserNames::name_of(std::string_view uid, Clock::time_point now) {
  constexpr std::chrono::minutes kept{1};
  if (!read_at_ || now - *read_at_ >= kept) read(now);
  const auto known = by_uid_.find(uid);
  return known == by_uid_.end() ? std::string(uid) : known->second;
}

void UserNames::read(Clock::time_point now) {
  read_at_ = now;
  by_uid_.clear();
  // The first line of a uid is the one that getpwuid(3) returns.
  for_each_user(host_, [this](const PasswdUser& user) {
    if (!user.name.empty()) by_uid_.try_emplace(std::string(user.uid), user.name);
    return true;
  });
}

}  // namespace cgroup2::identity
