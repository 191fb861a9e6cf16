// SPDX-License-Identifier: Apache-2.0
// Sandboxed: things that a thread tries, in a process of its own, because its rights are gone for
// ever.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace cgroup2::sandbox::test {

// Returns what `body` returns, or -1 if the process ends otherwise.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline bool can_open(const std::string& path, int flags = O_RDONLY) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  return file >= 0;
}

inline bool can_make_socket() { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }

inline bool can_trace() { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }

inline bool can_start_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return child > 0;
}

// Ends the process with 0 if it can.
inline bool can_run_program() {
  ::execl("/bin/true", "true", static_cast<char*>(nullptr));
  return false;
}

inline bool can_read_link(const std::string& path) {
  char buffer[256];
  return ::readlink(path.c_str(), buffer, sizeof buffer) > 0;
}

}  // namespace cgroup2::sandbox::test
