// SPDX-License-Identifier: Apache-2.0
// The lists name what the C library of Debian 12 and later, libstdc++, OpenSSL and this program
// call. A name that an architecture does not have is left out of its filter.
#include "sandbox/system_calls.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <memory>

namespace cgroup2::sandbox {
namespace {

using Names = std::initializer_list<const char*>;

// Memory, time, other threads of the process, and what is open already.
constexpr Names of_all = {"brk",
                          "clock_getres",
                          "clock_gettime",
                          "clock_nanosleep",
                          "close",
                          "exit",
                          "exit_group",
                          "fstat",
                          "futex",
                          "getcpu",
                          "getegid",
                          "geteuid",
                          "getgid",
                          "getpid",
                          "getrandom",
                          "getrusage",
                          "gettid",
                          "gettimeofday",
                          "getuid",
                          "lseek",
                          "madvise",
                          "membarrier",
                          "mmap",
                          "mprotect",
                          "mremap",
                          "munmap",
                          "nanosleep",
                          "poll",
                          "ppoll",
                          "pread64",
                          "pselect6",
                          "read",
                          "readv",
                          "restart_syscall",
                          "rseq",
                          "rt_sigaction",
                          "rt_sigprocmask",
                          "rt_sigreturn",
                          "sched_getaffinity",
                          "sched_yield",
                          "select",
                          "set_robust_list",
                          "sigaltstack",
                          "sysinfo",
                          "time",
                          "uname",
                          "write",
                          "writev"};

constexpr Names of_http = {"accept",   "accept4", "getpeername", "getsockname", "getsockopt",
                           "recvfrom", "recvmsg", "setsockopt",  "shutdown"};

constexpr Names of_readers = {"access",     "faccessat", "faccessat2", "fstatfs",
                              "getdents64", "lstat",     "newfstatat", "readlink",
                              "readlinkat", "stat",      "statfs",     "statx"};

// Opening a file to write it makes no new right for who may not: Landlock decides on the place. It
// does not decide on modes, so there is no chmod().
constexpr Names of_poller = {"fchown",  "fsync",  "mkdir",    "mkdirat",   "open",   "openat",
                             "openat2", "rename", "renameat", "renameat2", "unlink", "unlinkat"};

constexpr Names of_watcher = {"inotify_add_watch", "inotify_rm_watch"};

constexpr Names of_main = {"rt_sigtimedwait", "shutdown"};

struct Release {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// That an argument, counted from 0, is a number.
constexpr scmp_arg_cmp is(unsigned argument, scmp_datum_t number) {
  return {argument, SCMP_CMP_EQ, number, 0};
}

// That an argument has none of these bits.
constexpr scmp_arg_cmp has_none(unsigned argument, scmp_datum_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}

template <class... Comparisons>
int allow(const Filter& filter, const char* name, Comparisons... comparisons) {
  const int number = ::seccomp_syscall_resolve_name(name);
  if (number < 0) return 0;  // not on this architecture, or not known to the library
  return -::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, number, sizeof...(comparisons),
                             comparisons...);
}

int allow_all(const Filter& filter, Names names) {
  for (const char* const name : names) {
    if (const int error = allow(filter, name)) return error;
  }
  return 0;
}

// To read alone. openat2() keeps its flags in memory, which a filter cannot see.
int allow_reading(const Filter& filter) {
  constexpr scmp_datum_t to_write = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  if (const int error = allow(filter, "open", has_none(1, to_write))) return error;
  if (const int error = allow(filter, "openat", has_none(2, to_write))) return error;
  return allow_all(filter, of_readers);
}

// Not MSG_FASTOPEN, which connects as connect() does: a listener, too, once it is shut down.
int allow_sending(const Filter& filter) {
  if (const int error = allow(filter, "sendto", has_none(3, MSG_FASTOPEN))) return error;
  return allow(filter, "sendmsg", has_none(2, MSG_FASTOPEN));
}

// Flags and copies. Not F_SETOWN and F_SETSIG, by which the kernel sends signals to other
// processes.
int allow_control_of_descriptors(const Filter& filter) {
  for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC}) {
    if (const int error = allow(filter, "fcntl", is(1, static_cast<scmp_datum_t>(command))))
      return error;
  }
  return 0;
}

// Not processes, with which namespaces come. clone3() keeps its flags in memory, which a filter
// cannot see; the C library goes on with clone().
int allow_threads(const Filter& filter) {
  return allow(filter, "clone", scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
}

// A thread's name and memory, its own limits, signals to the own process: nobody else's.
int allow_for_itself(const Filter& filter) {
  constexpr scmp_datum_t name_memory = 0x53564d41;  // PR_SET_VMA, Linux 5.17
  for (const scmp_datum_t option :
       {scmp_datum_t{PR_SET_NAME}, scmp_datum_t{PR_GET_NAME}, name_memory}) {
    if (const int error = allow(filter, "prctl", is(0, option))) return error;
  }
  if (const int error = allow(filter, "prlimit64", is(0, 0), is(2, 0))) return error;
  const auto own = static_cast<scmp_datum_t>(::getpid());
  if (const int error = allow(filter, "kill", is(0, own))) return error;
  return allow(filter, "tgkill", is(0, own));
}

// To open files as they are. Landlock decides on the place.
int allow_opening(const Filter& filter) {
  constexpr scmp_datum_t to_make = O_CREAT | O_TRUNC | O_APPEND;
  if (const int error = allow(filter, "openat", has_none(2, to_make))) return error;
  return allow(filter, "newfstatat");  // by which the C library of Debian 12 makes fstat()
}

int allow_for_role(const Filter& filter, Role role) {
  switch (role) {
    case Role::http:
      if (const int error = allow_sending(filter)) return error;
      return allow_all(filter, of_http);
    case Role::burst_counter:
      return 0;
    case Role::filesystems:
    case Role::prober:
      return allow_reading(filter);
    case Role::peak_opener:
      return allow_opening(filter);
    case Role::poller:
      if (const int error = allow_all(filter, of_readers)) return error;
      return allow_all(filter, of_poller);
    case Role::watcher:
      if (const int error = allow_threads(filter)) return error;
      if (const int error = allow_reading(filter)) return error;
      return allow_all(filter, of_watcher);
    case Role::main:
      if (const int error = allow_reading(filter)) return error;
      return allow_all(filter, of_main);
  }
  return EINVAL;
}

}  // namespace

int restrict_system_calls(Role role) {
  const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(ENOSYS)));
  if (!filter) return ENOMEM;
  if (const int error = allow_all(filter, of_all)) return error;
  if (const int error = allow_control_of_descriptors(filter)) return error;
  if (const int error = allow_for_itself(filter)) return error;
  if (const int error = allow_for_role(filter, role)) return error;
  return -::seccomp_load(filter.get());
}

}  // namespace cgroup2::sandbox
