// SPDX-License-Identifier: Apache-2.0
#include "base/inotify.h"

#include <unistd.h>

#include <cerrno>
#include <string>

namespace cgroup2::base {

Inotify::Inotify()
    : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), error_(fd_.is_open() ? 0 : errno) {}

Result<int> Inotify::add(const Dir& directory, std::uint32_t mask) const {
  const std::string path = "/proc/self/fd/" + std::to_string(directory.number());
  const int watch = ::inotify_add_watch(fd_.number(), path.c_str(), mask | IN_ONLYDIR);
  if (watch < 0) return Error{errno, "inotify_add_watch"};
  return watch;
}

std::span<const char> Inotify::read_some(std::span<char> buffer) const {
  const ssize_t n = ::read(fd_.number(), buffer.data(), buffer.size());
  return buffer.first(n > 0 ? static_cast<std::size_t>(n) : 0);
}

}  // namespace cgroup2::base
