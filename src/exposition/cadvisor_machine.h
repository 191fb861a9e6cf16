// SPDX-License-Identifier: Apache-2.0
// The families of cAdvisor that are of the host and of no cgroup.
#pragma once

#include <string>

#include "machine/machine.h"

namespace cgroup2::exposition {

/// Appends them as text 0.0.4 without timestamps: machine_* with the labels boot_id, machine_id and
/// system_uuid, cadvisor_version_info, and container_fs_* of the host's file systems with id="/"
/// and the other labels of containers empty. Families without a value are left out.
void append_machine(std::string& out, const machine::Machine& machine);

}  // namespace cgroup2::exposition
