// SPDX-License-Identifier: Apache-2.0
// The OCI configuration that runtimes leave for a container (runtime-spec, config.md).
#pragma once

#include <string_view>

#include "identity/annotations.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// Takes the annotations and the hostname of a configuration. `failed` if it is not JSON to its
/// end: then `names` stays as it is; `absent` if it has no annotation that is known.
[[nodiscard]] LookupResult parse_oci_config(std::string_view text, const Annotations& annotations,
                                            Names& names);

}  // namespace cgroup2::identity
