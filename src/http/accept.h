// SPDX-License-Identifier: Apache-2.0
// Accepts connections of clients for the server.
#pragma once

#include <sys/socket.h>

#include "http/connections.h"

namespace cgroup2::http {

/// Accepts like accept(2) and adds the socket to `connections`. Returns -1 where that is not
/// possible, or there is no place for the client. Without a free descriptor or memory it waits a
/// moment before it returns: the listener stays readable, so the caller would try again at once.
[[nodiscard]] int accept_client(Connections& connections, int listener, sockaddr* address,
                                socklen_t* size);

}  // namespace cgroup2::http
