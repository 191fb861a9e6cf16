// SPDX-License-Identifier: Apache-2.0
// Sockets that listen already when the process starts: socket activation, as sd_listen_fds(3)
// describes it.
#pragma once

#include <vector>

namespace cgroup2::http {

/// Returns the sockets that LISTEN_PID and LISTEN_FDS announce, which begin with number 3; the
/// caller owns them. Throws std::runtime_error with one line if there is none, or one does not
/// listen for TCP. Reads the environment, so it is called by the main thread.
[[nodiscard]] std::vector<int> inherited_listeners();

}  // namespace cgroup2::http
