// SPDX-License-Identifier: Apache-2.0
#include "app/file_stamp.h"

#include <sys/stat.h>

namespace cgroup2::app {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t second = 1'000'000'000;
  return time.tv_sec * second + time.tv_nsec;
}

}  // namespace

std::vector<std::optional<FileStamp>> stamps_of(const std::vector<std::string>& files) {
  std::vector<std::optional<FileStamp>> stamps;
  for (const auto& file : files) {
    struct stat status {};
    auto& stamp = stamps.emplace_back();
    if (::stat(file.c_str(), &status) != 0) continue;
    stamp = FileStamp{status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
                      nanoseconds(status.st_ctim)};
  }
  return stamps;
}

}  // namespace cgroup2::app
