// SPDX-License-Identifier: Apache-2.0
// Listen addresses: from what the configuration names to what the server binds, with the reason if
// it cannot.
#pragma once

#include <string>
#include <vector>

#include "base/address.h"

namespace cgroup2::http {

/// Resolves the addresses and makes sure that a socket can listen on each of them, all at once.
/// Returns one entry for each, in the spelling of CivetWeb: "192.0.2.1:9306", "[2001:db8::1]:9306",
/// "+9306" for both families.
///
/// ":port" and "[::]:port" mean both families; ":port" means IPv4 on a kernel without IPv6. Of the
/// addresses of a name one is used, IPv4 before IPv6, as in the exporters that Prometheus ships.
/// Port 0 is passed on. Throws std::runtime_error with one line, for example "cannot listen on
/// :9306: Address already in use".
[[nodiscard]] std::vector<std::string> resolve_listen_addresses(
    const std::vector<base::Address>& addresses);

}  // namespace cgroup2::http
