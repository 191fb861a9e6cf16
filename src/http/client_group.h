// SPDX-License-Identifier: Apache-2.0
// Client groups: which addresses count as one client.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::http {

/// Returns the same text for all addresses of one client: an IPv4 address as it is, also one that
/// is mapped into IPv6 ("::ffff:192.0.2.1"); of IPv6 the /64 network, of which a host has all
/// addresses (RFC 7934). Text that is no numeric address comes back as it is. Pure.
[[nodiscard]] std::string client_group(std::string_view host);

}  // namespace cgroup2::http
