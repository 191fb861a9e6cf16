// SPDX-License-Identifier: Apache-2.0
#include "sandbox/capabilities.h"

#include <sys/capability.h>

#include <cerrno>
#include <memory>
#include <vector>

namespace cgroup2::sandbox {
namespace {

std::vector<cap_value_t> needed_by(Role role) {
  switch (role) {
    case Role::main:
      return {CAP_DAC_READ_SEARCH};
    case Role::poller:
      // The last two are root's alone: the state file is given to whom its directory belongs.
      return {CAP_DAC_READ_SEARCH, CAP_SYSLOG, CAP_CHOWN, CAP_DAC_OVERRIDE};
    case Role::prober:
      return {CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE};
    case Role::peak_opener:
      return {CAP_DAC_OVERRIDE};  // memory.peak belongs to root, or to whom it delegated the cgroup
    case Role::filesystems:
    case Role::watcher:
      return {CAP_DAC_READ_SEARCH};
    case Role::burst_counter:
    case Role::http:
      break;
  }
  return {};
}

struct Free {
  void operator()(cap_t capabilities) const { ::cap_free(capabilities); }
};
using Capabilities = std::unique_ptr<std::remove_pointer_t<cap_t>, Free>;

}  // namespace

int drop_capabilities(Role role) {
  const Capabilities had(::cap_get_proc());
  const Capabilities kept(::cap_init());
  if (!had || !kept) return errno;
  for (const cap_value_t each : needed_by(role)) {
    for (const cap_flag_t flag : {CAP_PERMITTED, CAP_EFFECTIVE}) {
      cap_flag_value_t value = CAP_CLEAR;
      if (::cap_get_flag(had.get(), each, flag, &value) != 0) return errno;
      if (::cap_set_flag(kept.get(), flag, 1, &each, value) != 0) return errno;
    }
  }
  return ::cap_set_proc(kept.get()) == 0 ? 0 : errno;
}

}  // namespace cgroup2::sandbox
