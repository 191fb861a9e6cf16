// SPDX-License-Identifier: Apache-2.0
// A system call that is refused, as the seccomp filters of container runtimes do it.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace cgroup2::test {

/// Lets one system call fail with `code` for the rest of this process's life: for a child only.
[[nodiscard]] inline bool refuse(long number, unsigned code) {
  std::array<sock_filter, 4> program{{
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, static_cast<unsigned>(number)},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | code},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  }};
  const sock_fprog filter{program.size(), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// Says whether filters hold here. QEMU's user mode takes none. A child tries one.
[[nodiscard]] inline bool holds_filters() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(refuse(SYS_getppid, EPERM) && ::syscall(SYS_getppid) == -1 ? 0 : 1);
  int status = 1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace cgroup2::test
