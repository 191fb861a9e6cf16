// SPDX-License-Identifier: Apache-2.0
// StopEvent: a descriptor that becomes readable when the server stops, for all who wait for
// sockets.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "base/fd.h"

namespace cgroup2::http {

class StopEvent {
 public:
  /// Throws std::system_error if there are too many descriptors.
  StopEvent() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_.is_open()) throw std::system_error(errno, std::generic_category(), "eventfd");
  }

  /// Any thread. It stays readable from then on.
  void set() const {
    const std::uint64_t one = 1;
    (void)!::write(event_.number(), &one, sizeof one);
  }

  [[nodiscard]] int descriptor() const { return event_.number(); }

 private:
  base::Fd event_;
};

}  // namespace cgroup2::http
