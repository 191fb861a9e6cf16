// SPDX-License-Identifier: Apache-2.0
// Lines of mountinfo about the file system that a file of a test is in, with any type.
#pragma once

#include <fcntl.h>
#include <sys/sysmacros.h>

#include <string>

#include "base/fd.h"
#include "base/file_facts.h"

namespace cgroup2::identity::test {

inline std::string mount_line(const std::string& path, const std::string& type) {
  const base::Fd file(::open(path.c_str(), O_PATH | O_CLOEXEC));
  const auto device = base::facts_of(file)->device;
  return std::to_string(*base::mount_of(file)) + " 1 " + std::to_string(::major(device)) + ':' +
         std::to_string(::minor(device)) + " / / rw - " + type + " x rw\n";
}

}  // namespace cgroup2::identity::test
